//! Whether a program is what a careful person expects: position-independent, its tables read-only, no stack or memory
//! that is both written and run, no key, no path of the computer that compiled it.

use super::build::builders_folders;
use super::{PROGRAMS, Places, printed};
use crate::command::root;
use anyhow::{Result, ensure};
use std::path::Path;
use std::process::Command;

/// Looks at every program.
pub(super) fn check(places: &Places) -> Result<()> {
    let folders = builders_folders()?;
    for name in PROGRAMS {
        let program = places.programs.join(name);
        let bytes = bytes(&std::fs::read(&program)?, &folders, &is_written);
        let wrong = [elf(&program)?, bytes].concat();
        ensure!(
            wrong.is_empty(),
            "{name} isn’t fit to be installed:\n  {}",
            wrong.join("\n  ")
        );
        println!(
            "{name}: position-independent, full RELRO, no executable stack; no key, no path of this computer"
        );
    }
    Ok(())
}

fn elf(program: &Path) -> Result<Vec<String>> {
    let header = printed(Command::new("readelf").args(["--wide", "-hldS"]).arg(program))?;
    Ok(elf_as_printed(&header))
}

/// What `readelf -hldS` shows to be missing.
fn elf_as_printed(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut needs = |is_there: bool, words: &str| {
        if !is_there {
            wrong.push(words.to_owned());
        }
    };
    let flags = |name: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(name));
        line.map(str::to_owned)
    };
    needs(
        text.contains("DYN (Position-Independent"),
        "it isn’t position-independent",
    );
    needs(flags("GNU_RELRO").is_some(), "no RELRO");
    needs(
        text.contains("BIND_NOW") || text.contains("NOW PIE"),
        "RELRO is only partial: no BIND_NOW",
    );
    needs(
        flags("GNU_STACK").is_some_and(|line| !line.contains("RWE")),
        "the stack may be run",
    );
    let both = |line: &str| line.trim_start().starts_with("LOAD") && line.contains("RWE");
    needs(!text.lines().any(both), "memory is both written and run");
    needs(
        !text.contains("(RPATH)") && !text.contains("(RUNPATH)"),
        "it looks for libraries in a path of its own",
    );
    needs(
        text.contains(".dep-v0"),
        "it doesn’t name its crates (cargo auditable)",
    );
    needs(
        !text.contains(".debug_info") && !text.contains(".symtab"),
        "its symbols are still in it",
    );
    wrong
}

/// A key of Dojo's has more signs than that behind its prefix.
const SHORTEST_KEY: usize = 20;

/// Whether somebody wrote this into the tree or the environment, from where alone it can come into a program. A
/// compiler puts other words right behind a prefix, which look like a key and are written nowhere.
fn is_written(text: &str) -> bool {
    let mut search = Command::new("git");
    search
        .args(["grep", "--quiet", "--untracked", "--fixed-strings", "-e", text])
        .current_dir(root());
    // Only a search that found nothing says no.
    let is_in_tree = search.status().map_or(true, |status| status.code() != Some(1));
    is_in_tree || std::env::vars_os().any(|(_, value)| value.to_string_lossy().contains(text))
}

/// Keys of Dojo's, private keys, and folders of this computer. Training's own key is no secret.
fn bytes(program: &[u8], folders: &[String], is_written: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for folder in folders {
        // `/root` alone is a word that any library may hold.
        let path = format!("{}/", folder.trim_end_matches('/'));
        if let Some(at) = find(program, path.as_bytes()) {
            wrong.push(format!("it names {}", text_around(program, at)));
        }
    }
    for key in ["sk_prod_", "sk_sandbox_"] {
        let is_key = |at: &usize| {
            let text = program
                .get(*at..at + key.len() + SHORTEST_KEY)
                .unwrap_or_default();
            let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
            let text = std::str::from_utf8(text).unwrap_or_default();
            !text.is_empty() && text.bytes().all(|byte| is_sign(&byte)) && is_written(text)
        };
        if let Some(at) = all(program, key.as_bytes()).find(is_key) {
            wrong.push(format!("it may hold a key: {}", text_around(program, at)));
        }
    }
    if find(program, b"-----BEGIN PRIVATE KEY-----\n").is_some() {
        wrong.push("it holds a private key".to_owned());
    }
    wrong
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    all(bytes, wanted).next()
}

fn all<'a>(bytes: &'a [u8], wanted: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    bytes
        .windows(wanted.len())
        .enumerate()
        .filter(move |(_, window)| *window == wanted)
        .map(|(at, _)| at)
}

/// The text at a place, for a person to see.
fn text_around(bytes: &[u8], at: usize) -> String {
    let rest = bytes.get(at..).unwrap_or_default();
    let text: Vec<u8> = rest
        .iter()
        .copied()
        .take(120)
        .take_while(u8::is_ascii_graphic)
        .collect();
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "  Type:  DYN (Position-Independent Executable file)\n  [20] .dep-v0 PROGBITS\n  \
        LOAD 0x0 0x1 R E 0x1000\n  GNU_RELRO 0x1 R 0x1\n  GNU_STACK 0x0 RW 0x0\n 0x1e (FLAGS) BIND_NOW\n";

    #[test]
    fn each_missing_protection_is_named() {
        assert!(elf_as_printed(SOUND).is_empty());
        for (from, to) in [
            ("DYN (Position-Independent", "EXEC (Executable"),
            ("BIND_NOW", "LAZY"),
            ("GNU_STACK 0x0 RW ", "GNU_STACK 0x0 RWE "),
            ("LOAD 0x0 0x1 R E", "LOAD 0x0 0x1 RWE"),
            (".dep-v0", ".symtab"),
        ] {
            assert!(!elf_as_printed(&SOUND.replace(from, to)).is_empty(), "{from}");
        }
    }

    #[test]
    fn a_path_and_a_key_are_found() {
        let folders = ["/home/ann/holdfast".to_owned()];
        let key = "sk_prod_0-23456_89abcdef01234567";
        let found = |program: &[u8]| bytes(program, &folders, &|text| key.starts_with(text));
        assert!(found(b"\0/holdfast/src/main.rs\0sk_prod_\0sk_sandbox_training\0").is_empty());
        // As a compiler laid words beside each other, once: in two, for the tree is searched.
        let words = ["sk_prod_", "SaturdayMlKem512EXTERNALAbstract"].concat();
        assert!(found(words.as_bytes()).is_empty());
        assert_eq!(
            found(b"..\0/home/ann/holdfast/src/main.rs\0"),
            ["it names /home/ann/holdfast/src/main.rs"]
        );
        assert_eq!(found(format!("\0{key}\0").as_bytes()).len(), 1);
    }

    #[test]
    fn what_stands_in_the_tree_is_written_and_what_stands_nowhere_is_not() {
        assert!(is_written("fn what_stands_in_the_tree_is_written"));
        assert!(!is_written(&["sk_prod_", "Nowhere", "Written"].concat()));
    }
}
