//! Which operation of a hold moves on by what a reading shows, and how. Pure: what has to be counted or looked up is
//! an argument.

use chrono::{DateTime, Utc};
use holdfast_domain::{
    Detail, Hold, Operation, OperationId, OperationKind, OperationState, QUIET_WINDOW, Settlement, Snapshot,
    is_turned, settle,
};
use holdfast_ledger::{Learnt, Progress};

/// One sound reading of a hold, beside what was decided on it.
pub(crate) struct Settling<'a> {
    /// The hold by what was learnt.
    after: Hold,
    seen: &'a Snapshot,
    operations: &'a [Operation],
    /// Whose request is on its way: whoever sent it says what became of it.
    in_flight: &'a [OperationId],
    now: DateTime<Utc>,
}

impl<'a> Settling<'a> {
    /// None where nothing was seen.
    pub(crate) fn of(
        hold: &Hold,
        learnt: &'a Learnt,
        operations: &'a [Operation],
        in_flight: &'a [OperationId],
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let seen = learnt.seen.as_ref()?;
        let mut after = hold.clone();
        if let Some(terms) = learnt.terms {
            terms.put_into(&mut after);
        }
        (after.lapsed_at, after.seen) = (learnt.lapsed_at, Some(seen.clone()));
        Some(Self {
            after,
            seen,
            operations,
            in_flight,
            now,
        })
    }

    /// Those that the reading may say something of, with what it says: what is open first, then what may come late.
    fn settlements(&self) -> impl Iterator<Item = (&'a Operation, Settlement)> {
        let open = self.operations.iter().filter(|o| o.state.is_open());
        let late = self
            .operations
            .iter()
            .rev()
            .filter(|o| may_come_late(o, self.operations, self.now) || is_turned(o, self.seen));
        open.chain(late)
            .filter(|o| !self.in_flight.contains(&o.id) && o.kind != OperationKind::Create)
            .map(|o| {
                let mut seen = self.seen.clone();
                seen.captures
                    .retain(|c| o.dojo_id.as_ref() == Some(&c.id) || self.after.may_be_of(c, o));
                (o, settle(o, &seen, self.operations))
            })
    }

    /// The operation of which the reading shows nothing, where that counts. One at a time is open.
    pub(crate) fn silent(&self) -> Option<&'a Operation> {
        self.settlements()
            .find(|(operation, settlement)| is_silent(operation, settlement))
            .map(|(operation, _)| operation)
    }

    /// The one operation that moves on, if one does. `is_quiet`: the whole quiet window has passed of the silent one.
    pub(crate) fn progress(&self, is_quiet: bool) -> Option<Progress> {
        let may_open = !self.operations.iter().any(|o| o.state.is_open());
        self.settlements().find_map(|(operation, settlement)| {
            let progress = progress(operation, settlement, is_quiet, self.now)?;
            // One at a time is open: what came late and is not final waits for the other's end.
            (operation.state.is_open() || may_open || !progress.state.is_open()).then_some(progress)
        })
    }
}

/// The fate of a capture or a refund may take its time; the rest shows at once or was overtaken by something.
const fn may_take_long(operation: &Operation) -> bool {
    matches!(operation.kind, OperationKind::Capture | OperationKind::Refund)
}

/// Whether a reading with this settlement shows nothing of an open operation, so that the quiet window counts.
pub(crate) fn is_silent(operation: &Operation, settlement: &Settlement) -> bool {
    match settlement {
        Settlement::Nothing => operation.state.is_open(),
        Settlement::Pending(_) => operation.state == OperationState::Accepted && !may_take_long(operation),
        Settlement::Succeeded(_) | Settlement::Declined(_) | Settlement::Conflict(_) => false,
    }
}

/// What a settlement makes of an operation; none when nothing moved. `is_quiet` counts where the settlement is
/// [silent](is_silent).
pub(crate) fn progress(
    operation: &Operation,
    settlement: Settlement,
    is_quiet: bool,
    now: DateTime<Utc>,
) -> Option<Progress> {
    let to = |state: OperationState, dojo_id: Option<String>, detail: Option<Detail>| Progress {
        id: operation.id,
        state,
        dojo_id,
        detail,
        is_late: false,
        settled_at: (!state.is_open()).then_some(now),
    };
    let was_told_otherwise = matches!(
        operation.state,
        OperationState::Absent | OperationState::Conflict | OperationState::Declined
    );
    let is_late = was_told_otherwise || operation.is_late;
    let shown = |state, dojo_id| Progress {
        is_late,
        ..to(state, dojo_id, None)
    };
    let is_over = is_quiet && is_silent(operation, &settlement);
    match settlement {
        Settlement::Succeeded(id) => Some(shown(OperationState::Succeeded, id)),
        // What was done may turn out to have failed.
        Settlement::Declined(why)
            if operation.state.is_open() || operation.state == OperationState::Succeeded =>
        {
            Some(to(OperationState::Declined, None, Some(why)))
        }
        Settlement::Conflict(why) if operation.state.is_open() => {
            Some(to(OperationState::Conflict, None, Some(why)))
        }
        Settlement::Declined(_) | Settlement::Conflict(_) => None,
        Settlement::Pending(_) if operation.state == OperationState::Conflict => None,
        Settlement::Pending(id) if operation.state != OperationState::Accepted => {
            Some(shown(OperationState::Accepted, id))
        }
        Settlement::Pending(id) => {
            is_over.then(|| to(OperationState::Conflict, id, Some(Detail::ShowsSomethingElse)))
        }
        Settlement::Nothing => nothing(operation, is_over).map(|state| {
            let detail = operation.detail.clone();
            to(state, None, detail)
        }),
    }
}

/// An empty reading: unknown at first, absent after the whole quiet window.
fn nothing(operation: &Operation, is_over: bool) -> Option<OperationState> {
    if !operation.state.is_open() {
        None
    } else if is_over {
        Some(OperationState::Absent)
    } else {
        (operation.state == OperationState::Intended).then_some(OperationState::Unknown)
    }
}

/// An operation as it is once it has moved on.
pub(crate) fn moved(before: &Operation, progress: &Progress) -> Operation {
    let mut after = before.clone();
    (after.state, after.detail, after.is_late) = (progress.state, progress.detail.clone(), progress.is_late);
    after.dojo_id = after.dojo_id.or_else(|| progress.dojo_id.clone());
    after
}

/// Ended without having happened, and Dojo's record may yet say otherwise: nothing was seen of it, or
/// the way doubled it and only the second one's refusal came back. Where a later decision of the same
/// kind leaves the same mark, it takes its place: what shows then is that one's.
fn may_come_late(operation: &Operation, all: &[Operation], now: DateTime<Utc>) -> bool {
    let is_newest = all
        .iter()
        .rfind(|o| o.kind == operation.kind)
        .is_some_and(|newest| newest.id == operation.id);
    let age = now.signed_duration_since(operation.at);
    let moves_money = matches!(operation.kind, OperationKind::Capture | OperationKind::Refund);
    match operation.state {
        OperationState::Absent => is_newest || moves_money,
        // Something else was there, and it may be there itself by now.
        OperationState::Conflict => moves_money,
        OperationState::Rejected => {
            is_newest
                && age.to_std().is_ok_and(|age| age < QUIET_WINDOW)
                && matches!(
                    operation.kind,
                    OperationKind::Capture | OperationKind::Reversal | OperationKind::Cancel
                )
        }
        _ => false,
    }
}
