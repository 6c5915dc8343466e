//! The files of the package, as they lie on a venue's disk.

use super::stand_ins::{HOMEPAGE, MAINTAINER};
use super::{PROGRAMS, Places, Release, build, emptied, manual, packaging, printed};
use crate::command::{go, root};
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

const ICON_SIZES: [u32; 8] = [16, 24, 32, 48, 64, 128, 256, 512];

/// Lays them out under `tree/holdfast`, and the symbols under `tree/holdfast-dbgsym`.
pub(super) fn lay(places: &Places, release: &Release, notices: &str) -> Result<()> {
    let holdfast = places.tree.join("holdfast");
    let usr = holdfast.join("usr");
    for name in PROGRAMS {
        put(
            &usr.join("bin").join(name),
            &std::fs::read(places.programs.join(name))?,
            0o755,
        )?;
    }
    text(&usr.join("share/holdfast/THIRD-PARTY.txt"), notices)?;
    text(
        &usr.join("share/holdfast/ledger-format"),
        &format!("{}\n", ledger_format()?),
    )?;
    let applications = "share/applications/app.holdfast.desk.desktop";
    text(
        &usr.join(applications),
        &packaging("linux/app.holdfast.desk.desktop")?,
    )?;
    let metainfo = filled(&packaging("linux/app.holdfast.desk.metainfo.xml")?, release)?;
    text(
        &usr.join("share/metainfo/app.holdfast.desk.metainfo.xml"),
        &metainfo,
    )?;
    icons(&usr.join("share/icons/hicolor"))?;
    let pages = usr.join("share/man/man1");
    emptied(&pages)?;
    manual::write(&pages)?;
    for page in super::sorted(&pages)? {
        zipped(&page)?;
    }
    documents(&usr.join("share/doc/holdfast"), release)?;
    text(
        &usr.join("share/lintian/overrides/holdfast"),
        &packaging("linux/holdfast.lintian-overrides")?,
    )?;
    symbols(places)?;
    go(Command::new("desktop-file-validate").arg(usr.join(applications)))?;
    go(Command::new("appstreamcli")
        .args(["validate", "--no-net"])
        .arg(usr.join("share/metainfo/app.holdfast.desk.metainfo.xml")))?;
    dated(&places.tree, release)
}

/// Which format of the ledger these programs write: an older one can't read it.
pub(super) fn ledger_format() -> Result<String> {
    let source = root().join("src-tauri/crates/ledger-sqlite/src/format.rs");
    let source = std::fs::read_to_string(source)?;
    let format = source
        .lines()
        .find_map(|line| line.strip_prefix("pub(crate) const TODAYS: i64 = "));
    let format = format.and_then(|rest| rest.strip_suffix(';'));
    Ok(format
        .context("ledger-sqlite’s format.rs names no TODAYS")?
        .to_owned())
}

/// A file of `packaging` with the release's figures in it.
pub(super) fn filled(template: &str, release: &Release) -> Result<String> {
    Ok(template
        .replace("@VERSION@", &release.version)
        .replace("@HOMEPAGE@", HOMEPAGE)
        .replace("@DATE@", &release.date("%Y-%m-%d")?))
}

fn icons(hicolor: &Path) -> Result<()> {
    for size in ICON_SIZES {
        let bytes = std::fs::read(root().join(format!("icons/{size}.png")))?;
        put(
            &hicolor.join(format!("{size}x{size}/apps/holdfast.png")),
            &bytes,
            0o644,
        )?;
    }
    let drawn = std::fs::read(root().join("icons/holdfast.svg"))?;
    put(&hicolor.join("scalable/apps/holdfast.svg"), &drawn, 0o644)
}

fn documents(folder: &Path, release: &Release) -> Result<()> {
    let licence = std::fs::read_to_string(root().join("LICENSE"))?;
    let body = licence
        .split_once("\n\n")
        .and_then(|(_, rest)| rest.split_once("\n\n"));
    let (_, body) = body.context("LICENSE has no text")?;
    let indented: Vec<String> = body
        .lines()
        .map(|line| {
            if line.is_empty() {
                " .".to_owned()
            } else {
                format!(" {line}")
            }
        })
        .collect();
    let copyright = packaging("linux/copyright")?;
    text(
        &folder.join("copyright"),
        &format!(
            "{}\nLicense: Expat\n{}\n",
            copyright.trim_end(),
            indented.join("\n")
        ),
    )?;
    let changes = folder.join("changelog");
    text(&changes, &super::changes()?)?;
    zipped(&changes)?;
    let debian = folder.join("changelog.Debian");
    let words = format!(
        "holdfast ({}) stable; urgency=medium\n\n  * Release {}: what changed is in changelog.gz.\n\n \
         -- {MAINTAINER}  {}\n",
        release.debian(),
        release.version,
        release.date("%a, %d %b %Y %H:%M:%S +0000")?
    );
    text(&debian, &words)?;
    zipped(&debian)
}

/// Each program's symbols, by the number of its build; a debugger finds them there.
fn symbols(places: &Places) -> Result<()> {
    let package = places.tree.join("holdfast-dbgsym");
    for file in super::sorted(&places.debug)? {
        let program = places.programs.join(file.file_stem().context("no name")?);
        let id = build::build_id(&program)?;
        let (folder, rest) = id.split_at_checked(2).context("a build ID is longer")?;
        let to = package.join(format!("usr/lib/debug/.build-id/{folder}/{rest}.debug"));
        put(&to, &std::fs::read(&file)?, 0o644)?;
    }
    // Copyright and changes are the program's own, and its package is there wherever this one is.
    let documents = package.join("usr/share/doc/holdfast-dbgsym");
    if package.exists() {
        std::fs::create_dir_all(package.join("usr/share/doc"))?;
        go(Command::new("ln").args(["--symbolic", "holdfast"]).arg(documents))?;
    }
    Ok(())
}

pub(super) fn text(path: &Path, text: &str) -> Result<()> {
    put(path, text.as_bytes(), 0o644)
}

/// Writes a file with these permissions, and the folders above it with everybody's.
pub(super) fn put(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let folder = path.parent().context("no folder")?;
    std::fs::create_dir_all(folder)?;
    std::fs::write(path, bytes).with_context(|| path.display().to_string())?;
    allow(path, mode)
}

/// By the program of that name: `xtask` compiles on systems whose files have no such permissions.
fn allow(path: &Path, mode: u32) -> Result<()> {
    go(Command::new("chmod").arg(format!("{mode:o}")).arg(path))
}

/// Debian wants manuals and lists of changes zipped, without a name and a date in them.
fn zipped(path: &Path) -> Result<()> {
    allow(path, 0o644)?;
    go(Command::new("gzip")
        .args(["-9", "--no-name", "--force"])
        .arg(path))
}

/// Gives everything the release's date, and folders the permissions that packages have.
pub(super) fn dated(tree: &Path, release: &Release) -> Result<()> {
    let found = printed(Command::new("find").arg(tree).args(["-type", "d"]))?;
    for folder in found.lines() {
        allow(Path::new(folder), 0o755)?;
    }
    let date = format!("--date=@{}", release.epoch);
    go(Command::new("find")
        .arg(tree)
        .args(["-exec", "touch", "--no-dereference", &date, "{}", "+"]))
}
