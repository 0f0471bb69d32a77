//! Policy lists: texts that an indicator looks up, such as the addresses of known venues, as dated rows by city.

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;

use super::policy::{OPEN_END, PROVINCE};

/// One text of a list in one area; an entry of the province stands in every area.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyListRow {
    /// Name of the list.
    pub list: String,
    /// Area, six digits.
    pub city_code: String,
    /// The text.
    pub value: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; 9999-12-31 when open.
    pub valid_until: NaiveDate,
    /// `rule` when a text says so, `default` when it is ours.
    pub basis: String,
    /// Article, or who entered it and why.
    pub citation: String,
}

/// What a list means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyList {
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListForm {
    pub(super) name: String,
    pub(super) title_zh: String,
    pub(super) title_en: String,
    /// A list may be empty: nobody has entered a venue yet.
    #[serde(default)]
    pub(super) entry: Vec<Spanned<EntryForm>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryForm {
    value: String,
    valid_from: NaiveDate,
    valid_until: Option<NaiveDate>,
    city_code: Option<String>,
    basis: String,
    citation: String,
}

/// The rows of an entry, one for each area in which it holds.
pub(super) fn rows_of(
    list: &str,
    entry: &EntryForm,
    areas: &[String],
) -> Result<Vec<PolicyListRow>, String> {
    let valid_until = entry.valid_until.unwrap_or(OPEN_END);
    if valid_until < entry.valid_from {
        return Err("`valid_until` is before `valid_from`".to_owned());
    }
    if entry.basis != "rule" && entry.basis != "default" {
        return Err("`basis` is `rule` (a text says so) or `default` (ours)".to_owned());
    }
    let own = entry.city_code.as_deref().unwrap_or(PROVINCE);
    if !areas.iter().any(|area| area == own) {
        return Err(format!(
            "`city_code` {own} is neither the province nor one of its cities"
        ));
    }
    let holds_in = areas.iter().filter(|area| own == PROVINCE || *area == own);
    Ok(holds_in
        .map(|area| PolicyListRow {
            list: list.to_owned(),
            city_code: area.clone(),
            value: entry.value.clone(),
            valid_from: entry.valid_from,
            valid_until,
            basis: entry.basis.clone(),
            citation: entry.citation.clone(),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use crate::model::Policy;

    fn parse(entries: &str) -> Result<Policy, Vec<String>> {
        let areas = ["370000", "370100", "370200"].map(str::to_owned);
        let text = format!(
            "[[list]]\nname = \"venue\"\ntitle_zh = \"场所\"\ntitle_en = \"Venues\"\n{entries}"
        );
        Policy::parse(&[("pipelines/policy/test.toml".to_owned(), text)], &areas)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    fn entry(city: &str) -> String {
        format!(
            "[[list.entry]]\nvalue = \"10.0.0.1\"\nvalid_from = \"2020-01-01\"\n{city}\nbasis = \"default\"\ncitation = \"c\"\n"
        )
    }

    #[test]
    fn an_entry_of_the_province_holds_everywhere_and_one_of_a_city_there() {
        let policy = parse(&(entry("") + &entry("city_code = \"370200\""))).unwrap();
        let cities: Vec<&str> = policy
            .list_rows
            .iter()
            .map(|row| row.city_code.as_str())
            .collect();
        assert_eq!(cities, ["370000", "370100", "370200", "370200"]);
    }

    #[test]
    fn a_list_may_be_empty_and_mistakes_have_lines() {
        assert!(parse("").unwrap().lists.contains_key("venue"));
        let problems = parse(&entry("city_code = \"110000\"")).unwrap_err();
        assert_eq!(
            problems,
            [
                "pipelines/policy/test.toml:5: `city_code` 110000 is neither the province nor one of its cities"
            ]
        );
    }
}
