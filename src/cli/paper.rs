//! What commands that write a paper about an organisation share: its code and the paper's form.

use std::path::Path;

use clap::ValueEnum;

use super::context::CommandError;
use crate::identity::social_credit::social_credit_fault;
use crate::identity::{Wanted, find_embedded};

/// Longest code of an organisation.
const LONGEST_CODE: usize = 64;

/// Form of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PaperForm {
    /// An overview for the terminal
    Text,
    /// A page for browser and printer
    Html,
    /// A workbook; needs --out
    Xlsx,
}

impl PaperForm {
    /// The form asked for, or else that of the file's ending.
    pub fn asked(form: Option<PaperForm>, out: Option<&Path>) -> Result<PaperForm, CommandError> {
        let form = form.map_or_else(|| form_of(out), Ok)?;
        if form == PaperForm::Xlsx && out.is_none() {
            let told = "a workbook is no text: name a file with --out";
            return Err(CommandError::Usage(told.to_owned()));
        }
        Ok(form)
    }
}

fn form_of(out: Option<&Path>) -> Result<PaperForm, CommandError> {
    let forms = [
        ("txt", PaperForm::Text),
        ("html", PaperForm::Html),
        ("htm", PaperForm::Html),
        ("xlsx", PaperForm::Xlsx),
    ];
    form_by_ending(out, &forms, PaperForm::Text)
}

/// The form that a file's ending names; `plain` for what has no file or no ending.
pub(super) fn form_by_ending<T: Copy>(
    out: Option<&Path>,
    forms: &[(&str, T)],
    plain: T,
) -> Result<T, CommandError> {
    let Some(ending) = out.and_then(Path::extension) else {
        return Ok(plain);
    };
    let ending = ending.to_string_lossy().to_ascii_lowercase();
    let known = forms.iter().find(|(own, _)| *own == ending);
    known.map(|(_, form)| *form).ok_or_else(|| {
        let endings: Vec<&str> = forms.iter().map(|(own, _)| *own).collect();
        CommandError::Usage(format!(
            "no form is known by the ending `.{ending}` of --out: known are {}; or name one with --format",
            endings.join(", ")
        ))
    })
}

/// The code as given, without blanks around it. No error repeats it.
pub(super) fn organisation_code(text: &str) -> Result<&str, CommandError> {
    let text = text.trim();
    let is_code = !text.is_empty()
        && text.len() <= LONGEST_CODE
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    // Some codes of organisations happen to be right citizen numbers too; those may be asked for.
    let is_person =
        find_embedded(text, Wanted::People).is_some() && social_credit_fault(text).is_some();
    if !is_code || is_person {
        let told = "give the unified social credit code of an organisation; for a person use `skillwatch person --number-file`";
        return Err(CommandError::Usage(told.to_owned()));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_follows_the_ending() {
        for (file, form) in [
            ("case.html", PaperForm::Html),
            ("case.XLSX", PaperForm::Xlsx),
            ("case.txt", PaperForm::Text),
        ] {
            assert_eq!(form_of(Some(Path::new(file))).unwrap(), form, "{file}");
        }
        assert_eq!(form_of(None).unwrap(), PaperForm::Text);
        let told = form_of(Some(Path::new("case.pdf")))
            .unwrap_err()
            .to_string();
        assert!(told.contains("`.pdf`") && told.contains("xlsx"), "{told}");
        assert!(PaperForm::asked(Some(PaperForm::Xlsx), None).is_err());
    }

    #[test]
    fn a_citizen_number_and_sql_are_no_codes_and_are_not_repeated() {
        assert_eq!(
            organisation_code(" 91370100KP0000015H ").unwrap(),
            "91370100KP0000015H"
        );
        for text in ["11010519491231002X", "x' OR '1'='1", ""] {
            let told = organisation_code(text).unwrap_err().to_string();
            assert!(text.is_empty() || !told.contains(text), "{told}");
        }
    }
}
