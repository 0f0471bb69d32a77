//! What the fuzz targets share.

#[path = "../../../src/contract/mod.rs"]
pub mod contract;
#[path = "../../../src/identity/mod.rs"]
pub mod identity;
#[path = "../../../src/problem.rs"]
pub mod problem;
#[path = "../../../src/raw/mod.rs"]
pub mod raw;

use std::io::Cursor;
use std::path::Path;
use std::sync::OnceLock;

use contract::{Contract, Contracts, Value, parse};
use raw::{FileKind, HeaderJudgement, Limits};

/// The project's contracts.
pub fn contracts() -> &'static Contracts {
    static CONTRACTS: OnceLock<Contracts> = OnceLock::new();
    CONTRACTS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines/feeds");
        Contracts::load_dir(&folder).expect("the project's contracts")
    })
}

/// Reads bytes as a file of that name as the loader does, and checks what must hold whatever the bytes are: lines only
/// grow, offsets stay inside the file, every row without fault has a field for every column, every field is read as a value or
/// refused for one of the known reasons.
pub fn read(name: &str, bytes: &[u8]) {
    let contract = contracts().get("study_logs").expect("study_logs");
    let kind = FileKind::from_name(name).expect("a known suffix");
    let judge = |fields: &[String]| {
        let header = contract.match_header(fields);
        HeaderJudgement {
            usable: header.is_usable(),
            recognised: header.recognised(),
        }
    };
    // Small, so that a few thousand bytes meet every limit.
    let limits = Limits {
        block: 256,
        record: 512,
        unpacked: 1 << 20,
        expansion: 20,
    };
    let source = Box::new(Cursor::new(bytes.to_vec()));
    let size = bytes.len() as u64;
    let Ok(mut reader) = raw::open(source, size, kind, limits, &judge) else {
        return;
    };
    let header = reader.header().unwrap_or_default().to_vec();
    let mut line = 0;
    while let Ok(Some(block)) = reader.next_block() {
        let rows = block.parse();
        let columns = rows.header.as_ref().unwrap_or(&header);
        let matched = contract.match_header(columns);
        for row in rows.rows() {
            assert!(row.position.line > line, "lines only grow");
            line = row.position.line;
            assert!(row.position.byte.is_none_or(|byte| byte < (1 << 20).max(size * 20)));
            if row.fault.is_some() {
                continue;
            }
            assert_eq!(row.fields.len(), columns.len());
            values(contract, &matched.positions, |position| row.fields.get(position));
        }
    }
}

fn values<'t>(
    contract: &Contract,
    positions: &[Option<usize>],
    field: impl Fn(usize) -> Option<&'t str>,
) {
    for (column, position) in contract.columns.iter().zip(positions) {
        let text = position.and_then(&field).unwrap_or_default();
        match parse(column, text) {
            Ok(Value::Null) => assert!(!column.required),
            Ok(Value::Float(value)) => assert!(value.is_finite()),
            _ => {}
        }
    }
}
