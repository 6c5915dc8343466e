//! Words have one home: what people read stands in the desk's `wording/`, and what the shell itself says in its
//! `wording.rs`, where it can be found, changed and translated. The window's own words: `ui/src/wording/home.test.ts`.

mod source;

use std::collections::BTreeMap;
use std::path::Path;

/// Words that nobody at the till reads: why a lint is expected, what a log says, what an error came of, a name in a
/// file, in a type, in the environment or in another program's catalogue.
const NOT_READ: [&str; 12] = [
    "tracing::",
    "reason = ",
    "strftime",
    "#[ts(",
    "rename = ",
    "#[error(",
    "debug_struct",
    "skip_serializing_if",
    "context(",
    "var(",
    "var_os(",
    "dgettext",
];
/// Dojo's words for when it takes the money, a sound of the desktop's, and a time zone's name.
const CODES: [&str; 8] = [
    "Notify",
    "ActionInvoked",
    "NotificationClosed",
    "Auto",
    "Manual",
    "Ping",
    "UTC",
    "IsStatusNotifierHostRegistered",
];
/// Training’s invented guests, whose names and bills are data, the names of who acted, and the codes of card schemes.
const NAMES: [&str; 4] = ["busy_night.rs", "training.rs", "actor.rs", "seen_card.rs"];

/// The string literals of Rust code without comments and tests, each with the line that it begins in.
fn literals(text: &str) -> Vec<(String, String)> {
    let production = source::without_tests(text);
    let mut all = Vec::new();
    let mut rest = production.as_str();
    let mut statement = String::new();
    while let Some(at) = rest.find(['"', '\'', '/', ';', '{', '}']) {
        statement.push_str(&rest[..at]);
        let from = &rest[at..];
        let end = if from.starts_with("//") {
            from.find('\n').unwrap_or(from.len())
        } else if from.starts_with('"') {
            let (literal, end) = raw_literal(&statement, from).unwrap_or_else(|| literal(from));
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

/// A literal without escapes, if `before` ends in what begins one: `r`, or `r#` with any number of signs.
fn raw_literal(before: &str, from: &str) -> Option<(String, usize)> {
    let signs = before.len() - before.trim_end_matches('#').len();
    let is_raw = before[..before.len() - signs].ends_with('r');
    let end = format!("\"{}", "#".repeat(signs));
    let length = from[1..].find(&end).filter(|_| is_raw)?;
    Some((from[1..=length].to_owned(), length + 1 + end.len()))
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

/// Whether a person would read a literal: it has two words or more, begins as a sentence does, or leans on the words
/// beside it by a space.
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
    // A format, an address and a name are no words; what stands beside them may be.
    let is_format = |word: &&str| word.contains(['%', '_']) || word.contains("://");
    let is_code = CODES.contains(&literal) || plain.chars().all(|c| !c.is_lowercase());
    let is_read = literal.contains(' ') || plain.starts_with(char::is_uppercase);
    let mut words = plain.split_whitespace().filter(|word| !is_format(word));
    !is_code && is_read && words.any(|word| is_word(&word))
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
            let is_home = name.starts_with("wording/") || name == "wording.rs";
            let is_test = name.ends_with("tests.rs");
            if !is_home && !is_test && !NAMES.contains(&&*name) && !sentences.is_empty() {
                found.insert(name, sentences);
            }
        }
    }
    Ok(())
}

fn check(root: &Path) -> std::io::Result<()> {
    let mut found = BTreeMap::new();
    collect(root, root, &mut found)?;
    let wrong: Vec<String> = found
        .iter()
        .map(|(file, sentences)| format!("{file}:\n    “{}”", sentences.join("”\n    “")))
        .collect();
    assert!(
        wrong.is_empty(),
        "these stand outside wording:\n{}",
        wrong.join("\n")
    );
    Ok(())
}

#[test]
fn no_words_of_the_desk_stand_outside_its_wording() -> std::io::Result<()> {
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

#[test]
fn no_words_of_the_shell_stand_outside_its_wording() -> std::io::Result<()> {
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src"))
}

#[test]
fn no_words_of_the_domain_stand_in_it() -> std::io::Result<()> {
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/src"))
}

#[test]
fn a_sentence_is_told_from_what_nobody_reads() {
    for text in [
        r#"AppError::new(code, "Nothing is on hold.")"#,
        r#"format!("{taken} taken")"#,
        "let words = \"Take it \\\n now\";",
        r#"let x = '"'; f("Not sent")"#,
        r#"Kind::Tab => "Tab","#,
        r#"amounts.join(" and ")"#,
        r#"format!("{money} of ")"#,
        r#"format!("{money} of 50 % is too much")"#,
        r#"f("See https://example.com for more")"#,
        "f(r\"C:\\\", \"Not sent\")",
        "#[cfg(test)]\nuse x::y;\nconst X: &str = \"Not sent\";",
    ] {
        assert_eq!(sentences(text).len(), 1, "{text}");
    }
    for text in [
        r#"State { code: "not_sent" }"#,
        r#"format!("{first} · {second}")"#,
        r#"format!("HF-{letters}")"#,
        r#"Some("Manual") => mode"#,
        r#"f.debug_struct("Desk")"#,
        r#"std::env::var("HOLDFAST_LOG")"#,
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
