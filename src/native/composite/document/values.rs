//! Values of a table: text, numbers, choices, lists.

use toml::de::DeValue;

use super::aliases::same_method;
use super::{Found, Report, Section};

impl Section<'_, '_> {
    pub fn text(&mut self, key: &'static str, report: &mut Report) -> String {
        self.optional_text(key, report).unwrap_or_else(|| {
            self.require(key, report);
            String::new()
        })
    }

    pub fn optional_text(&mut self, key: &'static str, report: &mut Report) -> Option<String> {
        let (value, line) = self.find(key, report)?;
        match value {
            DeValue::String(text) if !text.trim().is_empty() => Some(text.to_string()),
            DeValue::String(_) => self.refuse(key, line, "must not be empty", report),
            other => self.refuse_type(key, line, "text", other, report),
        }
    }

    /// Lower-case letters, digits and underscores, beginning with a letter.
    pub fn identifier(&mut self, key: &'static str, report: &mut Report) -> Found<String> {
        let line = self.find(key, report).map_or(self.line, |(_, line)| line);
        let value = self.text(key, report);
        let plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        let starts_well = value.starts_with(|first: char| first.is_ascii_lowercase());
        let well_formed = starts_well && value.chars().all(plain);
        if !well_formed && !value.is_empty() {
            let message =
                "must be lower-case letters, digits and underscores, beginning with a letter";
            self.refuse::<()>(key, line, message, report);
        }
        Found { value, line }
    }

    /// Any text without control characters.
    pub fn name(&mut self, key: &'static str, report: &mut Report) -> Found<String> {
        let line = self.find(key, report).map_or(self.line, |(_, line)| line);
        let value = self.text(key, report);
        if value.chars().any(char::is_control) {
            self.refuse::<()>(key, line, "must be one line of text", report);
        }
        Found { value, line }
    }

    pub fn number(&mut self, key: &'static str, report: &mut Report) -> Option<Found<f64>> {
        let found = self.optional_number(key, report);
        if found.is_none() {
            self.require(key, report);
        }
        found
    }

    pub fn optional_number(
        &mut self,
        key: &'static str,
        report: &mut Report,
    ) -> Option<Found<f64>> {
        let (value, line) = self.find(key, report)?;
        let parsed = match value {
            DeValue::Float(float) => float.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::Integer(integer) if integer.radix() == 10 => {
                integer.as_str().replace('_', "").parse::<f64>().ok()
            }
            DeValue::Integer(_) => None,
            other => return self.refuse_type(key, line, "a number", other, report),
        };
        match parsed {
            Some(value) if value.is_finite() => Some(Found { value, line }),
            _ => self.refuse(key, line, "must be a finite decimal number", report),
        }
    }

    /// A number greater than 0; 1 stands in for a mistaken one.
    pub fn positive(&mut self, key: &'static str, report: &mut Report) -> f64 {
        let Some(found) = self.number(key, report) else {
            return 1.0;
        };
        if found.value <= 0.0 {
            self.refuse::<()>(key, found.line, "must be greater than 0", report);
        }
        found.value
    }

    /// One of the named choices; `fallback` where the key is absent, a mistake where there is no fallback.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        fallback: Option<T>,
        report: &mut Report,
    ) -> Option<T> {
        let Some((value, line)) = self.find(key, report) else {
            if fallback.is_none() {
                self.require(key, report);
            }
            return fallback;
        };
        let DeValue::String(text) = value else {
            return self.refuse_type(key, line, "text", value, report);
        };
        let exact = choices.iter().find(|(name, _)| *name == text.as_ref());
        let chosen = exact.or_else(|| choices.iter().find(|(name, _)| same_method(text, name)));
        if let Some((_, value)) = chosen {
            return Some(*value);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let message = format!("is `{text}`, must be one of {}", names.join(", "));
        self.refuse(key, line, &message, report)
    }

    /// Numbers of a list; none where the key is absent.
    pub fn numbers(&mut self, key: &'static str, report: &mut Report) -> Vec<f64> {
        let number = |value: &DeValue<'_>| match value {
            DeValue::Float(float) => float.as_str().replace('_', "").parse().ok(),
            DeValue::Integer(integer) => integer.as_str().replace('_', "").parse().ok(),
            _ => None,
        };
        let is_good = |value: &f64| value.is_finite();
        self.list(key, "a list of numbers", report, |value| {
            number(value).filter(is_good)
        })
    }

    /// Texts of a list; none where the key is absent.
    pub fn texts(&mut self, key: &'static str, report: &mut Report) -> Vec<String> {
        self.list(key, "a list of texts", report, |value| match value {
            DeValue::String(text) => Some(text.to_string()),
            _ => None,
        })
    }

    fn list<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        report: &mut Report,
        read: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Vec<T> {
        let Some((value, line)) = self.find(key, report) else {
            return Vec::new();
        };
        let DeValue::Array(array) = value else {
            self.refuse_type::<()>(key, line, wanted, value, report);
            return Vec::new();
        };
        let entries: Option<Vec<T>> = array.iter().map(|entry| read(entry.get_ref())).collect();
        entries.unwrap_or_else(|| {
            self.refuse::<()>(key, line, &format!("must be {wanted}"), report);
            Vec::new()
        })
    }
}
