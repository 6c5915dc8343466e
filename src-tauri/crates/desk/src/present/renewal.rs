//! What is shown of renewals: the sheet's preview, where one stands, and which hold is due for one.

use crate::account::renewals::{is_held, is_releasing, open_renewal, side, why_not};
use crate::account::{Account, due as on_bill};
use crate::context::frame::Frame;
use crate::present::view::{Money as MoneyView, Tone};
use crate::renewal::renew::{Renew, asked};
use crate::wording;
use crate::{AppError, Desk, FieldError};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::{BusinessDays, Hold, HoldId, HoldState, Kind, Money, Operation, OperationState};
use serde::Serialize;
use ts_rs::TS;

/// What renewing a hold would do. Nothing is written or sent for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct RenewPreview {
    /// What is held now.
    pub held: MoneyView,
    /// Until when, unless it is renewed.
    #[ts(type = "string | null")]
    pub held_until: Option<DateTime<Utc>>,
    /// What the guest would be asked for; none while what was typed is no amount.
    pub money: Option<MoneyView>,
    /// The button's words, with the amount.
    pub button: String,
    /// When the new link ends, unpaid.
    #[ts(type = "string | null")]
    pub link_ends_at: Option<DateTime<Utc>>,
    /// Until when the new hold would last, were it paid now.
    #[ts(type = "string | null")]
    pub new_until: Option<DateTime<Utc>>,
    /// What will happen, in plain sentences.
    pub sentence: String,
    /// The guest stays longer than even the new hold would last.
    pub too_long: Option<String>,
    /// Why it can't be renewed.
    pub why: Option<String>,
    /// Typing to mend.
    pub errors: Vec<FieldError>,
}

/// That a hold is part of a renewal that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, rename = "RenewalView")]
pub struct RenewalView {
    /// This is the new hold, and not the one in whose place it comes.
    pub is_new: bool,
    /// The other hold.
    #[ts(type = "string")]
    pub other: HoldId,
    /// Where it stands, for people.
    pub words: String,
    /// How it looks.
    pub tone: Tone,
    /// Whether it may be given up.
    pub may_give_up: bool,
}

impl Desk {
    /// What renewing a hold would do, from the ledger alone.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotFound`]; the ledger's.
    pub async fn preview_renewal(&self, typed: &Renew) -> Result<RenewPreview, AppError> {
        let hold = self.context.ledger.hold(typed.hold_id).await?;
        let account = self.context.account(hold.tab).await?;
        let (hold, operations) = side(&account, typed.hold_id)?;
        let (now, days) = (self.context.now(), self.context.business_days().await?);
        let asked = asked(typed, hold);
        let link_ends_at = self.renewer.renewal_link(typed, hold).await?;
        let money = asked.as_ref().ok().copied();
        let new_until = now.checked_add_signed(crate::account::HOLD_FOR);
        Ok(RenewPreview {
            held: hold.money(hold.left()).into(),
            held_until: hold.deadline().map(|deadline| deadline.at),
            button: money.map_or_else(
                || "Request new hold".to_owned(),
                |money| format!("Request {money}"),
            ),
            sentence: sentence(hold, money),
            money: money.map(MoneyView::from),
            link_ends_at,
            new_until,
            too_long: account
                .tab
                .departs_on
                .filter(|departs| new_until.is_some_and(|until| *departs > days.of(until)))
                .map(|departs| {
                    format!(
                        "The guest stays until {}, longer than one more hold lasts: you’ll need to renew \
                         once more.",
                        wording::day(departs)
                    )
                }),
            why: why_not(&account, hold, operations, now).map(str::to_owned),
            errors: asked.err().into_iter().collect(),
        })
    }
}

fn sentence(old: &Hold, money: Option<Money>) -> String {
    let held = old.money(old.left());
    let both = money
        .and_then(|money| money.minor.checked_add(held.minor))
        .map_or_else(String::new, |sum| {
            format!(
                " For a moment both are on hold on the guest’s card, {} in all.",
                old.money(sum)
            )
        });
    format!(
        "The guest gets a new link. We release the old hold of {held} once the new one is in place.{both}"
    )
}

/// Where a renewal stands, beside each of its holds.
pub(crate) fn shown(account: &Account, hold: HoldId, now: DateTime<Utc>) -> Option<RenewalView> {
    let renewal = open_renewal(account, hold)?;
    let (old, decided) = side(account, renewal.old).ok()?;
    let (new, created) = side(account, renewal.new).ok()?;
    let held = old.money(old.left());
    let is_over = is_releasing(renewal, decided, new);
    let is_bare = !is_held(old) && !is_held(new);
    let is_needed = is_held(new) && on_bill::needs_old(account, old, new);
    let (stands, tone) = match new.state(now) {
        _ if is_over => (
            format!("The new hold is in place; we’re releasing the old one of {held}."),
            Tone::Wait,
        ),
        _ if is_needed => (wording::old_is_needed(held), Tone::Warn),
        HoldState::Held | HoldState::PartTaken => (
            format!("The new hold is in place; we release the old one of {held} next."),
            Tone::Wait,
        ),
        HoldState::Opening if created.last().is_some_and(|o| o.state == OperationState::NotSent) => (
            "The new request wasn’t sent. Send it again, or cancel the renewal.".to_owned(),
            Tone::Warn,
        ),
        HoldState::Opening => ("We’re asking Dojo for the new link.".to_owned(), Tone::Wait),
        HoldState::Waiting if is_bare => (
            format!(
                "Nothing is on hold any more, and the new link of {} waits for the guest. Cancel the \
                 renewal if you don’t want it.",
                new.money(new.asked)
            ),
            Tone::Warn,
        ),
        _ => (
            format!(
                "Waiting for the guest to pay the new link of {}.",
                new.money(new.asked)
            ),
            Tone::Wait,
        ),
    };
    let is_new = renewal.new == hold;
    let rest = match is_new {
        true => format!(" It replaces the hold of {held}, which stays until then."),
        false => format!(" The old hold of {held} stays until the new one is in place."),
    };
    Some(RenewalView {
        is_new,
        other: if is_new { renewal.old } else { renewal.new },
        words: if is_over || is_bare || is_needed {
            stands
        } else {
            format!("{stands}{rest}")
        },
        tone,
        may_give_up: !is_over,
    })
}

/// Said of a hold that ends before its guest leaves, while nobody renews it.
pub(crate) fn due(account: &Account, hold: &Hold, operations: &[Operation], frame: Frame) -> Option<String> {
    let departs = stays_beyond(account, hold, &frame.days)?;
    if why_not(account, hold, operations, frame.now).is_some() {
        return None;
    }
    let ends = hold.deadline()?.at.with_timezone(&frame.days.zone);
    Some(format!(
        "On hold until {}. The guest stays until {}: renew it before it expires.",
        ends.format("%a %-d %b, %H:%M"),
        wording::day(departs)
    ))
}

/// The day on which a deposit's guest leaves, if `hold` ends before that.
pub(crate) fn stays_beyond(account: &Account, hold: &Hold, days: &BusinessDays) -> Option<NaiveDate> {
    let ends = hold.deadline().filter(|_| hold.left() > 0)?.at;
    let departs = account
        .tab
        .departs_on
        .filter(|_| account.tab.kind == Kind::Deposit)?;
    (departs > days.of(ends)).then_some(departs)
}
