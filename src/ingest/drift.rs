//! What follows for a file from the way its columns differ from the contract's.

use super::feed::LoadedFile;
use crate::contract::{Contract, Drift, DriftClass, DriftPolicy, HeaderMatch};

/// Values of a column that do not read before it may count as retyped; a few broken rows are no drift.
const LEAST_RETYPED: i64 = 10;

/// Whether all rows of a file wait in quarantine since its columns have drifted.
pub(super) fn is_held(drift: &[Drift]) -> bool {
    drift
        .iter()
        .any(|drift| drift.class != DriftClass::Retyped && drift.policy == DriftPolicy::Quarantine)
}

/// Why a header cannot be used: every missing column, with the header that looks like it, and every double one.
pub(super) fn header_refusal(contract: &Contract, header: &HeaderMatch) -> String {
    let mut reasons = Vec::new();
    if !header.missing_required.is_empty() {
        let missing = header.missing_required.join("`, `");
        reasons.push(format!(
            "required column `{missing}` is missing from the header"
        ));
    }
    for drift in contract.header_drift(header) {
        if drift.class == DriftClass::Renamed && header.missing_required.contains(&drift.column) {
            let (unknown, column) = (drift.header, drift.column);
            reasons.push(format!("header `{unknown}` looks like `{column}`"));
        }
    }
    if !header.duplicated.is_empty() {
        let twice = header.duplicated.join("`, `");
        reasons.push(format!("two headers name the column `{twice}`"));
    }
    reasons.join("; ")
}

/// Names that the contract does not know and the file's header did not have.
pub(super) fn late_names(contract: &Contract, file: &LoadedFile) -> Vec<Drift> {
    let known = |name: &String| file.drift.iter().any(|drift| drift.header == *name);
    file.unknown
        .iter()
        .filter(|name| !known(name))
        .map(|name| Drift {
            class: DriftClass::New,
            header: name.clone(),
            column: String::new(),
            suggestion: contract.nearest_header(name).map(|(spelling, _)| spelling),
            policy: contract.drift.policy(DriftClass::New),
            rows: file.read,
        })
        .collect()
}

pub(super) fn retyped(contract: &Contract, file: &LoadedFile) -> Vec<Drift> {
    let mostly = |rows: i64| rows >= LEAST_RETYPED && rows * 2 >= file.read;
    file.unreadable
        .iter()
        .filter(|(_, rows)| mostly(**rows))
        .map(|(column, rows)| Drift {
            class: DriftClass::Retyped,
            header: String::new(),
            column: column.clone(),
            suggestion: None,
            policy: contract.drift.policy(DriftClass::Retyped),
            rows: *rows,
        })
        .collect()
}

pub(super) fn drift_refusal(drift: &Drift) -> String {
    let nearest = drift
        .suggestion
        .as_ref()
        .map(|known| format!(" (the nearest known is `{known}`)"));
    let nearest = nearest.unwrap_or_default();
    let (header, column) = (&drift.header, &drift.column);
    match drift.class {
        DriftClass::New => {
            format!("new column `{header}`{nearest}; the contract refuses such files")
        }
        DriftClass::Missing => {
            format!("column `{column}` is missing; the contract refuses such files")
        }
        DriftClass::Renamed => format!(
            "column `{header}` is new and looks like the missing `{column}`; the contract refuses such files"
        ),
        DriftClass::Retyped => format!(
            "most values of column `{column}` do not read as its type ({} rows); the contract refuses such files",
            drift.rows
        ),
    }
}
