//! What offices send and no page foresees: none of it may cost other files, or other cities, anything.

use crate::workspace::Workspace;

/// The feed of visits, by whose days freshness is told.
fn workspace() -> Workspace {
    crate::drift::workspace("main_date = \"visited_on\"\n")
}

#[cfg(unix)]
#[test]
fn a_file_whose_name_is_no_text_costs_itself_alone() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let workspace = workspace();
    let text = "visit_id,city_code,visited_on\nV1,370100,2020-09-01\n";
    workspace.write("raw/visits/good.csv", text);
    let folder = workspace.path("raw/visits");
    for name in [&b"gbk\xc3\xfb.csv"[..], b"line\nfeed.csv"] {
        std::fs::write(folder.join(OsStr::from_bytes(name)), text).unwrap();
    }
    let plan = workspace.run(&["plan", "--as-of", "2020-12-31"]).expect(0);
    assert!(
        plan.stdout.contains("refuse visits/gbk__.csv"),
        "{}",
        plan.stdout
    );
    let night = workspace.night().expect(1);
    for name in ["gbk__.csv", "line_feed.csv"] {
        let told = format!("refused visits/{name}: 文件名");
        assert!(night.stderr.contains(&told), "{}", night.stderr);
    }
    assert_eq!(workspace.ask("SELECT visit_id FROM visits"), ["V1"]);
    // Mended, it loads.
    std::fs::remove_file(folder.join(OsStr::from_bytes(b"line\nfeed.csv"))).unwrap();
    std::fs::rename(
        folder.join(OsStr::from_bytes(b"gbk\xc3\xfb.csv")),
        folder.join("name.csv"),
    )
    .unwrap();
    workspace.night().expect(0);
}

/// A platform's file of all cities: a broken row is its own city's, and a slip in a year says nothing about freshness.
#[test]
fn a_refused_row_is_its_own_citys_and_a_day_to_come_is_no_news() {
    let workspace = workspace();
    workspace.write(
        "raw/visits/all.csv",
        "visit_id,city_code,visited_on\nV1,370100,2020-09-01\nV2,370100,2020-09-02\nV3,370200,31.09.2020\n\
         V4,370300,2099-01-01\nV5,3704xx,2020-09-01\n",
    );
    workspace.night().expect(1);
    let told = workspace.ask(
        "SELECT city_code, rows_read, rows_accepted, rows_quarantined, newest_record_on FROM data_quality \
         WHERE feed = 'visits' AND rows_read > 0 ORDER BY city_code",
    );
    assert_eq!(
        told,
        [
            "370000,5,3,2,2020-09-02",
            // One row that names no known city is the sender's, who is the city of most rows.
            "370100,3,2,1,2020-09-02",
            "370200,1,0,1,",
            "370300,1,1,0,",
        ]
    );
    assert_eq!(
        workspace.ask("SELECT line, city_code, reason FROM quarantine ORDER BY line"),
        ["4,370200,bad_date", "6,370100,bad_enum"]
    );
}
