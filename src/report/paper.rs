//! Self-contained pages: one HTML file without scripts, for screens light and dark and for A4.
//!
//! Everything that is written through a [`Paper`] is escaped here and nowhere else.

pub mod columns;
pub mod drawing;
pub mod overview;
pub mod sheets;

use std::fmt::Write;

use self::drawing::Drawing;
use super::page::escape::html;

/// A heading in both languages; Chinese stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Label {
    /// A label.
    pub const fn new(zh: &'static str, en: &'static str) -> Label {
        Label { zh, en }
    }

    /// The label in one text, in the languages that it has.
    pub fn both(self) -> String {
        format!("{} {}", self.zh, self.en).trim().to_owned()
    }
}

/// How a column of a table is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// Text, from the left.
    Text,
    /// Figures, from the right.
    Figure,
    /// Codes, places and raw text: may break anywhere.
    Code,
    /// Days and times: break between day and time alone.
    Time,
}

/// A column of a table.
pub type Heading = (Label, Set);

/// A page under construction; writing to a `String` cannot fail.
pub struct Paper {
    body: String,
    title: String,
}

impl Paper {
    /// An empty page.
    pub fn new(title: &str) -> Paper {
        Paper {
            body: String::new(),
            title: title.to_owned(),
        }
    }

    /// The page's main heading.
    pub fn heading(&mut self, label: Label) {
        let (zh, en) = (label.zh, label.en);
        let _ = writeln!(self.body, "<h1>{zh}<small lang=en>{en}</small></h1>");
    }

    /// Opens a section with a heading; `words` stands behind the label. Close it with [`Paper::end_section`].
    pub fn section(&mut self, class: &'static str, label: Label, words: &str) {
        let (zh, en, words) = (label.zh, label.en, escape(words));
        let _ = writeln!(
            self.body,
            "<section class={class}>\n<h2>{zh} {words}<small lang=en>{en}</small></h2>"
        );
    }

    /// Closes a section.
    pub fn end_section(&mut self) {
        self.body.push_str("</section>\n");
    }

    /// A heading inside a section.
    pub fn subheading(&mut self, label: Label, words: &str) {
        let (zh, en, words) = (label.zh, label.en, escape(words));
        let _ = writeln!(
            self.body,
            "<h3>{zh} {words}<small lang=en>{en}</small></h3>"
        );
    }

    /// A paragraph of a class: `notice`, `warning` or `note`.
    pub fn paragraph(&mut self, class: &'static str, zh: &str, en: &str) {
        let (zh, en) = (escape(zh), escape(en));
        let _ = writeln!(
            self.body,
            "<p class={class}>{zh}<small lang=en>{en}</small></p>"
        );
    }

    /// Names with values, several in a row.
    pub fn facts<'v>(&mut self, facts: impl IntoIterator<Item = (Label, &'v str)>) {
        self.body.push_str("<dl>\n");
        for (label, value) in facts {
            let (zh, en, value) = (label.zh, label.en, escape(value));
            let _ = writeln!(
                self.body,
                "<div><dt>{zh}<small lang=en>{en}</small></dt><dd>{value}</dd></div>"
            );
        }
        self.body.push_str("</dl>\n");
    }

    /// A table; its headings are repeated on every printed page.
    pub fn table(&mut self, headings: &[Heading], rows: impl IntoIterator<Item = Vec<String>>) {
        self.body.push_str("<div class=scroll><table>\n<thead><tr>");
        for (label, set) in headings {
            let _ = write!(
                self.body,
                "<th scope=col{}>{}<small lang=en>{}</small></th>",
                class_of(*set),
                label.zh,
                label.en
            );
        }
        self.body.push_str("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.body.push_str("<tr>");
            for (cell, (_, set)) in row.iter().zip(headings) {
                let mut text = escape(cell);
                if *set == Set::Time {
                    let parts: Vec<&str> = text.split(' ').collect();
                    text = format!("<span>{}</span>", parts.join("</span> <span>"));
                }
                let _ = write!(self.body, "<td{}>{text}</td>", class_of(*set));
            }
            self.body.push_str("</tr>\n");
        }
        self.body.push_str("</tbody>\n</table></div>\n");
    }

    /// A drawing.
    pub fn drawing(&mut self, drawing: Drawing) {
        self.body.push_str("<figure>");
        self.body.push_str(&drawing.finish());
        self.body.push_str("</figure>\n");
    }

    /// Opens a part that is folded until somebody opens it. Close it with [`Paper::end_fold`].
    pub fn fold(&mut self, label: Label, words: &str) {
        let (zh, en, words) = (label.zh, label.en, escape(words));
        let _ = writeln!(
            self.body,
            "<details>\n<summary>{zh} {words}<small lang=en>{en}</small></summary>"
        );
    }

    /// Closes a folded part.
    pub fn end_fold(&mut self) {
        self.body.push_str("</details>\n");
    }

    /// The whole file.
    pub fn finish(self) -> String {
        format!(
            "<!doctype html>\n<html lang=zh-CN>\n<head>\n<meta charset=utf-8>\n\
             <meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
             <meta name=color-scheme content=\"light dark\">\n\
             <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=referrer content=no-referrer>\n<meta name=robots content=noindex>\n\
             <title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
            escape(&self.title),
            include_str!("paper.css"),
            self.body
        )
    }
}

fn class_of(set: Set) -> &'static str {
    match set {
        Set::Text => "",
        Set::Figure => " class=n",
        Set::Code => " class=c",
        Set::Time => " class=t",
    }
}

/// Text as it may stand in HTML, between tags and in quoted attributes.
fn escape(text: &str) -> String {
    // Control characters have no place in HTML; overrides of the writing direction could disguise a value.
    let is_unfit = |letter: char| {
        letter.is_control() && !matches!(letter, '\n' | '\t') || is_direction(letter)
    };
    html(&text.replace(is_unfit, "\u{fffd}"))
}

fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_becomes_markup() {
        let mut page = Paper::new("</title><script>1</script>");
        let hostile = "<img src=x onerror=\"alert('1')\">&\u{202e}\u{0}";
        page.section("training", Label::new("一", "one"), hostile);
        page.facts([(Label::new("二", "two"), hostile)]);
        page.table(
            &[(Label::new("三", "three"), Set::Code)],
            [vec![hostile.to_owned()]],
        );
        page.paragraph("note", hostile, hostile);
        page.fold(Label::new("四", "four"), hostile);
        page.end_fold();
        page.end_section();
        let html = page.finish();
        assert!(
            !html.contains("<img") && !html.contains("<script"),
            "{html}"
        );
        assert!(!html.contains('\u{202e}') && !html.contains('\u{0}'));
        let safe = "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;";
        assert_eq!(html.matches(safe).count(), 6);
    }
}
