//! Words have one home: a sentence that people read stands in `wording/`, where it can be found, changed and
//! translated.

use std::collections::BTreeMap;
use std::path::Path;

/// Words that nobody at the till reads: why a lint is expected, what a log says, a name in a file, a type in
/// TypeScript.
const NOT_READ: [&str; 4] = ["tracing::", "reason = ", "strftime", "#[ts(type"];

/// The string literals of Rust code without comments and tests, each with the line that it begins in.
fn literals(text: &str) -> Vec<(String, String)> {
    let production = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut all = Vec::new();
    let mut rest = production;
    let mut statement = String::new();
    while let Some(at) = rest.find(['"', '\'', '/', ';', '{', '}']) {
        statement.push_str(&rest[..at]);
        let from = &rest[at..];
        let end = if from.starts_with("//") {
            from.find('\n').unwrap_or(from.len())
        } else if from.starts_with('"') {
            let (literal, end) = literal(from);
            all.push((statement.clone(), literal));
            end
        } else if from.starts_with("'\"'") {
            3
        } else if from.starts_with("'\\\"'") {
            4
        } else {
            if from.starts_with([';', '{', '}']) {
                statement.clear();
            }
            1
        };
        rest = &from[end..];
    }
    all
}

/// The literal at the beginning of `from`, and where it ends.
fn literal(from: &str) -> (String, usize) {
    let mut is_escaped = false;
    for (at, letter) in from.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return (from[1..at].to_owned(), at + 1),
            _ => {}
        }
    }
    (from[1..].to_owned(), from.len())
}

/// Whether a literal has two words or more that a person would read.
fn is_sentence(literal: &str) -> bool {
    let (mut plain, mut depth) = (String::new(), 0_usize);
    for letter in literal.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let is_format = plain.contains('%') || plain.contains("://");
    !is_format && literal.trim().contains(' ') && plain.split_whitespace().any(|word| is_word(&word))
}

fn sentences(text: &str) -> Vec<String> {
    let read = |(statement, literal): (String, String)| {
        let is_read = !NOT_READ.iter().any(|word| statement.contains(word));
        (is_read && is_sentence(&literal)).then_some(literal)
    };
    literals(text).into_iter().filter_map(read).collect()
}

fn collect(root: &Path, below: &Path, found: &mut BTreeMap<String, Vec<String>>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(below)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, found)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            let name = name.to_string_lossy().replace('\\', "/");
            let sentences = sentences(&std::fs::read_to_string(&path)?);
            if !name.starts_with("wording/") && !sentences.is_empty() {
                found.insert(name, sentences);
            }
        }
    }
    Ok(())
}

#[test]
fn no_sentence_stands_outside_wording() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    collect(&root, &root, &mut found)?;
    let wrong: Vec<String> = found
        .iter()
        .map(|(file, sentences)| format!("{file}:\n    “{}”", sentences.join("”\n    “")))
        .collect();
    assert!(
        wrong.is_empty(),
        "these stand outside wording/:\n{}",
        wrong.join("\n")
    );
    Ok(())
}

#[test]
fn a_sentence_is_told_from_what_nobody_reads() {
    for text in [
        r#"AppError::new(code, "Nothing is on hold.")"#,
        r#"format!("{taken} taken")"#,
        "let words = \"Take it \\\n now\";",
        r#"let x = '"'; f("Not sent")"#,
    ] {
        assert_eq!(sentences(text).len(), 1, "{text}");
    }
    for text in [
        r#"State { code: "not_sent" }"#,
        r#"format!("{first} · {second}")"#,
        r#"tracing::warn!(%error, "a row can’t be read")"#,
        r#"#[expect(dead_code, reason = "only the tests use it")]"#,
        "// \"a comment\" with words\nlet x = 1;",
        r#"at.format("%a %-d %b")"#,
        r#"struct X { #[ts(type = "string | null")] pub at: Option<Instant> }"#,
        "#[cfg(test)]\nmod tests { const X: &str = \"some words\"; }",
    ] {
        assert_eq!(sentences(text), Vec::<String>::new(), "{text}");
    }
}
