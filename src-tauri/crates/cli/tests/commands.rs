//! The program itself, with no Dojo that could be asked.

use holdfast_ledger_sqlite::SqliteLedger;
use std::path::Path;
use std::process::{Command, Output};

/// Nobody listens on the port that is reserved for nothing.
const NOWHERE: &str = "http://127.0.0.1:1";

fn holdfast(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_holdfast-cli"))
        .args(arguments)
        .env("HOLDFAST_DATA_DIR", data)
        .env("HOLDFAST_DOJO_URL", NOWHERE)
        .env("HOLDFAST_KEY", "sk_sandbox_invented_for_tests")
        .output()
        .expect("the program")
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn a_check_says_that_dojo_could_not_be_asked_and_ends_with_a_code_of_its_own() {
    let data = tempfile::tempdir().expect("a folder");
    assert!(
        holdfast(data.path(), &["open", "tab", "Ann", "50"])
            .status
            .success()
    );
    let checked = holdfast(data.path(), &["check"]);
    let words = said(&checked);
    assert!(words.contains("every seal is whole"), "{words}");
    assert!(words.contains("Dojo couldn’t be asked"), "{words}");
    assert_eq!(checked.status.code(), Some(3), "{words}");
    // A printed foot is compared without Dojo, and one of another journal is a failure.
    let printed = holdfast(data.path(), &["check", "--head", "1:0000000000000000"]);
    assert_eq!(printed.status.code(), Some(1), "{}", said(&printed));
}

#[test]
fn what_it_leaves_open_is_noted_for_the_window() {
    let data = tempfile::tempdir().expect("a folder");
    let noted = data.path().join("sandbox/open-tabs");
    let opened = holdfast(data.path(), &["--json", "open", "tab", "Ann", "50"]);
    let words = std::fs::read_to_string(&noted).unwrap_or_else(|error| panic!("{error}: {}", said(&opened)));
    assert!(words.contains("1 tab"), "{words}");
    let tab: serde_json::Value = serde_json::from_slice(&opened.stdout).expect("a tab");
    let closed = holdfast(
        data.path(),
        &["close", tab["row"]["reference"].as_str().expect("a reference")],
    );
    assert!(closed.status.success() && !noted.exists(), "{}", said(&closed));
}

/// What is refused before the server is asked for anything.
fn not_imported(folder: &Path) -> String {
    let at = folder.to_str().expect("a path");
    let nobody = "host=/nowhere user=nobody dbname=nothing";
    let imported = holdfast(
        folder,
        &["ledger", "--server", nobody, "import", at, "--venue", "1"],
    );
    assert_eq!(imported.status.code(), Some(1), "{}", said(&imported));
    said(&imported)
}

#[test]
fn a_ledger_that_cant_be_moved_is_refused_with_what_to_do() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().join("live");
    let words = not_imported(&folder);
    assert!(
        words.contains("there is no such folder") && !folder.exists(),
        "{words}"
    );
    std::fs::create_dir(&folder).expect("a folder");
    let words = not_imported(&folder);
    assert!(words.contains("name the mode’s folder"), "{words}");
    let open = SqliteLedger::open(&folder).expect("a ledger");
    let words = not_imported(&folder);
    assert!(words.contains("a till has it open. Close that till"), "{words}");
    drop(open);
    // Nothing is wrong with it any more, but nobody is at that address.
    let words = not_imported(&folder);
    assert!(words.contains("the shared ledger can’t be reached"), "{words}");
    std::fs::write(folder.join("ledger.db"), "not a ledger").expect("a file");
    let words = not_imported(&folder);
    assert!(
        words.contains("is damaged") && words.contains("puts the best backup in its place"),
        "{words}"
    );
}

#[test]
fn a_till_leaves_a_shared_ledger_whose_server_never_comes_back_once_somebody_says_so() {
    use std::io::Write;
    use std::process::Stdio;
    let data = tempfile::tempdir().expect("a folder");
    let leave = ["ledger", "leave", "--mode", "live"];
    let words = said(&holdfast(data.path(), &leave));
    assert!(words.contains("a ledger of its own already"), "{words}");
    let folder = data.path().join("live");
    std::fs::create_dir_all(&folder).expect("a folder");
    let joined = folder.join("shared-ledger.json");
    let of_nobody =
        r#"{"address":"host=/nowhere dbname=nothing","role":"r","till":"Bar 2","has_password":false}"#;
    std::fs::write(&joined, of_nobody).expect("a file");
    let typing = |typed: &str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_holdfast-cli"))
            .args(leave)
            .env("HOLDFAST_DATA_DIR", data.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut keys = program.stdin.take().expect("a keyboard");
        writeln!(keys, "{typed}").expect("a line");
        said(&program.wait_with_output().expect("an end"))
    };
    let words = typing("yes");
    assert!(words.contains("Type “Bar 2” to leave."), "{words}");
    assert!(
        words.contains("nothing was changed") && joined.exists(),
        "{words}"
    );
    let words = typing("bar 2");
    assert!(words.contains("a ledger of its own again"), "{words}");
    assert!(!joined.exists());
    std::fs::write(&joined, "{").expect("a file");
    assert!(
        holdfast(data.path(), &[&leave[..], &["--yes"]].concat())
            .status
            .success()
    );
    assert!(!joined.exists(), "one that nobody can read is left too");
}

/// `script` gives it a terminal, and shows all that the terminal shows.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_no_word_of_the_recovery_phrase() {
    use std::io::Write;
    use std::process::Stdio;
    let data = tempfile::tempdir().expect("a folder");
    let words = "abandon ".repeat(11) + "about";
    let program = env!("CARGO_BIN_EXE_holdfast-cli");
    let mut script = Command::new("script")
        .args([
            "-qec",
            &format!("{program} restore nowhere.db.age --yes"),
            "/dev/null",
        ])
        .env("HOLDFAST_DATA_DIR", data.path())
        .env("HOLDFAST_DOJO_URL", NOWHERE)
        .env("HOLDFAST_KEY", "sk_sandbox_invented_for_tests")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script, of util-linux");
    // Typed once the program has asked, for the terminal shows what comes before.
    std::thread::sleep(std::time::Duration::from_secs(2));
    let mut typing = script.stdin.take().expect("a keyboard");
    writeln!(typing, "{words}").expect("a line");
    let shown = said(&script.wait_with_output().expect("an end"));
    // The phrase was read: what is missing is the copy.
    assert!(
        shown.contains("12 words") && shown.contains("No such file"),
        "{shown}"
    );
    assert!(!shown.contains("abandon"), "{shown}");
}
