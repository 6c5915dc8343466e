//! What a manager should know of a tab before the night is closed.

use super::NightFlag;
use crate::TakePreview;
use crate::context::frame::Frame;
use crate::present::view::{Money as MoneyView, TabRow, Tone};
use chrono::NaiveDate;
use holdfast_domain::Kind;

pub(super) fn flag(tone: Tone, words: impl Into<String>) -> NightFlag {
    NightFlag {
        words: words.into(),
        tone,
    }
}

pub(super) fn flags(
    tab: &TabRow,
    over: Option<MoneyView>,
    preview: &TakePreview,
    frame: Frame,
) -> Vec<NightFlag> {
    let mut flags = Vec::new();
    let today = frame.days.of(frame.now);
    if let Some(over) = over {
        let words = if tab.held.minor > 0 {
            format!("{} over", over.text)
        } else {
            format!("{} not paid", over.text)
        };
        flags.push(flag(Tone::Bad, words));
    }
    if let Some(above) = &preview.above {
        flags.push(flag(Tone::Warn, format!("{} more than is due", above.text)));
    }
    if let Some(takes) = &preview.dojo_takes {
        let words = format!("Dojo takes the other {} too", takes.money.text);
        flags.push(flag(Tone::Warn, words));
    }
    if tab.needs_person {
        flags.push(flag(Tone::Bad, tab.state.words.clone()));
    }
    if !tab.is_named {
        flags.push(flag(Tone::Warn, "No name"));
    }
    if tab.is.is_waiting() {
        flags.push(flag(Tone::Wait, "Card never added"));
    }
    if tab.kind == Kind::Deposit {
        flags.push(match tab.departs_on {
            None => flag(Tone::Quiet, "Deposit, no departure date"),
            Some(day) if day > today => flag(
                Tone::Quiet,
                format!("Deposit, the guest stays until {}", short_day(day)),
            ),
            Some(day) if day == today => flag(Tone::Warn, "Deposit, the guest departs today"),
            Some(day) => flag(
                Tone::Warn,
                format!("Deposit, the guest left on {}", short_day(day)),
            ),
        });
    }
    if tab.captured.minor > 0 {
        let is_part = tab.left.minor > 0 || preview.due.minor > 0;
        let words = if is_part { "Part taken" } else { "Paid" };
        flags.push(flag(Tone::Good, format!("{words} {}", tab.captured.text)));
    }
    let opened = frame.days.of(tab.opened_at);
    if opened < today && tab.kind != Kind::Deposit {
        flags.push(flag(Tone::Warn, format!("Open since {}", short_day(opened))));
    }
    if tab.bill.minor == 0 && tab.left.minor > 0 && tab.kind == Kind::Tab {
        flags.push(flag(Tone::Quiet, "Nothing on the bill"));
    }
    flags
}

pub(super) fn short_day(day: NaiveDate) -> String {
    day.format("%a %-d %b").to_string()
}
