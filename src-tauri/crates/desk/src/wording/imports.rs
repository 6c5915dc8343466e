//! What an import from Dojo brought, in words.

/// The note on a tab that was found at Dojo after a backup was restored.
pub(crate) const FOUND_AFTER_RESTORE: &str = "Found at Dojo after a backup was restored. Add the bill again.";
/// The note on a tab that another PC opened.
pub(crate) const BROUGHT_IN: &str =
    "Brought in from Dojo. Check the bill: we only know what was on it at the last request.";
/// The one line of a bill that came with its tab.
pub(crate) const BILL_SO_FAR: &str = "Bill so far, from Dojo";

/// How many tabs an import brought, what is on hold on them, as text, and how many holds Holdfast didn't make.
pub(crate) fn imported(tabs: usize, held: &[&str], foreign: usize) -> String {
    let what = match (tabs, held) {
        (0, _) => "Nothing is open at Dojo that this PC does not know.".to_owned(),
        (1, []) => "1 tab was brought in; nothing is on hold.".to_owned(),
        (1, held) => format!("1 tab was brought in, with {} on hold.", held.join(" and ")),
        (many, []) => format!("{many} tabs were brought in; nothing is on hold."),
        (many, held) => format!(
            "{many} tabs were brought in, with {} on hold.",
            held.join(" and ")
        ),
    };
    let bills = if tabs > 0 {
        " Check the bills: only the old PC knows what was added after the last request."
    } else {
        ""
    };
    let others = match foreign {
        0 => String::new(),
        1 => " Holdfast didn’t make one more hold at Dojo; we leave it alone.".to_owned(),
        many => format!(" Holdfast didn’t make {many} more holds at Dojo; we leave them alone."),
    };
    format!("{what}{bills}{others}")
}
