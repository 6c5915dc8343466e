//! What stands of a tab after its row was carried out: what the night begins it must be able to end, or say so before.

use crate::account::Account;
use crate::account::allowed::allowing;
use crate::capture::HoldShare;
use crate::context::frame::Frame;
use crate::night::run::NightAction;
use crate::operations::bill::close_refused;
use holdfast_domain::{Action, Capture, CaptureStatus, Hold, HoldId, IntentStatus, Money, Snapshot};

/// A tab as its row leaves it, if all goes well.
pub(super) struct After {
    /// Something is on it that keeps it open.
    pub(super) stays_open: bool,
    /// What is on hold then.
    pub(super) held: Money,
}

impl After {
    /// Of a tab on which `action` is carried out; `taken` is what a take takes, hold by hold.
    pub(super) fn of(account: &Account, action: NightAction, taken: &[HoldShare], frame: Frame) -> Self {
        let allowing = |wanted| {
            let holds = allowing(account, wanted, frame.now);
            holds.map(|hold| hold.id).collect::<Vec<HoldId>>()
        };
        let ended = match action {
            NightAction::Release => Some((IntentStatus::Reversed, allowing(Action::Release))),
            NightAction::Cancel => Some((IntentStatus::Canceled, allowing(Action::Cancel))),
            NightAction::Take | NightAction::CloseTab | NightAction::Leave => None,
        };
        let mut holds = account.holds.clone();
        for (hold, _) in &mut holds {
            let id = hold.id;
            let Some(seen) = &mut hold.seen else { continue };
            if let Some((status, _)) = ended.as_ref().filter(|(_, ids)| ids.contains(&id)) {
                seen.status = *status;
            }
            let parts = taken.iter().filter(|part| part.hold.id == id);
            parts
                .filter(|_| action == NightAction::Take)
                .for_each(|part| take(seen, part));
        }
        let left = holds
            .iter()
            .fold(0_i64, |sum, (hold, _)| sum.saturating_add(kept(hold)));
        Self {
            stays_open: action != NightAction::Leave && close_refused(&holds, frame.earliest).is_some(),
            held: Money::new(left, account.tab.currency),
        }
    }
}

/// What of a hold keeps its tab open: after a first take the rest drops off the card by itself.
fn kept(hold: &Hold) -> i64 {
    if hold.captured() == 0 { hold.left() } else { 0 }
}

fn take(seen: &mut Snapshot, part: &HoldShare) {
    seen.captures.push(Capture {
        id: String::new(),
        amount: part.amount,
        tip: part.tip,
        status: CaptureStatus::Successful,
        at: None,
    });
    let taken = seen
        .captures
        .iter()
        .fold(0_i64, |sum, c| sum.saturating_add(c.total()));
    if taken >= seen.total {
        seen.status = IntentStatus::Captured;
    }
}
