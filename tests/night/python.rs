//! Python environments with pinned packages, made once below the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// The `bin` folder of an environment with the packages of a requirements file.
pub fn environment(requirements: &Path) -> PathBuf {
    // Tests of one process run at the same time and must not make the same environment twice.
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let pinned = std::fs::read(requirements).unwrap();
    let name = format!("python-{}", &blake3::hash(&pinned).to_hex()[..12]);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let stamp = folder.join("complete");
    if !stamp.exists() {
        run(Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder));
        run(Command::new(folder.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(requirements));
        std::fs::write(stamp, "").unwrap();
    }
    folder.join("bin")
}

/// Runs a command that must succeed, and returns what it said.
#[track_caller]
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command:?} failed:\n{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}
