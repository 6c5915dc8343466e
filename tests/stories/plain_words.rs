//! No text that a reader sees, nor any page of the documentation, has a word of `ui/src/banned-words.json`; the
//! window's own texts are asked by its tests.
//!
//! Read is every string literal of production Rust, and:
//! - not comments, and not documentation, but for the command line's: there it is the help that people read;
//! - not what only tests see: whatever is `#[cfg(test)]`, and files of that name;
//! - not attributes, but for `#[error]`, whose words are shown, and the command line's;
//! - not names: a literal of one lower-case word, as codes are, and the names between `{` and `}`.

use anyhow::{Context, Result, ensure};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The one list, which the window's test reads too: each with what to say instead.
fn banned() -> Result<Vec<String>> {
    let list = std::fs::read_to_string(Path::new(ROOT).join("ui/src/banned-words.json"))?;
    let words: BTreeMap<String, String> = serde_json::from_str(&list)?;
    ensure!(!words.is_empty(), "the list of banned words is empty");
    Ok(words.into_keys().collect())
}

/// All files below `folder` that are production Rust.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // Suites and what they are made of.
        let is_test =
            ["tests", "target", "ledger-conformance"].contains(&&*name) || name.ends_with("tests.rs");
        if is_test {
            continue;
        }
        if path.is_dir() {
            sources(&path, found)?;
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
    Ok(())
}

/// A literal's text without the names between braces; none of what is no string.
fn text(literal: &str) -> Option<String> {
    let inner = literal.split_once('"')?.1.rsplit_once('"')?.0;
    let mut text = String::new();
    let mut is_name = false;
    for part in inner.replace("\\\n", " ").replace("\\n", " ").chars() {
        match part {
            '{' => is_name = true,
            '}' => is_name = false,
            _ if is_name => {}
            part => text.push(part),
        }
    }
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn is_name(text: &str) -> bool {
    let of_name = |letter: char| letter.is_ascii_alphanumeric() || "_./:-".contains(letter);
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.chars().all(of_name)
}

/// Every text in `tokens`. Attributes named in `read` are read, the others are passed over.
fn texts(tokens: TokenStream, read: &[&str], found: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut is_test = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                let is_inner = matches!(tokens.peek(), Some(TokenTree::Punct(mark)) if mark.as_char() == '!');
                if is_inner {
                    tokens.next();
                }
                let Some(TokenTree::Group(attribute)) =
                    tokens.next_if(|next| matches!(next, TokenTree::Group(_)))
                else {
                    continue;
                };
                let words = attribute.stream().to_string();
                is_test |= words.replace(' ', "") == "cfg(test)";
                if read.iter().any(|name| words.starts_with(name)) {
                    texts(attribute.stream(), read, found);
                }
            }
            TokenTree::Punct(mark) if mark.as_char() == ';' => is_test = false,
            TokenTree::Group(body) => {
                let is_body = body.delimiter() == Delimiter::Brace;
                if !is_test {
                    texts(body.stream(), read, found);
                }
                is_test &= !is_body;
            }
            TokenTree::Literal(literal) if !is_test => {
                found.extend(text(&literal.to_string()).filter(|text| !is_name(text)));
            }
            TokenTree::Punct(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The texts of `source` with a banned word in them.
fn refused(source: &str, is_command_line: bool, banned: &[String]) -> Result<Vec<String>> {
    let read: &[&str] = if is_command_line {
        &["error", "doc", "command", "arg"]
    } else {
        &["error"]
    };
    let tokens: TokenStream = source.parse().map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut found = Vec::new();
    texts(tokens, read, &mut found);
    found.retain(|text| has_banned(text, banned));
    Ok(found)
}

/// Whether a banned word stands in `text` by itself.
fn has_banned(text: &str, banned: &[String]) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    let text = text.to_lowercase();
    banned.iter().any(|banned| {
        text.match_indices(banned.as_str()).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + banned.len()..].chars().next();
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
    })
}

/// The paragraphs and table rows of a page with a banned word in them. Code between backticks isn't read.
fn refused_on_page(page: &str, banned: &[String]) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    let mut is_code = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
            paragraphs.push(String::new());
            continue;
        }
        if line.trim().is_empty() || line.starts_with(['|', '-', '#']) {
            paragraphs.push(String::new());
        }
        if let Some(paragraph) = paragraphs.last_mut().filter(|_| !is_code) {
            paragraph.push(' ');
            paragraph.push_str(line.trim());
        }
    }
    let prose = paragraphs.into_iter().map(|text| {
        let parts: Vec<&str> = text.split('`').step_by(2).collect();
        parts.join(" ").trim().to_owned()
    });
    prose.filter(|text| has_banned(text, banned)).collect()
}

/// Letters and words alone, so that neither a line break in the code nor the kind of an apostrophe matters.
fn letters(text: &str) -> String {
    let text = text.replace("\\\n", " ").replace(['’', '\''], "").to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The table of troubles quotes what the window says: words that it says no more help nobody.
#[test]
fn what_the_page_says_that_you_see_is_what_is_said() -> Result<()> {
    let mut files = Vec::new();
    sources(&Path::new(ROOT).join("src-tauri"), &mut files)?;
    let mut said = String::new();
    for file in files {
        said.push_str(&letters(&std::fs::read_to_string(file)?));
    }
    let page = std::fs::read_to_string(Path::new(ROOT).join("docs/operation.md"))?;
    let (_, troubles) = page
        .split_once("## When something goes wrong")
        .context("no table")?;
    let troubles = troubles.split("\n## ").next().unwrap_or_default();
    let seen = troubles
        .lines()
        .filter_map(|line| line.strip_prefix("| “")?.split(" | ").next());
    let quotes: Vec<&str> = seen.flat_map(|cell| cell.split(['“', '”', '…'])).collect();
    let quotes = quotes
        .into_iter()
        .map(letters)
        .filter(|quote| quote.contains(' '));
    let (is_said, gone): (Vec<_>, Vec<_>) = quotes.partition(|quote| said.contains(quote));
    ensure!(gone.is_empty(), "no longer said: {gone:#?}");
    ensure!(is_said.len() > 12, "only {} quotes were found", is_said.len());
    Ok(())
}

#[test]
fn no_page_of_the_documentation_has_a_banned_word() -> Result<()> {
    let banned = banned()?;
    let mut pages = vec![
        Path::new(ROOT).join("README.md"),
        Path::new(ROOT).join("CHANGELOG.md"),
    ];
    for entry in std::fs::read_dir(Path::new(ROOT).join("docs"))? {
        pages.push(entry?.path());
    }
    pages.retain(|page| page.extension().is_some_and(|ending| ending == "md"));
    ensure!(pages.len() > 7, "only {} pages were found", pages.len());
    let mut all = String::new();
    for page in pages {
        for text in refused_on_page(&std::fs::read_to_string(&page)?, &banned) {
            all.push_str(&format!("{}: {text}\n", page.strip_prefix(ROOT)?.display()));
        }
    }
    ensure!(
        all.is_empty(),
        "banned words, with what to say instead in banned-words.json:\n{all}"
    );
    let page = "A tab is put\naway.\n\n| one | It goes back |\n```\nanew\n```\nThe `mend` command.";
    let found = refused_on_page(page, &banned);
    ensure!(
        found == ["A tab is put away.", "| one | It goes back |"],
        "{found:?}"
    );
    Ok(())
}

#[test]
fn nobody_reads_a_banned_word() -> Result<()> {
    let (banned, mut files) = (banned()?, Vec::new());
    sources(&Path::new(ROOT).join("src-tauri"), &mut files)?;
    ensure!(files.len() > 200, "only {} files were found", files.len());
    let mut all = String::new();
    for file in files {
        let source = std::fs::read_to_string(&file)?;
        let is_command_line = file.components().any(|part| part.as_os_str() == "cli");
        let found = refused(&source, is_command_line, &banned).context(file.display().to_string())?;
        for text in found {
            all.push_str(&format!("{}: {text}\n", file.strip_prefix(ROOT)?.display()));
        }
    }
    ensure!(
        all.is_empty(),
        "banned words, with what to say instead in banned-words.json:\n{all}"
    );
    Ok(())
}

#[test]
fn a_banned_word_is_seen_wherever_a_reader_would_see_it() -> Result<()> {
    let banned = banned()?;
    let source = r##"
        fn words(n: usize) -> String {
            match n {
                0 => "Put away".to_owned(),
                1 => format!("{n} tabs are put \
                              away"),
                _ => r#"It "goes back" then."#.to_owned(),
            }
        }
        #[error("the file is opened anew: {0}")]
        struct NotSound(String);
    "##;
    let found = refused(source, false, &banned)?;
    assert_eq!(
        found,
        [
            "Put away",
            "tabs are put away",
            "It \"goes back\" then.",
            "the file is opened anew:"
        ]
    );
    let help = "/// Puts a tab away, or puts away all.\nClose { /// Goes back.\n tab: String }";
    assert_eq!(
        refused(help, true, &banned)?,
        ["Puts a tab away, or puts away all.", "Goes back."]
    );
    Ok(())
}

#[test]
fn names_comments_and_tests_are_left_alone() -> Result<()> {
    let source = r#"
        /// It goes back.
        fn mend(mend: &str) -> String {
            // Put away.
            const CODE: &str = "mend";
            let put_away = format!("{mend} is a commendation, {anew}");
            put_away
        }
        #[serde(rename = "put away")]
        struct PutAway;
        #[cfg(test)]
        mod tests {
            const WORDS: &str = "It goes back.";
        }
        #[cfg(test)]
        use words::WORDS;
    "#;
    assert_eq!(refused(source, false, &banned()?)?, Vec::<String>::new());
    // What follows a test is read again.
    let source = r#"#[cfg(test)] mod tests { const A: &str = "Goes back"; } const B: &str = "Lets go";"#;
    assert_eq!(refused(source, false, &banned()?)?, ["Lets go"]);
    Ok(())
}
