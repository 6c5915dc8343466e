//! `cargo xtask faults --mutants`: each safety net is cut in a copy of the tree, and a suite must notice.
//!
//! `tests/mutants/*.patch` say what is cut and which suites may notice it, the quickest first. The copy
//! and what is built from it stay in `target/faults/mutants`, so that each cut only rebuilds what it
//! touches. The product itself has no switch for any of it.

use crate::command::{cargo_command, go_in, root};
use crate::figures;
use crate::tree;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How many nets there are; each has at least one patch.
const SAFETY_NETS: usize = 61;

/// A suite that takes longer has lost its way, which is no verdict.
const LONGEST_SUITE: Duration = Duration::from_secs(15 * 60);

/// One cut.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mutant {
    /// Number and name of the net, such as `M9 synchronous=NORMAL`.
    net: String,
    /// What is cut, in words.
    cut: String,
    /// Suites that may notice.
    suites: Vec<Suite>,
    patch: PathBuf,
}

/// A suite: of the attacks, or of cargo's tests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Suite(Vec<String>);

impl Suite {
    fn is_attack(&self) -> bool {
        self.0.first().is_some_and(|word| word == "faults")
    }

    fn arguments(&self) -> impl Iterator<Item = &String> {
        self.0.iter().skip(1)
    }

    /// `suite world`, or the test's file; all stories are one program, and a filter begins with theirs.
    fn name(&self) -> String {
        let after = |flag: &str| self.0.iter().skip_while(|word| *word != flag).nth(1);
        let named = if self.is_attack() {
            after("--suite").map(|suite| format!("suite {suite}"))
        } else {
            let file = self.0.last().and_then(|filter| filter.split_once("::"));
            let file = file.map(|(file, _)| file.to_owned());
            file.or(after("--test").cloned())
                .map(|test| format!("test {test}"))
        };
        named.unwrap_or_else(|| self.0.join(" "))
    }
}

impl Mutant {
    fn read(patch: PathBuf) -> Result<Self> {
        let text = std::fs::read_to_string(&patch)?;
        let mut lines = text.lines();
        let net = lines.next().context("no name")?.to_owned();
        let cut = lines.next().context("no words")?.to_owned();
        let runs = lines.map_while(|line| line.strip_prefix("run: "));
        let suites: Vec<Suite> = runs
            .map(|run| Suite(run.split_whitespace().map(str::to_owned).collect()))
            .collect();
        ensure!(
            net.starts_with('M') && !suites.is_empty(),
            "{} does not say what it cuts and who notices",
            patch.display()
        );
        Ok(Self {
            net,
            cut,
            suites,
            patch,
        })
    }

    /// Keeps who noticed, each cut by itself: all of them together take most of an hour.
    fn keep(&self, row: Option<&(String, String, Duration)>) -> Result<()> {
        let name = self.patch.file_stem().and_then(|name| name.to_str());
        let suite = format!("mutant {}", name.context("a patch has a name")?);
        let by = row.map_or_else(
            || "not noticed".to_owned(),
            |(suite, _, took)| format!("noticed by {suite} after {} s", took.as_secs()),
        );
        figures::keep(&suite, &[(self.cut.clone(), Value::from(by))], None)
    }

    /// `M9`
    fn number(&self) -> &str {
        self.net.split(' ').next().unwrap_or_default()
    }
}

fn all() -> Result<Vec<Mutant>> {
    let folder = root().join("tests/mutants");
    let mut patches: Vec<PathBuf> = folder
        .read_dir()?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    patches.retain(|path| path.extension().is_some_and(|ending| ending == "patch"));
    patches.sort();
    patches.into_iter().map(Mutant::read).collect()
}

/// Where the copy is, and what is built from it.
struct Bench {
    tree: PathBuf,
    target: PathBuf,
}

/// Cuts each net, or those whose numbers are given, and sees which suite notices.
pub(crate) fn run(wanted: &[String]) -> Result<()> {
    let mut mutants = all()?;
    if wanted.is_empty() {
        let nets: BTreeSet<&str> = mutants.iter().map(Mutant::number).collect();
        ensure!(
            nets.len() == SAFETY_NETS,
            "{SAFETY_NETS} nets are promised, {} are cut",
            nets.len()
        );
    }
    mutants.retain(|mutant| wanted.is_empty() || wanted.iter().any(|number| number == mutant.number()));
    ensure!(!mutants.is_empty(), "there is no such mutant");
    let home = root().join("target/faults/mutants");
    let bench = Bench {
        tree: home.join("tree"),
        target: home.join("target"),
    };
    bench.baseline(&mutants)?;
    let mut rows = Vec::new();
    for mutant in &mutants {
        let row = bench.try_one(mutant).unwrap_or_else(|error| {
            // The others are tried all the same: it took long to get here.
            println!("== {}: {}: {error:#}", mutant.number(), mutant.patch.display());
            None
        });
        mutant.keep(row.as_ref())?;
        rows.push(row);
    }
    tree::copy(&root(), &bench.tree)?;
    report(&mutants, &rows)
}

/// Who noticed, what it said, and after how long; none if nobody did.
type Row = Option<(String, String, Duration)>;

fn report(mutants: &[Mutant], rows: &[Row]) -> Result<()> {
    println!("\n== mutants");
    for (mutant, row) in mutants.iter().zip(rows) {
        println!("{}: {}", mutant.net, mutant.cut);
        match row {
            Some((suite, words, took)) => {
                println!("    killed by {suite} after {} s: {words}", took.as_secs());
            }
            None => println!("    SURVIVED"),
        }
    }
    let survived = rows.iter().filter(|row| row.is_none()).count();
    ensure!(
        survived == 0,
        "{survived} of {} cuts were not noticed",
        mutants.len()
    );
    let nets: BTreeSet<&str> = mutants.iter().map(Mutant::number).collect();
    println!(
        "{} nets cut in {} ways, every cut noticed.",
        nets.len(),
        mutants.len()
    );
    Ok(())
}

impl Bench {
    /// Without a cut every suite is green, or its red would say nothing.
    fn baseline(&self, mutants: &[Mutant]) -> Result<()> {
        tree::copy(&root(), &self.tree)?;
        let suites: BTreeSet<&Suite> = mutants.iter().flat_map(|mutant| &mutant.suites).collect();
        for suite in suites {
            println!("== nothing cut: {}", suite.0.join(" "));
            self.build(suite)?;
            if let Some(words) = self.notices(suite)? {
                bail!("{} is red with nothing cut: {words}", suite.0.join(" "));
            }
        }
        Ok(())
    }

    fn try_one(&self, mutant: &Mutant) -> Result<Row> {
        println!("== {}", mutant.net);
        tree::copy(&root(), &self.tree)?;
        tree::apply(&self.tree, &mutant.patch)?;
        for suite in &mutant.suites {
            // A cut that does not build is not noticed, it is wrong.
            self.build(suite)?;
            let begun = Instant::now();
            if let Some(words) = self.notices(suite)? {
                println!("== {}: killed by {}: {words}", mutant.number(), suite.name());
                return Ok(Some((suite.name(), words, begun.elapsed())));
            }
            println!("== {}: {} is green", mutant.number(), suite.name());
        }
        Ok(None)
    }

    fn cargo(&self) -> Command {
        let mut cargo = cargo_command();
        cargo.env("CARGO_TARGET_DIR", &self.target).arg("--color=never");
        cargo
    }

    fn build(&self, suite: &Suite) -> Result<()> {
        let mut cargo = self.cargo();
        if suite.is_attack() {
            cargo.args([
                "build",
                "--quiet",
                "-p",
                "holdfast-cli",
                "-p",
                "holdfast-tests",
                "--bins",
            ]);
        } else {
            cargo
                .args(["test", "--quiet", "--no-run"])
                .args(suite.arguments());
        }
        go_in(&self.tree, &mut cargo)
    }

    /// Runs a suite that is built; what it says if it is red.
    fn notices(&self, suite: &Suite) -> Result<Option<String>> {
        let mut command = if suite.is_attack() {
            let mut attack = Command::new(self.target.join("debug/faults"));
            attack.args(suite.arguments());
            attack
        } else {
            let mut tests = self.cargo();
            tests.arg("test").args(suite.arguments());
            tests
        };
        let log = self.target.join("said.txt");
        let said = File::create(&log)?;
        command
            .current_dir(&self.tree)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(said.try_clone()?)
            .stderr(said);
        let is_green = ends_well(&mut command)?;
        let words = std::fs::read(&log)?;
        Ok((!is_green).then(|| telling(&String::from_utf8_lossy(&words))))
    }
}

fn ends_well(command: &mut Command) -> Result<bool> {
    let mut child = command.spawn()?;
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if begun.elapsed() > LONGEST_SUITE {
            child.kill()?;
            bail!("{command:?} does not come to an end");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The words of a red suite that say most: the innermost cause, or the tests that failed.
fn telling(said: &str) -> String {
    let causes = said.lines().skip_while(|line| !line.starts_with("Caused by:"));
    let numbered = |line: &str| {
        let (number, words) = line.trim_start().split_once(": ")?;
        number.parse::<u32>().ok().map(|_| words.to_owned())
    };
    let failed: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"))
        .collect();
    let words = causes.filter_map(numbered).last().unwrap_or(failed.join(", "));
    words.chars().take(160).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_say_most_are_found() {
        let attack =
            "== power\nError: a fault\n\nCaused by:\n    0: take:0:1\n    1: it forgot\n       It says:\n";
        assert_eq!(telling(attack), "it forgot");
        let tests = "running 2 tests\ntest one ... ok\ntest two ... FAILED\n\nfailures:\n";
        assert_eq!(telling(tests), "two");
    }

    #[test]
    fn every_net_has_a_patch_with_a_suite() -> Result<()> {
        let all = all()?;
        let nets: BTreeSet<&str> = all.iter().map(Mutant::number).collect();
        assert_eq!(nets.len(), SAFETY_NETS);
        let named = |words: &str| Suite(words.split(' ').map(str::to_owned).collect()).name();
        assert_eq!(named("faults --suite power --only take"), "suite power");
        assert_eq!(named("test --test wire a_redirection"), "test wire");
        assert_eq!(named("test --test stories renew::the_new_hold"), "test renew");
        Ok(())
    }

    /// A developer who moves a net notices here that its cut has to move along.
    #[test]
    fn every_patch_still_fits() -> Result<()> {
        for mutant in all()? {
            tree::fits(&root(), &mutant.patch)?;
        }
        Ok(())
    }
}
