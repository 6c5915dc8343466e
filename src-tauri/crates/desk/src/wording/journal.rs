//! What the journal's comparison with Dojo's record, or with a printed report, comes to.

/// What is wrong with an entry that somebody outside saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// There is another one in its place.
    Differs,
    /// There is none.
    Missing,
}

/// What isn't a printed entry and its seal.
pub(crate) const NOT_A_HEAD: &str =
    "Copy the entry’s number and its seal from the foot of the report, like 812 9f86d081884c7d65…";

/// What to do when the journal isn't what it was.
const WHAT_TO_DO: &str = "Either somebody changed these records, or a copy of them is in use on another PC. \
     Money isn’t affected: Dojo’s record decides. Keep this PC as it is, and compare the printed reports.";

fn entries(count: i64) -> String {
    match count {
        1 => "1 entry".to_owned(),
        many => format!("{many} entries"),
    }
}

/// Dojo confirms the journal up to an entry; `taken_back` is what it knows from before a restore, and when that was.
pub(crate) fn agrees(to: i64, of: i64, taken_back: Option<(usize, &str)>) -> String {
    let since = match of.saturating_sub(to) {
        0 => String::new(),
        1 => " The next request to a guest confirms the one after it.".to_owned(),
        many => format!(" The next request to a guest confirms the {many} after it."),
    };
    let restored = taken_back.map_or_else(String::new, |(requests, at)| {
        let known = match requests {
            1 => "1 request also names".to_owned(),
            many => format!("{many} requests also name"),
        };
        format!(
            " {known} entries that aren’t here: a backup was restored on {at}, and they’re from before that."
        )
    });
    format!("Dojo’s record agrees up to entry {to} of {of}. Every seal is whole.{since}{restored}")
}

/// Dojo knows of no entry; `restored_at` when all that it knows is from before a restore.
pub(crate) fn nothing_to_compare(of: i64, restored_at: Option<&str>) -> String {
    let why = restored_at.map_or_else(
        || "Dojo has no request from the last 35 days that names an entry of this journal.".to_owned(),
        |at| format!("All that Dojo knows is from before a backup was restored on {at}."),
    );
    format!(
        "There’s nothing to compare yet. {why} Every seal is whole ({}), but nobody outside confirms that. \
         The next request to a guest does.",
        entries(of)
    )
}

/// Dojo saw another journal; `agrees_to` is the last entry that it confirms.
pub(crate) fn contradicted(seq: i64, wrong: Wrong, of: i64, agrees_to: Option<i64>) -> String {
    let what = match wrong {
        Wrong::Differs => format!("Entry {seq} differs from what Dojo was told when it was written."),
        Wrong::Missing => format!("Dojo knows of entry {seq}, and these records end at entry {of}."),
    };
    let agrees = agrees_to
        .filter(|to| *to < seq)
        .map_or_else(String::new, |to| format!(" Up to entry {to} they agree."));
    format!("{what}{agrees} {WHAT_TO_DO}")
}

/// A printed entry is in the journal.
pub(crate) fn printed_agrees(seq: i64, of: i64) -> String {
    format!(
        "The report agrees: entry {seq} of {of} has this seal, so nothing up to it has changed since it was printed."
    )
}

/// It isn't, and entries from there on were taken back by a restore.
pub(crate) fn printed_before_restore(seq: i64, at: &str) -> String {
    format!(
        "Entry {seq} on the report isn’t in these records: a backup was restored on {at}. If the report was printed \
         before that, this is why. If it was printed later, somebody changed these records."
    )
}

/// It isn't, and nothing explains it.
pub(crate) fn printed_contradicted(seq: i64, wrong: Wrong, of: i64) -> String {
    let what = match wrong {
        Wrong::Differs => format!("Entry {seq} has another seal than on the report."),
        Wrong::Missing => format!("The report names entry {seq}, and these records end at entry {of}."),
    };
    format!("{what} Check that you copied it right. {WHAT_TO_DO}")
}
