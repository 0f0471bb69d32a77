//! Files of a local root that no object path can name: names in another encoding, as they come off other systems, or with control
//! characters; and folders that lead back to themselves. One of them must not hide all the others.

use std::path::{Component, Path as FilePath};

use object_store::path::Path;
use walkdir::{DirEntry, WalkDir};

/// A file that cannot be read by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddFile {
    /// Its name below the root as well as it can be shown.
    pub shown: String,
    /// Size in bytes.
    pub size: u64,
}

/// Paths below a folder that can be named, in no order, and files that cannot; `None` when the folder cannot be walked.
pub(super) fn walk(folder: &FilePath) -> Option<(Vec<String>, Vec<OddFile>)> {
    let (mut paths, mut odd) = (Vec::new(), Vec::new());
    for entry in WalkDir::new(folder).min_depth(1).follow_links(true) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.loop_ancestor().is_some() => {
                odd.extend(error.path().map(|path| OddFile {
                    shown: shown(folder, path),
                    size: 0,
                }));
                continue;
            }
            // A link to nothing is no file.
            Err(error) if error.path().is_some_and(FilePath::is_symlink) => continue,
            Err(_) => return None,
        };
        if !entry.file_type().is_file() {
            continue;
        }
        match named(folder, &entry) {
            Some(path) => paths.push(path),
            None => odd.push(OddFile {
                shown: shown(folder, entry.path()),
                size: entry.metadata().map_or(0, |data| data.len()),
            }),
        }
    }
    odd.sort_by(|one, other| one.shown.cmp(&other.shown));
    Some((paths, odd))
}

fn named(folder: &FilePath, entry: &DirEntry) -> Option<String> {
    let below = entry.path().strip_prefix(folder).ok()?;
    let mut parts = Vec::new();
    for part in below.components() {
        let Component::Normal(part) = part else {
            return None;
        };
        parts.push(part.to_str()?);
    }
    let path = parts.join("/");
    Path::parse(&path).is_ok().then_some(path)
}

fn shown(folder: &FilePath, path: &FilePath) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let text = below.to_string_lossy();
    let readable = |character: char| match character {
        '\u{fffd}' => '_',
        other if other.is_control() => '_',
        other => other,
    };
    text.chars().map(readable).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn files_that_cannot_be_named_are_told_beside_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir(root.join("claims")).unwrap();
        for name in [&b"good.csv"[..], b"gbk\xc3\xfb.csv", b"tab\t.csv"] {
            std::fs::write(root.join("claims").join(OsStr::from_bytes(name)), "x").unwrap();
        }
        std::os::unix::fs::symlink(root, root.join("claims/again")).unwrap();
        std::os::unix::fs::symlink(root.join("nowhere"), root.join("broken")).unwrap();
        let (paths, odd) = walk(root).unwrap();
        assert_eq!(paths, ["claims/good.csv"]);
        let shown: Vec<&str> = odd.iter().map(|file| file.shown.as_str()).collect();
        assert_eq!(
            shown,
            ["claims/again", "claims/gbk__.csv", "claims/tab_.csv"]
        );
    }
}
