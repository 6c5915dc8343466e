//! What closing the night is called: the sentence above the table, the button, its confirm; and what is under way.

use super::night::{requests, tabs};
use super::operations::sentence;
use holdfast_domain::{Money, isolated};

pub(crate) const CLOSE_TAB: &str = "Close tab";
pub(crate) const LEAVE_OPEN: &str = "Leave open";
pub(crate) const CLOSED: &str = "Closed";
pub(crate) const DONE: &str = "Done";
pub(crate) const CANCELLING: &str = "Cancelling…";
pub(crate) const FIX_ROWS: &str = "Fix the rows in red first.";

/// Sums of several currencies, as one says them.
pub(crate) fn all(sums: &[&str]) -> String {
    sums.join(" and ")
}

/// That something is taken from a tab.
pub(crate) fn take(money: Option<Money>, stays_open: bool) -> String {
    match (money, stays_open) {
        (Some(money), true) => format!("Take {money}, stays open"),
        (Some(money), false) => format!("Take {money}"),
        (None, true) => "Take, stays open".to_owned(),
        (None, false) => "Take".to_owned(),
    }
}

/// That something is released on a tab.
pub(crate) fn release(money: Option<Money>, stays_open: bool) -> String {
    match (money, stays_open) {
        (Some(money), true) => format!("Release {money}, stays open"),
        (Some(money), false) => format!("Release {money}"),
        (None, true) => "Release, stays open".to_owned(),
        (None, false) => "Release".to_owned(),
    }
}

/// That a tab's request is cancelled.
pub(crate) fn cancel(stays_open: bool) -> String {
    if stays_open {
        "Cancel the request, stays open".to_owned()
    } else {
        "Cancel the request".to_owned()
    }
}

/// How many tabs become what, with the sums of it as text.
pub(crate) struct NightTotals {
    pub(crate) take: usize,
    pub(crate) release: usize,
    pub(crate) cancel: usize,
    pub(crate) close: usize,
    pub(crate) leave: usize,
    pub(crate) taking: String,
    pub(crate) releasing: String,
    /// More than is due, on how many tabs.
    pub(crate) above: Option<(String, usize)>,
    /// What Dojo takes at the deadline, on how many tabs.
    pub(crate) dojo_takes: Option<(String, usize)>,
}

impl NightTotals {
    /// The button above the table, with what it is about: how many tabs, and the amount.
    pub(crate) fn button(&self) -> String {
        let Self {
            taking, releasing, ..
        } = self;
        match self.chosen() {
            n if n > 0 && n == self.take => format!("Take {taking} from {}", tabs(n)),
            n if n > 0 && n == self.release => format!("Release {releasing} on {}", tabs(n)),
            _ => self.confirm(),
        }
    }

    /// The confirm: each verb with its amount.
    pub(crate) fn confirm(&self) -> String {
        let mut parts = Vec::new();
        if self.take > 0 {
            parts.push(format!("take {}", self.taking));
        }
        if self.release > 0 {
            parts.push(format!("release {}", self.releasing));
        }
        if self.cancel > 0 {
            parts.push(format!("cancel {}", cancelled(self.cancel)));
        }
        if self.close > 0 || parts.is_empty() {
            parts.push(format!("close {}", tabs(self.close)));
        }
        sentence(&parts.join(", "))
    }

    /// What is going to be done, in one sentence.
    pub(crate) fn sentence(&self) -> String {
        let Self {
            taking, releasing, ..
        } = self;
        let mut parts = Vec::new();
        if self.take > 0 {
            parts.push(format!("Take {taking} from {}", tabs(self.take)));
        }
        if self.release > 0 {
            parts.push(format!("release {releasing} on {}", tabs(self.release)));
        }
        if self.cancel > 0 {
            parts.push(format!("cancel {}", requests(self.cancel)));
        }
        if self.close > 0 {
            parts.push(format!("close {}", tabs(self.close)));
        }
        if parts.is_empty() {
            return match self.leave {
                0 => "No tabs open.".to_owned(),
                1 => "Nothing to close. 1 tab stays open.".to_owned(),
                many => format!("Nothing to close. {many} tabs stay open."),
            };
        }
        if self.leave > 0 {
            parts.push(format!("leave {} open", tabs(self.leave)));
        }
        let mut words = format!("{}.", sentence(&parts.join(", ")));
        if let Some((sum, count)) = &self.above {
            words.push_str(&format!(" That’s {sum} more than is due, on {}.", tabs(*count)));
        }
        if let Some((sum, count)) = &self.dojo_takes {
            words.push_str(&format!(
                " Dojo takes another {sum} at the deadline, on {}.",
                tabs(*count)
            ));
        }
        words
    }

    const fn chosen(&self) -> usize {
        self.take
            .saturating_add(self.release)
            .saturating_add(self.cancel)
            .saturating_add(self.close)
    }
}

/// Within a button, where there is no room for more.
fn cancelled(count: usize) -> String {
    match count {
        1 => "1 request".to_owned(),
        _ => format!("{count} requests"),
    }
}

/// Of what a take is made: `Bill £76.00 + service £9.50 + tips £6.00`, and what of that the holds have no room for. A
/// part of which there is nothing is none.
pub(crate) fn made_of(
    bill: Option<&str>,
    service: Option<&str>,
    tips: Option<&str>,
    beyond: Option<&str>,
) -> String {
    let parts = [("bill", bill), ("service", service), ("tips", tips)];
    let parts = parts.into_iter().filter_map(|(name, sum)| Some((name, sum?)));
    let parts: Vec<String> = parts.map(|(name, sum)| format!("{name} {sum}")).collect();
    let all = parts.join(" + ").replacen("bill", "Bill", 1);
    match beyond {
        Some(beyond) => format!("{all} − {beyond} beyond the holds"),
        None => all,
    }
}

/// Why the night isn't closed: rows aren't as they were confirmed any more.
pub(crate) fn rows_changed(changes: &[&str]) -> String {
    format!(
        "{} Nothing was sent. Check the figures before you close the night.",
        changes.join(" ")
    )
}

/// What changed of a row that was confirmed.
pub(crate) enum RowChange<'a> {
    /// Its tab is closed.
    Closed,
    /// Something on the tab is, a sentence each.
    Tab { name: &'a str, changes: &'a [String] },
    /// What would become of it is.
    Becomes { name: &'a str, what: &'a str },
}

impl RowChange<'_> {
    /// For staff.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Closed => "A tab that was in the list is closed.".to_owned(),
            Self::Tab { name, changes } => format!("{}: {}", isolated(name), changes.join(" ")),
            Self::Becomes { name, what } => format!("{}: {what} now.", isolated(name)),
        }
    }
}
