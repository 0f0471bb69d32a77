//! What an object is, by the suffixes of its name.

/// File formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `.csv`: comma when the header line leaves the separator open.
    Csv,
    /// `.tsv`: tab when the header line leaves the separator open.
    Tsv,
    /// `.jsonl`, `.ndjson`: one JSON object a line.
    JsonLines,
    /// `.parquet`.
    Parquet,
    /// `.xlsx`: a workbook of Office Open XML.
    Xlsx,
    /// `.xls`: a workbook of Excel 97–2003.
    Xls,
}

/// How an object's bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// As they are.
    None,
    /// `.gz`, of one or several members.
    Gzip,
    /// `.zst`, of one or several frames.
    Zstandard,
}

/// Format and packing of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileKind {
    /// What the unpacked bytes are.
    pub format: Format,
    /// How they are packed.
    pub compression: Compression,
}

impl FileKind {
    /// Every suffix that is read, for messages.
    pub const SUFFIXES: &str =
        ".csv, .tsv, .jsonl, .ndjson, .parquet, .xlsx and .xls, each also with .gz or .zst";

    /// The kind of an object by the suffixes of its name, in any case; `None` if no reader knows it.
    pub fn from_name(name: &str) -> Option<FileKind> {
        let (rest, suffix) = name.rsplit_once('.')?;
        let compression = match suffix.to_ascii_lowercase().as_str() {
            "gz" => Compression::Gzip,
            "zst" => Compression::Zstandard,
            _ => Compression::None,
        };
        let suffix = match compression {
            Compression::None => suffix,
            _ => rest.rsplit_once('.')?.1,
        };
        let format = match suffix.to_ascii_lowercase().as_str() {
            "csv" => Format::Csv,
            "tsv" => Format::Tsv,
            "jsonl" | "ndjson" => Format::JsonLines,
            "parquet" => Format::Parquet,
            "xlsx" => Format::Xlsx,
            "xls" => Format::Xls,
            _ => return None,
        };
        Some(FileKind {
            format,
            compression,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_suffix() {
        let kind = |format, compression| {
            Some(FileKind {
                format,
                compression,
            })
        };
        for (name, expected) in [
            (
                "claims/a.b/claims-3701.CSV",
                kind(Format::Csv, Compression::None),
            ),
            ("x.tsv", kind(Format::Tsv, Compression::None)),
            ("x.csv.gz", kind(Format::Csv, Compression::Gzip)),
            (
                "x.ndjson.ZST",
                kind(Format::JsonLines, Compression::Zstandard),
            ),
            ("x.parquet", kind(Format::Parquet, Compression::None)),
            ("x.xls.gz", kind(Format::Xls, Compression::Gzip)),
            ("x.csv.bak", None),
            ("x.gz", None),
            ("x.csv.gz.gz", None),
            ("csv", None),
        ] {
            assert_eq!(FileKind::from_name(name), expected, "{name}");
        }
    }
}
