//! Consent: what a person saw when they decided, held against what is known once Dojo has been read. If it
//! differs, nothing is sent, and they are told what changed, when and by whom.

mod changes;

pub(crate) use changes::changes;

use crate::account::Account;
use crate::account::due;
use crate::operations::Executor;
use crate::wording;
use crate::{AppError, ErrorCode};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    DeadlineAction, Hold, HoldId, NotDone, Operation, OperationId, OperationKind, SeenCard, TabId,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person saw of a tab's money, in minor units. The desk makes it, and a sheet sends it back as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Seen {
    /// Still to take of the bill.
    #[ts(type = "number")]
    pub due_minor: i64,
    /// Lines on the bill. Not compared: it tells what is new from what was there.
    pub lines: usize,
    /// The tab's holds, oldest first.
    pub holds: Vec<SeenHold>,
    /// The tab was closed.
    pub is_closed: bool,
}

/// What a person saw of one hold, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct SeenHold {
    /// Which.
    #[ts(type = "string")]
    pub hold_id: HoldId,
    /// On which card; sent to the window as its code, which no person reads.
    #[ts(type = "string | null")]
    pub card: Option<SeenCard>,
    /// Asked for.
    #[ts(type = "number")]
    pub asked_minor: i64,
    /// Reserved on the card, the taken part included.
    #[ts(type = "number")]
    pub authorised_minor: i64,
    /// Taken.
    #[ts(type = "number")]
    pub taken_minor: i64,
    /// Refunded.
    #[ts(type = "number")]
    pub refunded_minor: i64,
    /// On hold now.
    #[ts(type = "number")]
    pub left_minor: i64,
    /// What Dojo does with it at the deadline. Not known of a night that an older release began.
    pub deadline_action: Option<DeadlineAction>,
    /// The request that is under way on it.
    #[ts(type = "string | null")]
    pub under_way: Option<OperationId>,
    /// Its newest take came to nothing, so a bill is taken from it last.
    pub is_last: bool,
}

/// What an open sheet is told when something changed at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Look {
    /// What there is to see now.
    pub seen: Seen,
    /// What differs from what the person accepted, a sentence each; empty while nothing does.
    pub changes: Vec<String>,
}

impl SeenHold {
    fn of(hold: &Hold, operations: &[Operation]) -> Self {
        Self {
            hold_id: hold.id,
            card: SeenCard::on(hold),
            asked_minor: hold.requested(),
            authorised_minor: hold.authorised(),
            taken_minor: hold.captured(),
            refunded_minor: hold.refunded(),
            left_minor: hold.left(),
            deadline_action: hold.expire_action,
            under_way: operations.iter().find(|o| o.state.is_open()).map(|o| o.id),
            is_last: due::came_to_nothing(operations),
        }
    }

    /// The hold alone, wherever it stands among the others.
    fn alone(&self) -> Self {
        Self {
            is_last: false,
            ..self.clone()
        }
    }
}

impl Seen {
    /// What there is to see of a tab.
    pub(crate) fn of(account: &Account, now: DateTime<Utc>) -> Self {
        let holds = account.holds.iter();
        Self {
            due_minor: due::takeable(account, now).0.minor,
            lines: account.lines.len(),
            holds: holds
                .map(|(hold, operations)| SeenHold::of(hold, operations))
                .collect(),
            is_closed: account.tab.closed_at.is_some(),
        }
    }

    fn hold(&self, id: HoldId) -> Option<&SeenHold> {
        self.holds.iter().find(|hold| hold.hold_id == id)
    }

    /// The holds with something on them, in the order in which a bill is taken from them.
    fn order(&self) -> Vec<HoldId> {
        let mut held: Vec<&SeenHold> = self.holds.iter().filter(|hold| hold.left_minor > 0).collect();
        held.sort_by_key(|hold| hold.is_last);
        held.into_iter().map(|hold| hold.hold_id).collect()
    }

    /// The same after a part of this very decision has succeeded: `total` minor units taken from a hold, of which
    /// `bill` are of the bill. `now` is the hold as it was read since: where a tip wasn't of it, more is left.
    #[must_use]
    pub(crate) fn after_capture(mut self, now: &Hold, total: i64, bill: i64) -> Self {
        self.due_minor = self.due_minor.saturating_sub(bill).max(0);
        for hold in self.holds.iter_mut().filter(|hold| hold.hold_id == now.id) {
            hold.is_last = false;
            hold.taken_minor = hold.taken_minor.saturating_add(total);
            hold.left_minor = hold.left_minor.saturating_sub(total);
            if hold.taken_minor == now.captured() {
                hold.left_minor = hold.left_minor.max(now.left());
            }
        }
        self
    }

    /// The same after this very decision has released a hold of the tab.
    #[must_use]
    pub(crate) fn after_release(mut self, id: HoldId) -> Self {
        for hold in self.holds.iter_mut().filter(|hold| hold.hold_id == id) {
            (hold.authorised_minor, hold.left_minor) = (0, 0);
        }
        self
    }
}

/// How much of what was seen a decision stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConsentScope {
    /// What is due, and every hold of the tab.
    Tab,
    /// This hold alone.
    Hold(HoldId),
    /// No amount at all.
    Nothing,
}

impl ConsentScope {
    /// What a decision of this kind on `hold` stands on.
    pub(crate) const fn of(kind: OperationKind, hold: HoldId) -> Self {
        match kind {
            // What a refund does to the bill depends on what all cards paid, and what a release leaves to take from
            // on what all of them hold.
            OperationKind::Capture | OperationKind::Refund | OperationKind::Reversal => Self::Tab,
            OperationKind::Cancel | OperationKind::SetAmount | OperationKind::SetTips => Self::Hold(hold),
            OperationKind::Create | OperationKind::Receipt => Self::Nothing,
        }
    }

    const fn has_due(self) -> bool {
        matches!(self, Self::Tab)
    }

    fn has(self, id: HoldId) -> bool {
        match self {
            Self::Tab => true,
            Self::Hold(hold) => hold == id,
            Self::Nothing => false,
        }
    }

    /// Whether `now` is what was seen, as far as the decision stands on it.
    fn is_same(self, seen: &Seen, now: &Seen) -> bool {
        let of = |all: &Seen| {
            let holds = all.holds.iter().filter(|hold| self.has(hold.hold_id));
            holds.map(SeenHold::alone).collect::<Vec<_>>()
        };
        let of_tab = |all: &Seen| (all.due_minor, all.is_closed, all.order());
        (!self.has_due() || of_tab(seen) == of_tab(now)) && of(seen) == of(now)
    }
}

impl Executor {
    /// What there is to see of the tab of a hold.
    pub(crate) async fn seen_with(&self, hold: HoldId) -> Result<Seen, AppError> {
        let tab = self.context.ledger.hold(hold).await?.tab;
        let account = self.context.account(tab).await?;
        Ok(Seen::of(&account, self.context.now()))
    }

    /// What there is to see of a tab now, and what differs from what a person accepted before; of one hold, where
    /// the sheet is about one.
    pub(crate) async fn look(
        &self,
        tab: TabId,
        accepted: &Seen,
        hold: Option<HoldId>,
    ) -> Result<Look, AppError> {
        let account = self.context.account(tab).await?;
        let frame = self.context.frame().await?;
        let scope = hold.map_or(ConsentScope::Tab, ConsentScope::Hold);
        Ok(Look {
            seen: Seen::of(&account, frame.now),
            changes: wording::consent::changes(&changes(scope, accepted, &account, frame), frame),
        })
    }

    /// Refuses a decision whose figures are not what the person saw any more. The one place for that: of a hand, the
    /// night, a renewal, and each part of a take over several holds.
    pub(crate) async fn refuse_if_changed(
        &self,
        scope: ConsentScope,
        seen: &Seen,
        account: &Account,
    ) -> Result<(), AppError> {
        if scope.is_same(seen, &Seen::of(account, self.context.now())) {
            return Ok(());
        }
        let frame = self.context.frame().await?;
        let found = changes(scope, seen, account, frame);
        if found.is_empty() {
            return Ok(());
        }
        let changes = wording::consent::changes(&found, frame);
        let words = wording::consent::not_sent(&changes);
        Err(AppError {
            changes,
            ..AppError::new(ErrorCode::Changed, words).because(NotDone::Changed(found))
        })
    }
}

#[cfg(test)]
mod tests;
