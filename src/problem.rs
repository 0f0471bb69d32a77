//! A mistake in one of the project's own files, found before a night.

use std::fmt;

/// A mistake with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path of the file below the project.
    pub file: String,
    /// Line, from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong, and what is expected.
    pub message: String,
}

impl Problem {
    /// A mistake at a place.
    pub fn new(file: &str, line: Option<usize>, message: impl Into<String>) -> Problem {
        Problem {
            file: file.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "{}:{line}: {}", self.file, self.message),
            None => write!(formatter, "{}: {}", self.file, self.message),
        }
    }
}
