//! What the watch found: deadlines, what was done elsewhere, strangers, a clock that can't be trusted.

use super::{Aside, Item, Next, NextKind, Urgency, about, shows::shows};
use crate::present::view::{State, Tone};
use crate::{AppError, Desk};
use chrono::{DateTime, Utc};
use holdfast_domain::{Finding, FindingKind, Money};

impl Desk {
    /// One for each finding that waits for a person.
    pub(super) async fn found(&self, now: DateTime<Utc>) -> Result<Vec<(Urgency, Item)>, AppError> {
        let mut items = Vec::new();
        for finding in self.context.ledger.findings().await? {
            items.push((urgency(&finding), self.finding_item(finding, now).await?));
        }
        Ok(items)
    }

    async fn finding_item(&self, finding: Finding, now: DateTime<Utc>) -> Result<Item, AppError> {
        let mut name = house(finding.kind()).to_owned();
        let (tab, hold) = match (finding.tab, finding.hold) {
            (Some(tab), Some(hold)) => (
                Some(self.context.ledger.tab(tab).await?),
                Some(self.context.ledger.hold(hold).await?),
            ),
            _ => (None, None),
        };
        if let Some(tab) = &tab {
            name = self.context.title(tab).await?;
        }
        let words = self.reconciler.finding_words(&finding).await?;
        let amount = finding
            .event
            .amount()
            .zip(tab.as_ref())
            .map(|(minor, tab)| format!(": {}", Money::new(minor, tab.currency)));
        // A warning says its amount itself.
        let amount = amount.filter(|_| finding.kind() != FindingKind::Deadline);
        let next = if tab.is_some() {
            Next {
                kind: NextKind::ShowTab,
                label: "Show tab",
            }
        } else {
            Next {
                kind: NextKind::Settings,
                label: "Open Settings",
            }
        };
        Ok(Item {
            state: state(finding.kind()),
            name,
            about: tab
                .as_ref()
                .zip(hold.as_ref())
                .map_or_else(String::new, |(tab, hold)| about(tab, hold)),
            tab_id: finding.tab,
            hold_id: finding.hold,
            asked: None,
            asked_at: None,
            shows: hold.as_ref().map(|hold| shows(hold, now)),
            read_at: hold.as_ref().and_then(|hold| self.reconciler.last_read(hold.id)),
            since: Some(finding.at),
            meaning: format!(
                "{words}{}",
                amount.map_or_else(|| ending(&words), |a| format!("{a}."))
            ),
            locked: None,
            next,
            aside: Some(Aside::Finding(finding.key.to_string())),
            key: finding.key.to_string(),
        })
    }
}

/// Words for the journal end without a stop.
fn ending(words: &str) -> String {
    if words.ends_with('.') {
        String::new()
    } else {
        ".".to_owned()
    }
}

fn urgency(finding: &Finding) -> Urgency {
    match finding.kind() {
        FindingKind::Stranger | FindingKind::Foreign | FindingKind::Clock => Urgency::House,
        FindingKind::Deadline
        | FindingKind::Lapsed
        | FindingKind::TakenByDojo
        | FindingKind::TakenElsewhere
        | FindingKind::ReleasedElsewhere
        | FindingKind::RefundedElsewhere
        | FindingKind::CancelledElsewhere
        | FindingKind::AmountDiffers
        | FindingKind::Contradicts
        | FindingKind::Renewal => Urgency::NeedsYou,
    }
}

/// What it is about where it is about no tab.
const fn house(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Clock => "This PC’s clock",
        _ => "At Dojo",
    }
}

fn state(kind: FindingKind) -> State {
    let (code, words, tone) = match kind {
        FindingKind::Deadline => ("deadline", "Ends soon", Tone::Warn),
        FindingKind::Lapsed => ("lapsed", "Expired", Tone::Bad),
        FindingKind::TakenByDojo => ("taken_by_dojo", "Taken by Dojo", Tone::Warn),
        FindingKind::TakenElsewhere => ("elsewhere", "Taken elsewhere", Tone::Bad),
        FindingKind::ReleasedElsewhere => ("elsewhere", "Released elsewhere", Tone::Bad),
        FindingKind::RefundedElsewhere => ("elsewhere", "Refunded elsewhere", Tone::Warn),
        FindingKind::CancelledElsewhere => ("elsewhere", "Cancelled elsewhere", Tone::Warn),
        FindingKind::AmountDiffers => ("elsewhere", "Amount differs", Tone::Bad),
        FindingKind::Contradicts => ("elsewhere", "Dojo contradicts itself", Tone::Bad),
        FindingKind::Renewal => ("renewal", "Not renewed", Tone::Warn),
        FindingKind::Stranger => ("stranger", "Not known here", Tone::Warn),
        FindingKind::Foreign => ("stranger", "Not made by Holdfast", Tone::Quiet),
        FindingKind::Clock => ("clock", "Clock", Tone::Warn),
    };
    State {
        code,
        words: words.to_owned(),
        tone,
    }
}
