//! A hash of what a TOML document says, whatever its form.

use std::fmt::{self, Write as _};

use toml::de::{DeTable, DeValue};

/// Keys that speak to readers and move no number; they stay out of the configuration hash.
const READER_KEYS: [&str; 9] = [
    "title_zh",
    "title_en",
    "description_zh",
    "description_en",
    "source",
    "unit",
    "fraction_zh",
    "fraction_en",
    "fraction_unit",
];

/// First 16 hex digits of blake3 over the document's content: keys in alphabetical order, numbers by value, without
/// comments, spacing and the keys that only speak to readers. Files that evaluate alike may differ in hash; files
/// with one hash evaluate alike.
pub(super) fn content_hash(document: &DeTable<'_>) -> String {
    let mut canonical = String::new();
    write_table(document, &mut canonical);
    let digest = blake3::hash(canonical.as_bytes()).to_hex();
    digest.chars().take(16).collect()
}

fn write_table(table: &DeTable<'_>, out: &mut String) {
    let mut entries: Vec<(&str, &DeValue<'_>)> = table
        .iter()
        .map(|(name, value)| (name.get_ref().as_ref(), value.get_ref()))
        .filter(|(name, _)| !READER_KEYS.contains(name))
        .collect();
    entries.sort_by_key(|(name, _)| *name);
    out.push('{');
    for (name, value) in entries {
        write_text(name, out);
        out.push('=');
        write_value(value, out);
        out.push(';');
    }
    out.push('}');
}

fn write_value(value: &DeValue<'_>, out: &mut String) {
    match value {
        DeValue::String(text) => write_text(text, out),
        DeValue::Integer(integer) => write_number(integer.as_str(), out),
        DeValue::Float(float) => write_number(float.as_str(), out),
        DeValue::Boolean(flag) => out.push_str(if *flag { "true" } else { "false" }),
        DeValue::Datetime(moment) => write_text(&moment.to_string(), out),
        DeValue::Array(array) => {
            out.push('[');
            for entry in array.iter() {
                write_value(entry.get_ref(), out);
                out.push(';');
            }
            out.push(']');
        }
        DeValue::Table(table) => write_table(table, out),
    }
}

/// `1`, `1.0` and `1e0` are one number.
fn write_number(digits: &str, out: &mut String) {
    match digits.replace('_', "").parse::<f64>() {
        Ok(number) => push_display(number, out),
        Err(_) => out.push_str(digits),
    }
}

/// Length first, so that no text can imitate another structure.
fn write_text(text: &str, out: &mut String) {
    push_display(text.len(), out);
    out.push('"');
    out.push_str(text);
}

fn push_display(value: impl fmt::Display, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(text: &str) -> String {
        content_hash(DeTable::parse(text).unwrap().get_ref())
    }

    #[test]
    fn hash_ignores_form_and_words_for_readers() {
        let plain = hash("b = 1\na = 'x'\n[t]\nk = 0.5\n");
        assert_eq!(plain.len(), 16);
        assert_eq!(
            plain,
            hash("# comment\na = \"x\"\nb = 1.0\ntitle_zh = '指数'\nt = { k = 5e-1 }\n")
        );
        assert_ne!(plain, hash("b = 1\na = 'x'\n[t]\nk = 0.6\n"));
        assert_ne!(plain, hash("b = 1\na = 'y'\n[t]\nk = 0.5\n"));
    }

    #[test]
    fn hash_keeps_structure_apart() {
        assert_ne!(hash("a = ['x', 'y']"), hash("a = ['x;1\"y']"));
        assert_ne!(hash("a = 'b'\nc = 'd'"), hash("a = 'b;1\"c=1\"d'"));
    }
}
