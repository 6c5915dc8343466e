//! Compiling for a release: small, with its crates' names in it, without a path of this computer, and debug symbols
//! apart.

use super::{PROGRAMS, Places, Release, printed};
use crate::command::{cargo_command, go, root, target};
use crate::{tools, window_files};
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Writes into the program which crates it is made of, so that an IT person's scanner finds them.
const CARGO_AUDITABLE: &str = "0.7.7";

/// Where a home, cargo's crates, the compiler, the tree and what is compiled seem to lie, for anybody who looks into a
/// program.
const SEEN_AS: [&str; 5] = ["/home", "/cargo", "/rustc", "/holdfast", "/target"];

/// Compiles both programs and takes their symbols out.
pub(super) fn compiled(places: &Places, release: &Release) -> Result<()> {
    window_files()?;
    let built = compile(&root(), &target().join("package/build"), release)?;
    parted(&built, places)
}

/// Takes the symbols out of programs that were compiled for a release.
pub(super) fn parted(built: &Path, places: &Places) -> Result<()> {
    for name in PROGRAMS {
        part(&built.join(name), places, name)?;
    }
    Ok(())
}

/// Takes programs that are there already.
pub(super) fn copied(folder: &Path, places: &Places) -> Result<()> {
    for name in PROGRAMS {
        let from = folder.join(name);
        std::fs::copy(&from, places.programs.join(name)).with_context(|| from.display().to_string())?;
        go(Command::new("strip").arg(places.programs.join(name)))?;
    }
    Ok(())
}

/// Compiles the tree at `tree`; where the programs are then.
pub(super) fn compile(tree: &Path, into: &Path, release: &Release) -> Result<PathBuf> {
    let auditable = tools::installed("cargo-auditable", "cargo-auditable", CARGO_AUDITABLE)?;
    let remapped = remapped(tree, into)?;
    let rustflags: Vec<String> = remapped
        .iter()
        .map(|(from, to)| format!("--remap-path-prefix={from}={to}"))
        .chain(["-Clink-arg=-Wl,--build-id=sha1".to_owned()])
        .collect();
    let cflags: Vec<String> = remapped
        .iter()
        .map(|(from, to)| format!("-ffile-prefix-map={from}={to}"))
        .collect();
    let mut cargo = Command::new(auditable);
    cargo
        .args(["auditable", "build", "--locked", "--profile", "dist"])
        .args(PROGRAMS.iter().flat_map(|name| ["--package", name]))
        .current_dir(tree)
        .env("CARGO", cargo_command().get_program())
        .env("CARGO_TARGET_DIR", into)
        .env("CARGO_INCREMENTAL", "0")
        // Between flags, so that a path may hold a blank.
        .env("CARGO_ENCODED_RUSTFLAGS", rustflags.join("\u{1f}"))
        .env("CFLAGS", cflags.join(" "))
        .env("CXXFLAGS", cflags.join(" "))
        .env("SOURCE_DATE_EPOCH", release.epoch.to_string())
        .env("LC_ALL", "C")
        .env("TZ", "UTC");
    let status = cargo.status().context("cargo auditable could not be started")?;
    anyhow::ensure!(status.success(), "the programs can’t be compiled");
    Ok(into.join("dist"))
}

/// This computer's folders and what each seems to be. The last that fits counts, says rustc, so the narrowest is last.
fn remapped(tree: &Path, into: &Path) -> Result<Vec<(String, &'static str)>> {
    let sysroot = printed(Command::new("rustc").args(["--print", "sysroot"]))?;
    let home = std::env::home_dir().context("this user has no home folder")?;
    let cargo_home = std::env::var_os("CARGO_HOME").unwrap_or_else(|| home.join(".cargo").into());
    let folders: [OsString; 5] = [
        home.into(),
        cargo_home,
        sysroot.trim().into(),
        tree.as_os_str().to_owned(),
        into.as_os_str().to_owned(),
    ];
    let texts = folders.map(|folder| folder.into_string());
    texts
        .into_iter()
        .zip(SEEN_AS)
        .map(|(from, to)| {
            let from = from.map_err(|from| anyhow::anyhow!("{} is no text", from.display()))?;
            Ok((from, to))
        })
        .collect()
}

/// The folders of this computer that no program may name.
pub(super) fn builders_folders() -> Result<Vec<String>> {
    let all = remapped(&root(), &target())?;
    Ok(all.into_iter().map(|(from, _)| from).collect())
}

/// A program without its symbols, and these in a file that it names, as Debian's `-dbgsym` packages have them.
fn part(built: &Path, places: &Places, name: &str) -> Result<()> {
    let (program, symbols) = (
        places.programs.join(name),
        places.debug.join(format!("{name}.debug")),
    );
    let objcopy = || Command::new("objcopy");
    go(objcopy()
        .args(["--only-keep-debug", "--compress-debug-sections=zlib"])
        .args([built, &symbols]))?;
    go(objcopy()
        .arg("--strip-all")
        .arg(format!("--add-gnu-debuglink={}", symbols.display()))
        .args([built, &program]))
}

/// Which build it is, by the number that the linker gave it.
pub(super) fn build_id(program: &Path) -> Result<String> {
    let notes = printed(Command::new("readelf").args(["--notes", "--wide"]).arg(program))?;
    let id = notes.split_once("Build ID: ").map(|(_, rest)| rest);
    id.and_then(|id| id.split_whitespace().next())
        .map(str::to_owned)
        .with_context(|| format!("{} has no build ID", program.display()))
}
