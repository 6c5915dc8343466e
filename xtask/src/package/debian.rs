//! The `.deb`, by dpkg's own tools: they find which libraries a program needs, and make the same bytes of the same
//! tree.

use super::{PROGRAMS, Places, Release, packaging, printed, tree};
use crate::command::{go, root};
use anyhow::{Context, Result};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// What is useful and found while it runs: the tray's library, a key store.
const RECOMMENDS: &str = "gnome-keyring | org.freedesktop.secrets, libayatana-appindicator3-1";

/// Makes both packages, and has Debian's checker look at them where it's installed.
pub(super) fn make(places: &Places, release: &Release) -> Result<()> {
    let holdfast = places.tree.join("holdfast");
    scripts(&holdfast.join("DEBIAN"), release)?;
    let control = format!(
        "Package: holdfast\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {maintainer}\n\
         Installed-Size: {size}\nDepends: {depends}\nRecommends: {RECOMMENDS}\nSection: misc\nPriority: optional\n\
         Homepage: https://holdfast.invalid\n{notes}Description: card holds for hotels and bars, on Dojo\n{words}",
        version = release.debian(),
        architecture = architecture()?,
        maintainer = tree::MAINTAINER,
        size = kibibytes(&holdfast)?,
        depends = depends(places)?,
        notes = notes(
            &std::fs::read_to_string(root().join("CHANGELOG.md"))?,
            &release.version
        ),
        words = WORDS,
    );
    packed(&holdfast, &control, places, release)?;
    let symbols = places.tree.join("holdfast-dbgsym");
    if symbols.exists() {
        let ids: Vec<String> = PROGRAMS
            .iter()
            .map(|name| super::build::build_id(&places.programs.join(name)))
            .collect::<Result<_>>()?;
        let control = format!(
            "Package: holdfast-dbgsym\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {maintainer}\n\
             Installed-Size: {size}\nAuto-Built-Package: debug-symbols\nBuild-Ids: {ids}\n\
             Depends: holdfast (= {version})\nSection: debug\nPriority: optional\n\
             Description: debug symbols for holdfast\n",
            version = release.debian(),
            architecture = architecture()?,
            maintainer = tree::MAINTAINER,
            size = kibibytes(&symbols)?,
            ids = ids.join(" "),
        );
        packed(&symbols, &control, places, release)?;
    }
    checked(&places.out)
}

const WORDS: &str = " Staff hold an amount on a guest's card through Dojo, take all or part of\n \
    it days or drinks later, or let it go, and are warned before Dojo lets go\n \
    by itself.\n .\n \
    Training works without a key and without a network.\n";

/// The most lines of a release's notes that go into the list of packages, which every computer reads.
const MOST_NOTES: usize = 60;

/// What changed, as the field that Holdfast's notice of a new version shows: apt hands it on with its own lists, signed
/// as they are. A version that has no words yet is told without.
fn notes(changes: &str, version: &str) -> String {
    let is_head = |line: &&str| {
        let head = line.strip_prefix("## ");
        head.and_then(|head| head.split_whitespace().next()) == Some(version)
    };
    let lines = changes.lines().skip_while(|line| !is_head(line)).skip(1);
    let lines = lines.take_while(|line| !line.starts_with("## "));
    let lines: Vec<&str> = lines
        .skip_while(|line| line.is_empty())
        .take(MOST_NOTES)
        .collect();
    let words = lines.join("\n");
    let mut field = String::new();
    for line in words.trim_end().lines() {
        let _ = writeln!(field, " {}", if line.is_empty() { "." } else { line });
    }
    if field.is_empty() {
        field
    } else {
        format!("Release-Notes:\n{field}")
    }
}

/// The maintainer scripts. What several of them do is written once.
fn scripts(folder: &Path, release: &Release) -> Result<()> {
    let ask = packaging("linux/ask-to-close.sh")?;
    let data = packaging("linux/where-data-are.sh")?;
    for name in ["preinst", "prerm", "postrm"] {
        let script = packaging(&format!("linux/{name}"))?
            .replace("@VERSION@", &release.debian())
            .replace("@ASK_TO_CLOSE@\n", &ask)
            .replace("@WHERE_DATA_ARE@\n", &data);
        tree::put(&folder.join(name), script.as_bytes(), 0o755)?;
    }
    Ok(())
}

/// Writes control file and sums, and packs.
fn packed(root: &Path, control: &str, places: &Places, release: &Release) -> Result<()> {
    tree::text(&root.join("DEBIAN/control"), control)?;
    let found = printed(
        Command::new("find")
            .args(["usr", "-type", "f", "-exec", "md5sum", "{}", "+"])
            .current_dir(root),
    )?;
    let mut sums: Vec<&str> = found.lines().collect();
    sums.sort_by_key(|line| line.split_once("  ").map(|(_, path)| path));
    let text = sums.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    });
    tree::text(&root.join("DEBIAN/md5sums"), &text)?;
    tree::dated(root, release)?;
    go(Command::new("dpkg-deb")
        .args(["--root-owner-group", "-Zxz", "--build"])
        .args([root, &places.out])
        .env("SOURCE_DATE_EPOCH", release.epoch.to_string()))
}

fn architecture() -> Result<String> {
    let printed = printed(Command::new("dpkg").arg("--print-architecture"))?;
    Ok(printed.trim().to_owned())
}

fn kibibytes(tree: &Path) -> Result<u64> {
    let out = printed(
        Command::new("du")
            .args([
                "--summarize",
                "--apparent-size",
                "--block-size=1024",
                "--exclude=DEBIAN",
            ])
            .arg(tree),
    )?;
    let figure = out.split_whitespace().next().context("du said nothing")?;
    Ok(figure.parse()?)
}

/// The packages of the libraries that the programs are linked to. dpkg-shlibdeps wants to be in a source's folder.
fn depends(places: &Places) -> Result<String> {
    let source = tempfile::tempdir()?;
    std::fs::create_dir(source.path().join("debian"))?;
    std::fs::write(
        source.path().join("debian/control"),
        "Source: holdfast\n\nPackage: holdfast\nArchitecture: any\nDescription: none\n",
    )?;
    let mut command = Command::new("dpkg-shlibdeps");
    command.arg("-O").current_dir(source.path());
    for name in PROGRAMS {
        command.arg(format!("-e{}", places.programs.join(name).display()));
    }
    let out = printed(&mut command)?;
    let depends = out.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    Ok(depends.context("dpkg-shlibdeps names no library")?.to_owned())
}

/// What lintian says, warnings too, is ours to mend; `holdfast.lintian-overrides` has what stays, and why.
fn checked(out: &Path) -> Result<()> {
    let packages: Vec<_> = super::sorted(out)?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "deb"))
        .collect();
    go(Command::new("lintian")
        .args([
            "--allow-root",
            "--fail-on",
            "error,warning",
            "--tag-display-limit",
            "0",
        ])
        .args(packages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_says_what_changed_in_its_own_release() {
        let changes = "# Changes\n\n## Unreleased\n\n- Later.\n\n\
                       ## 0.2.0\n\nQuicker:\n\n- The night.\n\n## 0.1.0\n\n- Once.\n";
        assert_eq!(
            notes(changes, "0.2.0"),
            "Release-Notes:\n Quicker:\n .\n - The night.\n"
        );
        assert_eq!(notes(changes, "0.3.0"), "");
    }
}
