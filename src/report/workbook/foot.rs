//! What stands below a table: notes, marks, sources.

use rust_xlsxwriter::XlsxError;

use super::body::{MISSING, SUPPRESSED, Seen};
use super::head::Sheet;
use super::text::lines;

/// More letters of a note go on a line than of a cell: they are smaller.
const NOTE_SCALE: f64 = 1.1;
const NOTICE: &str = "鲁人社字〔2020〕72号";

/// What the marks in a table mean, as far as they were used.
pub(super) fn marks(seen: &Seen) -> Option<String> {
    let suppressed = format!("“{SUPPRESSED}”为人数或户数过少、按统计保密规则不予公布的数值");
    let missing = format!("“{MISSING}”为无数据或不适用（如基数为零、不可相加）");
    match (seen.suppressed, seen.missing) {
        (false, false) => None,
        (true, false) => Some(format!("{suppressed}。")),
        (false, true) => Some(format!("{missing}。")),
        (true, true) => Some(format!("{suppressed}；{missing}。")),
    }
}

/// Sources in one line. Headers of models name the articles of the notice in short.
pub(super) fn source_line(sources: &[String]) -> Option<String> {
    if sources.is_empty() {
        return None;
    }
    let named: Vec<String> = sources
        .iter()
        .map(|source| match source.strip_prefix("notice ") {
            Some(article) => format!("{NOTICE} {article}"),
            None => source.clone(),
        })
        .collect();
    Some(format!("依据：{}。", named.join("；")))
}

impl Sheet<'_> {
    /// Writes notes, numbered where there are several, and the line of sources.
    pub(super) fn below(
        &mut self,
        notes: &[String],
        sources: Option<&str>,
    ) -> Result<(), XlsxError> {
        let several = notes.len() > 1;
        for (number, note) in (1..).zip(notes) {
            let lead = if number == 1 { "注：" } else { "　　" };
            if several {
                self.note(&format!("{lead}{number}．{note}"))?;
            } else {
                self.note(&format!("{lead}{note}"))?;
            }
        }
        if let Some(sources) = sources {
            self.note(sources)?;
        }
        Ok(())
    }

    fn note(&mut self, text: &str) -> Result<(), XlsxError> {
        let styles = self.styles;
        let count = lines(text, self.width() * NOTE_SCALE);
        self.across_lines(text, count, &styles.note)
    }
}
