//! Values of policy parameters that a data set has in place of the project's.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::form::DataSet;
use crate::model::{OPEN_END, Policy, PolicyListRow, PolicyRow};

pub(super) fn replace_policy(policy: &mut Policy, data_set: &DataSet) -> Result<(), String> {
    let replaced: BTreeSet<&str> = data_set
        .policy
        .iter()
        .map(|value| value.parameter.as_str())
        .collect();
    let areas: BTreeSet<String> = policy
        .rows
        .iter()
        .map(|row| row.city_code.clone())
        .collect();
    let mut rows = Vec::new();
    for value in &data_set.policy {
        let own = policy
            .rows
            .iter()
            .find(|row| row.parameter == value.parameter)
            .ok_or_else(|| format!("there is no policy parameter `{}`", value.parameter))?;
        let changed = own
            .with_value(&value.value)
            .ok_or_else(|| format!("`{}` is not a decimal", value.value))?;
        let in_province = value.city_code == crate::model::PROVINCE;
        let holds = |area: &&String| {
            **area == value.city_code
                || in_province
                    && !data_set.policy.iter().any(|other| {
                        other.parameter == value.parameter && other.city_code == **area
                    })
        };
        for area in areas.iter().filter(holds) {
            rows.push(PolicyRow {
                city_code: area.clone(),
                valid_from: value.valid_from.unwrap_or(NaiveDate::MIN),
                valid_until: value.valid_until.unwrap_or(OPEN_END),
                ..changed.clone()
            });
        }
    }
    policy
        .rows
        .retain(|row| !replaced.contains(row.parameter.as_str()));
    policy.rows.extend(rows);
    for list in &data_set.list {
        if !policy.lists.contains_key(&list.list) {
            return Err(format!("there is no policy list `{}`", list.list));
        }
        policy.list_rows.retain(|row| row.list != list.list);
        for value in &list.values {
            policy
                .list_rows
                .extend(areas.iter().map(|area| PolicyListRow {
                    list: list.list.clone(),
                    city_code: area.clone(),
                    value: value.clone(),
                    valid_from: NaiveDate::MIN,
                    valid_until: OPEN_END,
                    basis: "default".to_owned(),
                    citation: "case file".to_owned(),
                }));
        }
    }
    Ok(())
}
