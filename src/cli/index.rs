//! `index`: a composite index over any table of units.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::context::{CommandError, Exit};
use super::output::{Form, print};
use super::tell::tell;
use crate::engine::{Cell, ColumnData, Frame, Table, run_sql};
use crate::native::composite::table::{
    Listing, ListingColumn, Sheet, SheetRow, SheetUnits, contribution_listing, correlation_listing,
    evaluate_sheet, factor_listing, influence_listing, outlook_listing, outranking_listing,
    parse_table_framework, score_listing, treatment_listing, uncertainty_listing, units_of,
    weight_listing,
};
use crate::native::composite::{Evaluation, Framework};
use crate::problem::Problem;
use crate::project::ProjectError;

/// Options of `index`.
#[derive(Debug, Args)]
pub(super) struct IndexArgs {
    /// Framework file (TOML); docs/INDEX.md says what it may hold
    framework: PathBuf,
    /// CSV or Parquet table: one row a unit, one column an item
    table: PathBuf,
    /// Columns that name a unit, joined by commas (default: the first column that holds no item)
    #[arg(long, value_delimiter = ',')]
    unit: Vec<String>,
    /// Column, such as a year, whose values are evaluated each for itself
    #[arg(long)]
    by: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Shown::Scores)]
    show: Shown,
    /// Print the weights used, as `--show weights`
    #[arg(long, conflicts_with = "show")]
    weights: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
}

/// What `index` can print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shown {
    /// Score, rank and dimensions of each unit
    Scores,
    /// Weights used
    Weights,
    /// What was done to each item's values
    Treatment,
    /// Points of each unit's score that stand on each item
    Contributions,
    /// Distance to the next grade, and what would lift each unit there
    Outlook,
    /// Correlations of the items
    Correlations,
    /// Principal components and rotated factors of the items
    Factors,
    /// Weight of the items in which each unit is better than each other
    Outranking,
    /// Percentiles of each unit's rank over draws of other choices, and how many agree on its grade
    Uncertainty,
    /// Which choices move the ranks: Sobol indices
    Influences,
}

/// Decimals of numbers printed for people; files have all.
const DECIMALS: i32 = 6;

pub(super) fn index(args: &IndexArgs) -> Result<Exit, CommandError> {
    let file = args.framework.display().to_string();
    let text = std::fs::read_to_string(&args.framework)
        .map_err(|error| unreadable(&args.framework, &error.to_string()))?;
    let framework = parse_table_framework(&file, &text).map_err(wrong)?;
    let sheet = read(&args.table)?;
    let parts = match &args.by {
        Some(column) => sheet.split(column).map_err(wrong)?,
        None => vec![(String::new(), sheet)],
    };
    let shown = if args.weights {
        Shown::Weights
    } else {
        args.show
    };
    let mut whole = Listing::default();
    for (value, part) in &parts {
        let evaluation = evaluate_sheet(&framework, part, &args.unit).map_err(wrong)?;
        let units = units_of(&framework, part, &args.unit).map_err(wrong)?;
        let listing = listing(&framework, &units, &evaluation, shown)?;
        match &args.by {
            Some(column) => whole.append(listing.with_text(column, value)),
            None => {
                tell_items(&framework, &evaluation);
                whole.append(listing);
            }
        }
    }
    print(&table(&whole, args.format)?, args.format, None)?;
    Ok(Exit::Done)
}

fn wrong(problems: Vec<Problem>) -> CommandError {
    ProjectError::Problems { problems }.into()
}

fn unreadable(path: &Path, reason: &str) -> CommandError {
    let file = path.display().to_string();
    wrong(vec![Problem::new(
        &file,
        None,
        format!("cannot be read: {reason}"),
    )])
}

fn read(path: &Path) -> Result<Sheet, CommandError> {
    let is_parquet = path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
    let file = path.display().to_string();
    if !is_parquet {
        let content = std::fs::read(path).map_err(|error| unreadable(path, &error.to_string()))?;
        return Sheet::from_csv(&file, &content).map_err(wrong);
    }
    let rows = Frame::scan(&file, &[path.to_path_buf()], &[])
        .and_then(|frame| {
            let tables = BTreeMap::from([("units".to_owned(), frame)]);
            run_sql(&file, "SELECT * FROM units", &tables)
        })
        .map_err(|error| unreadable(path, &error.to_string()))?;
    let row = |(place, cells): (usize, Vec<Cell>)| SheetRow {
        line: place + 1,
        cells: cells.iter().map(Cell::text).collect(),
    };
    Ok(Sheet {
        file,
        columns: rows.names(),
        rows: rows.cells().into_iter().enumerate().map(row).collect(),
    })
}

fn listing(
    framework: &Framework,
    units: &SheetUnits,
    evaluation: &Evaluation,
    shown: Shown,
) -> Result<Listing, CommandError> {
    Ok(match shown {
        Shown::Scores => score_listing(framework, evaluation),
        Shown::Weights => weight_listing(framework, evaluation),
        Shown::Treatment => treatment_listing(framework, evaluation),
        Shown::Contributions => contribution_listing(framework, evaluation),
        Shown::Outlook => outlook_listing(framework, evaluation),
        Shown::Correlations => correlation_listing(framework, evaluation),
        Shown::Factors => factor_listing(framework, evaluation).ok_or_else(|| {
            CommandError::Usage(
                "an item's scores do not differ between units, so it has no correlation".to_owned(),
            )
        })?,
        Shown::Outranking => outranking_listing(framework, evaluation),
        Shown::Uncertainty => uncertainty_listing(framework, units, evaluation),
        Shown::Influences => influence_listing(framework, units, evaluation)
            .ok_or_else(|| CommandError::Usage("no choice moves any rank".to_owned()))?,
    })
}

/// Says on stderr what was done to values and what was missing.
fn tell_items(framework: &Framework, evaluation: &Evaluation) {
    for ((_, item), report) in framework.items().zip(&evaluation.items) {
        if !report.treated.is_untouched() {
            tell(&format!("{}: {}", item.id, report.treated.words()));
        }
        if report.imputed > 0 {
            tell(&format!(
                "{}: a median stands in for {} units",
                item.id, report.imputed
            ));
        }
        if report.missing > 0 {
            tell(&format!(
                "{}: {} units without a score",
                item.id, report.missing
            ));
        }
    }
}

fn table(listing: &Listing, form: Form) -> Result<Table, CommandError> {
    let scale = 10f64.powi(DECIMALS);
    let shown = |value: f64| {
        if form == Form::Table {
            (value * scale).round() / scale
        } else {
            value
        }
    };
    let data = |column: &ListingColumn| match column {
        ListingColumn::Text(values) => ColumnData::Text(values.clone()),
        ListingColumn::Number(values) => {
            let values = values.iter().map(|value| value.map(shown));
            ColumnData::Float(values.collect())
        }
        ListingColumn::Count(values) => ColumnData::Int(values.clone()),
    };
    let columns = listing.columns.iter();
    let columns = columns.map(|(name, column)| (name.as_str(), data(column)));
    Ok(Table::from_columns("index", columns.collect())?)
}
