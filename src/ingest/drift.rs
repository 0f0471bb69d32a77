//! What follows for a file from the way its columns differ from the contract's.

use super::feed::LoadedFile;
use crate::contract::{Contract, Drift, DriftClass, DriftPolicy, HeaderMatch};

/// Values of a column that do not read before half of a file's may count as retyped; a few broken rows are no drift.
const LEAST_RETYPED: i64 = 10;

/// The same where no row of the file reads.
const LEAST_OF_ALL: i64 = 3;

/// Whether all rows of a file wait in quarantine since its columns have drifted.
pub(super) fn is_held(drift: &[Drift]) -> bool {
    drift
        .iter()
        .any(|drift| drift.class != DriftClass::Retyped && drift.policy == DriftPolicy::Quarantine)
}

/// Why a header cannot be used, in Chinese and English: every missing column, with the header that looks like it, and
/// every double one.
pub(super) fn header_refusal(contract: &Contract, header: &HeaderMatch, drift: &[Drift]) -> String {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if header.recognised() == 0 {
        zh.push("首行没有一个已知的列名，可能缺少表头".to_owned());
        en.push("the first row has no known heading; is the header missing?".to_owned());
    }
    if !header.missing_required.is_empty() {
        let titled = header.missing_required.iter().map(|column| {
            let title = title_of(contract, column);
            format!("`{column}`{title}")
        });
        let titled: Vec<String> = titled.collect();
        zh.push(format!("表头缺少必填列{}", titled.join("、")));
        let missing = header.missing_required.join("`, `");
        en.push(format!(
            "required column `{missing}` is missing from the header"
        ));
    }
    for drift in drift {
        if drift.class == DriftClass::Renamed && header.missing_required.contains(&drift.column) {
            let (unknown, column) = (&drift.header, &drift.column);
            zh.push(format!("列`{unknown}`疑为`{column}`"));
            en.push(format!("header `{unknown}` looks like `{column}`"));
        }
    }
    let twice = contract.named_twice(header);
    if !twice.is_empty() {
        let twice = twice.join("`, `");
        zh.push(format!("有两列都是`{twice}`"));
        en.push(format!("two headers name the column `{twice}`"));
    }
    both(&zh.join("；"), &en.join("; "))
}

/// The Chinese title of a column, in brackets.
fn title_of(contract: &Contract, column: &str) -> String {
    let found = contract.columns.iter().find(|own| own.name == column);
    let title = found.and_then(|column| column.zh.first());
    title.map_or_else(String::new, |title| format!("（{title}）"))
}

/// Senders read Chinese, keepers of the program English.
fn both(zh: &str, en: &str) -> String {
    format!("{zh} / {en}")
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
    let mostly = |rows: i64| {
        rows >= LEAST_RETYPED && rows * 2 >= file.read || rows >= LEAST_OF_ALL && rows == file.read
    };
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

/// Why the contract refuses a file whose columns have drifted, in Chinese and English.
pub(super) fn drift_refusal(drift: &Drift) -> String {
    let nearest = |before: &str, after: &str| {
        let known = drift.suggestion.as_ref();
        known.map_or_else(String::new, |known| format!("{before}`{known}`{after}"))
    };
    let (header, column, rows) = (&drift.header, &drift.column, drift.rows);
    let (zh, en) = match drift.class {
        DriftClass::New => (
            format!("新增列`{header}`{}", nearest("（最接近的已知列为", "）")),
            format!(
                "new column `{header}`{}",
                nearest(" (the nearest known is ", ")")
            ),
        ),
        DriftClass::Missing => (
            format!("缺少列`{column}`"),
            format!("column `{column}` is missing"),
        ),
        DriftClass::Renamed => (
            format!("列`{header}`为新列，疑为缺少的`{column}`"),
            format!("column `{header}` is new and looks like the missing `{column}`"),
        ),
        DriftClass::Retyped => (
            format!("列`{column}`的多数值不符合其类型（{rows}行）"),
            format!("most values of column `{column}` do not read as its type ({rows} rows)"),
        ),
    };
    both(
        &format!("{zh}；按标准退回此类文件"),
        &format!("{en}; the contract refuses such files"),
    )
}
