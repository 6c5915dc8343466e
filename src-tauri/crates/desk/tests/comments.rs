//! Comments of production Rust keep clear of the words that CONTRIBUTING drops: a reader has to guess what they stand
//! for. The window's test of what staff read has a list of its own, `ui/src/banned-words.json`.

mod source;

use std::path::Path;

/// Each with what to write instead.
const DROPPED: [(&str, &str); 7] = [
    ("whoever", "who it is"),
    ("so many", "how many"),
    ("so much", "how much"),
    ("so long", "how long"),
    ("so often", "how often"),
    ("anew", "again, or a verb with re-"),
    ("amiss", "what is wrong"),
];

const ROOTS: [&str; 2] = ["../..", "../../../xtask/src"];

/// The comments of a file, each with the number of its first line. Those of neighbouring lines are one: a phrase may
/// go over the end of a line.
fn comments(text: &str) -> Vec<(usize, String)> {
    let mut all: Vec<(usize, String)> = Vec::new();
    let mut is_inside = false;
    for (number, line) in (1..).zip(text.lines()) {
        // `://` is an address in a string.
        let at = line
            .match_indices("//")
            .find(|(at, _)| !line[..*at].ends_with(':'));
        let comment = at.map(|(at, _)| line[at..].trim_start_matches(['/', '!']).trim());
        match (comment, all.last_mut()) {
            (Some(comment), Some((_, known))) if is_inside => {
                known.push(' ');
                known.push_str(comment);
            }
            (Some(comment), _) => all.push((number, comment.to_owned())),
            (None, _) => {}
        }
        is_inside = comment.is_some();
    }
    all
}

/// The dropped words in a comment. `so long as` and `so much that` are plain.
fn dropped(comment: &str) -> Vec<(&'static str, &'static str)> {
    let plain: String = comment
        .to_lowercase()
        .chars()
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let has = |phrase: &str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).enumerate().any(|(at, some)| {
            let next = words.get(at + phrase.len());
            some == phrase && !next.is_some_and(|next| ["as", "that"].contains(next))
        })
    };
    DROPPED.into_iter().filter(|(phrase, _)| has(phrase)).collect()
}

fn check(below: &Path, found: &mut Vec<String>) -> std::io::Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(below)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !["tests", "target", "gen"].contains(&&*name) {
                count += check(&path, found)?;
            }
        } else if name.ends_with(".rs") {
            count += 1;
            let text = std::fs::read_to_string(&path)?;
            for (number, comment) in comments(&source::without_tests(&text)) {
                for (phrase, instead) in dropped(&comment) {
                    found.push(format!(
                        "{}: “{phrase}” near line {number}: say {instead}",
                        path.display()
                    ));
                }
            }
        }
    }
    Ok(count)
}

#[test]
fn no_comment_has_a_dropped_word() -> std::io::Result<()> {
    let mut found = Vec::new();
    for root in ROOTS {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        let count = check(&root, &mut found)?;
        assert!(count > 10, "{} was not read", root.display());
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

#[test]
fn a_dropped_word_is_found() {
    let found = |text: &str| {
        let all = comments(text)
            .into_iter()
            .flat_map(|(_, comment)| dropped(&comment));
        all.map(|(phrase, _)| phrase).collect::<Vec<_>>()
    };
    assert_eq!(found("/// For whoever waits.\nfn x() {}\n"), ["whoever"]);
    assert_eq!(found("let x = 1; // Drawn anew.\n"), ["anew"]);
    assert_eq!(found("    // It takes so\n    // long.\n"), ["so long"]);
    for plain in [
        "let whoever = 1;\n",
        "/// For as long as it runs.\n",
        "// So long as it runs, and so much that it shows.\n",
        "let url = \"https://so.long/whoever\";\n",
        "// Also\nlet x = 1;\n// long.\n",
    ] {
        assert_eq!(found(plain), Vec::<&str>::new(), "{plain}");
    }
}
