//! Words of the feeds in Chinese.

use std::collections::BTreeMap;

use crate::contract::{ColumnType, Contracts};
use crate::desk::archive::Party;

/// Chinese words for the values of enumerations, as the contracts give them.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// By feed, column and value.
    words: BTreeMap<(String, String, String), String>,
}

impl Words {
    /// The words of all contracts.
    pub fn of(contracts: &Contracts) -> Words {
        let mut words = BTreeMap::new();
        for contract in contracts.iter() {
            for column in &contract.columns {
                let ColumnType::Enumeration(values) = &column.kind else {
                    continue;
                };
                for value in values {
                    if let Some(zh) = value.zh.first() {
                        let key = (
                            contract.feed.clone(),
                            column.name.clone(),
                            value.value.clone(),
                        );
                        words.insert(key, zh.clone());
                    }
                }
            }
        }
        Words { words }
    }

    /// The Chinese word of a value, or the value itself.
    pub fn zh<'w>(&'w self, feed: &str, column: &str, value: &'w str) -> &'w str {
        let key = (feed.to_owned(), column.to_owned(), value.to_owned());
        self.words.get(&key).map_or(value, String::as_str)
    }

    /// A value in both languages: `企业职工 employee`.
    pub fn both(&self, feed: &str, column: &str, value: &str) -> String {
        let zh = self.zh(feed, column, value);
        let en = value.replace('_', " ");
        if zh == value {
            en
        } else {
            format!("{zh} {en}")
        }
    }

    /// The like for a value that may be missing.
    pub fn both_or_dash(&self, feed: &str, column: &str, value: Option<&String>) -> String {
        value.map_or_else(dash, |value| self.both(feed, column, value))
    }
}

/// What stands where nothing is known.
pub(in crate::report) fn dash() -> String {
    "—".to_owned()
}

/// An optional text, or a dash.
pub(in crate::report) fn or_dash(text: Option<&String>) -> String {
    text.cloned().unwrap_or_else(dash)
}

/// An organisation by name and code.
pub(super) fn party(party: Option<&Party>) -> String {
    match party {
        None => dash(),
        Some(Party {
            id,
            name: Some(name),
        }) => format!("{name} {id}"),
        Some(Party { id, name: None }) => id.clone(),
    }
}

/// Sex in both languages.
pub(super) fn sex(sex: Option<&String>) -> String {
    match sex.map(String::as_str) {
        Some("male") => "男 male".to_owned(),
        Some("female") => "女 female".to_owned(),
        _ => dash(),
    }
}

/// Why a citizen number is not right, in both languages.
pub(super) fn fault(fault: &str) -> &str {
    match fault {
        "length" => "位数不符 length",
        "form" => "字符不符 form",
        "check_digit" => "校验码不符 check digit",
        "no_such_date" => "出生日期不存在 no such date",
        "placeholder" => "占位号码 placeholder",
        "legacy_15" => "15位旧号码 15-digit number",
        "unknown_division" => "区划未知 unknown division",
        other => other,
    }
}

/// Strength of an indicator in both languages.
pub(in crate::report) fn strength(strength: &str) -> &str {
    match strength {
        "H" => "H 强 hard",
        "S" => "S 较强 strong",
        "W" => "W 弱 weak",
        other => other,
    }
}

/// Yes or no in both languages.
pub(super) fn yes_no(yes: Option<bool>) -> String {
    match yes {
        Some(true) => "是 yes".to_owned(),
        Some(false) => "否 no".to_owned(),
        None => dash(),
    }
}

/// A skill level; 0 is none.
pub(super) fn level(level: Option<i64>) -> String {
    match level {
        Some(0) => "无等级 none".to_owned(),
        Some(level) => level.to_string(),
        None => dash(),
    }
}
