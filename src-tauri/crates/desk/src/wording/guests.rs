//! Forgetting guests: what the sheet says, and what the history does.

use crate::context::reasons::WhyKept;
use holdfast_domain::{ForgetReason, isolated};

/// What a tab is called whose guest was forgotten.
pub(crate) const FORGOTTEN: &str = "Forgotten guest";

/// In the history, for words of an older version that were about somebody.
pub(crate) const WORDS_GONE: &str = "These words were forgotten with a guest";

/// Why somebody forgets a guest, as the sheet offers it: `Age` and `Again` are Holdfast's own.
pub(crate) const fn reason(why: ForgetReason) -> &'static str {
    match why {
        ForgetReason::Asked => "The guest wrote to us",
        ForgetReason::NotNeeded => "No longer needed",
        ForgetReason::Mistake => "Entered by mistake",
        ForgetReason::Age(_) | ForgetReason::Again => "",
    }
}

/// In the history: no name, only how many tabs and why.
pub(crate) fn forgotten(tabs: u32, why: ForgetReason) -> String {
    let tabs = counted(usize::try_from(tabs).unwrap_or(usize::MAX), "tab", "tabs");
    match why {
        ForgetReason::Asked => format!("Guest forgotten, {tabs}: they asked us to"),
        ForgetReason::NotNeeded => format!("Guest forgotten, {tabs}: no longer needed"),
        ForgetReason::Mistake => format!("Guest forgotten, {tabs}: entered by mistake"),
        ForgetReason::Age(months) => {
            let months = counted(months.into(), "month", "months");
            format!("Guests forgotten, {tabs}: closed {months} ago or longer")
        }
        ForgetReason::Again => format!("Guests forgotten again, {tabs}: this ledger still had them"),
    }
}

impl From<WhyKept> for String {
    fn from(why: WhyKept) -> Self {
        let words = match why {
            WhyKept::ForgottenAlready => FORGOTTEN_ALREADY,
            WhyKept::TabOpen => TAB_OPEN,
            WhyKept::SomethingOpen => SOMETHING_OPEN,
            WhyKept::NoTab => NO_TAB,
        };
        words.to_owned()
    }
}

/// `1 note`, `4 notes`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The sheet's title, and its key.
pub(crate) fn forget(name: &str) -> String {
    format!("Forget {}", isolated(name))
}

/// Under the title: how many tabs, and from when to when.
pub(crate) fn about(tabs: usize, first: &str, last: &str) -> String {
    let tabs = counted(tabs, "closed tab", "closed tabs");
    if first == last {
        format!("{tabs}, {first} · nothing open, nothing on hold")
    } else {
        format!("{tabs}, {first} to {last} · nothing open, nothing on hold")
    }
}

/// Of a tab in the list: when it was closed.
pub(crate) fn closed_on(day: &str) -> String {
    format!("Closed {day}")
}

/// What goes.
pub(crate) const NAME_AND_PLACE: &str = "Name and room or table";
pub(crate) const EMAIL: &str = "E-mail";
pub(crate) const WORDS: &str = "Notes, reasons and the words on bills";

/// Where those words are.
pub(crate) fn words_on(tabs: usize) -> String {
    match tabs {
        1 => "On this tab and in its history".to_owned(),
        _ => format!("On all {tabs} tabs and in their histories"),
    }
}

/// What stays, and why.
pub(crate) const KEPT: [(&str, &str); 2] = [
    ("Amounts, times and Dojo’s references", "Your books need them"),
    ("Tips and service", "Your staff’s pay records need them"),
];

/// The cards that stay.
pub(crate) fn cards(endings: &[String]) -> String {
    match endings {
        [one] => format!("Card ending {one}"),
        many => format!("Cards ending {}", many.join(", ")),
    }
}
pub(crate) const WHY_CARDS: &str = "For refunds and disputes";

/// Until when backups have the name.
pub(crate) fn backups(day: &str) -> String {
    format!("Backups keep the name until {day}")
}
pub(crate) const RESTORED: &str = "If you restore one before then, we forget this guest again. Dojo keeps its own \
     records, and so do papers you printed and files you saved.";

/// Beside the tick.
pub(crate) const CHECKED: &str = "I’ve checked that this is the right guest. It can’t be undone.";

/// Above the field for the name.
pub(crate) fn type_name(name: &str) -> String {
    format!("Type {} to confirm", isolated(name))
}

/// The safe key.
pub(crate) const KEEP: &str = "Keep the guest";

/// Why a guest can't be forgotten.
const FORGOTTEN_ALREADY: &str = "This guest was forgotten already.";
const TAB_OPEN: &str = "This tab is open. Close it first.";
const SOMETHING_OPEN: &str =
    "Something on this tab is still open: a hold, a request or something that needs you.";
pub(crate) const NO_TAB: &str = "Tick at least one tab.";

/// Why what was typed doesn’t confirm it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotTheName(pub(crate) String);

impl From<NotTheName> for String {
    fn from(NotTheName(name): NotTheName) -> Self {
        format!("Type the name as it stands above: {}", isolated(&name))
    }
}
