use super::*;
use crate::report::page::input::Text;

fn column_of(kind: Kind) -> Column {
    Column {
        name: "value".to_owned(),
        heading: Text::new("值", "Value"),
        definition: Text::default(),
        unit: String::new(),
        kind,
        meanings: Vec::new(),
    }
}

fn table_of(kind: Kind, cells: Vec<Cell>) -> Table {
    Table {
        name: "t".to_owned(),
        title: Text::default(),
        description: Text::default(),
        sources: Vec::new(),
        grain: Vec::new(),
        columns: vec![column_of(kind)],
        rows: cells.into_iter().map(|cell| vec![cell]).collect(),
        downloads: Vec::new(),
    }
}

fn packed(kind: Kind, cells: Vec<Cell>) -> Result<String, PageError> {
    let table = table_of(kind, cells);
    let rows: Vec<usize> = (0..table.rows.len()).collect();
    column(&table, 0, &table.columns[0], &rows).map(|cells| serde_json::to_string(&cells).unwrap())
}

fn texts(names: &[&str]) -> Vec<Cell> {
    names
        .iter()
        .map(|&name| Cell::Text(name.to_owned()))
        .collect()
}

#[test]
fn numbers_are_whole_and_rounded_half_to_even() {
    let shares = [0.4, 0.0005, 0.0015, 0.216_650_370_167, -0.125].map(Cell::Float);
    let cells = shares
        .into_iter()
        .chain([Cell::Missing, Cell::Suppressed])
        .collect();
    assert_eq!(
        packed(Kind::Share, cells).unwrap(),
        r#"{"numbers":[400,0,2,217,-125,null,"*"]}"#
    );
    let decimals = vec![Cell::Float(775.5), Cell::Float(0.25), Cell::Integer(32)];
    assert_eq!(
        packed(Kind::Decimal, decimals).unwrap(),
        r#"{"numbers":[7755,2,320]}"#
    );
    assert_eq!(
        packed(Kind::Fen, vec![Cell::Integer(1_912_000)]).unwrap(),
        r#"{"numbers":[1912000]}"#
    );
}

#[test]
fn texts_of_a_grid_are_a_cycle_and_others_are_places() {
    let outer: Vec<&str> = ["a", "b", "c", "d"]
        .iter()
        .flat_map(|name| [*name; 4])
        .collect();
    assert_eq!(
        packed(Kind::Text, texts(&outer)).unwrap(),
        r#"{"cycle":{"texts":["a","b","c","d"],"run":4,"cycle":[0,1,2,3]}}"#
    );
    let inner: Vec<&str> = ["x", "y"].iter().copied().cycle().take(16).collect();
    assert_eq!(
        packed(Kind::Text, texts(&inner)).unwrap(),
        r#"{"cycle":{"texts":["x","y"],"run":1,"cycle":[0,1]}}"#
    );
    let uneven = texts(&["x", "x", "y", "x", "y", "y"]);
    assert_eq!(
        packed(Kind::Text, uneven).unwrap(),
        r#"{"places":{"texts":["x","y"],"at":[0,0,1,0,1,1]}}"#
    );
    let gaps = vec![
        Cell::Text("x".to_owned()),
        Cell::Missing,
        Cell::Text("x".to_owned()),
        Cell::Text("x".to_owned()),
    ];
    assert_eq!(
        packed(Kind::Text, gaps).unwrap(),
        r#"{"places":{"texts":["x",null],"at":[0,1,0,0]}}"#
    );
    assert_eq!(
        packed(Kind::Text, Vec::new()).unwrap(),
        r#"{"places":{"texts":[],"at":[]}}"#
    );
}

#[test]
fn packed_texts_read_back_as_they_were() {
    let names = ["p", "q", "r"];
    for length in 0_usize..40 {
        for run in 1..4 {
            for odd in [None, Some(0), Some(length / 2), length.checked_sub(1)] {
                let cells: Vec<Option<&str>> = (0..length)
                    .map(|at| {
                        if odd == Some(at) {
                            Some("odd")
                        } else {
                            Some(names[(at / run) % 3])
                        }
                    })
                    .collect();
                assert_eq!(unpacked(&text_cells(&cells), cells.len()), cells);
            }
        }
    }
}

fn unpacked<'a>(cells: &Cells<'a>, rows: usize) -> Vec<Option<&'a str>> {
    match cells {
        Cells::Cycle { texts, run, cycle } => (0..rows)
            .map(|row| texts[cycle[(row / run) % cycle.len()]])
            .collect(),
        Cells::Places { texts, at } => at.iter().map(|&place| texts[place]).collect(),
        Cells::Numbers(_) => panic!("not texts"),
    }
}

#[test]
fn cells_that_the_column_cannot_hold_are_refused_with_their_place() {
    let refused = [
        (
            Kind::Count,
            Cell::Text("x".to_owned()),
            "not a whole number",
        ),
        (Kind::Count, Cell::Float(1.0), "not a whole number"),
        (
            Kind::Fen,
            Cell::Integer(i64::MAX),
            "beyond the numbers that browsers keep",
        ),
        (
            Kind::Decimal,
            Cell::Integer(i64::MIN),
            "beyond the numbers that browsers keep",
        ),
        (
            Kind::Share,
            Cell::Float(f64::NAN),
            "beyond the numbers that browsers keep, or not a number",
        ),
        (Kind::Share, Cell::Flag(true), "not a number"),
        (Kind::Text, Cell::Suppressed, "text cannot be suppressed"),
        (Kind::Text, Cell::Integer(1), "not a text"),
        (Kind::Flag, Cell::Text("yes".to_owned()), "not yes or no"),
    ];
    for (kind, cell, problem) in refused {
        let error = packed(kind, vec![Cell::Missing, cell]).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("table t, row 2, column value: {problem}")
        );
    }
}
