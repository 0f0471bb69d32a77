//! The project's own contracts, and every mistake a contract can hold.

use std::path::Path;

use super::*;
use crate::problem::Problem;

fn shipped() -> Contracts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/feeds");
    Contracts::load_dir(&folder).unwrap_or_else(|problems| panic!("{}", show(&problems)))
}

fn show(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(|problem| format!("{problem}\n"))
        .collect()
}

fn lake_names(contracts: &Contracts, feed: &str) -> Vec<String> {
    let columns = contracts.get(feed).unwrap().lake_columns();
    columns.into_iter().map(|column| column.name).collect()
}

#[test]
fn the_shipped_contracts_are_the_feeds_of_the_province() {
    let contracts = shipped();
    let feeds: Vec<&str> = contracts
        .iter()
        .map(|contract| contract.feed.as_str())
        .collect();
    assert_eq!(
        feeds,
        [
            "assessments",
            "attendance",
            "certificates",
            "claims",
            "classes",
            "courseware",
            "eligibility_certificates",
            "enrolments",
            "feedback",
            "findings",
            "organizations",
            "person_status",
            "platform_directory",
            "reviews",
            "study_logs",
            "subsidy_standards",
            "targets",
            "training_directory",
        ]
    );
    for contract in contracts.iter() {
        let snapshot = [
            "platform_directory",
            "training_directory",
            "subsidy_standards",
            "targets",
        ];
        assert_eq!(
            matches!(contract.mode, Mode::Snapshot { .. }),
            snapshot.contains(&contract.feed.as_str())
        );
    }
}

#[test]
fn lake_columns_follow_the_contract() {
    let contracts = shipped();
    assert_eq!(
        lake_names(&contracts, "enrolments"),
        [
            "enrolment_id",
            "class_id",
            "person_key",
            "id_valid",
            "id_fault",
            "birth_on",
            "sex",
            "id_division",
            "person_upgraded_key",
            "person_next_key",
            "person_next2_key",
            "name_key",
            "phone_key",
            "phone_fault",
            "learner_group",
            "employer_id",
            "city_code",
            "hukou_code",
            "course_id",
            "enrolled_on",
            "enrolled_month",
            "enrolled_quarter",
            "completed_on",
            "completed_month",
            "completed_quarter",
            "online_hours",
            "online_seconds",
            "offline_hours",
            "offline_seconds",
        ]
    );
    assert_eq!(
        lake_names(&contracts, "study_logs"),
        [
            "log_id",
            "enrolment_id",
            "person_key",
            "platform_id",
            "item_id",
            "started_at",
            "started_day",
            "started_month",
            "ended_at",
            "ended_day",
            "watched_seconds",
            "playback_rate",
            "device_id",
            "ip",
            "user_agent",
            "ui_events",
            "face_prompts",
            "face_passed",
            "face_image_hash",
            "uploaded_at",
        ]
    );
    let claims = contracts.get("claims").unwrap();
    let columns = claims.lake_columns();
    let find = |name: &str| columns.iter().find(|column| column.name == name).unwrap();
    assert_eq!(find("amount_fen").kind, LakeKind::Int);
    assert!(!find("amount_fen").nullable);
    assert_eq!(find("amount_fen").part, LakePart::Fen);
    assert_eq!(
        find("account_key").source,
        claims.position("account_no").unwrap()
    );
    assert_eq!(find("account_fault").kind, LakeKind::Text);
    assert!(find("paid_month").nullable);
    assert!(
        lake_names(&contracts, "organizations").contains(&"legal_representative_key".to_owned())
    );
    assert!(lake_names(&contracts, "organizations").contains(&"contact_phone_fault".to_owned()));
    assert!(lake_names(&contracts, "subsidy_standards").contains(&"min_seconds".to_owned()));
    assert!(lake_names(&contracts, "subsidy_standards").contains(&"hourly_cap_fen".to_owned()));
    assert!(lake_names(&contracts, "classes").contains(&"planned_online_seconds".to_owned()));
}

#[test]
fn an_alias_of_one_feed_holds_in_every_feed_that_has_the_column() {
    let contracts = shipped();
    for (feed, header, column) in [
        ("certificates", "证明编号", "certificate_no"),
        ("eligibility_certificates", "证书编号", "certificate_no"),
        ("claims", "考核方式", "kind"),
        ("person_status", "有效期起", "valid_from"),
        ("classes", "结业日期", "end_on"),
        ("enrolments", "结业日期", "completed_on"),
        ("classes", "线上课时", "planned_online_hours"),
        ("enrolments", "线上课时", "online_hours"),
    ] {
        let contract = contracts.get(feed).unwrap();
        let found = contract
            .column_of_header(header)
            .and_then(|index| contract.columns.get(index));
        assert_eq!(
            found.map(|column| column.name.as_str()),
            Some(column),
            "{feed} {header}"
        );
    }
}

const GOOD: &str = r#"feed = "visits"
title_zh = "访问"
title_en = "Visits"
description_en = "Who came when."
mode = "append"
key = ["visit_id"]

[[columns]]
name = "visit_id"
zh = ["编号"]
en = "identifier"
type = "text"
required = true

[[columns]]
name = "visited_at"
zh = ["时间"]
en = "moment"
type = "time"

[[columns]]
name = "slot"
zh = ["时段"]
en = "part of the day"
type = "enumeration"
values = [{ value = "am", zh = ["上午"] }, { value = "pm", zh = ["下午"] }]
"#;

fn problems(text: &str) -> Vec<String> {
    let files = [("feeds/visits.toml".to_owned(), text.to_owned())];
    match Contracts::parse(&files) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(Problem::to_string).collect(),
    }
}

/// The one problem after replacing a piece of the good contract.
fn problem(piece: &str, replacement: &str) -> String {
    assert!(GOOD.contains(piece), "{piece}");
    let found = problems(&GOOD.replacen(piece, replacement, 1));
    assert_eq!(found.len(), 1, "{found:#?}");
    found.concat()
}

#[test]
fn each_mistake_is_told_with_its_line() {
    assert_eq!(problems(GOOD), Vec::<String>::new());
    for (piece, replacement, expected) in [
        (
            "title_zh = \"访问\"",
            "title_zh = ",
            "feeds/visits.toml:2: is no TOML: ",
        ),
        (
            "feed = \"visits\"",
            "feed = \"Visits\"\nx=1",
            "feeds/visits.toml:1: feed `Visits` must",
        ),
        (
            "feed = \"visits\"",
            "feed = \"calls\"",
            ":1: feed `calls` must stand in the file `calls.toml`",
        ),
        (
            "title_en = \"Visits\"\n",
            "",
            ":1: the contract lacks `title_en`",
        ),
        (
            "title_en = \"Visits\"",
            "title_en = \" \"",
            ":3: `title_en` of the contract must be a text that is not empty",
        ),
        (
            "key = [",
            "kye = 1\nkey = [",
            ":6: unknown key `kye` in the contract; known here: `feed`, ",
        ),
        ("key = [\"visit_id\"]\n", "", ":1: the contract lacks `key`"),
        (
            "[\"visit_id\"]",
            "[\"visit\"]",
            ":6: `key` names `visit`, which is no column",
        ),
        (
            "[\"visit_id\"]",
            "[\"visit_id\", \"visit_id\"]",
            ":6: `key` names `visit_id` twice",
        ),
        (
            "[\"visit_id\"]",
            "[\"visit_id\", \"slot\"]",
            ":6: key column `slot` is optional; make it required, or write `slot?`",
        ),
        (
            "[\"visit_id\"]",
            "[\"visit_id?\"]",
            ":6: key column `visit_id` is required, so it takes no `?`",
        ),
        (
            "[\"visit_id\"]",
            "[1]",
            ":6: `key` of the contract must be a list of texts",
        ),
        (
            "mode = \"append\"",
            "mode = \"apend\"",
            ":5: unknown mode `apend`; it is `append` or `snapshot`",
        ),
        (
            "mode = \"append\"",
            "mode = \"snapshot\"",
            ":5: a snapshot feed needs `snapshot_by`",
        ),
        (
            "mode = \"append\"",
            "mode = \"append\"\nsnapshot_by = \"slot\"",
            ":6: `snapshot_by` belongs to",
        ),
        (
            "mode = \"append\"",
            "mode = \"snapshot\"\nsnapshot_by = \"place\"",
            ":6: `snapshot_by` names `place`, which is no column",
        ),
        (
            "mode = \"append\"",
            "mode = \"append\"\nmain_date = \"slot\"",
            ":6: `main_date` names `slot`, which is not a date or a time",
        ),
        (
            "mode = \"append\"",
            "mode = \"append\"\ncity = \"slot\"",
            ":6: `city` names `slot`, which is not a city",
        ),
        (
            "mode = \"append\"",
            "mode = \"append\"\npartition = { day = \"slot\" }",
            ":6: `day` names `slot`, which is not a time",
        ),
        (
            "mode = \"append\"",
            "mode = \"append\"\npartition = { day = \"visited_at\" }",
            ":6: partition column `visited_at` must be required",
        ),
        (
            "mode = \"append\"",
            "mode = \"append\"\npartition = { reach = \"visited_at\" }",
            ":6: `partition` lacks `day`",
        ),
        (
            "name = \"visited_at\"",
            "name = \"visit_id\"",
            ":16: column `visit_id` stands twice",
        ),
        (
            "name = \"slot\"",
            "name = \"Slot\"",
            ":22: column `Slot` must be lower-case",
        ),
        ("name = \"slot\"\n", "", ":21: a column lacks `name`"),
        (
            "en = \"moment\"\n",
            "",
            ":15: column `visited_at` lacks `en`",
        ),
        (
            "zh = [\"时间\"]\n",
            "",
            ":15: column `visited_at` lacks `zh`",
        ),
        (
            "type = \"time\"",
            "type = \"tyme\"",
            ":19: unknown type `tyme`; known: text, enumeration, ",
        ),
        (
            "type = \"time\"",
            "type = \"time\"\nmin = 0",
            ":20: unknown key `min` in column `visited_at`; known here: ",
        ),
        (
            "type = \"time\"",
            "type = \"integer\"\nmin = \"0\"",
            ":20: `min` of column `visited_at` must be a number",
        ),
        (
            "type = \"time\"",
            "type = \"number\"\nmin = 5\nmax = 1.5",
            ":21: `max` is less than `min`",
        ),
        (
            "type = \"time\"",
            "type = \"text\"\ncalendar = [\"day\"]",
            ":20: unknown key `calendar` in column `visited_at`",
        ),
        (
            "type = \"time\"",
            "type = \"date\"\ncalendar = [\"day\"]",
            ":20: unknown calendar `day`; this type allows month, quarter",
        ),
        (
            "type = \"time\"",
            "type = \"time\"\ncalendar = [\"day\", \"day\"]",
            ":20: `calendar` names `day` twice",
        ),
        (
            "type = \"time\"",
            "type = \"time\"\nrequired = \"yes\"",
            ":20: `required` of column `visited_at` must be true or false",
        ),
        (
            "zh = [\"时间\"]",
            "zh = [\"时间\", \"编 号\"]",
            ":15: header `编 号` stands for both `visit_id` and `visited_at`",
        ),
        (
            "zh = [\"下午\"]",
            "zh = [\"上午\"]",
            ":26: `上午` stands for both `am` and `pm`",
        ),
        (
            "zh = [\"下午\"]",
            "zh = [\"无\"]",
            ":26: `无` of value `pm` is read as nothing",
        ),
        (
            "zh = [\"下午\"]",
            "zh = []",
            ":26: `zh` of value `pm` of column `slot` is empty",
        ),
        (
            "value = \"pm\"",
            "word = \"pm\"",
            ":26: a value lacks `value`",
        ),
        (
            "values = [{ value = \"am\", zh = [\"上午\"] }, { value = \"pm\", zh = [\"下午\"] }]",
            "",
            ":21: enumeration `slot` lacks `values`",
        ),
        (
            "name = \"slot\"",
            "name = \"visited_us\"\nstem = \"x\"",
            ":15: two columns make the lake column `visited_us`",
        ),
    ] {
        // Some replacements make a second, unknown key only to show that all mistakes are told together.
        let found = if replacement.ends_with("x=1") {
            problems(&GOOD.replacen(piece, replacement, 1)).concat()
        } else {
            problem(piece, replacement)
        };
        assert!(
            found.contains(expected),
            "expected {expected}\nfound    {found}"
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_lines() {
    let text = GOOD
        .replace("zh = [\"时段\"]", "zh = [\"编号\"]")
        .replace("mode = \"append\"", "mode = \"both\"")
        .replace("type = \"time\"", "type = \"tyme\"")
        .replace("[\"visit_id\"]", "[\"visit\", \"visited_at?\"]");
    let found = problems(&text);
    let lines: Vec<&str> = found
        .iter()
        .filter_map(|problem| problem.split(':').nth(1))
        .collect();
    assert_eq!(lines, ["5", "6", "19", "21"]);
}

#[test]
fn aliases_that_two_columns_inherit_are_a_mistake() {
    let other = |feed: &str, column: &str| {
        let text = format!(
            "feed = \"{feed}\"\ntitle_zh = \"甲\"\ntitle_en = \"A\"\ndescription_en = \"A.\"\nmode = \"append\"\n\
             key = [\"{column}\"]\n[[columns]]\nname = \"{column}\"\nzh = [\"标识\"]\nen = \"a\"\ntype = \"text\"\n\
             required = true\n"
        );
        (format!("{feed}.toml"), text)
    };
    let visits = ("visits.toml".to_owned(), GOOD.to_owned());
    let both = [other("a", "visit_id"), other("b", "slot"), visits.clone()];
    let found = Contracts::parse(&both).unwrap_err();
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .to_string()
            .starts_with("visits.toml:21: other feeds give the header `标识` to both")
    );

    // The feed's own word settles it.
    let own = GOOD.replace("zh = [\"时段\"]", "zh = [\"时段\", \"标识\"]");
    let settled = [other("a", "visit_id"), ("visits.toml".to_owned(), own)];
    let contracts = Contracts::parse(&settled).unwrap();
    assert_eq!(
        contracts.get("visits").unwrap().column_of_header("标识"),
        Some(2)
    );
}

#[test]
fn a_folder_without_contracts_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let found = Contracts::load_dir(folder.path()).unwrap_err();
    assert!(found[0].message.starts_with("holds no contract"));
    assert!(
        Contracts::load_dir(&folder.path().join("missing")).unwrap_err()[0]
            .message
            .starts_with("cannot be read")
    );
}
