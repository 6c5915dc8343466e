//! What is shown of renewals: the sheet's preview, where one stands, and which hold is due for one.

use crate::account::allowed::why_not_renew;
use crate::account::renewals::{is_held, is_releasing, open_renewal, side};
use crate::account::{Account, due as on_bill};
use crate::context::frame::Frame;
use crate::present::view::{Money as MoneyView, Tone};
use crate::renewal::renew::{Renew, asked};
use crate::wording::renewals::{self as words, RenewalStands};
use crate::wording::{self, buttons};
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
    /// Typing that has to be put right.
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
            button: money.map_or_else(|| buttons::REQUEST_NEW_HOLD.to_owned(), buttons::request),
            sentence: sentence(hold, money),
            money: money.map(MoneyView::from),
            link_ends_at,
            new_until,
            too_long: account
                .tab
                .departs_on
                .filter(|departs| new_until.is_some_and(|until| *departs > days.of(until)))
                .map(|departs| words::once_more(departs, days.of(now))),
            why: why_not_renew(&account, hold, operations, now).map(str::to_owned),
            errors: asked.err().into_iter().collect(),
        })
    }
}

fn sentence(old: &Hold, money: Option<Money>) -> String {
    let held = old.money(old.left());
    let both = money.and_then(|money| money.minor.checked_add(held.minor));
    words::preview(held, both.map(|sum| old.money(sum)))
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
    let is_unsent = created.last().is_some_and(|o| o.state == OperationState::NotSent);
    let (stands, tone) = match new.state(now) {
        _ if is_over => (RenewalStands::Releasing, Tone::Wait),
        _ if is_needed => (RenewalStands::OldNeeded, Tone::Warn),
        HoldState::Held | HoldState::PartTaken => (RenewalStands::InPlace, Tone::Wait),
        HoldState::Opening if is_unsent => (RenewalStands::NotSent, Tone::Warn),
        HoldState::Opening => (RenewalStands::Asking, Tone::Wait),
        HoldState::Waiting if is_bare => (RenewalStands::Bare, Tone::Warn),
        HoldState::Waiting
        | HoldState::Taken
        | HoldState::Released
        | HoldState::Expired
        | HoldState::TakenByDojo
        | HoldState::Cancelled
        | HoldState::PartRefunded
        | HoldState::Refunded
        | HoldState::Overdue
        | HoldState::Unreadable => (RenewalStands::Waiting, Tone::Wait),
    };
    let is_new = renewal.new == hold;
    let replaces = !(is_over || is_bare || is_needed);
    Some(RenewalView {
        is_new,
        other: if is_new { renewal.old } else { renewal.new },
        words: stands.words(held, new.money(new.requested()), replaces.then_some(is_new)),
        tone,
        may_give_up: !is_over,
    })
}

/// Said of a hold that ends before its guest leaves, while nobody renews it.
pub(crate) fn too_short(
    account: &Account,
    hold: &Hold,
    operations: &[Operation],
    frame: Frame,
) -> Option<String> {
    let departs = stays_beyond(account, hold, &frame.days)?;
    if why_not_renew(account, hold, operations, frame.now).is_some() {
        return None;
    }
    let ends = wording::day_and_time(hold.deadline()?.at, frame);
    let departs = wording::day_and_year(departs, frame.days.of(frame.now));
    Some(words::too_short(&ends, &departs))
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
