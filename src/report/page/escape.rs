//! Making foreign text harmless where it stands in HTML.

/// Text for element content and quoted attributes.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// JSON for the inside of a `<script>` element.
///
/// The characters that could end the element or begin a comment stand in JSON only inside strings, where an escape
/// says the same; the two line separators were no JavaScript before 2019.
pub fn script_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            other => out.push(other),
        }
    }
    out
}

/// Whether a link can only lead to a file below or beside the page.
pub fn is_relative(href: &str) -> bool {
    let begins_well = !href.is_empty() && !href.starts_with(['/', '\\', '#', '?']);
    let first_step = href.split('/').next().unwrap_or_default();
    let plain = href.chars().all(|character| {
        character.is_ascii_graphic() && !matches!(character, '\\' | '"' | '<' | '>' | '`')
    });
    begins_well && !first_step.contains(':') && plain
}
