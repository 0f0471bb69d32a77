//! The tables that items are computed from, and which of their rows are a platform's.

use crate::project::Project;

/// A feed or table behind items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceTable {
    /// Name.
    pub name: String,
    /// Chinese title; empty where the project does not know the table.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// Items computed from it.
    pub items: Vec<String>,
    /// Query for the platform's rows; `None` where it is not known which they are.
    pub query: Option<String>,
}

impl SourceTable {
    pub(super) fn of(name: &str, platform: &str, items: Vec<String>, project: &Project) -> Self {
        let contract = project.contracts.iter().find(|one| one.feed == name);
        let model = project.models.get(name);
        let titles = contract
            .map(|one| (one.title_zh.clone(), one.title_en.clone()))
            .or_else(|| {
                model.map(|one| (one.header.title_zh.clone(), one.header.title_en.clone()))
            });
        let (title_zh, title_en) = titles.unwrap_or_default();
        SourceTable {
            name: name.to_owned(),
            title_zh,
            title_en,
            items,
            query: query(name, platform),
        }
    }
}

/// The rows of a table that count for a platform, before the limits of time that each item has.
fn query(table: &str, platform: &str) -> Option<String> {
    let own = format!("'{platform}'");
    let classes =
        format!("INNER JOIN classes AS k ON k.class_id = t.class_id WHERE k.platform_id = {own}");
    let enrolments = format!(
        "INNER JOIN enrolments AS e ON e.enrolment_id = t.enrolment_id \
         INNER JOIN classes AS k ON k.class_id = e.class_id WHERE k.platform_id = {own}"
    );
    let condition = match table {
        "classes" | "study_logs" | "courseware" | "platform_directory" | "indicator_hits" => {
            format!("WHERE t.platform_id = {own}")
        }
        "feedback" | "findings" => format!("WHERE t.org_id = {own}"),
        "organizations" => format!("WHERE t.org_id = {own} AND t.org_kind = 'platform'"),
        "training_directory" => format!(
            "INNER JOIN platform_directory AS p ON p.city_code = t.city_code WHERE p.platform_id = {own}"
        ),
        "enrolments" | "attendance" => classes,
        "claims" | "assessments" | "certificates" => enrolments,
        _ => return None,
    };
    Some(format!("SELECT t.* FROM {table} AS t {condition}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_whose_rows_are_not_known_to_be_the_platforms_has_no_query() {
        let told = query("findings", "P1").unwrap();
        assert_eq!(told, "SELECT t.* FROM findings AS t WHERE t.org_id = 'P1'");
        assert_eq!(query("targets", "P1"), None);
    }
}
