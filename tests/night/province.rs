//! A province of a few records, which a test writes itself.

use crate::workspace::Workspace;

pub const ENROLMENTS: &str = "enrolment_id,class_id,person_id,person_name,phone,learner_group,employer_id,city_code,hukou_code,\
                              course_id,enrolled_on,completed_on,online_hours,offline_hours";

/// A project with a few tables, one class and no other record.
pub fn province() -> Workspace {
    let workspace = Workspace::small_project();
    std::fs::remove_dir_all(workspace.path("raw")).unwrap();
    workspace.write(
        "raw/classes/city=3701/classes.csv",
        "class_id,org_id,city_code,occupation_code,skill_level,category,mode,start_on,end_on,planned_online_hours,planned_offline_hours\n\
         C0001,52370100KP0000090B,370100,4-10-01-02,5,employment,offline,2020-07-04,2020-07-08,0,40\n",
    );
    workspace
}

/// An enrolment of Jinan with 40 hours, in the order of [`ENROLMENTS`].
pub fn enrolment(number: u32, group: &str, completed_on: &str) -> String {
    format!(
        "E{number:04},C0001,37010219900101{number:04},学员甲,1380000{number:04},{group},,370100,370102,,2020-07-02,\
         {completed_on},0,40"
    )
}

/// A file of lines under a header.
pub fn file(header: &str, lines: &[String]) -> String {
    format!("{header}\n{}\n", lines.join("\n"))
}
