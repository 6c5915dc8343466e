//! What changed at Dojo without a decision here: the guest's doing, Dojo's own, or somebody's elsewhere.

use holdfast_domain::{
    self as domain, Capture, CaptureStatus, Event, FindingKey, Hold, IntentStatus, Operation, OperationKind,
    OperationState, Snapshot, is_too_old_for,
};
use holdfast_ledger::{Learnt, Raises};

/// Who hears of what Dojo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Telling {
    /// It changed: a person may have to look.
    News,
    /// It was so before this ledger knew the hold: the history says it, and nobody has to look.
    History,
}

/// One piece of news, for the history.
pub(crate) struct News {
    pub(crate) event: Event,
    /// When a person should know of it.
    pub(crate) raises: Option<Raises>,
}

impl News {
    const fn of(event: Event) -> Self {
        Self { event, raises: None }
    }

    /// A person should know.
    fn raised(mut self, hold: &Hold, key: FindingKey) -> Self {
        self.raises = Some(Raises {
            key,
            hold: Some(hold.id),
        });
        self
    }
}

/// What changed at Dojo that no open operation of ours accounts for.
pub(crate) fn news(hold: &Hold, learnt: &Learnt, seen: &Snapshot, operations: &[Operation]) -> Vec<News> {
    let mut news = Vec::new();
    let before = hold.seen.as_ref();
    if seen.declined > before.map_or(0, |s| s.declined) {
        news.push(News::of(Event::CardDeclined));
    }
    if before.map(|s| s.status) != Some(seen.status) {
        news.extend(of_status(hold, learnt, seen, operations));
    }
    let mut after = hold.clone();
    learnt
        .terms
        .into_iter()
        .for_each(|terms| terms.put_into(&mut after));
    after.lapsed_at = learnt.lapsed_at;
    if let Some(taken) = taken_elsewhere(&after, seen, operations) {
        let one = News::of(Event::TakenElsewhere { amount: taken });
        let key = FindingKey::TakenElsewhere(hold.id, seen.captures.len());
        news.push(one.raised(hold, key));
    }
    if let Some(refunded) = refunded_elsewhere(before, seen, operations) {
        let one = News::of(Event::RefundedElsewhere { amount: refunded });
        let key = FindingKey::RefundedElsewhere(hold.id, seen.refunded);
        news.push(one.raised(hold, key));
    }
    news.extend(before.and_then(|before| other_amount(hold, before, seen, operations)));
    after.seen = Some(seen.clone());
    match (hold.lapsed_at, learnt.lapsed_at) {
        (None, Some(_)) => news.push(lapse(&after)),
        (Some(_), None) => {
            let amount = after.left().max(0);
            news.push(News::of(Event::NotYetEnded { amount }));
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
    news
}

/// The findings that tell of Dojo's own act at the deadline of `hold`.
pub(crate) const fn lapse_keys(hold: &Hold) -> [FindingKey; 2] {
    [FindingKey::Lapsed(hold.id), FindingKey::TakenByDojo(hold.id)]
}

/// What a status that is new says.
fn of_status(hold: &Hold, learnt: &Learnt, seen: &Snapshot, operations: &[Operation]) -> Option<News> {
    let was = hold.seen.as_ref().map(|s| s.status);
    let card = seen.card.as_ref().and_then(|c| c.last_four.clone());
    let amount = seen.total;
    match seen.status {
        IntentStatus::Authorized | IntentStatus::Captured if was == Some(IntentStatus::Canceled) => {
            let is_held = seen.status == IntentStatus::Authorized;
            let one = News::of(Event::PaidAfterCancel {
                amount,
                card,
                is_held,
            });
            Some(one.raised(hold, FindingKey::PaidAfterCancel(hold.id)))
        }
        IntentStatus::Authorized => Some(News::of(Event::Held { amount, card })),
        IntentStatus::Captured if matches!(was, None | Some(IntentStatus::Created)) => {
            Some(News::of(Event::Paid { amount, card }))
        }
        IntentStatus::Reversed
            if learnt.lapsed_at.is_none() && !accounted(operations, OperationKind::Reversal) =>
        {
            let one = News::of(Event::ReleasedElsewhere { amount });
            Some(one.raised(hold, FindingKey::ReleasedElsewhere(hold.id)))
        }
        IntentStatus::Canceled => {
            let end = hold.link_ended_by(seen);
            let is_ours = |o: &Operation| end.is_none_or(|end| !is_too_old_for(o, end));
            if accounted(operations.iter().filter(|o| is_ours(o)), OperationKind::Cancel) {
                return None;
            }
            // Its own end is nothing to look into.
            if end.is_some() {
                return Some(News::of(Event::LinkEnded));
            }
            let one = News::of(Event::CancelledElsewhere);
            Some(one.raised(hold, FindingKey::CancelledElsewhere(hold.id)))
        }
        IntentStatus::Unknown => Some(News::of(Event::StatusNotKnown)),
        IntentStatus::Created | IntentStatus::Captured | IntentStatus::Reversed | IntentStatus::Refunded => {
            None
        }
    }
}

/// What Dojo did by itself at the deadline of a hold: not what was taken of it before, unread as that may have been.
fn lapse(after: &Hold) -> News {
    let taken = after.taken_at_deadline();
    if taken > 0 {
        News::of(Event::TakenAtDeadline { amount: taken }).raised(after, FindingKey::TakenByDojo(after.id))
    } else {
        let amount = after.released();
        News::of(Event::ReleasedAtDeadline { amount }).raised(after, FindingKey::Lapsed(after.id))
    }
}

/// Dojo shows another amount than before, and nobody here asked for it.
fn other_amount(hold: &Hold, before: &Snapshot, seen: &Snapshot, operations: &[Operation]) -> Option<News> {
    let asked = |kind: OperationKind, minor: fn(&Operation) -> i64, now: i64| {
        operations
            .iter()
            .filter(|o| o.kind == kind)
            .filter(|o| {
                o.state.is_open()
                    || matches!(
                        o.state,
                        OperationState::Succeeded | OperationState::Absent | OperationState::Conflict
                    )
            })
            .any(|o| minor(o) == now)
    };
    let is_other =
        before.amount != seen.amount && !asked(OperationKind::SetAmount, |o| o.amount, seen.amount);
    if is_other {
        let one = News::of(Event::AmountChangedElsewhere {
            was: before.amount,
            amount: seen.amount,
        });
        return Some(one.raised(hold, FindingKey::AmountDiffers(hold.id, seen.amount)));
    }
    let taken = |s: &Snapshot| {
        let went_through = s
            .captures
            .iter()
            .filter(|c| c.status == CaptureStatus::Successful);
        went_through.fold(0_i64, |sum, c| sum.saturating_add(c.total()))
    };
    let (was, amount) = (taken(before), taken(seen));
    (amount < was).then(|| {
        let one = News::of(Event::LessTaken { was, amount });
        one.raised(hold, FindingKey::LessTaken(hold.id, amount))
    })
}

/// Minor units in captures that are new, went through, and belong to no decision made here. `hold` is as it
/// was, but for Dojo's own act at the deadline.
fn taken_elsewhere(hold: &Hold, seen: &Snapshot, operations: &[Operation]) -> Option<i64> {
    let before = hold.seen.as_ref();
    let is_known = |capture: &Capture| {
        before.is_some_and(|s| {
            s.captures
                .iter()
                .any(|c| c.id == capture.id && c.status == CaptureStatus::Successful)
        })
    };
    let is_owned = |capture: &Capture| {
        operations
            .iter()
            .any(|o| o.dojo_id.as_deref() == Some(capture.id.as_str()))
    };
    // A decision without Dojo's number yet will claim one capture of its own amount.
    let mut unclaimed: Vec<(i64, i64)> = operations
        .iter()
        .filter(|o| o.kind == OperationKind::Capture && o.dojo_id.is_none())
        .filter(|o| o.state.is_open() || matches!(o.state, OperationState::Absent | OperationState::Conflict))
        .map(|o| (o.amount, o.tip))
        .collect();
    let strange = seen
        .captures
        .iter()
        .filter(|c| c.status == CaptureStatus::Successful && !is_known(c) && !is_owned(c))
        .filter(|c| !hold.is_taken_by_dojo(c))
        .filter(|c| {
            let claim = unclaimed.iter().position(|sum| *sum == (c.amount, c.tip));
            claim.map(|place| unclaimed.swap_remove(place)).is_none()
        })
        .fold(0_i64, |sum, c| sum.saturating_add(c.total()));
    (strange > 0).then_some(strange)
}

/// Minor units refunded since the last reading that no decision made here can account for: not the
/// open one, nor those whose fate is not known, all of what came being theirs.
fn refunded_elsewhere(before: Option<&Snapshot>, seen: &Snapshot, operations: &[Operation]) -> Option<i64> {
    let grown = seen.refunded.saturating_sub(before.map_or(0, |s| s.refunded));
    let refunds = operations.iter().filter(|o| o.kind == OperationKind::Refund);
    let may_be_ours: Vec<i64> = refunds
        .clone()
        .filter(|o| o.state.is_open() || matches!(o.state, OperationState::Absent | OperationState::Conflict))
        .map(|o| o.amount)
        .collect();
    let open = refunds
        .filter(|o| o.state.is_open() && o.amount <= grown)
        .fold(0_i64, |sum, o| sum.saturating_add(o.amount));
    let strange = grown.saturating_sub(open);
    (strange > 0 && !domain::subset_sum_exists(grown, &may_be_ours)).then_some(strange)
}

fn accounted<'a>(operations: impl IntoIterator<Item = &'a Operation>, kind: OperationKind) -> bool {
    operations.into_iter().any(|o| {
        o.kind == kind
            && matches!(
                o.state,
                OperationState::Intended
                    | OperationState::Accepted
                    | OperationState::Unknown
                    | OperationState::Succeeded
                    | OperationState::Absent
                    | OperationState::Conflict
            )
    })
}
