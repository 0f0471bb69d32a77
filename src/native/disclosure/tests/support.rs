//! Small tables to test with.

use super::super::*;

/// A cell that may be shown or suppressed.
pub fn cell(id: &str, value: i64) -> Cell {
    Cell {
        id: id.to_owned(),
        value,
        weight: u64::try_from(value).unwrap().max(1),
        floor: 0,
        visibility: Visibility::Publishable,
        need: None,
    }
}

/// A two-way table with margins: cells `r,c` with `t` for the total; zeros are known.
pub struct TwoWay {
    pub cells: Vec<Cell>,
    pub relations: Vec<Relation>,
    pub rows: usize,
    pub columns: usize,
}

impl TwoWay {
    pub fn new(inner: &[&[i64]]) -> TwoWay {
        let rows = inner.len();
        let columns = inner[0].len();
        let mut cells = Vec::new();
        for row in 0..=rows {
            for column in 0..=columns {
                let lines = if row < rows { row..row + 1 } else { 0..rows };
                let value = lines
                    .map(|line| {
                        let places = if column < columns {
                            column..column + 1
                        } else {
                            0..columns
                        };
                        places.map(|place| inner[line][place]).sum::<i64>()
                    })
                    .sum();
                let name = |index: usize, end: usize| {
                    if index == end {
                        "t".to_owned()
                    } else {
                        index.to_string()
                    }
                };
                let id = format!("{},{}", name(row, rows), name(column, columns));
                cells.push(cell(&id, value));
            }
        }
        let at = |row: usize, column: usize| row * (columns + 1) + column;
        let mut relations = Vec::new();
        for row in 0..=rows {
            let parts: Vec<usize> = (0..columns).map(|column| at(row, column)).collect();
            relations.push(Relation::total(at(row, columns), &parts));
        }
        for column in 0..=columns {
            let parts: Vec<usize> = (0..rows).map(|row| at(row, column)).collect();
            relations.push(Relation::total(at(rows, column), &parts));
        }
        TwoWay {
            cells,
            relations,
            rows,
            columns,
        }
    }

    pub fn at(&self, row: usize, column: usize) -> usize {
        row * (self.columns + 1) + column
    }

    pub fn need(&mut self, row: usize, column: usize, need: Need) {
        let at = self.at(row, column);
        self.cells[at].need = Some(need);
    }

    /// Small counts become sensitive, zeros known, everything else at least 1.
    pub fn into_counts(mut self, rules: &Rules) -> TwoWay {
        for cell in &mut self.cells {
            cell.need = rules.count(cell.value);
            if cell.value == 0 {
                cell.visibility = Visibility::Known;
            } else {
                cell.floor = 1;
            }
        }
        self
    }

    pub fn problem(self) -> Problem {
        Problem::new(self.cells, self.relations).unwrap()
    }
}

/// Names of the suppressed cells.
pub fn suppressed(problem: &Problem, protection: &Protection) -> Vec<String> {
    let both = problem.cells().iter().zip(&protection.suppressed);
    both.filter(|(_, is_suppressed)| **is_suppressed)
        .map(|(cell, _)| cell.id.clone())
        .collect()
}

/// Weight of the suppressed cells that are not sensitive.
pub fn extra_weight(problem: &Problem, protection: &Protection) -> u64 {
    let both = problem.cells().iter().zip(&protection.suppressed);
    let extra = both.filter(|(cell, is_suppressed)| **is_suppressed && cell.need.is_none());
    extra.map(|(cell, _)| cell.weight).sum()
}

/// Protects and attacks; the attack must fail.
pub fn protect_and_attack(problem: &Problem) -> Protection {
    let protection = protect(problem, &Options::default());
    let result = attack(
        problem,
        &protection.suppressed,
        &protection.witnesses,
        Depth::Proofs,
    );
    assert_eq!(result.false_witnesses, 0);
    let failures: Vec<String> = result
        .failures()
        .map(|finding| format!("{} {finding:?}", problem.cells()[finding.cell].id))
        .collect();
    assert!(failures.is_empty(), "{failures:#?}");
    protection
}

/// The exact interval of a cell under a pattern.
pub fn exact_interval(problem: &Problem, suppressed: &[bool], id: &str) -> (i64, Option<i64>) {
    let result = attack(problem, suppressed, &[], Depth::Exact);
    let place = problem.find(id).unwrap();
    let finding = result
        .findings
        .iter()
        .find(|finding| finding.cell == place)
        .unwrap();
    assert_eq!(finding.proved, finding.possible, "{id}");
    (finding.proved.low, finding.proved.high)
}

/// A pattern by cell names.
pub fn pattern(problem: &Problem, ids: &[&str]) -> Vec<bool> {
    problem
        .cells()
        .iter()
        .map(|cell| ids.contains(&cell.id.as_str()))
        .collect()
}
