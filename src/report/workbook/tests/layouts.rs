//! Mistakes in layout files, told with file, line and what to write instead.

use super::support::mistakes;
use crate::report::workbook::Layouts;

fn one(sheets: &str) -> String {
    let mut found = mistakes(sheets);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn sheet(keys: &str) -> String {
    format!("[[sheet]]\ntable = \"progress\"\nname = \"进度\"\ntitle = \"进度\"\n{keys}\n")
}

fn with_columns(keys: &str) -> String {
    sheet(&format!("columns = [{{ name = \"city_name\" }}]\n{keys}"))
}

#[test]
fn a_correct_layout_has_no_mistakes() {
    assert!(mistakes(&with_columns("")).is_empty());
}

#[test]
fn mistakes_of_form_name_the_line_and_the_remedy() {
    for (keys, wanted) in [
        (
            "colour = \"red\"",
            "public.toml:9: unknown key `colour` in sheet `进度`; known here: `name`",
        ),
        (
            "take = \"newest\"\nperiod = \"month\"",
            "public.toml:9: `take` of sheet `进度` must be one of \"all\", \"latest\", \"year\"",
        ),
        (
            "take = \"latest\"",
            "public.toml:9: say which column holds the months or days: period = \"month\"",
        ),
        (
            "period = \"month\"\ntake = \"latest\"\nlast = 3",
            "public.toml:11: `take` and `last` exclude each other; keep one",
        ),
        (
            "subtitle = \"{mont}\"",
            "public.toml:9: `subtitle` has the unknown place `{mont}`; write one of {period}, {as_of}, {year}, {release}",
        ),
        (
            "total_row = \"合计\"",
            "public.toml:9: `total_row` adds up the columns with add = true, and there is none",
        ),
        (
            "across = { column = \"month\" }",
            "public.toml:9: `across` needs `by`: the columns whose values make a row",
        ),
        (
            "freeze = -1",
            "public.toml:9: `freeze` of sheet `进度` must be a whole number from 0 to 10",
        ),
    ] {
        let told = one(&with_columns(keys));
        assert!(told.starts_with(wanted), "{told}");
    }
}

#[test]
fn mistakes_of_columns_name_the_line_and_the_remedy() {
    for (column, wanted) in [
        (
            "name = \"persons\", format = \"money\"",
            "public.toml:8: `format` of column `persons` must be one of \"text\", \"count\"",
        ),
        (
            "name = \"person\"",
            "public.toml:8: table `progress` has no column `person`; write one of `month`, `city_code`",
        ),
        (
            "name = \"persons\", format = \"percent\"",
            "public.toml:8: column `persons` (int, persons) cannot be shown as \"percent\"; write one of \"count\", \"text\"",
        ),
        (
            "name = \"paid_fen\", format = \"count\"",
            "public.toml:8: column `paid_fen` (int, fen) cannot be shown as \"count\"; write one of \"yuan\", \"wan_yuan\"",
        ),
        (
            "name = \"target_pct\", add = true",
            "public.toml:8: column `target_pct` is float and sums are made of integers only",
        ),
        (
            "name = \"persons\", width = 500",
            "public.toml:8: `width` is in characters, from 3 to 120",
        ),
        (
            "name = \"persons\", labels = \"nothing\"",
            "public.toml:8: there is no set of labels `nothing`; known are",
        ),
    ] {
        let told = one(&sheet(&format!("columns = [{{ {column} }}]")));
        assert!(told.starts_with(wanted), "{told}");
    }
}

#[test]
fn mistakes_of_rows_and_charts_are_found_against_the_table() {
    for (keys, wanted) in [
        (
            "period = \"persons\"\ntake = \"latest\"",
            "public.toml:9: `period` names `persons`, which is int; write the column of months (YYYY-MM) or days",
        ),
        (
            "sort = [\"-nothing\"]",
            "public.toml:9: table `progress` has no column `nothing`",
        ),
        (
            "only = [{ column = \"city\", values = [\"370000\"] }]",
            "public.toml:9: table `progress` has no column `city`",
        ),
        (
            "[[sheet.chart]]\ntype = \"line\"\ntitle = \"图\"\ncategory = \"month\"\nvalues = [\"city_name\"]",
            "public.toml:13: chart `图` draws `city_name`, which is text; write a column of numbers",
        ),
        (
            "[[sheet.chart]]\ntype = \"pie\"\ntitle = \"图\"\ncategory = \"month\"\nvalues = [\"persons\"]",
            "public.toml:10: `type` of chart `图` must be one of \"line\", \"column\", \"bar\", \"stacked\"",
        ),
        (
            "[[sheet.chart]]\ntype = \"line\"\ntitle = \"图\"\ncategory = \"month\"\nvalues = [\"persons\"]\nnames = [\"一\", \"二\"]",
            "public.toml:14: there are 2 `names` for 1 `values`",
        ),
    ] {
        let told = one(&with_columns(keys));
        assert!(told.starts_with(wanted), "{told}");
    }
}

#[test]
fn sheet_names_are_checked_and_told_apart() {
    let told = one(
        "[[sheet]]\ntable = \"progress\"\nname = \"线上/线下\"\ntitle = \"x\"\ncolumns = [{ name = \"month\" }]\n",
    );
    assert!(
        told.starts_with(
            "public.toml:6: the sheet name `线上/线下` must not hold `/`; write it without"
        ),
        "{told}"
    );
    let told = one(&format!("{}{}", with_columns(""), with_columns("")));
    assert_eq!(
        told,
        "public.toml:10: the sheet name `进度` is taken already (public.toml:4); give another `name`"
    );
}

#[test]
fn no_toml_is_told_with_its_line() {
    let told = one("[[sheet]]\ntable = progress\n");
    assert!(told.starts_with("public.toml:5: is no TOML"), "{told}");
}

fn files(files: &[(&str, &str)]) -> Result<Layouts, Vec<String>> {
    let files: Vec<(String, String)> = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    Layouts::parse(&files).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn a_layout_extends_another_and_labels_are_shared() {
    let public = "audience = \"public\"\ntitle = \"公开\"\noffice = \"省厅\"\n[[sheet]]\ntable = \"a\"\nname = \"甲\"\ntitle = \"甲\"\ncolumns = [{ name = \"x\", labels = \"l\" }]\n";
    let internal = "audience = \"internal\"\nextends = \"public\"\ntitle = \"内部\"\noffice = \"省厅\"\n[[sheet]]\ntable = \"b\"\nname = \"乙\"\ntitle = \"乙\"\ncolumns = [{ name = \"x\" }]\n";
    let labels = "[[label]]\nname = \"l\"\nvalues = [{ value = \"1\", zh = \"一\" }]\n";
    let all = [
        ("internal.toml", internal),
        ("labels.toml", labels),
        ("public.toml", public),
    ];
    let layouts = files(&all).unwrap();
    assert_eq!(layouts.of("internal").unwrap().tables(), ["a", "b"]);
    assert_eq!(layouts.of("public").unwrap().tables(), ["a"]);
    assert!(layouts.of("labels").is_none());
    let told = files(&all[..2]).unwrap_err();
    assert_eq!(
        told,
        ["internal.toml:2: `extends` names `public`, which no file is the layout of"]
    );
    let round = public.replace("office", "extends = \"internal\"\noffice");
    let told = files(&[
        ("internal.toml", internal),
        ("labels.toml", labels),
        ("public.toml", &round),
    ])
    .unwrap_err();
    assert!(
        told.iter()
            .any(|problem| problem.contains("comes round to")),
        "{told:?}"
    );
}

#[test]
fn the_shipped_layouts_are_correct() {
    let folder = format!("{}/pipelines/workbooks", env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        found.push((
            path.display().to_string(),
            std::fs::read_to_string(&path).unwrap(),
        ));
    }
    found.sort();
    let layouts = Layouts::parse(&found).unwrap();
    let audiences: Vec<&str> = layouts.iter().map(|(audience, _)| audience).collect();
    assert_eq!(audiences, ["internal", "public", "restricted"]);
}
