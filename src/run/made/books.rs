//! Tables that are read off the loader's books.

use super::{MadeFrom, MadeTable, column};
use crate::model::Audience;

/// Every row that was refused.
pub const QUARANTINE_TABLE: MadeTable = MadeTable {
    name: "quarantine",
    audience: Audience::Restricted,
    title_zh: "隔离行",
    title_en: "Quarantined rows",
    description_zh: "逐行列出被拒绝的数据行，及其在原始文件中的位置、所涉的列和原因。原始文本只存于身份库。",
    description_en: "Every refused row with its place in the raw file, the column and the reason. The raw text is in the vault only.",
    source: MadeFrom::Books,
    file: "src/run/night.rs",
    columns: &[
        column("object", "文件", "", "raw file below the raw root"),
        column(
            "line",
            "行号",
            "",
            "physical line, or row of the sheet, from 1",
        ),
        column("feed", "数据源", "", "feed the file belongs to"),
        column(
            "city_code",
            "行政区划代码",
            "",
            "city of the row, else of the file (GB/T 2260); empty when unknown",
        ),
        column(
            "byte",
            "字节位置",
            "bytes",
            "where the row starts in the file; empty where the format has no such place",
        ),
        column(
            "sheet",
            "工作表",
            "",
            "sheet of a workbook; empty for other files",
        ),
        column(
            "column",
            "列",
            "",
            "column that was refused; empty when the row as a whole was",
        ),
        column("reason", "原因代码", "", "reason code"),
        column(
            "message",
            "原因说明",
            "",
            "what the code means, Chinese and English",
        ),
        column(
            "load_id",
            "装载标识",
            "",
            "hash of the file's path and content",
        ),
        column(
            "replayed_on",
            "重放日期",
            "",
            "as-of day of the replay that accepted the row later; empty while it waits",
        ),
        column(
            "load_on",
            "装载日期",
            "",
            "as-of day of the run that read the file",
        ),
        column("load_seq", "装载序号", "", "order of loads"),
    ],
};

/// Files whose columns differ from their contract.
pub const DRIFT_TABLE: MadeTable = MadeTable {
    name: "schema_drift",
    audience: Audience::Restricted,
    title_zh: "表头变动",
    title_en: "Schema drift",
    description_zh: "文件的列与其数据约定每有一处差异，列一行；整份退回的文件也列出（装载序号为0），同一原因只列一次。",
    description_en: "One row for each difference between the columns of a file and its contract; of files refused as a whole too (load order 0), once for each reason.",
    source: MadeFrom::Books,
    file: "src/run/night.rs",
    columns: &[
        column("object", "文件", "", "raw file below the raw root"),
        column("class", "变动类型", "", "new, missing, renamed or retyped"),
        column(
            "header",
            "文件表头",
            "",
            "heading as the file has it; empty for a missing or retyped column",
        ),
        column(
            "column",
            "约定列",
            "",
            "column of the contract; empty for a new one",
        ),
        column(
            "suggestion",
            "最接近的表头",
            "",
            "nearest heading that the contract knows; empty when none is near",
        ),
        column(
            "policy",
            "处理方式",
            "",
            "accept, quarantine or refuse, as the contract says; a missing required column always refuses",
        ),
        column("rows", "涉及行数", "rows", "rows of the file concerned"),
        column("feed", "数据源", "", "feed the file belongs to"),
        column(
            "city_code",
            "行政区划代码",
            "",
            "city of the file (GB/T 2260); empty when unknown",
        ),
        column(
            "load_on",
            "装载日期",
            "",
            "as-of day of the run that read the file",
        ),
        column(
            "load_seq",
            "装载序号",
            "",
            "order of loads; 0 for a file that was refused",
        ),
    ],
};

/// How the cities stand with what was expected of them.
pub const ARRIVALS_TABLE: MadeTable = MadeTable {
    name: "arrivals",
    audience: Audience::Internal,
    title_zh: "数据报送情况",
    title_en: "Arrivals board",
    description_zh: "pipelines/arrivals.toml规定的每个应报日、市和数据源各一行；某市在某日报送了不在应报之列的数据的，该日另列一行。",
    description_en: "One row for each due day, city and feed of pipelines/arrivals.toml, and one for each day on which a city sent what nobody expected.",
    source: MadeFrom::Books,
    file: "src/run/punctuality.rs",
    columns: &[
        column(
            "day",
            "应报日",
            "",
            "due day; of unexpected files the day on which they came",
        ),
        column(
            "city_code",
            "行政区划代码",
            "",
            "city that is to send (GB/T 2260)",
        ),
        column("feed", "数据源", "", "feed that is due"),
        column(
            "expected",
            "是否应报",
            "",
            "whether the calendar expects it",
        ),
        column(
            "status",
            "报送状态",
            "",
            "received, late, empty, refused, missing or pending",
        ),
        column(
            "received_on",
            "收到日期",
            "",
            "as-of day of the first file that was not refused; empty when there is none",
        ),
        column(
            "days_late",
            "迟报天数",
            "days",
            "days from the due day to received_on, 0 when in time; empty when nothing came or nothing was due",
        ),
        column(
            "files",
            "文件数",
            "files",
            "files that came, refused ones included",
        ),
        column("rows", "入库行数", "rows", "rows accepted"),
    ],
};
