//! Mistakes with their lines.

use crate::problem::Problem;

/// The mistakes found so far in one file.
pub(in crate::native::composite) struct Report {
    file: String,
    line_starts: Vec<usize>,
    problems: Vec<Problem>,
}

impl Report {
    pub fn new(file: &str, text: &str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(offset, _)| offset + 1);
        Self {
            file: file.to_owned(),
            line_starts: std::iter::once(0).chain(after_breaks).collect(),
            problems: Vec::new(),
        }
    }

    pub fn add(&mut self, line: usize, message: impl Into<String>) {
        self.problems
            .push(Problem::new(&self.file, Some(line), message));
    }

    /// The mistakes in the order of lines, or nothing.
    pub fn finish(mut self) -> Result<(), Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(());
        }
        self.problems.sort_by_key(|problem| problem.line);
        Err(self.problems)
    }

    pub fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        let report = Report::new("f", "a\nbb\n\nc");
        let lines: Vec<usize> = [0, 1, 2, 4, 5, 6].map(|o| report.line_of(o)).to_vec();
        assert_eq!(lines, [1, 1, 2, 2, 3, 4]);
    }
}
