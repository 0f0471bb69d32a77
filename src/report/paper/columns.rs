//! Columns of tables by how they are set.

use super::{Heading, Label, Set};

/// A column of text.
pub const fn text(zh: &'static str, en: &'static str) -> Heading {
    (Label::new(zh, en), Set::Text)
}

/// A column of days or times.
pub const fn when(zh: &'static str, en: &'static str) -> Heading {
    (Label::new(zh, en), Set::Time)
}

/// A column of figures.
pub const fn figure(zh: &'static str, en: &'static str) -> Heading {
    (Label::new(zh, en), Set::Figure)
}

/// A column of codes, places or raw text.
pub const fn code(zh: &'static str, en: &'static str) -> Heading {
    (Label::new(zh, en), Set::Code)
}
