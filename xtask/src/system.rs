//! What the operating system has to have, and getting it.

use crate::command::go;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// What the packages are needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Building and starting the app.
    Building,
    /// That, and driving its window.
    Testing,
    /// Building it, and making packages of it.
    Packaging,
}

// The tray's library is looked for when the app starts; without it there is none.
const TO_BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-1",
];
// The emoji are for the pictures: a window without them shows boxes.
const TO_TEST: &[&str] = &[
    "webkit2gtk-driver",
    "xvfb",
    "dbus",
    "at-spi2-core",
    "gnome-keyring",
    "strace",
    "poppler-utils",
    "postgresql",
    "fonts-noto-color-emoji",
];

// What makes packages, checks them and lists them.
const TO_PACKAGE: &[&str] = &[
    "appstream",
    "apt-utils",
    "desktop-file-utils",
    "dpkg-dev",
    "gpg",
    "lintian",
    "mmdebstrap",
    "rpm",
];

fn wanted(purpose: For) -> Vec<&'static str> {
    match purpose {
        For::Building => TO_BUILD.to_vec(),
        For::Testing => [TO_BUILD, TO_TEST].concat(),
        For::Packaging => [TO_BUILD, TO_PACKAGE].concat(),
    }
}

/// Installs what is missing, or says exactly what to type.
///
/// # Errors
/// When something is missing that we may not or can't install.
pub(crate) fn ensure(purpose: For) -> Result<()> {
    node()?;
    if !cfg!(target_os = "linux") {
        println!(
            "Holdfast builds with Rust and Node here; on macOS also `xcode-select --install`, on Windows \
             the C++ build tools and WebView2, which Windows 10 and later bring along."
        );
        return Ok(());
    }
    if !Path::new("/usr/bin/dpkg-query").exists() {
        println!(
            "This is no Debian: the development files of WebKitGTK 4.1 have to be there, a C compiler and \
             pkg-config; for the tests also WebKitWebDriver, Xvfb and PostgreSQL 15 or later."
        );
        return Ok(());
    }
    let missing = missing(&wanted(purpose), is_installed);
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing {}", missing.join(" "));
    let Some(mut before) = may_install() else {
        bail!(
            "these packages are missing and can’t be installed without an administrator. Type:\n  \
             sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
            missing.join(" ")
        );
    };
    before.push("apt-get".to_owned());
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(&before[0]);
        command.args(&before[1..]).args(arguments);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        go(&mut command)
    };
    apt(&["update", "-q"])?;
    let mut install = vec!["install", "-y", "-q", "--no-install-recommends"];
    install.extend(missing);
    apt(&install)
}

/// The command that makes an administrator of us: none needed for root, `sudo` where it asks no password.
fn may_install() -> Option<Vec<String>> {
    let succeeds = |program: &str, arguments: &[&str], wanted: &str| {
        Command::new(program)
            .args(arguments)
            .output()
            .is_ok_and(|out| out.status.success() && String::from_utf8_lossy(&out.stdout).trim() == wanted)
    };
    if succeeds("id", &["-u"], "0") {
        Some(Vec::new())
    } else if succeeds("sudo", &["-n", "id", "-u"], "0") {
        Some(vec!["sudo".to_owned(), "-n".to_owned()])
    } else {
        None
    }
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f=${Status}", package])
        .output()
        .is_ok_and(|out| String::from_utf8_lossy(&out.stdout).contains("install ok installed"))
}

fn missing<'a>(wanted: &[&'a str], is_there: impl Fn(&str) -> bool) -> Vec<&'a str> {
    wanted
        .iter()
        .copied()
        .filter(|package| !is_there(package))
        .collect()
}

fn node() -> Result<()> {
    let version = Command::new("node").arg("--version").output();
    let text = version.map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
    match text.ok().as_deref().and_then(major) {
        Some(20..) => Ok(()),
        Some(old) => bail!("Node {old} is too old; install Node 20 or later"),
        None => bail!("Node is missing; install Node 20 or later with its npm"),
    }
}

/// `20` of `v20.19.1`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_installed() {
        let there = |package: &str| package == "xvfb";
        assert_eq!(
            missing(&["xvfb", "webkit2gtk-driver"], there),
            ["webkit2gtk-driver"]
        );
        assert!(missing(&["xvfb"], there).is_empty());
    }

    #[test]
    fn nodes_version_is_read() {
        assert_eq!(major("v20.19.1\n"), Some(20));
        assert_eq!(major("command not found"), None);
    }
}
