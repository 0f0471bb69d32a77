//! What each name in the template stands for.

use std::fmt::Write as _;

use super::assets;
use super::escape;
use super::input::{Download, Page};

/// The part of the page that the template names.
pub fn part(page: &Page, data: &str, name: &str) -> String {
    match name {
        "as_of" => escape::html(&page.release.as_of),
        "release" => escape::html(&page.release.id),
        "policy" => assets::SCRIPT_HASHES
            .map(|hash| format!("'{hash}'"))
            .join(" "),
        "style" => assets::STYLE.to_owned(),
        "early" => assets::EARLY.to_owned(),
        "charts" => assets::CHARTS.to_owned(),
        "script" => assets::SCRIPT.to_owned(),
        "licences" => escape::html(assets::LICENCES),
        "files" => files(page),
        "data" => data.to_owned(),
        _ => String::new(),
    }
}

/// The downloads as plain links, for a reader whose browser runs no scripts.
fn files(page: &Page) -> String {
    let mut out = String::new();
    let mut item = |title: &str, downloads: &[Download]| {
        if downloads.is_empty() {
            return;
        }
        let links = downloads.iter().map(|file| {
            format!(
                "<a href=\"{}\">{}</a>",
                escape::html(&file.href),
                escape::html(&file.label)
            )
        });
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "<li>{} {}</li>",
            escape::html(title),
            links.collect::<Vec<_>>().join(" ")
        );
    };
    item(&page.release.id, &page.release.downloads);
    for table in &page.tables {
        item(&table.title.zh, &table.downloads);
    }
    out
}
