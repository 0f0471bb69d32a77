//! Rows that differ in one word, written once: `_for = "nine"` gives a row for each text of the file's list `nine`, with the
//! text in place of every `{}`.

use std::collections::BTreeMap;

use toml::{Table, Value};

/// Key of a row that stands for several.
const FOR: &str = "_for";
const PLACE: &str = "{}";

/// The rows that a row stands for.
///
/// # Errors
/// A list that the file does not have.
pub(super) fn repeated(
    row: &Table,
    lists: &BTreeMap<String, Vec<String>>,
) -> Result<Vec<Table>, String> {
    let mut pattern = row.clone();
    let texts = match pattern.remove(FOR) {
        None => return Ok(vec![pattern]),
        Some(Value::String(name)) => lists
            .get(&name)
            .ok_or_else(|| format!("there is no list `{name}`"))?,
        Some(_) => return Err(format!("`{FOR}` names a list")),
    };
    let filled = |text: &String| {
        let cells = pattern.iter().map(|(name, value)| {
            let value = match value {
                Value::String(own) => Value::String(own.replace(PLACE, text)),
                other => other.clone(),
            };
            (name.clone(), value)
        });
        cells.collect()
    };
    Ok(texts.iter().map(filled).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_for_each_text_of_a_list() {
        let lists = BTreeMap::from([("two".to_owned(), vec!["a".to_owned(), "b".to_owned()])]);
        let rows = |text: &str| repeated(&toml::from_str(text).unwrap(), &lists);
        let found = rows("_for = \"two\"\nid = \"{}-{}\"\nnumber = 1").unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[1]["id"].as_str(), Some("b-b"));
        assert_eq!(found[1]["number"].as_integer(), Some(1));
        assert!(!found[1].contains_key(FOR));
        assert_eq!(rows("id = \"{}\"").unwrap()[0]["id"].as_str(), Some("{}"));
        assert!(rows("_for = \"three\"").is_err() && rows("_for = 2").is_err());
    }
}
