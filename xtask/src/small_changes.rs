//! `cargo xtask mutants`: the rules about money, changed in every small way by cargo-mutants. What it
//! changes stands in `.cargo/mutants.toml`.

use crate::command::{cargo_command, root};
use crate::{figures, tools};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::process::Command;
use std::time::Instant;

/// The release that `.cargo/mutants.toml` was written for.
const VERSION: &str = "27.1.0";

/// Of a hundred changes, so many must turn a test red.
const LEAST: u64 = 95;

/// Makes the changes and counts.
pub(crate) fn run() -> Result<()> {
    let program = tools::installed("cargo-mutants", VERSION)?;
    let out = root().join("target/faults");
    std::fs::create_dir_all(&out)?;
    let begun = Instant::now();
    let status = Command::new(program)
        .current_dir(root())
        .env("CARGO", cargo_command().get_program())
        // What the rules stand on need not be built anew.
        .env("CARGO_TARGET_DIR", root().join("target/faults/mutants/target"))
        .args(["mutants", "--no-shuffle", "--colors", "never", "--output"])
        .arg(&out)
        .status()?;
    // 2 says that a change was missed, 3 that one made the tests run without end: both are counted below.
    ensure!(
        matches!(status.code(), Some(0 | 2 | 3)),
        "cargo-mutants failed: {status}"
    );
    let said = std::fs::read(out.join("mutants.out/outcomes.json"))?;
    let sums = Sums::read(&serde_json::from_slice(&said)?)?;
    let missed = std::fs::read_to_string(out.join("mutants.out/missed.txt")).unwrap_or_default();
    print!("{missed}");
    let (noticed, made) = (sums.noticed, sums.made);
    println!("{noticed} of {made} small changes were noticed.");
    figures::keep(
        "small changes",
        &[
            ("made to the rules about money".to_owned(), made.into()),
            ("of which a test noticed".to_owned(), noticed.into()),
        ],
        Some(begun.elapsed()),
    )?;
    ensure!(
        sums.is_enough(),
        "fewer than {LEAST} in a hundred changes were noticed"
    );
    Ok(())
}

/// How many changes were made that compile, and how many turned a test red or kept it from ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sums {
    made: u64,
    noticed: u64,
}

impl Sums {
    fn read(said: &Value) -> Result<Self> {
        let count = |name: &str| said[name].as_u64().with_context(|| format!("no count of {name}"));
        let noticed = count("caught")? + count("timeout")?;
        Ok(Self {
            made: noticed + count("missed")?,
            noticed,
        })
    }

    fn is_enough(self) -> bool {
        self.made > 0 && self.noticed * 100 >= self.made * LEAST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nineteen_of_twenty_are_enough_and_none_of_none_is_not() -> Result<()> {
        let with = |caught: u64, missed: u64| {
            let said = serde_json::json!({ "caught": caught, "missed": missed, "timeout": 1, "unviable": 9 });
            Sums::read(&said).map(Sums::is_enough)
        };
        assert!(with(18, 1)?);
        assert!(!with(17, 1)?);
        assert!(!Sums { made: 0, noticed: 0 }.is_enough());
        assert!(Sums::read(&Value::Null).is_err());
        Ok(())
    }
}
