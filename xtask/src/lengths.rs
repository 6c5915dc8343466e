//! How long a file and a line may be. Clippy looks after functions (`too_many_lines`).

use crate::command::root;
use crate::tree;
use anyhow::{Context, Result, ensure};
use std::path::Path;

/// Lines of production code in one file, its tests apart.
const MOST_LINES: usize = 400;

/// Characters in one line, also of a test: what two panes of a screen show side by side.
const MOST_CHARACTERS: usize = 120;

/// Files that are too long still. One that isn't any more has to leave the list, so nothing can be added to it.
const LONG_FILES: &[&str] = &[];

/// Reads every Rust file that git knows.
///
/// # Errors
/// Names each file that is too long and each line, and what is on the list for nothing.
pub(crate) fn check() -> Result<()> {
    let (mut found, mut long) = (Vec::new(), Vec::new());
    for path in tree::files(&root())? {
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let source =
            std::fs::read_to_string(root().join(&path)).with_context(|| path.display().to_string())?;
        found.extend(long_lines(&source).map(|(number, length)| {
            let path = path.display();
            format!("{path}:{number} has {length} characters, at most {MOST_CHARACTERS}: break it")
        }));
        let lines = production_lines(&source);
        if !is_test(&path) && lines > MOST_LINES {
            long.push((path.display().to_string().replace('\\', "/"), lines));
        }
    }
    let listed = |path: &str| LONG_FILES.contains(&path);
    found.extend(
        long.iter()
            .filter(|(path, _)| !listed(path))
            .map(|(path, lines)| {
                format!("{path} has {lines} lines without its tests, at most {MOST_LINES}: split it by sense")
            }),
    );
    let is_long = |path: &str| long.iter().any(|(found, _)| found == path);
    found.extend(LONG_FILES.iter().filter(|path| !is_long(path)).map(|path| {
        format!("{path} is not too long any more: take it off the list in xtask/src/lengths.rs")
    }));
    ensure!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

/// Whether a whole file is a test: it may be as long as the story that it tells.
fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests")
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
    fn only_a_folder_of_tests_makes_a_test() {
        assert!(is_test(Path::new("src-tauri/crates/desk/tests/x.rs")));
        assert!(!is_test(Path::new("src-tauri/crates/desk/src/tests.rs")));
    }
}
