//! What the watch found: deadlines, what was done elsewhere, strangers, a clock that can't be trusted.

use super::{Aside, Item, Next, NextKind, Rank, about};
use crate::present::view::{State, StateCode, Tone};
use crate::wording::{attention, buttons};
use crate::{AppError, Desk};
use chrono::{DateTime, Utc};
use holdfast_domain::{Finding, FindingKind, Money};

impl Desk {
    /// One for each finding that waits for a person.
    pub(super) async fn found(&self, now: DateTime<Utc>) -> Result<Vec<(Rank, Item)>, AppError> {
        let mut items = Vec::new();
        for finding in self.context.ledger.findings().await? {
            items.push(self.finding_item(finding, now).await?);
        }
        Ok(items)
    }

    /// What is said of one.
    pub(super) async fn finding_item(
        &self,
        finding: Finding,
        now: DateTime<Utc>,
    ) -> Result<(Rank, Item), AppError> {
        let urgency = urgency(&finding);
        let mut name = attention::house(finding.kind()).to_owned();
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
            .map(|(minor, tab)| Money::new(minor, tab.currency));
        // A warning says its amount itself.
        let amount = amount.filter(|_| finding.kind() != FindingKind::Deadline);
        let next = if tab.is_some() {
            Next {
                kind: NextKind::ShowTab,
                label: buttons::SHOW_TAB,
            }
        } else {
            Next {
                kind: NextKind::Settings,
                label: buttons::OPEN_SETTINGS,
            }
        };
        let item = Item {
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
            shows: hold.as_ref().map(|hold| attention::shows(hold, now)),
            read_at: hold.as_ref().and_then(|hold| self.reconciler.last_read(hold.id)),
            since: Some(finding.at),
            meaning: attention::found(&finding.event, &words, amount),
            locked: None,
            next,
            aside: Some(Aside::Finding(finding.key.to_string())),
            key: finding.key.to_string(),
        };
        Ok((urgency, item))
    }
}

fn urgency(finding: &Finding) -> Rank {
    match finding.kind() {
        FindingKind::Stranger | FindingKind::Foreign | FindingKind::Clock | FindingKind::TillClock => {
            Rank::House
        }
        FindingKind::CommitsLost
        | FindingKind::Deadline
        | FindingKind::Lapsed
        | FindingKind::TakenByDojo
        | FindingKind::TakenElsewhere
        | FindingKind::ReleasedElsewhere
        | FindingKind::RefundedElsewhere
        | FindingKind::CancelledElsewhere
        | FindingKind::AmountDiffers
        | FindingKind::Contradicts
        | FindingKind::Renewal => Rank::NeedsYou,
    }
}

fn state(kind: FindingKind) -> State<StateCode> {
    let (code, tone) = match kind {
        FindingKind::Deadline => (StateCode::Deadline, Tone::Warn),
        FindingKind::Lapsed => (StateCode::Lapsed, Tone::Bad),
        FindingKind::TakenByDojo => (StateCode::TakenByDojo, Tone::Warn),
        FindingKind::TakenElsewhere
        | FindingKind::ReleasedElsewhere
        | FindingKind::AmountDiffers
        | FindingKind::Contradicts => (StateCode::Elsewhere, Tone::Bad),
        FindingKind::RefundedElsewhere | FindingKind::CancelledElsewhere => {
            (StateCode::Elsewhere, Tone::Warn)
        }
        FindingKind::Renewal => (StateCode::Renewal, Tone::Warn),
        FindingKind::Stranger => (StateCode::Stranger, Tone::Warn),
        FindingKind::Foreign => (StateCode::Stranger, Tone::Quiet),
        FindingKind::Clock | FindingKind::TillClock => (StateCode::Clock, Tone::Warn),
        FindingKind::CommitsLost => (StateCode::Lost, Tone::Bad),
    };
    State {
        code,
        words: attention::finding(kind).to_owned(),
        tone,
    }
}
