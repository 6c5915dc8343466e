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
    let sum = held.join(" and ");
    let mut said = vec![match (tabs, held) {
        (0, _) => "Nothing is open at Dojo that this PC does not know.".to_owned(),
        (1, []) => "1 tab was brought in; nothing is on hold.".to_owned(),
        (1, _) => format!("1 tab was brought in, with {sum} on hold."),
        (many, []) => format!("{many} tabs were brought in; nothing is on hold."),
        (many, _) => format!("{many} tabs were brought in, with {sum} on hold."),
    }];
    if tabs > 0 {
        said.push("Check the bills: only the old PC knows what was added after the last request.".to_owned());
    }
    match foreign {
        0 => {}
        1 => said.push("Holdfast didn’t make one more hold at Dojo; we leave it alone.".to_owned()),
        many => said.push(format!(
            "Holdfast didn’t make {many} more holds at Dojo; we leave them alone."
        )),
    }
    said.join(" ")
}
