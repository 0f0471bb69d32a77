//! The release page in a browser: no error on the console, no request to anywhere, keyboard, print, accessibility.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::python::run;
use crate::workspace::{Workspace, files, repository};

/// Tools of the check with the Debian packages that bring them.
const TOOLS: [(&str, &[&str]); 3] = [
    ("node", &["nodejs"]),
    ("npm", &["npm"]),
    ("chromium", &["chromium", "fonts-noto-cjk"]),
];

/// Whether a tool is there, after trying to install it.
fn has(tool: &str, packages: &[&str]) -> bool {
    let is_there = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(tool).exists())
    };
    if is_there() {
        return true;
    }
    for arguments in [&["update", "-qq"][..], &["install", "-y", "-qq"][..]] {
        let mut command = Command::new("apt-get");
        command.args(arguments).stdout(Stdio::null());
        if arguments.len() > 2 {
            command.args(packages);
        }
        if !command.status().is_ok_and(|status| status.success()) {
            return false;
        }
    }
    is_there()
}

#[test]
fn the_page_of_a_release_holds_in_a_browser() {
    for (tool, packages) in TOOLS {
        if !has(tool, packages) {
            println!("skipped: {tool} is not there and could not be installed");
            return;
        }
    }
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let public = workspace.path("published/public");
    let page = files(&public)
        .into_iter()
        .find(|path| path.file_name().is_some_and(|name| name == "index.html"))
        .unwrap();
    let pictures = workspace.path("pictures");
    let report = run(Command::new("node")
        .arg(repository().join("tests/page/check.mjs"))
        .arg("--page")
        .arg(&page)
        .arg("--out")
        .arg(&pictures)
        // Other tests run beside this one: how fast the page loads is no test but a figure.
        .env("SKILLWATCH_PAGE_LOAD_MS", "60000"));
    assert!(report.contains(" 0 failed"), "{report}");
    assert!(is_folder_with_pictures(&pictures));
}

fn is_folder_with_pictures(folder: &Path) -> bool {
    files(folder)
        .iter()
        .any(|path| path.extension().is_some_and(|ending| ending == "png"))
}
