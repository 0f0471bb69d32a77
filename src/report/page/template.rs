//! The page's template: text with `{{names}}` in it.

/// The template with each name replaced by its part. What is put in is not looked at again.
pub fn fill(template: &str, mut part: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, tail)) = after.split_once("}}") else {
            out.push_str("{{");
            out.push_str(after);
            return out;
        };
        out.push_str(&part(name));
        rest = tail;
    }
    out.push_str(rest);
    out
}
