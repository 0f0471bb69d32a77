//! Charts as SVG inside a page: lines, bars, dots and words, coloured by the page's style.

use std::fmt::Write;

use super::escape;

/// What a mark means, by which the style colours it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The frame.
    Axis,
    /// All that is compared.
    All,
    /// The one that the page is about.
    Own,
    /// A threshold.
    Limit,
}

impl Mark {
    fn class(self) -> &'static str {
        match self {
            Mark::Axis => "axis",
            Mark::All => "all",
            Mark::Own => "own",
            Mark::Limit => "limit",
        }
    }
}

/// Where a text stands from its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

impl Anchor {
    fn word(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// A chart under construction; places are in units of its width and height, from the upper left.
pub struct Drawing {
    body: String,
}

impl Drawing {
    /// An empty chart; `title` is what those hear who cannot see it.
    pub fn new(width: f64, height: f64, title: &str) -> Drawing {
        let title = escape(title);
        Drawing {
            body: format!(
                "<svg role=img viewBox=\"0 0 {width:.0} {height:.0}\" aria-label=\"{title}\">\
                 <title>{title}</title>\n"
            ),
        }
    }

    /// A line.
    pub fn line(&mut self, mark: Mark, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let class = mark.class();
        let _ = writeln!(
            self.body,
            "<line class={class} x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        );
    }

    /// A bar from its upper left corner.
    pub fn bar(&mut self, mark: Mark, (x, y): (f64, f64), (width, height): (f64, f64)) {
        let class = mark.class();
        let _ = writeln!(
            self.body,
            "<rect class={class} x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
        );
    }

    /// A dot.
    pub fn dot(&mut self, mark: Mark, (x, y): (f64, f64), radius: f64) {
        let class = mark.class();
        let _ = writeln!(
            self.body,
            "<circle class={class} cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"/>"
        );
    }

    /// A text on its line.
    pub fn text(&mut self, anchor: Anchor, (x, y): (f64, f64), text: &str) {
        let (anchor, text) = (anchor.word(), escape(text));
        let _ = writeln!(
            self.body,
            "<text text-anchor={anchor} x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"
        );
    }

    /// The element.
    pub(super) fn finish(self) -> String {
        self.body + "</svg>"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_word_becomes_markup() {
        let hostile = "</svg><script>\"'";
        let mut drawing = Drawing::new(10.0, 5.0, hostile);
        drawing.text(Anchor::End, (1.0, 2.0), hostile);
        drawing.bar(Mark::All, (0.0, 1.5), (3.0, 4.0));
        let svg = drawing.finish();
        assert!(!svg.contains("<script") && svg.matches("</svg>").count() == 1);
        assert!(
            svg.contains("viewBox=\"0 0 10 5\"") && svg.contains("y=\"1.5\""),
            "{svg}"
        );
    }
}
