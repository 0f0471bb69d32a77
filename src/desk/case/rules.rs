//! What the indicators of a case test: their texts as the release has them, and the policy rows with their citation.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::gather::{Gatherer, HITS};
use crate::model::{Model, OPEN_END, PROVINCE};
use crate::release::{DEFINITION, POLICY};
use crate::run::{RunError, definition_hash};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bilingual {
    /// Chinese; empty where a release has only the English text, and today's English is another.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    fn new(zh: &str, en: &str) -> Bilingual {
        Bilingual {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    /// Puts a release's words in the place of today's. A release from before the Chinese texts has none: today's stand
    /// for them only beside the same English.
    fn tell(&mut self, zh: Option<String>, en: Option<String>) {
        let is_same = en.as_ref().is_none_or(|en| *en == self.en);
        if zh.is_some() || !is_same {
            self.zh = zh.unwrap_or_default();
        }
        if let Some(en) = en {
            self.en = en;
        }
    }
}

/// What an indicator tests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    /// Identifier, such as `A01`.
    pub id: String,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// The scheme that it is meant to find.
    pub scheme: Bilingual,
    /// Strengths that it can give.
    pub strength: String,
    /// What one lead is about.
    pub grain: Bilingual,
    /// The test in words, with its default threshold.
    pub threshold: Bilingual,
    /// Article or default it rests on.
    pub policy_reference: String,
    /// Honest reasons that look the same.
    pub false_positives: Bilingual,
    /// What a reviewer should ask for.
    pub ask_for: Bilingual,
    /// File that defines it.
    pub sql_file: String,
    /// Hash of the definition by which the release was computed; empty in releases that do not keep it.
    pub definition: String,
    /// Whether the project defines it otherwise today, so that its file is not what the release ran.
    pub has_changed: bool,
    /// The policy rows that it reads, of the province and the cities of the case.
    pub policy: Vec<PolicyLine>,
}

/// A row of a policy parameter or list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicyLine {
    /// Parameter or list.
    pub parameter: String,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// Unit of the value.
    pub unit: String,
    /// Area, six digits.
    pub area: String,
    /// Name of the area.
    pub area_name: Option<String>,
    /// The value as written.
    pub value: String,
    /// First day.
    pub valid_from: Option<NaiveDate>,
    /// Last day; `None` when open.
    pub valid_until: Option<NaiveDate>,
    /// `rule` when a text says so, `default` when it is the program's.
    pub basis: String,
    /// Article, or why the default.
    pub citation: String,
    /// Whether it is in force on the as-of day.
    pub in_force: bool,
    /// Hash of the parameter's rows in the release; empty in releases that do not keep it.
    pub version: String,
    /// Whether the parameter's rows are others today than those by which the release was computed.
    pub has_changed: bool,
}

impl Gatherer<'_> {
    /// The rules of the named indicators.
    pub(super) fn rules(
        &self,
        ids: &[&str],
        areas: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, Rule>, RunError> {
        let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
        for model in self.project.models.indicators() {
            let entry = model.header.indicator.as_ref();
            if let Some(entry) = entry.filter(|entry| ids.contains(&entry.id.as_str())) {
                let now = definition_hash(model, self.framework);
                let then = self.basis(&format!("{DEFINITION}{}", model.name));
                let rule = Rule {
                    has_changed: !then.is_empty() && then != now,
                    definition: then,
                    policy: self.policy(model, areas),
                    id: entry.id.clone(),
                    title_zh: entry.title_zh.clone(),
                    title_en: entry.title_en.clone(),
                    scheme: Bilingual::new(&entry.scheme_zh, &entry.scheme),
                    strength: entry.strength.clone(),
                    grain: Bilingual::new(&entry.grain_zh, &entry.grain),
                    threshold: Bilingual::new(&entry.threshold_zh, &entry.threshold),
                    policy_reference: entry.policy_reference.clone(),
                    false_positives: Bilingual::new(
                        &entry.false_positives_zh,
                        &entry.false_positives,
                    ),
                    ask_for: Bilingual::new(&entry.ask_for_zh, &entry.ask_for),
                    sql_file: model.file.clone(),
                };
                rules.insert(entry.id.clone(), rule);
            }
        }
        // The release's own words stand before those of today.
        let among = ids.iter().copied();
        let rows = self.rows_among("indicator_catalogue", "*", "indicator_id", among)?;
        for row in rows.iter() {
            let id = row.word("indicator_id");
            let rule = rules.entry(id.clone()).or_default();
            rule.id = id;
            let told = |column: &str| row.text(column).filter(|told| !told.is_empty());
            for (column, text) in [
                ("title_zh", &mut rule.title_zh),
                ("title_en", &mut rule.title_en),
                ("strength", &mut rule.strength),
                ("policy_reference", &mut rule.policy_reference),
                ("sql_file", &mut rule.sql_file),
            ] {
                if let Some(told) = told(column) {
                    *text = told;
                }
            }
            for (column, text) in [
                ("scheme", &mut rule.scheme),
                ("grain", &mut rule.grain),
                ("threshold", &mut rule.threshold),
                ("false_positives", &mut rule.false_positives),
                ("ask_for", &mut rule.ask_for),
            ] {
                text.tell(told(&format!("{column}_zh")), told(column));
            }
        }
        for id in ids {
            let rule = rules.entry((*id).to_owned()).or_default();
            rule.id = (*id).to_owned();
        }
        Ok(rules)
    }

    /// A part of what the leads of the release were computed from; empty when the release does not say.
    fn basis(&self, name: &str) -> String {
        let leads = self.manifest.table(HITS).ok();
        leads
            .and_then(|table| table.basis.get(name))
            .cloned()
            .unwrap_or_default()
    }

    /// A hash over all definitions and policy rows behind the leads of the release; empty when the release does not say.
    pub(super) fn rules_hash(&self) -> String {
        let basis = self.manifest.table(HITS).map(|table| &table.basis);
        let lines: Vec<String> = basis
            .into_iter()
            .flatten()
            .filter(|(name, _)| name.starts_with(DEFINITION) || name.starts_with(POLICY))
            .map(|(name, hash)| format!("{name} {hash}"))
            .collect();
        if lines.is_empty() {
            return String::new();
        }
        let mut hash = blake3::hash(lines.join("\n").as_bytes())
            .to_hex()
            .to_string();
        hash.truncate(16);
        hash
    }

    /// Policy rows that an indicator reads: those that hold or held by the as-of day, a city's only where it has its own.
    fn policy(&self, model: &Model, areas: &BTreeSet<String>) -> Vec<PolicyLine> {
        let policy = &self.project.policy;
        let as_of = self.manifest.as_of;
        let named = self.project.models.parameters(model);
        let mut lines = Vec::new();
        for row in policy.select(&named) {
            let is_province = |code: &str| code == PROVINCE;
            let is_inherited = !is_province(&row.city_code)
                && policy.rows.iter().any(|other| {
                    is_province(&other.city_code)
                        && other.parameter == row.parameter
                        && other.value_e6 == row.value_e6
                        && other.citation == row.citation
                });
            if !areas.contains(&row.city_code) || row.valid_from > as_of || is_inherited {
                continue;
            }
            let meaning = policy.parameters.get(&row.parameter);
            let then = self.basis(&format!("{POLICY}{}", row.parameter));
            lines.push(PolicyLine {
                parameter: row.parameter.clone(),
                title_zh: meaning.map(|one| one.title_zh.clone()).unwrap_or_default(),
                title_en: meaning.map(|one| one.title_en.clone()).unwrap_or_default(),
                unit: meaning.map(|one| one.unit.clone()).unwrap_or_default(),
                area_name: self.city_name(&row.city_code),
                area: row.city_code.clone(),
                value: row.value_text.clone(),
                valid_from: Some(row.valid_from),
                valid_until: Some(row.valid_until).filter(|day| *day < OPEN_END),
                basis: row.basis.clone(),
                citation: row.citation.clone(),
                in_force: as_of <= row.valid_until,
                has_changed: !then.is_empty()
                    && then != self.desk.sources.policy_hash(&row.parameter),
                version: then,
            });
        }
        for row in policy.select_lists(&named) {
            // An entry of the province stands in every area; it is told once.
            let of_province = policy.list_rows.iter().any(|other| {
                other.city_code == PROVINCE && other.list == row.list && other.value == row.value
            });
            let is_inherited = row.city_code != PROVINCE && of_province;
            if !areas.contains(&row.city_code) || row.valid_from > as_of || is_inherited {
                continue;
            }
            let meaning = policy.lists.get(&row.list);
            lines.push(PolicyLine {
                parameter: row.list.clone(),
                title_zh: meaning.map(|one| one.title_zh.clone()).unwrap_or_default(),
                title_en: meaning.map(|one| one.title_en.clone()).unwrap_or_default(),
                area_name: self.city_name(&row.city_code),
                area: row.city_code.clone(),
                value: row.value.clone(),
                valid_from: Some(row.valid_from),
                valid_until: Some(row.valid_until).filter(|day| *day < OPEN_END),
                basis: row.basis.clone(),
                citation: row.citation.clone(),
                in_force: as_of <= row.valid_until,
                ..PolicyLine::default()
            });
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_without_chinese_words_borrows_only_what_means_the_same() {
        let told = |zh: Option<&str>, en: Option<&str>| {
            let mut text = Bilingual::new("十天", "ten days");
            text.tell(zh.map(str::to_owned), en.map(str::to_owned));
            (text.zh, text.en)
        };
        let words = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        assert_eq!(told(None, None), words("十天", "ten days"));
        assert_eq!(told(None, Some("ten days")), words("十天", "ten days"));
        assert_eq!(told(None, Some("five days")), words("", "five days"));
        let both = (Some("五天"), Some("five days"));
        assert_eq!(told(both.0, both.1), words("五天", "five days"));
    }
}
