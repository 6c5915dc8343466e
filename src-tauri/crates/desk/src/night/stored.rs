//! The plan of a night's row as the ledger keeps it: JSON, which former releases wrote and read too. These types are of
//! that text alone, so that the window's can change and the text doesn't.

use crate::night::run::{NightAction, RowDecision, RowPlan};
use crate::operations::consent::{Seen, SeenHold};
use crate::{AppError, ErrorCode};
use holdfast_domain::{DeadlineAction, HoldId, Money, OperationId, OperationKind, SeenCard};
use holdfast_ledger::RunRow;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct StoredPlan {
    /// Not known of a run that an older release began.
    #[serde(default)]
    action: Option<StoredAction>,
    #[serde(default)]
    money: Option<Money>,
    /// The same in words, of a run that an older release began.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    what: String,
    parts: Vec<StoredDecision>,
    /// Not known of a run that an older release began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked: Option<[i64; 3]>,
    /// Not known of a run that an older release began.
    #[serde(default)]
    consent: Option<StoredSeen>,
    #[serde(default)]
    stays_open: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredAction {
    Take,
    Release,
    Cancel,
    /// Closing a tab, by the name that it had at first, which older releases read.
    #[serde(alias = "closeTab")]
    PutAway,
    Leave,
}

#[derive(Serialize, Deserialize)]
struct StoredDecision {
    id: OperationId,
    hold: HoldId,
    kind: OperationKind,
    amount: i64,
    #[serde(default)]
    service: i64,
    tip: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredSeen {
    due_minor: i64,
    lines: usize,
    holds: Vec<StoredHold>,
    /// Not known of a night that an older release began.
    #[serde(default)]
    is_closed: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredHold {
    hold_id: HoldId,
    /// By its code.
    card: Option<SeenCard>,
    asked_minor: i64,
    authorised_minor: i64,
    taken_minor: i64,
    refunded_minor: i64,
    left_minor: i64,
    /// Not known of a night that an older release began.
    #[serde(default)]
    deadline_action: Option<DeadlineAction>,
    under_way: Option<OperationId>,
    /// Not known of a night that an older release began.
    #[serde(default)]
    is_last: bool,
}

impl RowPlan {
    /// As the ledger keeps it.
    pub(crate) fn text(&self) -> Result<String, AppError> {
        let kept = StoredPlan::from(self.clone());
        serde_json::to_string(&kept).map_err(|e| AppError::new(ErrorCode::Internal, e.to_string()))
    }

    /// What is kept with `row`; none when it can't be read. Its tab is on the floor all the same, and what was sent is
    /// in the ledger.
    pub(crate) fn of(row: &RunRow) -> Option<Self> {
        let read = serde_json::from_str::<StoredPlan>(&row.plan);
        read.inspect_err(|error| tracing::warn!(%error, "a row of a night can’t be read"))
            .ok()
            .map(Self::from)
    }
}

impl From<RowPlan> for StoredPlan {
    fn from(plan: RowPlan) -> Self {
        let RowPlan {
            action,
            money,
            former_words,
            parts,
            asked,
            consent,
            stays_open,
        } = plan;
        Self {
            action: action.map(Into::into),
            money,
            what: former_words,
            parts: parts.into_iter().map(Into::into).collect(),
            asked,
            consent: consent.map(Into::into),
            stays_open,
        }
    }
}

impl From<StoredPlan> for RowPlan {
    fn from(plan: StoredPlan) -> Self {
        let StoredPlan {
            action,
            money,
            what,
            parts,
            asked,
            consent,
            stays_open,
        } = plan;
        Self {
            action: action.map(Into::into),
            money,
            former_words: what,
            parts: parts.into_iter().map(Into::into).collect(),
            asked,
            consent: consent.map(Into::into),
            stays_open,
        }
    }
}

/// The same fields on both sides, named once; one that is missing doesn't compile.
macro_rules! same {
    ($shown:ident = $stored:ident { $($field:ident),* }) => {
        impl From<$shown> for $stored {
            fn from($shown { $($field),* }: $shown) -> Self {
                Self { $($field),* }
            }
        }

        impl From<$stored> for $shown {
            fn from($stored { $($field),* }: $stored) -> Self {
                Self { $($field),* }
            }
        }
    };
}

same!(
    RowDecision = StoredDecision {
        id,
        hold,
        kind,
        amount,
        service,
        tip
    }
);
same!(
    SeenHold = StoredHold {
        hold_id,
        card,
        asked_minor,
        authorised_minor,
        taken_minor,
        refunded_minor,
        left_minor,
        deadline_action,
        under_way,
        is_last
    }
);

impl From<Seen> for StoredSeen {
    fn from(seen: Seen) -> Self {
        let Seen {
            due_minor,
            lines,
            holds,
            is_closed,
        } = seen;
        Self {
            due_minor,
            lines,
            holds: holds.into_iter().map(Into::into).collect(),
            is_closed,
        }
    }
}

impl From<StoredSeen> for Seen {
    fn from(seen: StoredSeen) -> Self {
        let StoredSeen {
            due_minor,
            lines,
            holds,
            is_closed,
        } = seen;
        Self {
            due_minor,
            lines,
            holds: holds.into_iter().map(Into::into).collect(),
            is_closed,
        }
    }
}

impl From<NightAction> for StoredAction {
    fn from(action: NightAction) -> Self {
        match action {
            NightAction::Take => Self::Take,
            NightAction::Release => Self::Release,
            NightAction::Cancel => Self::Cancel,
            NightAction::CloseTab => Self::PutAway,
            NightAction::Leave => Self::Leave,
        }
    }
}

impl From<StoredAction> for NightAction {
    fn from(action: StoredAction) -> Self {
        match action {
            StoredAction::Take => Self::Take,
            StoredAction::Release => Self::Release,
            StoredAction::Cancel => Self::Cancel,
            StoredAction::PutAway => Self::CloseTab,
            StoredAction::Leave => Self::Leave,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_domain::{Card, TabId};

    /// A row as ledgers out there have it. This text never changes.
    const KEPT: &str = concat!(
        r#"{"action":"take","money":{"minor":4500,"currency":"GBP"},"#,
        r#""parts":[{"id":"00000000-0000-0000-0000-000000000001","hold":"00000000-0000-0000-0000-000000000002","#,
        r#""kind":"capture","amount":4000,"service":500,"tip":500}],"asked":[4000,500,500],"#,
        r#""consent":{"dueMinor":4000,"lines":2,"holds":[{"holdId":"00000000-0000-0000-0000-000000000002","#,
        r#""card":"MC 1005","askedMinor":10000,"authorisedMinor":10000,"takenMinor":0,"refundedMinor":0,"#,
        r#""leftMinor":10000,"deadlineAction":"release","underWay":"00000000-0000-0000-0000-000000000003","#,
        r#""isLast":true}],"isClosed":false},"stays_open":true}"#
    );

    fn read(plan: &str) -> RowPlan {
        RowPlan::of(&RunRow {
            tab: TabId(uuid::Uuid::nil()),
            name: String::new(),
            plan: plan.to_owned(),
            ended: None,
        })
        .unwrap()
    }

    #[test]
    fn a_row_is_kept_as_it_always_was() {
        assert_eq!(read(KEPT).text().unwrap(), KEPT);
    }

    #[test]
    fn the_card_of_a_kept_row_is_the_one_that_dojo_shows() {
        let brand = Some("MASTERCARD".to_owned());
        let last_four = Some("1005".to_owned());
        let shown = SeenCard::of(&Card { brand, last_four });
        let seen = read(KEPT).consent.unwrap();
        assert_eq!(seen.holds.first().unwrap().card, shown);
    }

    #[test]
    fn closing_a_tab_keeps_the_name_that_older_releases_read() {
        for name in ["putAway", "closeTab"] {
            let plan = read(&format!(r#"{{"action":"{name}","parts":[]}}"#));
            assert_eq!(plan.action, Some(NightAction::CloseTab));
            assert!(plan.text().unwrap().contains(r#""action":"putAway""#));
        }
    }

    #[test]
    fn a_row_of_an_older_release_has_words_and_no_figures() {
        let plan = read(r#"{"what":"Take £40.00","parts":[]}"#);
        assert_eq!((plan.action, plan.consent.is_none()), (None, true));
        assert_eq!(plan.former_words, "Take £40.00");
    }
}
