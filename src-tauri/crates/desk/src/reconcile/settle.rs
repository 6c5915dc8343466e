//! Which operation of a hold moves on by what a reading shows, and how. Pure: what has to be counted or looked up is
//! an argument.

use crate::account::ACCEPTED_OPERATION_WAITED_FOR;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Detail, Hold, Operation, OperationId, OperationKind, OperationState, QUIET_WINDOW, Settlement, Snapshot,
    is_too_old_for, is_turned, settle,
};
use holdfast_ledger::{Learnt, Progress};

/// Operations whose request is on its way, or may be.
#[derive(Debug, Default)]
pub(crate) struct Sending {
    /// From this till: the sender says what became of it.
    pub(crate) here: Vec<OperationId>,
    /// From another till: what Dojo's record shows of it is true, and that it doesn't show it says nothing yet.
    pub(crate) elsewhere: Vec<OperationId>,
}

/// One sound reading of a hold, beside what was decided on it.
pub(crate) struct Settling<'a> {
    /// The hold by what was learnt.
    after: Hold,
    /// What was refunded of it by the reading before, in minor units.
    refunded_before: i64,
    seen: &'a Snapshot,
    operations: &'a [Operation],
    sending: &'a Sending,
    now: DateTime<Utc>,
}

impl<'a> Settling<'a> {
    /// None where nothing was seen.
    pub(crate) fn of(
        hold: &Hold,
        learnt: &'a Learnt,
        operations: &'a [Operation],
        sending: &'a Sending,
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
            refunded_before: hold.refunded(),
            seen,
            operations,
            sending,
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
            .filter(|o| !self.sending.here.contains(&o.id) && o.kind != OperationKind::Create)
            .filter(|o| self.end_of(o.kind).is_none_or(|end| !is_too_old_for(o, end)))
            .map(|o| {
                let mut seen = self.seen.clone();
                seen.captures
                    .retain(|c| o.dojo_id.as_ref() == Some(&c.id) || self.after.may_be_of(c, o));
                (o, settle(o, &seen, self.refunded_before, self.operations))
            })
            .filter(|(o, settlement)| is_shown(settlement) || !self.sending.elsewhere.contains(&o.id))
    }

    /// When Dojo did by itself what an operation of this kind does, if it did.
    fn end_of(&self, kind: OperationKind) -> Option<DateTime<Utc>> {
        match kind {
            OperationKind::Reversal => self.after.lapsed_at,
            OperationKind::Cancel => self.after.link_ended_by(self.seen),
            OperationKind::Create
            | OperationKind::Capture
            | OperationKind::Refund
            | OperationKind::SetAmount
            | OperationKind::SetTips
            | OperationKind::Receipt => None,
        }
    }

    /// The operation of which the reading shows nothing, where that counts. One at a time is open.
    pub(crate) fn silent(&self) -> Option<&'a Operation> {
        self.settlements()
            .filter(|(operation, _)| !self.sending.elsewhere.contains(&operation.id))
            .find(|(operation, settlement)| is_silent(operation, settlement, self.seen.seen_at))
            .map(|(operation, _)| operation)
    }

    /// The one operation that moves on, if one does. `is_quiet`: the whole quiet window has passed of the silent one.
    pub(crate) fn progress(&self, is_quiet: bool) -> Option<Progress> {
        let may_open = !self.operations.iter().any(|o| o.state.is_open());
        self.settlements().find_map(|(operation, settlement)| {
            let is_over = is_quiet && is_silent(operation, &settlement, self.seen.seen_at);
            let progress = progress(operation, settlement, is_over, self.now)?;
            // One at a time is open: what came late and is not final waits for the other's end.
            (operation.state.is_open() || may_open || !progress.state.is_open()).then_some(progress)
        })
    }
}

/// Whether the reading shows it: all else, such as something that is at odds with it, may be no more than that its
/// request has yet to arrive.
const fn is_shown(settlement: &Settlement) -> bool {
    match settlement {
        Settlement::Succeeded(_) | Settlement::Pending(_) | Settlement::Declined(_) => true,
        Settlement::Nothing | Settlement::Conflict(_) => false,
    }
}

const fn moves_money(operation: &Operation) -> bool {
    matches!(operation.kind, OperationKind::Capture | OperationKind::Refund)
}

/// The fate of a capture or a refund may take its time; the rest shows at once or was overtaken by something.
fn may_take_long(operation: &Operation, seen_at: DateTime<Utc>) -> bool {
    moves_money(operation) && seen_at.signed_duration_since(operation.at) < ACCEPTED_OPERATION_WAITED_FOR
}

/// Whether a reading of `seen_at` with this settlement shows nothing of an open operation, so that the quiet window
/// counts.
pub(crate) fn is_silent(operation: &Operation, settlement: &Settlement, seen_at: DateTime<Utc>) -> bool {
    match settlement {
        Settlement::Nothing => operation.state.is_open(),
        Settlement::Pending(_) => {
            operation.state == OperationState::Accepted && !may_take_long(operation, seen_at)
        }
        Settlement::Succeeded(_) | Settlement::Declined(_) | Settlement::Conflict(_) => false,
    }
}

/// What a settlement makes of an operation; none when nothing moved. `is_over`: it was [silent](is_silent) for
/// the whole
/// quiet window.
pub(crate) fn progress(
    operation: &Operation,
    settlement: Settlement,
    is_over: bool,
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
            let why = if moves_money(operation) {
                Detail::StillNotDone
            } else {
                Detail::ShowsSomethingElse
            };
            is_over.then(|| to(OperationState::Conflict, id, Some(why)))
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
pub(crate) fn moved_on(before: &Operation, progress: &Progress) -> Operation {
    let mut after = before.clone();
    (after.state, after.detail, after.is_late) = (progress.state, progress.detail.clone(), progress.is_late);
    after.dojo_id = after.dojo_id.or_else(|| progress.dojo_id.clone());
    after
}

/// Ended without having happened, and Dojo's record may yet say otherwise: nothing was seen of it, or
/// the network sent it twice and only the second one's refusal came back. Where a later decision of the same
/// kind leaves the same mark, it takes its place: what shows then is that one's.
fn may_come_late(operation: &Operation, all: &[Operation], now: DateTime<Utc>) -> bool {
    let is_newest = all
        .iter()
        .rfind(|o| o.kind == operation.kind)
        .is_some_and(|newest| newest.id == operation.id);
    let age = now.signed_duration_since(operation.at);
    match operation.state {
        // At odds: something else was there, and it may be there itself by now.
        OperationState::Absent | OperationState::Conflict => is_newest || moves_money(operation),
        OperationState::Rejected => {
            is_newest
                && age.to_std().is_ok_and(|age| age < QUIET_WINDOW)
                && matches!(
                    operation.kind,
                    OperationKind::Capture | OperationKind::Reversal | OperationKind::Cancel
                )
        }
        OperationState::Intended
        | OperationState::Accepted
        | OperationState::Unknown
        | OperationState::NotSent
        | OperationState::Declined
        | OperationState::Succeeded => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_domain::{
        Actor, Capture, CaptureMode, CaptureStatus, Currency, DeadlineAction, HoldId, IntentStatus, TabId,
    };
    use uuid::Uuid;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn seen(captures: Vec<Capture>) -> Snapshot {
        Snapshot {
            status: IntentStatus::Authorized,
            amount: 10_000,
            tip: 0,
            total: 10_000,
            refunded: 0,
            captures,
            card: None,
            auth_code: None,
            authorised_at: Some(NOW),
            authorised_by: None,
            declined: 0,
            seen_at: NOW,
        }
    }

    fn hold() -> Hold {
        Hold {
            id: HoldId(Uuid::from_u128(1)),
            tab: TabId(Uuid::from_u128(2)),
            intent_id: Some("pi_1".to_owned()),
            reference: "HF-1".to_owned(),
            mode: CaptureMode::Manual,
            currency: Currency::Gbp,
            asked: 10_000,
            expire_in: Some(601_200),
            expire_action: Some(DeadlineAction::Release),
            link: None,
            link_ends_at: None,
            opened_at: NOW,
            created_at: Some(NOW),
            seen: Some(seen(Vec::new())),
            lapsed_at: None,
            said_elsewhere: None,
            given_up_at: None,
            version: 0,
        }
    }

    fn decided(number: u128, kind: OperationKind, state: OperationState) -> Operation {
        Operation {
            kind,
            amount: 4_000,
            state,
            ..Operation::create(
                OperationId(Uuid::from_u128(number)),
                &hold(),
                Actor::Holdfast,
                NOW,
            )
        }
    }

    fn settled(
        captures: Vec<Capture>,
        operations: &[Operation],
        sending: &Sending,
        is_quiet: bool,
    ) -> Option<(OperationId, OperationState)> {
        let learnt = Learnt {
            seen: Some(seen(captures)),
            ..Learnt::default()
        };
        let hold = hold();
        let settling = Settling::of(&hold, &learnt, operations, sending, NOW).unwrap();
        let progress = settling.progress(is_quiet);
        progress.map(|progress| (progress.id, progress.state))
    }

    fn taken() -> Vec<Capture> {
        vec![Capture {
            id: "ca_1".to_owned(),
            amount: 4_000,
            tip: 0,
            status: CaptureStatus::Successful,
            at: Some(NOW),
        }]
    }

    #[test]
    fn an_empty_reading_makes_it_unclear_and_the_quiet_window_not_seen() {
        let open = decided(7, OperationKind::Capture, OperationState::Intended);
        let all = [open.clone()];
        assert_eq!(
            settled(Vec::new(), &all, &Sending::default(), false),
            Some((open.id, OperationState::Unknown))
        );
        assert_eq!(
            settled(Vec::new(), &all, &Sending::default(), true),
            Some((open.id, OperationState::Absent))
        );
        let unclear = [decided(7, OperationKind::Capture, OperationState::Unknown)];
        assert_eq!(settled(Vec::new(), &unclear, &Sending::default(), false), None);
    }

    #[test]
    fn what_shows_is_settled_whatever_the_window() {
        let open = decided(7, OperationKind::Capture, OperationState::Unknown);
        for is_quiet in [false, true] {
            assert_eq!(
                settled(
                    taken(),
                    std::slice::from_ref(&open),
                    &Sending::default(),
                    is_quiet
                ),
                Some((open.id, OperationState::Succeeded))
            );
        }
    }

    #[test]
    fn what_is_in_flight_is_left_alone() {
        let open = decided(7, OperationKind::Capture, OperationState::Intended);
        let here = Sending {
            here: vec![open.id],
            ..Sending::default()
        };
        assert_eq!(settled(taken(), std::slice::from_ref(&open), &here, true), None);
    }

    #[test]
    fn of_another_tills_request_what_shows_is_settled_and_silence_says_nothing() {
        let elsewhere = Sending {
            elsewhere: vec![OperationId(Uuid::from_u128(7))],
            ..Sending::default()
        };
        for state in [OperationState::Intended, OperationState::Unknown] {
            let open = decided(7, OperationKind::Capture, state);
            let all = std::slice::from_ref(&open);
            assert_eq!(
                settled(taken(), all, &elsewhere, false),
                Some((open.id, OperationState::Succeeded))
            );
            for is_quiet in [false, true] {
                assert_eq!(settled(Vec::new(), all, &elsewhere, is_quiet), None, "{state:?}");
                // At odds with it: its own capture may be the next to show.
                let mut other = taken();
                other[0].amount = 1_000;
                assert_eq!(settled(other, all, &elsewhere, is_quiet), None, "{state:?}");
            }
        }
    }

    #[test]
    fn the_window_counts_for_what_is_open_and_for_an_accepted_take_after_a_day() {
        let nothing = Settlement::Nothing;
        let pending = Settlement::Pending(None);
        let of = |kind, state| decided(7, kind, state);
        for state in [OperationState::Intended, OperationState::Unknown] {
            assert!(
                is_silent(&of(OperationKind::Capture, state), &nothing, NOW),
                "{state:?}"
            );
        }
        for state in [OperationState::Absent, OperationState::Succeeded] {
            assert!(
                !is_silent(&of(OperationKind::Capture, state), &nothing, NOW),
                "{state:?}"
            );
        }
        let accepted = OperationState::Accepted;
        assert!(is_silent(&of(OperationKind::Reversal, accepted), &pending, NOW));
        assert!(!is_silent(&of(OperationKind::Capture, accepted), &pending, NOW));
        assert!(!is_silent(&of(OperationKind::Refund, accepted), &pending, NOW));
        let a_day_later = NOW + ACCEPTED_OPERATION_WAITED_FOR;
        assert!(is_silent(
            &of(OperationKind::Capture, accepted),
            &pending,
            a_day_later
        ));
        assert!(is_silent(
            &of(OperationKind::Refund, accepted),
            &pending,
            a_day_later
        ));
    }

    #[test]
    fn what_comes_late_is_told_as_late() {
        let absent = decided(7, OperationKind::Capture, OperationState::Absent);
        let learnt = Learnt {
            seen: Some(seen(taken())),
            ..Learnt::default()
        };
        let all = [absent];
        let hold = hold();
        let none = Sending::default();
        let settling = Settling::of(&hold, &learnt, &all, &none, NOW).unwrap();
        let progress = settling.progress(false).unwrap();
        assert!(progress.is_late);
        assert_eq!(moved_on(&all[0], &progress).state, OperationState::Succeeded);
    }
}
