//! Policy parameters: thresholds, caps, rates and dates as dated rows by city, each with its citation.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;

use super::policy_list::{ListForm, PolicyList, PolicyListRow, rows_of};
use crate::problem::Problem;

/// The province's own code; its rows hold wherever a city has none.
pub const PROVINCE: &str = "370000";

/// The last day of a value that is open at its end.
pub const OPEN_END: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// One dated value of a parameter for one area, after cities without own rows were given the province's.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyRow {
    /// Parameter name.
    pub parameter: String,
    /// Area, six digits.
    pub city_code: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day, [`OPEN_END`] when open.
    pub valid_until: NaiveDate,
    /// The value as written, a decimal.
    pub value_text: String,
    /// The value × 1,000,000, exact.
    pub value_e6: i64,
    /// `rule` when a text says so, `default` when it is ours.
    pub basis: String,
    /// Article, or why the default.
    pub citation: String,
}

impl PolicyRow {
    /// The row with another value; `None` when the text is not a decimal with at most six places.
    pub fn with_value(&self, value: &str) -> Option<PolicyRow> {
        Some(PolicyRow {
            value_e6: exact_e6(value)?,
            value_text: value.to_owned(),
            ..self.clone()
        })
    }

    /// The value as a float.
    pub fn value(&self) -> f64 {
        self.value_e6 as f64 / 1e6
    }
}

/// What a parameter means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyParameter {
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// Unit of the value.
    pub unit: String,
}

/// All policy parameters of a project.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Meaning by parameter name.
    pub parameters: BTreeMap<String, PolicyParameter>,
    /// Rows by parameter, area and first day.
    pub rows: Vec<PolicyRow>,
    /// Meaning by list name.
    pub lists: BTreeMap<String, PolicyList>,
    /// Rows of all lists, by list, area and text.
    pub list_rows: Vec<PolicyListRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    #[serde(default)]
    parameter: Vec<Spanned<ParameterForm>>,
    #[serde(default)]
    list: Vec<Spanned<ListForm>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParameterForm {
    name: String,
    title_zh: String,
    title_en: String,
    unit: String,
    value: Vec<Spanned<ValueForm>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueForm {
    value: String,
    valid_from: NaiveDate,
    valid_until: Option<NaiveDate>,
    #[serde(default = "province")]
    city_code: String,
    basis: String,
    citation: String,
}

fn province() -> String {
    PROVINCE.to_owned()
}

impl Policy {
    /// Parses policy files (`name`, text) and spreads each parameter over `areas` (the province and its cities).
    ///
    /// # Errors
    /// Every mistake found, with its line.
    pub fn parse(files: &[(String, String)], areas: &[String]) -> Result<Policy, Vec<Problem>> {
        let mut policy = Policy::default();
        let mut problems = Vec::new();
        for (file, text) in files {
            policy.read_file(file, text, areas, &mut problems);
        }
        policy.rows.sort_by(|left, right| {
            (&left.parameter, &left.city_code, left.valid_from).cmp(&(
                &right.parameter,
                &right.city_code,
                right.valid_from,
            ))
        });
        policy.list_rows.sort();
        if problems.is_empty() {
            Ok(policy)
        } else {
            Err(problems)
        }
    }

    fn read_file(&mut self, file: &str, text: &str, areas: &[String], problems: &mut Vec<Problem>) {
        let line_at = |offset: usize| {
            Some(
                1 + text
                    .get(..offset)
                    .map_or(0, |head| head.matches('\n').count()),
            )
        };
        let form: FileForm = match toml::from_str(text) {
            Ok(form) => form,
            Err(error) => {
                let line = error.span().and_then(|span| line_at(span.start));
                problems.push(Problem::new(file, line, error.message()));
                return;
            }
        };
        for spanned in form.parameter {
            let line = line_at(spanned.span().start);
            let parameter = spanned.into_inner();
            if self.is_known(&parameter.name) {
                let message = format!("policy parameter `{}` is declared twice", parameter.name);
                problems.push(Problem::new(file, line, message));
                continue;
            }
            let mut own: Vec<PolicyRow> = Vec::new();
            for value in &parameter.value {
                match row_of(&parameter.name, value.get_ref(), areas) {
                    Ok(row) => own.push(row),
                    Err(message) => {
                        problems.push(Problem::new(file, line_at(value.span().start), message));
                    }
                }
            }
            if let Some(message) = overlap(&own) {
                problems.push(Problem::new(file, line, message));
            }
            self.rows.extend(spread(&own, areas));
            self.parameters.insert(
                parameter.name,
                PolicyParameter {
                    title_zh: parameter.title_zh,
                    title_en: parameter.title_en,
                    unit: parameter.unit,
                },
            );
        }
        for spanned in form.list {
            let line = line_at(spanned.span().start);
            let list = spanned.into_inner();
            if self.is_known(&list.name) {
                let message = format!("policy list `{}` is declared twice", list.name);
                problems.push(Problem::new(file, line, message));
                continue;
            }
            for entry in &list.entry {
                match rows_of(&list.name, entry.get_ref(), areas) {
                    Ok(rows) => self.list_rows.extend(rows),
                    Err(message) => {
                        problems.push(Problem::new(file, line_at(entry.span().start), message));
                    }
                }
            }
            let (title_zh, title_en) = (list.title_zh, list.title_en);
            self.lists
                .insert(list.name, PolicyList { title_zh, title_en });
        }
    }

    /// Whether a parameter or a list has this name.
    pub fn is_known(&self, name: &str) -> bool {
        self.parameters.contains_key(name) || self.lists.contains_key(name)
    }

    /// Rows of the named lists.
    pub fn select_lists(&self, lists: &[String]) -> Vec<&PolicyListRow> {
        self.list_rows
            .iter()
            .filter(|row| lists.contains(&row.list))
            .collect()
    }

    /// Rows of the named parameters.
    pub fn select(&self, parameters: &[String]) -> Vec<&PolicyRow> {
        self.rows
            .iter()
            .filter(|row| parameters.contains(&row.parameter))
            .collect()
    }
}

fn row_of(parameter: &str, form: &ValueForm, areas: &[String]) -> Result<PolicyRow, String> {
    let value_e6 = exact_e6(&form.value)
        .ok_or_else(|| format!("`{}` is not a decimal with at most six places", form.value))?;
    let valid_until = form.valid_until.unwrap_or(OPEN_END);
    if valid_until < form.valid_from {
        return Err("`valid_until` is before `valid_from`".to_owned());
    }
    if !areas.contains(&form.city_code) {
        return Err(format!(
            "`city_code` {} is neither the province nor one of its cities",
            form.city_code
        ));
    }
    if form.basis != "rule" && form.basis != "default" {
        return Err("`basis` is `rule` (a text says so) or `default` (ours)".to_owned());
    }
    Ok(PolicyRow {
        parameter: parameter.to_owned(),
        city_code: form.city_code.clone(),
        valid_from: form.valid_from,
        valid_until,
        value_text: form.value.clone(),
        value_e6,
        basis: form.basis.clone(),
        citation: form.citation.clone(),
    })
}

fn overlap(rows: &[PolicyRow]) -> Option<String> {
    for (index, row) in rows.iter().enumerate() {
        let clash = rows.iter().take(index).find(|earlier| {
            earlier.city_code == row.city_code
                && earlier.valid_from <= row.valid_until
                && row.valid_from <= earlier.valid_until
        });
        if clash.is_some() {
            return Some(format!(
                "two values of `{}` for {} hold on one day",
                row.parameter, row.city_code
            ));
        }
    }
    None
}

/// Gives each area its own rows, and the province's on the days that its own leave open.
fn spread(rows: &[PolicyRow], areas: &[String]) -> Vec<PolicyRow> {
    let mut spread = Vec::new();
    for area in areas {
        let own: Vec<&PolicyRow> = rows.iter().filter(|row| &row.city_code == area).collect();
        spread.extend(own.iter().map(|row| (*row).clone()));
        if area == PROVINCE {
            continue;
        }
        for row in rows.iter().filter(|row| row.city_code == PROVINCE) {
            spread.extend(
                gaps(row, &own)
                    .into_iter()
                    .map(|(valid_from, valid_until)| PolicyRow {
                        city_code: area.clone(),
                        valid_from,
                        valid_until,
                        ..row.clone()
                    }),
            );
        }
    }
    spread
}

/// The parts of `row`'s days that none of `own` covers.
fn gaps(row: &PolicyRow, own: &[&PolicyRow]) -> Vec<(NaiveDate, NaiveDate)> {
    let mut parts = vec![(row.valid_from, row.valid_until)];
    for taken in own {
        parts = parts
            .into_iter()
            .flat_map(|(first, last)| {
                let before = taken
                    .valid_from
                    .pred_opt()
                    .map(|end| (first, end.min(last)));
                let after = taken
                    .valid_until
                    .succ_opt()
                    .map(|start| (start.max(first), last));
                before.into_iter().chain(after)
            })
            .filter(|(first, last)| first <= last)
            .collect();
    }
    parts
}

/// A plain decimal times one million, exactly; `None` when it has more than six places or is not a decimal.
fn exact_e6(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 6 || !plain(whole) || !plain(fraction) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let fraction: i64 = format!("{fraction:0<6}").parse().ok()?;
    whole
        .checked_mul(1_000_000)?
        .checked_add(fraction)
        .map(|value| sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas() -> Vec<String> {
        ["370000", "370100", "370200"].map(str::to_owned).to_vec()
    }

    fn parse(values: &str) -> Result<Policy, Vec<Problem>> {
        let text = format!(
            "[[parameter]]\nname = \"cap\"\ntitle_zh = \"上限\"\ntitle_en = \"cap\"\nunit = \"share\"\n{values}"
        );
        Policy::parse(&[("pipelines/policy/test.toml".to_owned(), text)], &areas())
    }

    fn value(value: &str, dates: &str) -> String {
        format!(
            "[[parameter.value]]\nvalue = \"{value}\"\n{dates}\nbasis = \"rule\"\ncitation = \"二（三）\"\n"
        )
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(exact_e6("0.40"), Some(400_000));
        assert_eq!(exact_e6("-1.000001"), Some(-1_000_001));
        assert_eq!(exact_e6("32"), Some(32_000_000));
        assert_eq!(exact_e6("0.0000001"), None);
        assert_eq!(exact_e6("1e3"), None);
    }

    #[test]
    fn a_city_row_overrides_the_province_only_on_its_days() {
        let province = value("0.40", "valid_from = \"2020-01-01\"");
        let city = value(
            "0.50",
            "valid_from = \"2020-03-01\"\nvalid_until = \"2020-03-31\"\ncity_code = \"370200\"",
        );
        let policy = parse(&format!("{province}{city}")).unwrap();
        let qingdao: Vec<(String, String, &str)> = policy
            .rows
            .iter()
            .filter(|row| row.city_code == "370200")
            .map(|row| {
                (
                    row.valid_from.to_string(),
                    row.valid_until.to_string(),
                    row.value_text.as_str(),
                )
            })
            .collect();
        let expected = [
            ("2020-01-01", "2020-02-29", "0.40"),
            ("2020-03-01", "2020-03-31", "0.50"),
            ("2020-04-01", "9999-12-31", "0.40"),
        ]
        .map(|(from, until, value)| (from.to_owned(), until.to_owned(), value));
        assert_eq!(qingdao, expected);
        assert_eq!(
            policy
                .rows
                .iter()
                .filter(|row| row.city_code == "370100")
                .count(),
            1
        );
    }

    #[test]
    fn mistakes_have_their_lines() {
        let bad = value("forty", "valid_from = \"2020-01-01\"");
        assert_eq!(parse(&bad).unwrap_err().first().unwrap().line, Some(6));
        let twice = value("0.40", "valid_from = \"2020-01-01\"").repeat(2);
        assert!(
            parse(&twice)
                .unwrap_err()
                .first()
                .unwrap()
                .message
                .contains("one day")
        );
        let elsewhere = value(
            "0.40",
            "valid_from = \"2020-01-01\"\ncity_code = \"110000\"",
        );
        assert!(parse(&elsewhere).is_err());
    }
}
