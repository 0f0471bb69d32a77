//! The page's own files, put into the program when it is built.

use serde_json::value::RawValue;

/// The template.
pub const PAGE: &str = include_str!("assets/page.html");
/// The style sheet.
pub const STYLE: &str = include_str!("assets/page.css");
/// Apache ECharts, with the parts that the page uses.
pub const CHARTS: &str = include_str!("assets/vendor/echarts.min.js");
/// Sets the theme before anything is drawn.
pub const EARLY: &str = include_str!("assets/js/early.js");
/// The licences of what the page holds of others.
pub const LICENCES: &str = include_str!("assets/vendor/LICENCES.txt");
/// Boundaries of the 16 cities.
const MAP: &str = include_str!("assets/vendor/shandong.json");

/// The page's script: its files, one after the other, in a scope of their own.
pub const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("assets/js/text.js"),
    include_str!("assets/js/notes.js"),
    include_str!("assets/js/format.js"),
    include_str!("assets/js/dom.js"),
    include_str!("assets/js/data.js"),
    include_str!("assets/js/state.js"),
    include_str!("assets/js/series.js"),
    include_str!("assets/js/summary.js"),
    include_str!("assets/js/figure.js"),
    include_str!("assets/js/axes.js"),
    include_str!("assets/js/charts.js"),
    include_str!("assets/js/map.js"),
    include_str!("assets/js/rows.js"),
    include_str!("assets/js/table.js"),
    include_str!("assets/js/main.js"),
    "})();\n",
);

/// SHA-256 of [`EARLY`], [`CHARTS`] and [`SCRIPT`], each as it stands in its element, for the content security policy.
///
/// A test compares them with the files and says what to write here when a script was changed.
pub const SCRIPT_HASHES: [&str; 3] = [
    "sha256-qf6ETSQndp4KoTWp061lnA9e5WFTa6+X/Ll+NbtQ5wk=",
    "sha256-XyUtD+tazfaAEP307g2WWAoimkbE+xGnrVQCev85ZkM=",
    "sha256-EPdyHTFHm6QqX8lsaP9FGPaTjq5wKoA9S1tGaJcrF40=",
];

/// The boundaries as JSON.
pub fn map() -> Result<&'static RawValue, serde_json::Error> {
    serde_json::from_str(MAP)
}
