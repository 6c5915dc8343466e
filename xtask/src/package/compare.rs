//! Whether the same commit gives the same bytes: compiled again in a copy of the tree in another folder, and compared.

use super::{PROGRAMS, Places, Release, build};
use crate::command::{go, go_in, root, target};
use crate::tree;
use anyhow::{Result, ensure};
use std::path::Path;
use std::process::Command;

/// Compiles again, and names what differs.
pub(super) fn twice(places: &Places, release: &Release) -> Result<()> {
    let copy = target().join("package/again/holdfast");
    std::fs::create_dir_all(&copy)?;
    tree::copy(&root(), &copy)?;
    window(&copy)?;
    let mut differences = folders(&root().join("ui/dist"), &copy.join("ui/dist"))?;
    let built = build::compile(&copy, &target().join("package/again/build"), release)?;
    let first = target().join("package/build/dist");
    for name in PROGRAMS {
        if let Some(difference) = bytes(
            &std::fs::read(first.join(name))?,
            &std::fs::read(built.join(name))?,
        ) {
            differences.push(format!("{name}: {difference}"));
        }
    }
    ensure!(
        differences.is_empty(),
        "two builds of one commit differ:\n  {}",
        differences.join("\n  ")
    );
    println!(
        "Compiled twice, in two folders: the programs and the window's files are the same, byte for byte."
    );
    println!("The packages in {} are made of these.", places.out.display());
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

/// What differs between two folders, file by file.
fn folders(first: &Path, second: &Path) -> Result<Vec<String>> {
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
    Ok(names
        .into_iter()
        .filter(|name| first.get(*name) != second.get(*name))
        .map(|name| format!("window: {}", name.display()))
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
        for (folder, file, text) in [(&first, "a", "1"), (&second, "a", "2"), (&second, "b", "")] {
            std::fs::write(folder.path().join(file), text)?;
        }
        assert_eq!(folders(first.path(), second.path())?, ["window: a", "window: b"]);
        Ok(())
    }
}
