//! From Dojo's wire to what the domain knows: one reading of an intent.

use crate::reconcile::lapse::{self, ended_by};
use crate::reconcile::moment::Moment;
use chrono::{DateTime, Utc};
use holdfast_dojo as dojo;
use holdfast_domain::{
    Capture, CaptureMode, CaptureStatus, Card, DeadlineAction, Hold, IntentStatus, Operation, Snapshot,
};
use holdfast_ledger::{Learnt, Terms};

/// What an answer comes to.
pub(crate) enum Reading {
    /// It makes no sense (no amount, another currency, below zero, taken without saying what): nothing changes.
    Senseless,
    /// Something that can't be undone is missing from it: it is old, or Dojo says otherwise now.
    Behind(Box<Learnt>),
    /// It may be learnt from.
    Sound(Box<Learnt>),
}

impl Reading {
    pub(crate) fn sound(self) -> Option<Learnt> {
        match self {
            Self::Sound(learnt) => Some(*learnt),
            Self::Senseless | Self::Behind(_) => None,
        }
    }
}

/// All that one answer teaches about `hold`, whether Dojo acted at its deadline included.
pub(crate) fn observe(
    hold: &Hold,
    intent: &dojo::PaymentIntent,
    operations: &[Operation],
    moment: Moment,
) -> Reading {
    let terms = terms(hold, intent);
    let mut after = hold.clone();
    terms.put_into(&mut after);
    after.created_at = hold.created_at.or(intent.created_at);
    let Some(seen) = snapshot(&after, intent, moment) else {
        return Reading::Senseless;
    };
    let is_behind = hold.seen.as_ref().is_some_and(|known| seen.is_behind(known));
    after.seen = Some(seen.clone());
    after.lapsed_at = None;
    let learnt = Box::new(Learnt {
        read_from: None,
        intent_id: intent.id.clone(),
        link: intent.payment_link.clone(),
        created_at: intent.created_at,
        terms: Some(terms),
        lapsed_at: lapse::at(hold, &after, &seen, operations, moment),
        seen: Some(seen),
        given_up_at: None,
    });
    if is_behind {
        Reading::Behind(learnt)
    } else {
        Reading::Sound(learnt)
    }
}

/// What `intent` shows; none when it makes no sense, so that a senseless answer changes nothing.
pub(crate) fn snapshot(hold: &Hold, intent: &dojo::PaymentIntent, moment: Moment) -> Option<Snapshot> {
    let code = hold.currency.code();
    let minor = |money: &dojo::Money| {
        (money.currency_code.as_str() == code && money.value >= 0).then_some(money.value)
    };
    let amount = minor(intent.amount.as_ref()?)?;
    let tip = intent.tips_amount.as_ref().map_or(Some(0), minor)?;
    let total = intent
        .total_amount
        .as_ref()
        .map_or_else(|| amount.checked_add(tip), minor)?;
    let refunded = intent.refunded_amount.unwrap_or(0);
    if refunded < 0 {
        return None;
    }
    let captures = captures(hold, intent, moment)?;
    let card = intent.card().map(|c| Card {
        brand: c.brand,
        last_four: c.last_four,
    });
    let before = hold.seen.as_ref();
    let (tip, total) = before
        .filter(|_| hold.mode == CaptureMode::Manual)
        .and_then(|before| held_before(before, amount, tip))
        .unwrap_or((tip, total));
    Some(Snapshot {
        status: status(&intent.status),
        amount,
        tip,
        total,
        refunded,
        captures,
        card: card.or_else(|| before.and_then(|s| s.card.clone())),
        auth_code: intent
            .auth_code()
            .or_else(|| before.and_then(|s| s.auth_code.clone())),
        authorised_at: authorised_at(hold, intent, moment),
        authorised_by: authorised_by(hold, intent, moment),
        declined: u32::try_from(intent.declines()).unwrap_or(u32::MAX),
        seen_at: moment.at,
    })
}

/// Tip and total as they were when the card was authorised, where Dojo adds the tips that are taken to the intent: they
/// come out of what is held, and nothing more is held because of them.
fn held_before(before: &Snapshot, amount: i64, tip: i64) -> Option<(i64, i64)> {
    let is_added = before.authorised_at.is_some() && before.amount == amount && tip > before.tip;
    is_added.then_some((before.tip, before.total))
}

/// What Dojo says that it does with the hold; where it says nothing, what it was asked for.
fn terms(hold: &Hold, intent: &dojo::PaymentIntent) -> Terms {
    let mode = mode(intent).unwrap_or(hold.mode);
    if mode == CaptureMode::Auto {
        return Terms {
            mode,
            expire_in: None,
            expire_action: None,
        };
    }
    let seconds = intent.auto_expire_in.map(dojo::TimeSpan::seconds);
    Terms {
        mode,
        expire_in: seconds.filter(|s| *s > 0).or(hold.expire_in),
        expire_action: deadline_action(intent).or(hold.expire_action),
    }
}

/// Dojo's word for when it takes the money; none where it is silent or not understood.
pub(crate) fn mode(intent: &dojo::PaymentIntent) -> Option<CaptureMode> {
    match intent.capture_mode.as_deref() {
        Some("Auto") => Some(CaptureMode::Auto),
        Some("Manual") => Some(CaptureMode::Manual),
        _ => None,
    }
}

/// Dojo's word for what it does at the deadline; none where it is silent or not understood.
pub(crate) const fn deadline_action(intent: &dojo::PaymentIntent) -> Option<DeadlineAction> {
    match &intent.auto_expire_action {
        Some(dojo::AutoExpireAction::Release) => Some(DeadlineAction::Release),
        Some(dojo::AutoExpireAction::Capture) => Some(DeadlineAction::Capture),
        Some(dojo::AutoExpireAction::Other(_)) | None => None,
    }
}

/// When the card was authorised. Where Dojo does not say, it was as early as it can have been, so that nobody
/// is warned too late: after the last answer that showed it unpaid, or else when the request was made.
fn authorised_at(hold: &Hold, intent: &dojo::PaymentIntent, moment: Moment) -> Option<DateTime<Utc>> {
    let before = hold.seen.as_ref();
    let is_authorised = match status(&intent.status) {
        IntentStatus::Authorized
        | IntentStatus::Captured
        | IntentStatus::Reversed
        | IntentStatus::Refunded => true,
        // What was released before is not held by a word that nobody knows.
        IntentStatus::Unknown
            if before
                .is_some_and(|s| matches!(s.status, IntentStatus::Reversed | IntentStatus::Canceled)) =>
        {
            return None;
        }
        IntentStatus::Created | IntentStatus::Canceled | IntentStatus::Unknown => false,
    };
    let unpaid = || {
        let seen = before.filter(|s| s.status == IntentStatus::Created)?.seen_at;
        Some(moment.last_read.map_or(seen, |read| read.max(seen)))
    };
    let earliest = || {
        let from = unpaid().or(hold.created_at).or(intent.created_at);
        from.unwrap_or(hold.opened_at).min(moment.at)
    };
    intent
        .authorised_at()
        .or_else(|| before.and_then(|s| s.authorised_at))
        .or_else(|| is_authorised.then(earliest))
}

/// When it was authorised at the latest, where Dojo does not say: when it was seen first, or something taken of it.
fn authorised_by(hold: &Hold, intent: &dojo::PaymentIntent, moment: Moment) -> Option<DateTime<Utc>> {
    if intent.authorised_at().is_some() {
        return None;
    }
    match hold.seen.as_ref().filter(|seen| seen.authorised_at.is_some()) {
        Some(before) => before.authorised_by,
        None => {
            let taken = intent.captures.iter().flatten().filter_map(|c| c.created_at);
            authorised_at(hold, intent, moment).map(|_| taken.fold(moment.at, DateTime::min))
        }
    }
}

/// The captures that `intent` lists; none when it says that something was taken from a hold and not
/// what: then it proves nothing, and nothing may change by it.
fn captures(hold: &Hold, intent: &dojo::PaymentIntent, moment: Moment) -> Option<Vec<Capture>> {
    let known = hold.seen.as_ref().is_some_and(|seen| !seen.captures.is_empty());
    let listed = intent.captures.as_deref().unwrap_or_default();
    let is_taken = matches!(
        status(&intent.status),
        IntentStatus::Captured | IntentStatus::Refunded
    );
    // At the deadline Dojo may take all of it by itself, and need not list that.
    let by_itself = || {
        hold.expire_action == Some(DeadlineAction::Capture)
            && !known
            && ended_by(hold, hold, moment).is_some()
    };
    if hold.mode == CaptureMode::Manual && is_taken && listed.is_empty() && !by_itself() {
        return None;
    }
    let before = hold.seen.as_ref().map(|seen| seen.captures.as_slice());
    listed
        .iter()
        .map(|wire| Some(still_taken(capture(wire)?, before.unwrap_or_default())))
        .collect()
}

/// What was taken for certain stays taken by a word that this version doesn't know.
fn still_taken(capture: Capture, before: &[Capture]) -> Capture {
    let was_taken = |known: &Capture| known.id == capture.id && known.status == CaptureStatus::Successful;
    if capture.status == CaptureStatus::Unknown && before.iter().any(was_taken) {
        return Capture {
            status: CaptureStatus::Successful,
            ..capture
        };
    }
    capture
}

fn capture(wire: &dojo::CaptureDetails) -> Option<Capture> {
    let (amount, tip) = (wire.amount?, wire.tips_amount.unwrap_or(0));
    (amount >= 0 && tip >= 0).then_some(())?;
    let status = match &wire.status {
        dojo::CaptureStatus::Created => CaptureStatus::Created,
        dojo::CaptureStatus::Successful => CaptureStatus::Successful,
        dojo::CaptureStatus::Declined => CaptureStatus::Declined,
        dojo::CaptureStatus::Failed => CaptureStatus::Failed,
        dojo::CaptureStatus::Other(_) => CaptureStatus::Unknown,
    };
    Some(Capture {
        id: wire.id.clone()?,
        amount,
        tip,
        status,
        at: wire.created_at,
    })
}

fn status(wire: &dojo::Status) -> IntentStatus {
    match wire {
        dojo::Status::Created => IntentStatus::Created,
        dojo::Status::Authorized => IntentStatus::Authorized,
        dojo::Status::Captured => IntentStatus::Captured,
        dojo::Status::Reversed => IntentStatus::Reversed,
        dojo::Status::Refunded => IntentStatus::Refunded,
        dojo::Status::Canceled => IntentStatus::Canceled,
        dojo::Status::Other(_) => IntentStatus::Unknown,
    }
}

#[cfg(test)]
mod tests;
