//! Words have one home: a sentence that people read stands in `wording/`, where it can be found, changed and
//! translated. What stands elsewhere yet is counted here, file by file: a number may fall, and none may rise.

use std::collections::BTreeMap;
use std::path::Path;

/// Words that nobody at the till reads: why a lint is expected, what a log says, a name in a file.
const NOT_READ: [&str; 3] = ["tracing::", "reason = ", "strftime"];

/// How many sentences stand outside `wording/` yet.
const YET_TO_MOVE: [(&str, usize); 63] = [
    ("account/refunds.rs", 2),
    ("account/renewals.rs", 1),
    ("api/import.rs", 8),
    ("api/night.rs", 5),
    ("capture/ask_rest.rs", 1),
    ("capture/confirm.rs", 5),
    ("capture/figures.rs", 5),
    ("capture/take.rs", 13),
    ("gateway/dispatch.rs", 2),
    ("gateway/search_cursor.rs", 1),
    ("maintenance/connection.rs", 1),
    ("maintenance/restore.rs", 13),
    ("maintenance/support.rs", 7),
    ("night/carry_out.rs", 1),
    ("operations/bill.rs", 8),
    ("operations/consent/mod.rs", 1),
    ("operations/edit_details.rs", 5),
    ("operations/open.rs", 3),
    ("operations/open_form.rs", 6),
    ("operations/refund.rs", 10),
    ("operations/request.rs", 4),
    ("present/attention/figures.rs", 4),
    ("present/attention/findings.rs", 2),
    ("present/attention/mod.rs", 10),
    ("present/attention/operations.rs", 8),
    ("present/banners.rs", 32),
    ("present/days.rs", 10),
    ("present/deadline.rs", 2),
    ("present/group.rs", 4),
    ("present/guest.rs", 2),
    ("present/hold.rs", 2),
    ("present/next.rs", 6),
    ("present/night_table/mod.rs", 1),
    ("present/night_table/words.rs", 20),
    ("present/open_preview.rs", 16),
    ("present/receipt.rs", 1),
    ("present/refund.rs", 6),
    ("present/renewal.rs", 17),
    ("present/report.rs", 30),
    ("present/row.rs", 9),
    ("present/search.rs", 13),
    ("present/sort.rs", 1),
    ("present/summary.rs", 7),
    ("present/take_preview.rs", 9),
    ("present/view/floor.rs", 4),
    ("present/view/mod.rs", 1),
    ("present/view/opening.rs", 2),
    ("present/view/tab.rs", 9),
    ("present/worklists/arriving.rs", 15),
    ("present/worklists/departed.rs", 9),
    ("present/worklists/mod.rs", 12),
    ("present/worklists/staying.rs", 6),
    ("reconcile/contradiction.rs", 2),
    ("reconcile/import.rs", 2),
    ("reconcile/import_open.rs", 1),
    ("renewal/renew.rs", 3),
    ("reports/days.rs", 2),
    ("reports/export.rs", 15),
    ("reports/make.rs", 5),
    ("settings/backup_folder.rs", 3),
    ("settings/mod.rs", 16),
    ("settings/stored.rs", 1),
    ("watch/alerts.rs", 10),
];

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
fn no_sentence_is_added_outside_wording() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    collect(&root, &root, &mut found)?;
    let known: BTreeMap<&str, usize> = YET_TO_MOVE.into_iter().collect();
    let mut wrong = Vec::new();
    for (file, sentences) in &found {
        let known = known.get(file.as_str()).copied().unwrap_or(0);
        if sentences.len() > known {
            let all = sentences.join("”\n    “");
            wrong.push(format!(
                "{file} has {}, {known} are known:\n    “{all}”",
                sentences.len()
            ));
        }
    }
    for (file, known) in known {
        let count = found.get(file).map_or(0, Vec::len);
        if count < known {
            wrong.push(format!(
                "{file} has {count} now: write that down, so that none comes back"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
        "#[cfg(test)]\nmod tests { const X: &str = \"some words\"; }",
    ] {
        assert_eq!(sentences(text), Vec::<String>::new(), "{text}");
    }
}
