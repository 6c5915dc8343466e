//! `cargo xtask mutants`: the rules about money, changed in every small way by cargo-mutants. What it
//! changes stands in `.cargo/mutants.toml`, and for the desk in `.cargo/mutants-desk.toml`.

use crate::command::{cargo_command, root};
use crate::{figures, tools};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::process::Command;
use std::time::Instant;

/// The release that `.cargo/mutants.toml` was written for.
const CARGO_MUTANTS: &str = "27.1.0";

/// What is changed: in words, by which list, where the outcome lies, and how many of a hundred changes must
/// turn a test red.
const PARTS: [Part; 2] = [
    Part {
        suite: "small changes",
        words: "the rules about money",
        config: "mutants.toml",
        out: "target/faults",
        least: 95,
    },
    Part {
        suite: "small changes of the desk",
        words: "what the desk makes of money",
        config: "mutants-desk.toml",
        out: "target/faults/desk",
        least: 90,
    },
];

struct Part {
    suite: &'static str,
    words: &'static str,
    config: &'static str,
    out: &'static str,
    least: u64,
}

/// Makes the changes and counts.
pub(crate) fn run() -> Result<()> {
    PARTS.iter().try_for_each(part)
}

fn part(part: &Part) -> Result<()> {
    let program = tools::installed("cargo-mutants", "cargo-mutants", CARGO_MUTANTS)?;
    let out = root().join(part.out);
    std::fs::create_dir_all(&out)?;
    let begun = Instant::now();
    let status = Command::new(program)
        .current_dir(root())
        .env("CARGO", cargo_command().get_program())
        // What the rules stand on need not be rebuilt.
        .env("CARGO_TARGET_DIR", root().join("target/faults/mutants/target"))
        .args(["mutants", "--no-shuffle", "--colors", "never", "--config"])
        .arg(root().join(".cargo").join(part.config))
        .arg("--output")
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
        part.suite,
        &[
            (format!("made to {}", part.words), made.into()),
            ("of which a test noticed".to_owned(), noticed.into()),
        ],
        Some(begun.elapsed()),
    )?;
    ensure!(
        sums.is_enough(part.least),
        "fewer than {} in a hundred changes to {} were noticed",
        part.least,
        part.words
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

    fn is_enough(self, least: u64) -> bool {
        self.made > 0 && self.noticed * 100 >= self.made * least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nineteen_of_twenty_are_enough_and_none_of_none_is_not() -> Result<()> {
        let with = |caught: u64, missed: u64| {
            let said = serde_json::json!({ "caught": caught, "missed": missed, "timeout": 1, "unviable": 9 });
            Sums::read(&said).map(|sums| sums.is_enough(95))
        };
        assert!(with(18, 1)?);
        assert!(!with(17, 1)?);
        assert!(!Sums { made: 0, noticed: 0 }.is_enough(95));
        assert!(Sums::read(&Value::Null).is_err());
        Ok(())
    }
}
