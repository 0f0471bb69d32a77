//! Text in cells: what may stand there, and how much room it takes.

use std::borrow::Cow;

/// Longer texts are cut, far below the 32 767 characters that a cell holds.
pub(super) const LONGEST: usize = 2_000;
/// Points of a line of text, and of the air around a cell's lines.
const LINE_HEIGHT: f64 = 14.0;
const PADDING: f64 = 4.0;
/// The highest row that a spreadsheet knows, in points.
const HIGHEST_ROW: f64 = 409.0;

/// Text as a cell takes it: cut where it is too long, and never markup.
pub(super) fn cell_text(text: &str) -> Cow<'_, str> {
    let kept: Cow<'_, str> = match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…（已截断）", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    };
    // The writer takes a text that begins and ends so for ready-made markup and would pass it on unescaped.
    if kept.starts_with("<r>") && kept.ends_with("</r>") {
        return format!("{kept} ").into();
    }
    kept
}

/// Whether a spreadsheet would take the text for a formula if somebody typed it.
pub(super) fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Columns of a monospaced line that a text takes: Chinese letters take two.
pub(super) fn display_width(text: &str) -> usize {
    text.chars()
        .map(|letter| if letter.is_ascii() { 1 } else { 2 })
        .sum()
}

/// Room of a letter in a proportional font: those of the Latin alphabet are narrower than digits.
fn room(letter: char) -> f64 {
    match letter {
        'A'..='Z' | '0'..='9' | '_' => 1.0,
        letter if letter.is_ascii() => 0.88,
        _ => 2.0,
    }
}

/// Lines that a text takes in a column of that many characters, broken between words and Chinese letters.
pub(super) fn lines(text: &str, width: f64) -> usize {
    let usable = (width - 1.0).max(2.0);
    text.split('\n').map(|line| broken(line, usable)).sum()
}

fn broken(line: &str, usable: f64) -> usize {
    let mut lines = 1;
    // Room taken on the line, and by the word that has just begun.
    let (mut taken, mut word) = (0.0, 0.0);
    for letter in line.chars() {
        if !letter.is_ascii() || letter == ' ' {
            taken += word;
            word = 0.0;
        }
        let own = room(letter);
        if taken + word + own > usable && letter != ' ' {
            lines += 1;
            if taken > 0.0 {
                taken = 0.0;
            } else {
                // A word longer than a line is broken where the line ends.
                word = 0.0;
            }
        }
        if letter.is_ascii() && letter != ' ' {
            word += own;
        } else {
            taken += own;
        }
    }
    lines
}

/// The height in points of a row of so many lines. Programs that show a workbook do not all find it out by themselves.
pub(super) fn row_height(lines: usize) -> f64 {
    (PADDING + LINE_HEIGHT * lines as f64).min(HIGHEST_ROW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_defused_and_long_text_cut() {
        assert_eq!(cell_text("<r>x</r>"), "<r>x</r> ");
        assert_eq!(cell_text("=1+1"), "=1+1");
        let long = "长".repeat(LONGEST + 1);
        assert_eq!(
            cell_text(&long).chars().count(),
            LONGEST + "…（已截断）".chars().count()
        );
    }

    #[test]
    fn formulas_are_told_from_text() {
        for text in ["=1", "+1", "-1", "@SUM(A1)", "\t=1"] {
            assert!(looks_like_formula(text), "{text}");
        }
        assert!(!looks_like_formula("济南市=1"));
    }

    #[test]
    fn lines_count_wide_letters_twice() {
        assert_eq!(lines("济南市", 7.0), 1);
        assert_eq!(lines("济南市", 6.0), 2);
        assert_eq!(lines("a\nb", 10.0), 2);
        assert_eq!(lines("", 10.0), 1);
        // Words are not broken unless they are longer than a line.
        assert_eq!(lines("one two three four", 10.0), 2);
        assert_eq!(lines("GB 11643-1999 (born_after_class_start)", 20.0), 3);
        assert_eq!(lines(&"x".repeat(100), 21.0), 5);
    }
}
