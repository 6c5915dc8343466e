//! Whether this computer's own updates have a newer version. apt fetches and checks its lists; they are read here, and
//! nobody is asked over the network.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A newer version that the computer's updates know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Without what the packager counts: `0.2.0`.
    pub version: String,
    /// What changed, as its package says.
    pub notes: Option<String>,
}

/// The field of a package that says in words what changed.
const NOTES: &str = "Release-Notes";

/// apt's reader of its own lists, by its whole path: no other program of that name is started.
const APT_CACHE: &str = "/usr/bin/apt-cache";

/// Whether this computer's package came by apt. No program is started to find that out, and dpkg's own files are its
/// own affair: the package's folder is there as long as the package is.
pub fn is_updated_by_apt(package: &str) -> bool {
    let installed = format!("/usr/share/{package}");
    [APT_CACHE, &installed]
        .into_iter()
        .all(|path| Path::new(path).exists())
}

/// The newer version of an installed package that apt would install; none where there is none, or no apt.
pub fn waiting(package: &str) -> Option<Update> {
    Apt::default().waiting(package)
}

struct Policy {
    installed: Option<String>,
    candidate: Option<String>,
}

/// apt's lists: the computer's own, or a test's.
#[derive(Default)]
struct Apt {
    /// A file of settings in the place of the system's.
    config: Option<PathBuf>,
}

impl Apt {
    fn waiting(&self, package: &str) -> Option<Update> {
        let policy = self.policy(package)?;
        let (installed, candidate) = (policy.installed?, policy.candidate?);
        // A pin may name an older one.
        if !is_newer(&candidate, &installed) {
            return None;
        }
        let shown = self.cache(&["show", &format!("{package}={candidate}")]);
        Some(Update {
            version: upstream(&candidate).to_owned(),
            notes: shown.and_then(|text| field(&text, NOTES)),
        })
    }

    fn policy(&self, package: &str) -> Option<Policy> {
        let text = self.cache(&["policy", package])?;
        let version = |name: &str| {
            let line = text.lines().find_map(|line| line.trim_start().strip_prefix(name));
            let version = line.map(str::trim).filter(|version| !version.starts_with('('));
            version.map(str::to_owned)
        };
        Some(Policy {
            installed: version("Installed:"),
            candidate: version("Candidate:"),
        })
    }

    /// What apt says of its own lists. `show` and `policy` fetch nothing.
    fn cache(&self, arguments: &[&str]) -> Option<String> {
        let mut command = Command::new(APT_CACHE);
        if let Some(config) = &self.config {
            command.env("APT_CONFIG", config);
        }
        let output = command.args(arguments).env("LC_ALL", "C.UTF-8").output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        output.status.success().then_some(text)
    }
}

fn is_newer(this: &str, that: &str) -> bool {
    let mut command = Command::new("/usr/bin/dpkg");
    command.args(["--compare-versions", this, "gt", that]);
    command.status().is_ok_and(|status| status.success())
}

/// `1:0.2.0-1` without epoch and the package's own count.
fn upstream(version: &str) -> &str {
    let without_epoch = version.split_once(':').map_or(version, |(_, rest)| rest);
    without_epoch
        .rsplit_once('-')
        .map_or(without_epoch, |(upstream, _)| upstream)
}

/// A field of several lines: each begins with a blank, and a point stands for an empty one.
fn field(text: &str, name: &str) -> Option<String> {
    let mut lines = text
        .lines()
        .skip_while(|line| line.split(':').next() != Some(name));
    let first = lines.next()?.split_once(':')?.1.trim();
    let more = lines.map_while(|line| line.strip_prefix(' '));
    let more = more.map(|line| if line.trim() == "." { "" } else { line });
    let all: Vec<&str> = [first]
        .into_iter()
        .filter(|first| !first.is_empty())
        .chain(more)
        .collect();
    let words = all.join("\n").trim().to_owned();
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_ends_where_the_next_begins() {
        let text = "Package: holdfast\nRelease-Notes:\n The night is quicker.\n .\n  - Papers too.\nSize: 5\n more\n";
        assert_eq!(
            field(text, NOTES).as_deref(),
            Some("The night is quicker.\n\n - Papers too.")
        );
        assert_eq!(field("Package: holdfast\n", NOTES), None);
        assert_eq!(
            field("Release-Notes: One line.\n", NOTES).as_deref(),
            Some("One line.")
        );
    }

    #[test]
    fn a_version_is_told_as_its_makers_count() {
        for (version, told) in [
            ("0.2.0-1", "0.2.0"),
            ("1:0.2.0-1", "0.2.0"),
            ("0.2.0", "0.2.0"),
            ("0.2.0-rc1-1", "0.2.0-rc1"),
        ] {
            assert_eq!(upstream(version), told);
        }
    }

    /// A computer's apt with these packages installed and to be had; none where the computer that tests has no apt.
    fn apt(installed: &str, listed: &str) -> Option<(tempfile::TempDir, Apt)> {
        if !Path::new(APT_CACHE).exists() {
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let write = |name: &str, text: &str| {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        };
        write("status", installed);
        write("pool/Packages", listed);
        let pool = root.join("pool").display().to_string();
        write("sources", &format!("deb [trusted=yes] file:{pool} ./\n"));
        let list = format!("lists/{}_._Packages", pool.replace('/', "_"));
        write(&list, listed);
        let settings = format!(
            "Dir::State::status \"{0}/status\";\nDir::State::lists \"{0}/lists\";\nDir::Cache \"{0}/cache\";\n\
             Dir::Etc::sourcelist \"{0}/sources\";\nDir::Etc::sourceparts \"/dev/null\";\n\
             Dir::Etc::preferencesparts \"/dev/null\";\n",
            root.display()
        );
        write("settings", &settings);
        let config = Some(root.join("settings"));
        Some((folder, Apt { config }))
    }

    fn package(version: &str, more: &str) -> String {
        format!(
            "Package: holdfast\nVersion: {version}\nArchitecture: all\nMaintainer: A <a@b.c>\n{more}Filename: ./h.deb\n\
             Size: 1\nDescription: holds\n\n"
        )
    }

    #[test]
    fn apts_own_lists_say_which_version_waits_and_what_changed() {
        let installed = package("0.1.0-1", "Status: install ok installed\n");
        let newer = package(
            "0.2.0-1",
            "Release-Notes:\n The night is quicker.\n .\n - Papers too.\n",
        );
        let Some((_folder, apt)) = apt(&installed, &newer) else {
            return;
        };
        let update = Update {
            version: "0.2.0".to_owned(),
            notes: Some("The night is quicker.\n\n- Papers too.".to_owned()),
        };
        assert_eq!(apt.waiting("holdfast"), Some(update));
    }

    #[test]
    fn nothing_waits_where_the_newest_is_installed_or_none_is() {
        let one = package("0.2.0-1", "Status: install ok installed\n");
        for (installed, listed) in [
            (one.as_str(), package("0.2.0-1", "")),
            (one.as_str(), package("0.1.0-1", "")),
            ("", package("0.2.0-1", "")),
        ] {
            let Some((_folder, apt)) = apt(installed, &listed) else {
                return;
            };
            assert_eq!(apt.waiting("holdfast"), None, "{installed}{listed}");
        }
    }
}
