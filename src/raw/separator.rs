use super::Format;

/// The separator of a file by its first line: the most frequent of comma, semicolon and tab outside
/// quotes. If two are equally frequent the format's own goes first, then they go in this order.
pub(super) fn detect(sample: &[u8], format: Format) -> u8 {
    let order = match format {
        Format::Tsv => [b'\t', b',', b';'],
        _ => [b',', b';', b'\t'],
    };
    let first_text = sample
        .iter()
        .position(|byte| !matches!(byte, b'\r' | b'\n'));
    let mut counts = [0_u64; 3];
    let mut quoted = false;
    let mut at_field_start = true;
    let mut just_closed = false;
    for &byte in sample.iter().skip(first_text.unwrap_or(0)) {
        if quoted {
            quoted = byte != b'"';
            just_closed = !quoted;
            continue;
        }
        match byte {
            // A doubled quote closes and opens again, which comes to the same.
            b'"' if at_field_start || just_closed => quoted = true,
            b'\n' => break,
            _ => {}
        }
        let candidate = order.iter().position(|candidate| *candidate == byte);
        if let Some(candidate) = candidate {
            counts[candidate] += 1;
        }
        at_field_start = candidate.is_some();
        just_closed = false;
    }
    let mut best = 0;
    for candidate in 1..order.len() {
        if counts[candidate] > counts[best] {
            best = candidate;
        }
    }
    order[best]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_frequent_outside_quotes_in_the_first_line() {
        assert_eq!(detect(b"a,b;c,d\n;;;;;;", Format::Csv), b',');
        assert_eq!(detect(b"a;b;c,d\n", Format::Csv), b';');
        assert_eq!(detect(b"a\tb\n", Format::Csv), b'\t');
        assert_eq!(detect(b"\"a,,,,\n,,\"\"\";b\n", Format::Csv), b';');
        assert_eq!(detect("班级编号;开班日期".as_bytes(), Format::Csv), b';');
    }

    #[test]
    fn a_tie_goes_to_the_format() {
        assert_eq!(detect(b"a,b;c", Format::Csv), b',');
        assert_eq!(detect(b"a;b\tc", Format::Csv), b';');
        assert_eq!(detect(b"year", Format::Csv), b',');
        assert_eq!(detect(b"year", Format::Tsv), b'\t');
        assert_eq!(detect(b"a,b", Format::Tsv), b',');
        assert_eq!(detect(b"", Format::Tsv), b'\t');
    }

    #[test]
    fn a_quote_inside_a_field_is_text() {
        assert_eq!(detect(b"5\" disc;a,b;c\n,,,,", Format::Csv), b';');
        assert_eq!(detect(b"5\"\" disc;a,b;c\n,,,,", Format::Csv), b';');
    }

    #[test]
    fn blank_lines_come_before_the_first_line() {
        assert_eq!(detect(b"\r\n\n\ta\n,,", Format::Csv), b'\t');
    }
}
