//! `cargo xtask package`: what a venue installs, and what a careful person checks before.
//!
//! Everything goes to `target/package`: `programs` is what was compiled, `debug` their symbols, `tree` the files as
//! they lie on a venue's disk, `out` the finished packages with their lists and sums.

mod build;
mod compare;
mod debian;
mod hardening;
mod manual;
mod notices;
mod parts_list;
mod repository;
mod rpm;
mod signing;
mod stand_ins;
mod tree;
mod trial;

use crate::command::{root, target};
use crate::system::{self, For};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What to package, and for whom.
#[derive(Args)]
pub(crate) struct Options {
    /// Packages the programs of this folder instead of compiling: `target/package/build/dist` once more, or those of
    /// `target/debug` to try a package out. Those have no symbols to keep apart, and hardening isn't checked.
    #[arg(long)]
    built: Option<PathBuf>,
    /// Compiles and packs a second time, in a copy of the tree elsewhere, and names every difference.
    #[arg(long, conflicts_with = "built")]
    twice: bool,
    /// Tries the package out on a bare Debian in a folder: installs it, holds in training, upgrades with the till open,
    /// removes it. `short` leaves out what needs a screen.
    #[arg(long = "try", value_name = "LENGTH", num_args = 0..=1, default_missing_value = "long",
          value_parser = ["long", "short"])]
    length: Option<String>,
    /// Signs the finished files of this folder, such as those that CI made, and compiles nothing: their sums are
    /// checked first. With `--repository` they go there as well.
    #[arg(long, value_name = "DIR", requires = "key", conflicts_with_all = ["built", "twice", "length"])]
    sign: Option<PathBuf>,
    /// Adds the packages of `--sign` to the apt repository in this folder, and signs it again.
    #[arg(long, requires = "sign", requires = "url")]
    repository: Option<PathBuf>,
    /// Writes the licences of what others wrote into this file, and nothing else.
    #[arg(long, value_name = "FILE")]
    notices: Option<PathBuf>,
    /// The secret key to sign with, as `gpg --export-secret-keys --armor` writes it. It's read on a computer that
    /// compiles nothing of others.
    #[arg(long, requires = "sign")]
    key: Option<PathBuf>,
    /// Where venues will find the repository, such as `https://packages.example.com`.
    #[arg(long)]
    url: Option<String>,
}

/// Where each kind of result lies.
pub(crate) struct Places {
    programs: PathBuf,
    debug: PathBuf,
    tree: PathBuf,
    out: PathBuf,
}

/// Of which version the packages are, and from when.
pub(crate) struct Release {
    /// Cargo's, such as `0.1.0`.
    version: String,
    /// Seconds since 1970 of the commit: every date in a package, so that two builds are the same.
    epoch: u64,
}

/// The programs that are installed.
const PROGRAMS: [&str; 2] = ["holdfast", "holdfast-cli"];

/// Makes them.
///
/// # Errors
/// At the first step that fails or finds something.
pub(crate) fn run(options: &Options) -> Result<()> {
    if let Some(file) = &options.notices {
        let file = root().join(file);
        std::fs::create_dir_all(file.parent().context("no folder")?)?;
        return Ok(std::fs::write(file, notices::text()?)?);
    }
    if let (Some(folder), Some(key)) = (&options.sign, &options.key) {
        return sign(folder, key, options);
    }
    system::ensure(For::Packaging)?;
    let places = Places::emptied(&target().join("package"))?;
    let release = release()?;
    // Named for the profile that made them.
    let is_release = options
        .built
        .as_ref()
        .is_none_or(|folder| folder.ends_with("dist"));
    match &options.built {
        Some(folder) if !is_release => build::copied(&root().join(folder), &places)?,
        Some(folder) => build::parted(&root().join(folder), &places)?,
        None => build::compiled(&places, &release)?,
    }
    if is_release {
        hardening::check(&places)?;
    }
    let notices = notices::text()?;
    packed(&places, &release, &notices)?;
    if options.twice {
        compare::twice(&places, &release, &notices)?;
    }
    if let Some(length) = &options.length {
        trial::run(&places, &release, length == "short", is_release)?;
    }
    signing::sums(&places.out)?;
    // Of programs that were there already nobody knows which commit they are of.
    if options.built.is_none() {
        signing::made_of(&places.out, &commit()?)?;
    }
    report(&places)
}

/// The short trial, for every change: a package of the programs that were tested, on a bare Debian in a folder. Where
/// none can be made it says that it wasn't run. Without the lists of parts, whose tools take longer to compile than all
/// of this.
///
/// # Errors
/// As [`run`]'s.
pub(crate) fn in_short() -> Result<()> {
    system::ensure(For::Packaging)?;
    let places = Places::emptied(&target().join("package"))?;
    let release = release()?;
    build::copied(&target().join("debug"), &places)?;
    tree::lay(&places, &release, &notices::text()?)?;
    debian::make(&places, &release)?;
    rpm::make(&places, &release)?;
    match trial::run(&places, &release, true, false) {
        Err(error) if error.is::<trial::NoBareDebian>() => {
            println!("not run: {error:#}");
            Ok(())
        }
        tried => tried,
    }
}

/// Makes packages and lists of programs whose symbols are apart.
fn packed(places: &Places, release: &Release, notices: &str) -> Result<()> {
    tree::lay(places, release, notices)?;
    debian::make(places, release)?;
    rpm::make(places, release)?;
    parts_list::write(places, release)
}

/// Signs what was made elsewhere, and puts it into the repository.
fn sign(folder: &Path, key: &Path, options: &Options) -> Result<()> {
    stand_ins::refuse(options.url.as_deref())?;
    let release = release()?;
    let (out, commit) = (root().join(folder), commit()?);
    is_the_tags(&commit, &release)?;
    signing::check(&out, &commit)?;
    ensure!(
        !debian::notes(&changes()?, &release.version).is_empty(),
        "CHANGELOG.md has no words under {}: a till would tell of it without",
        release.version
    );
    let key = signing::Key::of(&root().join(key))?;
    signing::sign(&out, &key)?;
    if let (Some(folder), Some(url)) = (&options.repository, &options.url) {
        let folder = root().join(folder);
        repository::add(&folder, &out, &key, url)?;
        repository::hand_out(&folder, &out, &release)?;
    }
    Ok(())
}

/// Which commit the tree is of, and that something in it was changed since.
fn commit() -> Result<String> {
    let git = |arguments: &[&str]| printed(Command::new("git").args(arguments).current_dir(root()));
    let changed = git(&["status", "--porcelain"])?;
    if !changed.is_empty() {
        return Ok(format!(
            "{} and uncommitted changes",
            git(&["rev-parse", "HEAD"])?.trim()
        ));
    }
    Ok(git(&["rev-parse", "HEAD"])?.trim().to_owned())
}

/// Only a tagged commit with nothing changed is published.
fn is_the_tags(commit: &str, release: &Release) -> Result<()> {
    let tag = format!("v{}", release.version);
    let tagged = printed(
        Command::new("git")
            .args(["rev-parse", "--verify", &format!("refs/tags/{tag}^{{commit}}")])
            .current_dir(root()),
    )
    .with_context(|| format!("there is no tag {tag}"))?;
    ensure!(
        tagged.trim() == commit,
        "the tree is {commit}, and {tag} is {}: only the tag's own files are signed",
        tagged.trim()
    );
    Ok(())
}

/// What changed in each version, in words for staff.
fn changes() -> Result<String> {
    Ok(std::fs::read_to_string(root().join("CHANGELOG.md"))?)
}

fn report(places: &Places) -> Result<()> {
    println!("\nMade in {}:", places.out.display());
    for file in sorted(&places.out)? {
        let size = file.metadata()?.len();
        println!("{:>12}  {}", size, name(&file));
    }
    Ok(())
}

impl Places {
    /// Those in `folder`, with nothing in them.
    fn emptied(folder: &Path) -> Result<Self> {
        let places = Self {
            programs: folder.join("programs"),
            debug: folder.join("debug"),
            tree: folder.join("tree"),
            out: folder.join("out"),
        };
        for folder in [&places.programs, &places.debug, &places.tree, &places.out] {
            emptied(folder)?;
        }
        Ok(places)
    }
}

fn release() -> Result<Release> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let window = json(&root().join("ui/package.json"))?;
    ensure!(
        window["version"] == version.as_str(),
        "ui/package.json is of another version than Cargo.toml"
    );
    let epoch = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(epoch) => epoch,
        Err(_) => printed(
            Command::new("git")
                .args(["log", "-1", "--format=%ct"])
                .current_dir(root()),
        )?,
    };
    let epoch = epoch.trim().parse().context("SOURCE_DATE_EPOCH is no number")?;
    Ok(Release { version, epoch })
}

impl Release {
    /// The Debian version: the first package of that release.
    fn debian(&self) -> String {
        format!("{}-1", self.version)
    }

    /// The release's date in one of `date`'s formats, in UTC.
    fn date(&self, format: &str) -> Result<String> {
        let mut date = Command::new("date");
        date.args(["--utc", &format!("--date=@{}", self.epoch), &format!("+{format}")])
            .env("LC_ALL", "C");
        Ok(printed(&mut date)?.trim().to_owned())
    }
}

/// What a program prints; its failure is ours.
pub(crate) fn printed(command: &mut Command) -> Result<String> {
    let shown = format!("{command:?}");
    let out = command
        .output()
        .with_context(|| format!("{shown} could not be started"))?;
    let said = String::from_utf8_lossy(&out.stderr);
    ensure!(out.status.success(), "{shown} failed: {said}");
    Ok(String::from_utf8(out.stdout)?)
}

/// A folder with nothing in it.
fn emptied(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())
}

/// A folder's entries by name.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = folder.read_dir().with_context(|| folder.display().to_string())?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn json(path: &Path) -> Result<serde_json::Value> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}

/// A file of `packaging`, as text.
fn packaging(path: &str) -> Result<String> {
    let path = root().join("packaging").join(path);
    std::fs::read_to_string(&path).with_context(|| path.display().to_string())
}
