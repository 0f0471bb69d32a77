//! A paper as an overview for the terminal, in one language.

use std::fmt::Write;

use crate::report::archive::plain;

/// Cells of the terminal that names of values are given.
const NAME_WIDTH: usize = 20;

/// An overview under construction; writing to a `String` cannot fail.
pub struct Overview {
    text: String,
    zh: bool,
}

impl Overview {
    /// An empty overview in Chinese or English.
    pub fn new(zh: bool) -> Overview {
        Overview {
            text: String::new(),
            zh,
        }
    }

    /// What is said in the overview's language.
    pub fn choose<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.zh { zh } else { en }
    }

    /// A line.
    pub fn line(&mut self, zh: &str, en: &str) {
        let line = plain(self.choose(zh, en));
        let _ = writeln!(self.text, "{line}");
    }

    /// A name with its value.
    pub fn fact(&mut self, zh: &str, en: &str, value: &str) {
        let name = self.choose(zh, en);
        // Chinese letters are two cells wide.
        let widths = name
            .chars()
            .map(|letter| if letter.is_ascii() { 1 } else { 2 });
        let width: usize = widths.sum();
        let pad = " ".repeat(NAME_WIDTH.saturating_sub(width));
        let line = format!("  {}{pad}{}", plain(name), plain(value));
        let _ = writeln!(self.text, "{line}");
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }
}
