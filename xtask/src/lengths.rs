//! How long a file and a line may be. Clippy looks after functions (`too_many_lines`).

use crate::command::root;
use crate::tree;
use anyhow::{Context, Result, ensure};
use std::path::Path;

/// Lines of production code in one file, its tests apart.
const MOST_LINES: usize = 400;

/// Characters in one line, also of a test: what two panes of a screen show side by side.
const MOST_CHARACTERS: usize = 120;

/// What people write here: programs, tests and style sheets.
const MEASURED: [&str; 6] = ["rs", "ts", "svelte", "css", "js", "html"];

/// Reads every source file that git knows, but for those that programs write.
///
/// # Errors
/// Names each file that is too long and each line.
pub(crate) fn check() -> Result<()> {
    let mut found = Vec::new();
    for path in tree::files(&root())? {
        if !is_measured(&path) {
            continue;
        }
        let source =
            std::fs::read_to_string(root().join(&path)).with_context(|| path.display().to_string())?;
        found.extend(too_long(&path, &source));
    }
    ensure!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

fn is_measured(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| MEASURED.contains(&ending)) && !path.starts_with("ui/src/bindings")
}

/// What is too long in a file: lines, and the file itself.
fn too_long(path: &Path, source: &str) -> Vec<String> {
    let name = path.display();
    let mut found: Vec<String> = long_lines(source)
        .map(|(number, length)| {
            format!("{name}:{number} has {length} characters, at most {MOST_CHARACTERS}: break it")
        })
        .collect();
    let lines = production_lines(source);
    if !is_test(path) && lines > MOST_LINES {
        found.push(format!(
            "{name} has {lines} lines without its tests, at most {MOST_LINES}: split it by sense"
        ));
    }
    found
}

/// Whether a whole file is a test: it may be as long as the story that it tells. What the tests stand on may not.
fn is_test(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    path.components().any(|part| part.as_os_str() == "tests")
        || name.is_some_and(|name| name.ends_with(".test.ts"))
}

fn long_lines(source: &str) -> impl Iterator<Item = (usize, usize)> {
    let lengths = source.lines().map(|line| line.chars().count());
    (1..).zip(lengths).filter(|(_, length)| *length > MOST_CHARACTERS)
}

/// Lines outside the modules that are built for tests only.
fn production_lines(source: &str) -> usize {
    let (mut count, mut is_marked, mut is_inside) = (0, false, false);
    for line in source.lines() {
        is_inside |= is_marked && line.starts_with("mod ") && line.ends_with('{');
        is_marked = line == "#[cfg(test)]";
        count += usize::from(!is_inside && !is_marked);
        // rustfmt puts the end of a module, and nothing within it, at the beginning of a line.
        is_inside &= line != "}";
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_in_a_file_don_t_count_and_what_follows_them_does() {
        let source =
            "fn one() {\n}\n\n#[cfg(test)]\nmod tests {\n    fn two() {\n    }\n}\n\nfn three() {\n}\n";
        assert_eq!(production_lines(source), 6);
        let without_body = "#[cfg(test)]\nmod tests;\nfn one() {\n}\n";
        assert_eq!(production_lines(without_body), 3);
    }

    #[test]
    fn a_line_is_measured_in_characters_and_told_by_its_number() {
        let just_right = "é".repeat(MOST_CHARACTERS);
        assert_eq!(long_lines(&just_right).count(), 0);
        let found: Vec<_> = long_lines(&format!("short\n{just_right}x\n")).collect();
        assert_eq!(found, [(2, MOST_CHARACTERS + 1)]);
    }

    #[test]
    fn the_window_is_measured_too_and_what_a_test_wrote_is_not() {
        for path in [
            "xtask/src/main.rs",
            "ui/src/App.svelte",
            "ui/src/deeds.ts",
            "ui/src/styles/rows.css",
        ] {
            assert!(is_measured(Path::new(path)), "{path}");
        }
        for path in ["ui/src/bindings/Hold.ts", "README.md", "ui/package-lock.json"] {
            assert!(!is_measured(Path::new(path)), "{path}");
        }
        let long = "x\n".repeat(MOST_LINES + 1);
        assert_eq!(too_long(Path::new("ui/src/backend/fake/desk.ts"), &long).len(), 1);
        assert_eq!(too_long(Path::new("ui/src/App.svelte"), &long).len(), 1);
        assert!(too_long(Path::new("ui/src/App.test.ts"), &long).is_empty());
    }

    #[test]
    fn only_a_folder_of_tests_makes_a_test() {
        assert!(is_test(Path::new("src-tauri/crates/desk/tests/x.rs")));
        assert!(!is_test(Path::new("src-tauri/crates/desk/src/tests.rs")));
    }
}
