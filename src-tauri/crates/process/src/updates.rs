//! Whether this computer's own updates have a newer version. apt fetches and checks its lists; they are read here, and
//! nobody is asked over the network.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A newer version that the computer's updates know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Without what the packager counts, `0.2.0`, unless that alone is another: `0.1.0-2`.
    pub version: String,
    /// What changed, as its package says.
    pub notes: Option<String>,
}

/// What the computer's updates know of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Some repository has it. A package that was installed from a file may be in none.
    pub is_listed: bool,
    /// The newer version that apt would install.
    pub update: Option<Update>,
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

/// What apt knows of a package; none where there is no apt.
pub fn known(package: &str) -> Option<Known> {
    Apt::default().known(package)
}

struct Policy {
    is_listed: bool,
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
    fn known(&self, package: &str) -> Option<Known> {
        let policy = self.policy(package)?;
        Some(Known {
            is_listed: policy.is_listed,
            update: self.waiting(package, policy),
        })
    }

    fn waiting(&self, package: &str, policy: Policy) -> Option<Update> {
        let (installed, candidate) = (policy.installed?, policy.candidate?);
        // A pin may name an older one.
        if !is_newer(&candidate, &installed) {
            return None;
        }
        let shown = self.cache(&["show", &format!("{package}={candidate}")]);
        Some(Update {
            version: told(&candidate, &installed).to_owned(),
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
            // Each repository that has it is a line `500 https://… Packages`; the other lines name dpkg's own file.
            is_listed: text.lines().any(|line| line.ends_with(" Packages")),
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

/// What a newer version is called. Where its makers' own number is the installed one's, only the packager's count tells
/// the two apart.
fn told<'a>(newer: &'a str, installed: &str) -> &'a str {
    if upstream(newer) == upstream(installed) {
        without_epoch(newer)
    } else {
        upstream(newer)
    }
}

fn without_epoch(version: &str) -> &str {
    version.split_once(':').map_or(version, |(_, rest)| rest)
}

/// `1:0.2.0-1` without epoch and the package's own count.
fn upstream(version: &str) -> &str {
    let without_epoch = without_epoch(version);
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
        let known = Known {
            is_listed: true,
            update: Some(update),
        };
        assert_eq!(apt.known("holdfast"), Some(known));
    }

    #[test]
    fn a_packagers_own_count_is_told_where_it_alone_is_newer() {
        for (newer, installed, name) in [
            ("0.1.0-2", "0.1.0-1", "0.1.0-2"),
            ("1:0.1.0-1", "0.1.0-1", "0.1.0-1"),
            ("0.2.0-1", "0.1.0-1", "0.2.0"),
        ] {
            assert_eq!(told(newer, installed), name);
        }
    }

    #[test]
    fn a_package_from_a_file_is_in_no_repository() {
        let installed = package("0.1.0-1", "Status: install ok installed\n");
        let Some((_folder, apt)) = apt(&installed, "") else {
            return;
        };
        let known = Known {
            is_listed: false,
            update: None,
        };
        assert_eq!(apt.known("holdfast"), Some(known));
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
            let known = apt.known("holdfast").expect("an answer");
            assert_eq!(known.update, None, "{installed}{listed}");
        }
    }
}
