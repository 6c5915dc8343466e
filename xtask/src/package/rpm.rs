//! The `.rpm`, of the same tree, by rpm's own tool. Debian's rpm installs it in the trial; a Fedora was never tried.

use super::{Places, Release, notices, packaging, printed, stand_ins};
use crate::command::go;
use anyhow::{Context, Result};
use std::process::Command;

/// Makes it.
pub(super) fn make(places: &Places, release: &Release) -> Result<()> {
    let work = tempfile::tempdir()?;
    let machine = printed(Command::new("uname").arg("-m"))?;
    let spec = super::debian::script(&packaging("linux/holdfast.spec")?, &release.version)?
        .replace("@HOMEPAGE@", stand_ins::HOMEPAGE)
        .replace("@MAINTAINER@", stand_ins::MAINTAINER)
        .replace("@DATE@", &release.date("%a %b %d %Y")?)
        .replace("@ARCHITECTURE@", machine.trim())
        .replace("@LICENCES@", &notices::licences()?)
        .replace("@TREE@", &places.tree.join("holdfast").display().to_string());
    let file = work.path().join("holdfast.spec");
    std::fs::write(&file, spec)?;
    let mut rpmbuild = Command::new("rpmbuild");
    rpmbuild
        .args(["-bb", "--quiet"])
        .env("SOURCE_DATE_EPOCH", release.epoch.to_string());
    // The programs are stripped already, and no date, host or folder of this computer belongs into it.
    for (name, value) in [
        ("_topdir", work.path().display().to_string()),
        ("_rpmdir", places.out.display().to_string()),
        (
            "_build_name_fmt",
            "%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm".to_owned(),
        ),
        ("_buildhost", "localhost".to_owned()),
        ("use_source_date_epoch_as_buildtime", "1".to_owned()),
        ("clamp_mtime_to_source_date_epoch", "1".to_owned()),
        ("__os_install_post", "%{nil}".to_owned()),
        ("debug_package", "%{nil}".to_owned()),
        ("_build_id_links", "none".to_owned()),
    ] {
        rpmbuild.args(["--define", &format!("{name} {value}")]);
    }
    go(rpmbuild.arg(&file)).context("rpmbuild")?;
    let made = super::sorted(&places.out)?
        .into_iter()
        .find(|path| path.extension().is_some_and(|end| end == "rpm"))
        .context("rpmbuild made nothing")?;
    go(Command::new("rpm").args(["-qp", "--requires"]).arg(made))
}
