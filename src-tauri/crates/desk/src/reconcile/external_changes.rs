//! What changed at Dojo without a decision here: the guest's doing, Dojo's own, or somebody's elsewhere.

use holdfast_domain::{
    self as domain, Capture, CaptureStatus, DeadlineAction, FindingKind, Hold, IntentStatus, Operation,
    OperationKind, OperationState, Snapshot,
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
    pub(crate) words: String,
    /// Minor units.
    pub(crate) amount: Option<i64>,
    /// When a person should know of it.
    pub(crate) raises: Option<Raises>,
}

impl News {
    fn of(words: impl Into<String>, amount: Option<i64>) -> Self {
        Self {
            words: words.into(),
            amount,
            raises: None,
        }
    }

    /// A person should know. `detail` sets it apart from the same on the same hold another time.
    fn raised(mut self, hold: &Hold, kind: FindingKind, detail: impl std::fmt::Display) -> Self {
        self.raises = Some(Raises {
            kind,
            key: key(kind, hold, detail),
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
        news.push(News::of("The guest’s card was declined", None));
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
        let one = News::of("Taken elsewhere, not from here", Some(taken));
        news.push(one.raised(hold, FindingKind::TakenElsewhere, seen.captures.len()));
    }
    if let Some(refunded) = refunded_elsewhere(before, seen, operations) {
        let one = News::of("Refunded elsewhere, not from here", Some(refunded));
        news.push(one.raised(hold, FindingKind::RefundedElsewhere, seen.refunded));
    }
    news.extend(before.and_then(|before| other_amount(hold, before, seen, operations)));
    match (hold.lapsed_at, learnt.lapsed_at) {
        (None, Some(_)) => news.push(lapse(hold, seen)),
        (Some(_), None) => {
            after.seen = Some(seen.clone());
            let left = after.left();
            let words = if left > 0 {
                "Dojo shows it still held: its deadline has not come yet"
            } else {
                "Dojo’s record does not show any more that it acted at the deadline"
            };
            news.push(News::of(words, (left > 0).then_some(left)));
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
    news
}

/// The findings that tell of Dojo's own act at the deadline of `hold`.
pub(crate) fn lapse_keys(hold: &Hold) -> [String; 2] {
    [FindingKind::Lapsed, FindingKind::TakenByDojo].map(|kind| key(kind, hold, "all"))
}

fn key(kind: FindingKind, hold: &Hold, detail: impl std::fmt::Display) -> String {
    format!("{kind:?}/{}/{detail}", hold.id).to_lowercase()
}

/// What a status that is new says.
fn of_status(hold: &Hold, learnt: &Learnt, seen: &Snapshot, operations: &[Operation]) -> Option<News> {
    let was = hold.seen.as_ref().map(|s| s.status);
    let card = seen
        .card
        .as_ref()
        .and_then(|c| c.last_four.as_deref())
        .unwrap_or("unknown");
    match seen.status {
        IntentStatus::Authorized | IntentStatus::Captured if was == Some(IntentStatus::Canceled) => {
            let is = if seen.status == IntentStatus::Authorized {
                "is held"
            } else {
                "is paid"
            };
            let words = format!("The request was cancelled, and {is} now on the card ending {card}");
            Some(News::of(words, Some(seen.total)).raised(hold, FindingKind::Contradicts, "cancelled"))
        }
        IntentStatus::Authorized => {
            let words = format!("Held on the card ending {card}");
            Some(News::of(words, Some(seen.total)))
        }
        IntentStatus::Captured if matches!(was, None | Some(IntentStatus::Created)) => {
            let words = format!("Paid with the card ending {card}");
            Some(News::of(words, Some(seen.total)))
        }
        IntentStatus::Reversed
            if learnt.lapsed_at.is_none() && !accounted(operations, OperationKind::Reversal) =>
        {
            let one = News::of("Released elsewhere, not from here", Some(seen.total));
            Some(one.raised(hold, FindingKind::ReleasedElsewhere, "all"))
        }
        IntentStatus::Canceled if !accounted(operations, OperationKind::Cancel) => {
            // Its own end is nothing to look into.
            let has_ended = hold.link_ends_at.is_some_and(|end| end <= seen.seen_at);
            if has_ended {
                return Some(News::of("The request ended unpaid", None));
            }
            let one = News::of(
                "The request ended unpaid: cancelled elsewhere, not from here",
                None,
            );
            Some(one.raised(hold, FindingKind::CancelledElsewhere, "all"))
        }
        IntentStatus::Unknown => Some(News::of(
            "Dojo shows a state that this version does not know",
            None,
        )),
        IntentStatus::Created
        | IntentStatus::Captured
        | IntentStatus::Reversed
        | IntentStatus::Refunded
        | IntentStatus::Canceled => None,
    }
}

/// What Dojo did by itself at the deadline.
fn lapse(hold: &Hold, seen: &Snapshot) -> News {
    let is_taken = seen.status == IntentStatus::Captured
        && (seen.captures.is_empty()
            || hold.left() == 0
            || hold.expire_action == Some(DeadlineAction::Capture));
    let (words, kind) = if is_taken {
        ("Taken by Dojo at the deadline", FindingKind::TakenByDojo)
    } else {
        ("Expired, released by Dojo at the deadline", FindingKind::Lapsed)
    };
    News::of(words, Some(hold.left())).raised(hold, kind, "all")
}

/// Dojo shows another amount than before, and nobody here asked for it.
fn other_amount(hold: &Hold, before: &Snapshot, seen: &Snapshot, operations: &[Operation]) -> Option<News> {
    let asked = |kind: OperationKind, minor: fn(&Operation) -> i64, now: i64| {
        operations
            .iter()
            .filter(|o| o.kind == kind)
            .filter(|o| {
                o.state.is_open() || matches!(o.state, OperationState::Succeeded | OperationState::Absent)
            })
            .any(|o| minor(o) == now)
    };
    let is_other =
        before.amount != seen.amount && !asked(OperationKind::SetAmount, |o| o.amount, seen.amount);
    if is_other {
        let (was, is) = (hold.money(before.amount), hold.money(seen.amount));
        let one = News::of(
            format!("Changed elsewhere from {was} to {is}, not from here"),
            Some(seen.amount),
        );
        return Some(one.raised(hold, FindingKind::AmountDiffers, seen.amount));
    }
    let taken = |s: &Snapshot| {
        let went_through = s
            .captures
            .iter()
            .filter(|c| c.status == CaptureStatus::Successful);
        went_through.fold(0_i64, |sum, c| sum.saturating_add(c.total()))
    };
    let (was, is) = (taken(before), taken(seen));
    (is < was).then(|| {
        let words = format!(
            "Dojo shows {} taken where it showed {} before",
            hold.money(is),
            hold.money(was)
        );
        News::of(words, Some(is)).raised(hold, FindingKind::AmountDiffers, format!("taken-{is}"))
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
    (strange > 0 && !domain::adds_up(grown, &may_be_ours)).then_some(strange)
}

fn accounted(operations: &[Operation], kind: OperationKind) -> bool {
    operations.iter().any(|o| {
        o.kind == kind
            && matches!(
                o.state,
                OperationState::Intended
                    | OperationState::Accepted
                    | OperationState::Unknown
                    | OperationState::Succeeded
                    | OperationState::Absent
            )
    })
}
