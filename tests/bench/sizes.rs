//! B12: how much has to be read before anything is shown, and how much is installed.

use crate::Bench;
use crate::programs::Programs;
use crate::sample::Spread;
use crate::table::Row;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};

fn gzipped(path: &Path) -> Result<f64> {
    let out = Command::new("gzip")
        .args(["-9", "-c"])
        .arg(path)
        .stdin(Stdio::null())
        .output()?;
    ensure!(out.status.success(), "gzip failed");
    Ok(out.stdout.len() as f64 / 1_000.0)
}

/// The page with its scripts and styles, in kB: what it names itself, which the first frame needs, and all of them.
/// The typeface is fetched when it is used.
fn bundle(page: &Path) -> Result<(f64, f64)> {
    let index = page.join("index.html");
    let (named, own) = (std::fs::read_to_string(&index)?, gzipped(&index)?);
    let (mut first, mut all) = (own, own);
    for entry in std::fs::read_dir(page.join("assets"))? {
        let path = entry?.path();
        let is_read = path
            .extension()
            .is_some_and(|ending| ending == "js" || ending == "css");
        if !is_read {
            continue;
        }
        let size = gzipped(&path)?;
        all += size;
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| named.contains(name)) {
            first += size;
        }
    }
    ensure!(first > own, "the page names no script");
    Ok((first, all))
}

fn megabytes(path: &Path) -> Result<f64> {
    Ok(path.metadata().with_context(|| path.display().to_string())?.len() as f64 / 1_000_000.0)
}

/// A package with nothing but the program.
fn packed(bench: &Bench, program: &Path) -> Result<f64> {
    let folder = bench.houses.scratch()?;
    let (tree, deb) = (folder.path().join("tree"), folder.path().join("one.deb"));
    std::fs::create_dir_all(tree.join("DEBIAN"))?;
    std::fs::create_dir_all(tree.join("usr/bin"))?;
    let control = "Package: one\nVersion: 1\nArchitecture: all\n\
                   Maintainer: nobody <nobody@localhost>\nDescription: one\n";
    std::fs::write(tree.join("DEBIAN/control"), control)?;
    std::fs::copy(program, tree.join("usr/bin/one"))?;
    let built = Command::new("dpkg-deb")
        .arg("--build")
        .arg(&tree)
        .arg(&deb)
        .stdout(Stdio::null())
        .status()?;
    ensure!(built.success(), "dpkg-deb failed");
    megabytes(&deb)
}

/// B12.
///
/// # Errors
/// When something is not there.
pub(crate) fn rows(bench: &Bench, programs: &Programs) -> Result<Vec<Row>> {
    let (first, all) = bundle(&programs.page)?;
    let hello = "an empty Tauri window";
    let program = Row::figures(
        "B12",
        "program, stripped",
        "MB",
        Spread::once(megabytes(&programs.app)?),
    )
    .against(hello, Spread::once(megabytes(&programs.empty)?))
    .ratio(Some(1.5));
    let package = Row::figures(
        "B12",
        ".deb of the program alone",
        "MB",
        Spread::once(packed(bench, &programs.app)?),
    )
    .against(hello, Spread::once(packed(bench, &programs.empty)?))
    .ratio(None);
    Ok(vec![
        Row::figures(
            "B12",
            "page, script and style of the first frame, gzip",
            "kB",
            Spread::once(first),
        )
        .judge("size", first, " kB", Some(60.0)),
        Row::figures("B12", "the same of all screens", "kB", Spread::once(all))
            .judge("size", all, " kB", None),
        program,
        package,
    ])
}
