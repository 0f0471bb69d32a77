//! Names of sheets: what a spreadsheet takes, and no two alike.

/// The contents sheet.
pub(super) const CONTENTS: &str = "目录";
/// The sheet with the figures behind the charts.
pub(super) const CHART_DATA: &str = "图表数据";
const LONGEST: usize = 31;
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// What is wrong with a sheet name, and what to write instead; nothing where it can be used.
pub(super) fn sheet_name_fault(name: &str) -> Option<String> {
    if name.encode_utf16().count() > LONGEST {
        return Some(format!("is too long; write {LONGEST} characters at most"));
    }
    if let Some(bad) = name.chars().find(|letter| FORBIDDEN.contains(letter)) {
        return Some(format!("must not hold `{bad}`; write it without"));
    }
    if name.starts_with('\'') || name.ends_with('\'') {
        return Some("must not begin or end with an apostrophe; write it without".to_owned());
    }
    let reserved = name == CONTENTS || name == CHART_DATA || name.eq_ignore_ascii_case("history");
    reserved.then(|| "is taken by the workbook itself; write another".to_owned())
}

/// A usable name made of a title: forbidden letters dropped, cut, and told apart from those that are taken.
pub(super) fn free_name(title: &str, taken: &[String]) -> String {
    let clean: String = title
        .chars()
        .filter(|letter| !FORBIDDEN.contains(letter) && *letter != '\'' && !letter.is_control())
        .collect();
    let clean = if clean.trim().is_empty() {
        "表"
    } else {
        clean.trim()
    };
    let is_free = |name: &str| {
        let lower = name.to_lowercase();
        sheet_name_fault(name).is_none() && !taken.iter().any(|own| own.to_lowercase() == lower)
    };
    let mut number = 1;
    loop {
        let suffix = match number {
            1 => String::new(),
            _ => format!("（{number}）"),
        };
        let name = format!("{}{suffix}", cut(clean, LONGEST - suffix.chars().count()));
        if is_free(&name) {
            return name;
        }
        number += 1;
    }
}

fn cut(text: &str, units: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|letter| {
            used += letter.len_utf16();
            used <= units
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_cut_and_told_apart() {
        assert!(sheet_name_fault("培训进度").is_none());
        for bad in ["a/b", &"长".repeat(32), "'a", "目录", "History"] {
            assert!(sheet_name_fault(bad).is_some(), "{bad}");
        }
        assert_eq!(free_name("线上/线下:课时", &[]), "线上线下课时");
        assert_eq!(free_name("目录", &[]), "目录（2）");
        let taken = ["Abc".to_owned()];
        assert_eq!(free_name("aBC", &taken), "aBC（2）");
        assert_eq!(free_name("", &[]), "表");
        assert_eq!(free_name(&"长".repeat(40), &[]).chars().count(), 31);
    }
}
