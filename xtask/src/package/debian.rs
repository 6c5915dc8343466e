//! The `.deb`, by dpkg's own tools: they find which libraries a program needs, and make the same bytes of the same
//! tree.

use super::stand_ins::{HOMEPAGE, MAINTAINER};
use super::{PROGRAMS, Places, Release, packaging, printed, tree};
use crate::command::go;
use anyhow::{Context, Result};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// What is useful and found while it runs: a key store, the tray's library, who shows notifications.
const RECOMMENDS: &str = "gnome-keyring | org.freedesktop.secrets, libayatana-appindicator3-1, \
    notification-daemon";

/// What it needs and is linked to none of. Without time zones a PC gives all its times by UTC.
const NEEDS: &str = "tzdata";

/// Makes both packages, and has Debian's checker look at them where it's installed.
pub(super) fn make(places: &Places, release: &Release) -> Result<()> {
    let holdfast = places.tree.join("holdfast");
    scripts(&holdfast.join("DEBIAN"), release)?;
    let control = format!(
        "Package: holdfast\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {maintainer}\n\
         Installed-Size: {size}\nDepends: {depends}, {NEEDS}\nRecommends: {RECOMMENDS}\nSection: misc\n\
         Priority: optional\n\
         Homepage: {HOMEPAGE}\n{notes}Description: card holds for hotels and bars, on Dojo\n{words}",
        version = release.debian(),
        architecture = architecture()?,
        maintainer = MAINTAINER,
        size = kibibytes(&holdfast.join("usr"))?,
        depends = depends(places)?,
        notes = notes(&super::changes()?, &release.version),
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
            maintainer = MAINTAINER,
            size = kibibytes(&symbols.join("usr"))?,
            ids = ids.join(" "),
        );
        packed(&symbols, &control, places, release)?;
    }
    checked(&places.out)
}

const WORDS: &str = " Staff hold an amount on a guest's card through Dojo, take all or part of\n \
    it days or drinks later, or release it, and are warned before Dojo\n \
    releases it by itself.\n .\n \
    Training works without a key and without a network.\n";

/// The most lines of a release's notes that go into the list of packages, which every computer reads.
const MOST_NOTES: usize = 60;

/// What changed, as the field that Holdfast's notice of a new version shows: apt hands it on with its own lists, signed
/// as they are. A version that has no words yet is told without.
pub(super) fn notes(changes: &str, version: &str) -> String {
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

/// A script with what several of them do in its place: that is written once.
pub(super) fn script(template: &str, version: &str) -> Result<String> {
    Ok(template
        .replace("@ASK_TO_CLOSE@\n", &packaging("linux/ask-to-close.sh")?)
        .replace("@WHERE_DATA_ARE@\n", &packaging("linux/where-data-are.sh")?)
        .replace("@REFUSE_OLDER@\n", &packaging("linux/refuse-older.sh")?)
        .replace("@FORMAT@", &tree::ledger_format()?)
        .replace("@VERSION@", version))
}

/// The maintainer scripts.
fn scripts(folder: &Path, release: &Release) -> Result<()> {
    for name in ["preinst", "postinst", "prerm", "postrm"] {
        let script = script(&packaging(&format!("linux/{name}"))?, &release.debian())?;
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

/// What the files take up, as dpkg-gencontrol counts: each rounded up, one for a folder. What a folder itself takes
/// differs by file system, and a package made on another one has to be the same.
fn kibibytes(tree: &Path) -> Result<u64> {
    let mut sum = 0;
    for path in super::sorted(tree)? {
        let metadata = path.symlink_metadata()?;
        sum += if metadata.is_dir() {
            1 + kibibytes(&path)?
        } else {
            metadata.len().div_ceil(1024)
        };
    }
    Ok(sum)
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

    #[test]
    fn the_installed_size_is_of_the_files_whatever_their_file_system() -> Result<()> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("bin"))?;
        for (name, bytes) in [("bin/one", 1), ("bin/two", 1025), ("none", 0)] {
            std::fs::write(folder.path().join(name), vec![0; bytes])?;
        }
        assert_eq!(kibibytes(folder.path())?, 1 + 1 + 2);
        Ok(())
    }

    /// Runs a script's function with these files instead of the computer's; what it says, and whether it succeeds.
    fn run(script: &str, call: &str, instead: &[(&str, &Path)]) -> Result<(String, bool)> {
        let mut text = super::script(&format!("@{script}@\n{call}\n"), "1.0.0-1")?;
        for (of_the_computer, of_the_test) in instead {
            text = text.replace(of_the_computer, &of_the_test.display().to_string());
        }
        let out = Command::new("sh").args(["-e", "-c", &text]).output()?;
        let said = [out.stdout, out.stderr].concat();
        Ok((String::from_utf8(said)?, out.status.success()))
    }

    #[test]
    fn a_version_that_can_t_read_the_records_is_refused_unless_somebody_means_it() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (installed, meant) = (folder.path().join("format"), folder.path().join("meant"));
        let instead = [
            ("/usr/share/holdfast/ledger-format", installed.as_path()),
            ("/run/holdfast-downgrade", meant.as_path()),
        ];
        let refuse_older = || run("REFUSE_OLDER", "refuse_older", &instead);
        assert!(refuse_older()?.1, "nothing is installed");
        std::fs::write(&installed, tree::ledger_format()?)?;
        assert!(refuse_older()?.1, "the same format");
        std::fs::write(&installed, "99999\n")?;
        let (said, goes_on) = refuse_older()?;
        assert!(!goes_on && said.contains("Nothing was changed"), "{said}");
        std::fs::write(&meant, "")?;
        assert!(refuse_older()?.1);
        Ok(())
    }

    #[test]
    fn records_are_found_in_a_home_with_a_blank_and_a_home_elsewhere_is_not_looked_at() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let home = folder.path().join("bar till");
        let records = home.join(".local/share/app.holdfast.desk");
        std::fs::create_dir_all(&records)?;
        let (users, mounts) = (folder.path().join("passwd"), folder.path().join("mounts"));
        std::fs::write(&users, format!("till:x:1000:1000::{}:/bin/sh\n", home.display()))?;
        let instead = [
            ("/etc/passwd", users.as_path()),
            ("/proc/mounts", mounts.as_path()),
        ];
        let said = || Ok::<_, anyhow::Error>(run("WHERE_DATA_ARE", "where_data_are", &instead)?.0);
        std::fs::write(&mounts, "/dev/sda1 / ext4 rw 0 0\n")?;
        let records = records.display().to_string();
        assert!(said()?.contains(&records), "{}", said()?);
        let at = home.display().to_string().replace(' ', "\\040");
        std::fs::write(
            &mounts,
            format!("/dev/sda1 / ext4 rw 0 0\nserver:/home {at} nfs4 rw 0 0\n"),
        )?;
        assert!(!said()?.contains(&records), "{}", said()?);
        assert!(said()?.contains("HOLDFAST_DATA_DIR"));
        Ok(())
    }
}
