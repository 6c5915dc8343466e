//! Whether PostgreSQL is installed here: the tests that need a server of their own are made only where one can be
//! started, and say elsewhere that they weren't run.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(has_postgres)");
    // One that isn't there has this asked again with every build.
    println!("cargo::rerun-if-changed=/usr/bin/pg_config");
    println!("cargo::rerun-if-env-changed=PATH");
    let asked = Command::new("pg_config").arg("--bindir").output();
    let folder = asked.ok().and_then(|out| String::from_utf8(out.stdout).ok());
    if folder.is_some_and(|folder| Path::new(folder.trim()).join("initdb").exists()) {
        println!("cargo::rustc-cfg=has_postgres");
    }
}
