//! Whether the same commit gives the same bytes: compiled and packed again in other folders, and compared.

use super::{PROGRAMS, Places, Release, build, packed};
use crate::command::{go, go_in, root, target};
use crate::tree;
use anyhow::{Result, ensure};
use std::path::Path;
use std::process::Command;

/// Compiles and packs again, in a copy of the tree, and names what differs.
pub(super) fn twice(places: &Places, release: &Release, notices: &str) -> Result<()> {
    let folder = target().join("package/again");
    let copy = folder.join("holdfast");
    std::fs::create_dir_all(&copy)?;
    tree::copy(&root(), &copy)?;
    window(&copy)?;
    let mut differences = folders("window", &root().join("ui/dist"), &copy.join("ui/dist"))?;
    let built = build::compile(&copy, &folder.join("build"), release)?;
    let first = target().join("package/build/dist");
    for name in PROGRAMS {
        if let Some(difference) = bytes(
            &std::fs::read(first.join(name))?,
            &std::fs::read(built.join(name))?,
        ) {
            differences.push(format!("{name}: {difference}"));
        }
    }
    let again = Places::emptied(&folder)?;
    build::parted(&built, &again)?;
    packed(&again, release, notices)?;
    differences.extend(folders("package", &places.out, &again.out)?);
    ensure!(
        differences.is_empty(),
        "two builds of one commit differ:\n  {}",
        differences.join("\n  ")
    );
    println!(
        "Compiled and packed twice, in two folders: the programs, the window's files and all that is in {} \
         are the same, byte for byte.",
        places.out.display()
    );
    Ok(())
}

/// The window's files, built again with the same packages.
fn window(copy: &Path) -> Result<()> {
    let packages = copy.join("ui/node_modules");
    if !packages.exists() {
        let ours = root().join("ui/node_modules").canonicalize()?;
        go(Command::new("ln").arg("--symbolic").args([&ours, &packages]))?;
    }
    go_in(&copy.join("ui"), Command::new("npm").args(["run", "build"]))
}

/// Where two files differ, in one line.
fn bytes(first: &[u8], second: &[u8]) -> Option<String> {
    if first == second {
        return None;
    }
    let differing = first.iter().zip(second).filter(|(a, b)| a != b).count();
    let at = first.iter().zip(second).position(|(a, b)| a != b);
    Some(format!(
        "{} and {} bytes, {differing} differ, the first at {}",
        first.len(),
        second.len(),
        at.unwrap_or_else(|| first.len().min(second.len()))
    ))
}

/// What differs between two folders, file by file, behind what the files are.
fn folders(what: &str, first: &Path, second: &Path) -> Result<Vec<String>> {
    let of = |folder: &Path| -> Result<std::collections::BTreeMap<_, _>> {
        let mut files = std::collections::BTreeMap::new();
        let mut to_see = vec![folder.to_owned()];
        while let Some(at) = to_see.pop() {
            for path in super::sorted(&at)? {
                if path.is_dir() {
                    to_see.push(path);
                } else {
                    files.insert(path.strip_prefix(folder)?.to_owned(), std::fs::read(&path)?);
                }
            }
        }
        Ok(files)
    };
    let (first, second) = (of(first)?, of(second)?);
    let names: std::collections::BTreeSet<_> = first.keys().chain(second.keys()).collect();
    let differs = |name: &std::path::PathBuf| match (first.get(name), second.get(name)) {
        (Some(first), Some(second)) => bytes(first, second),
        (Some(_), None) => Some("is missing the second time".to_owned()),
        (None, _) => Some("is there the second time only".to_owned()),
    };
    let named = names.into_iter().filter_map(|name| Some((name, differs(name)?)));
    Ok(named
        .map(|(name, difference)| format!("{what}: {}: {difference}", name.display()))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_difference_is_named() -> Result<()> {
        assert_eq!(bytes(b"same", b"same"), None);
        let difference = bytes(b"one", b"ona2").unwrap_or_default();
        assert_eq!(difference, "3 and 4 bytes, 1 differ, the first at 2");
        let (first, second) = (tempfile::tempdir()?, tempfile::tempdir()?);
        for (folder, file, text) in [
            (&first, "a", "1"),
            (&second, "a", "2"),
            (&second, "b", ""),
            (&first, "c", ""),
        ] {
            std::fs::write(folder.path().join(file), text)?;
        }
        assert_eq!(
            folders("window", first.path(), second.path())?,
            [
                "window: a: 1 and 1 bytes, 1 differ, the first at 0",
                "window: b: is there the second time only",
                "window: c: is missing the second time"
            ]
        );
        Ok(())
    }
}
