//! What a guest sees of their own hold: no name, nothing of the bill, nothing of any other tab.

use crate::account::renewals::side;
use crate::account::state::link_ended;
use crate::context::frame::Frame;
use crate::present::card::card;
use crate::present::view::{self, Money};
use crate::wording::{day_and_time, guest_span, papers};
use crate::{AppError, Desk, Mode};
use chrono::{DateTime, Utc};
use holdfast_domain::{CaptureMode, DeadlineAction, Hold, HoldId, HoldState};
use serde::Serialize;
use ts_rs::TS;

/// A hold as its guest sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GuestPage {
    /// Who asks.
    pub venue: String,
    /// Room or table.
    pub place: Option<String>,
    /// The tab's reference, to be read out.
    pub reference: String,
    /// Charged at once, and not a hold.
    pub is_payment: bool,
    /// What is asked for, or was.
    pub amount: Money,
    /// What becomes of the hold, as it was opened to end; none where it's a payment.
    pub terms: Option<String>,
    /// How far it is.
    pub stage: GuestStage,
    /// The code that opens Dojo's card page, as SVG; none once it doesn't work.
    pub qr: Option<String>,
    /// Until when the code works.
    #[ts(type = "string | null")]
    pub link_ends_at: Option<DateTime<Utc>>,
    /// The card, once it is there.
    pub card: Option<view::Card>,
    /// When Dojo acts by itself on what is held.
    #[ts(type = "string | null")]
    pub deadline_at: Option<DateTime<Utc>>,
    /// The till's time.
    #[ts(type = "string")]
    pub now: DateTime<Utc>,
}

/// What the guest's own window shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct GuestWindow {
    /// Which world the till works in: all but the real one is said.
    pub mode: Mode,
    /// The venue's time zone.
    pub zone: String,
    /// The one hold.
    pub page: GuestPage,
}

/// How far a guest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum GuestStage {
    /// The code waits for a card.
    Waiting,
    /// It is held, or paid.
    Done,
    /// The code doesn't work any more, and nothing is held.
    Over,
}

impl Desk {
    /// What the guest of `hold` sees.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotFound`]; the ledger's.
    pub async fn guest_page(&self, hold: HoldId) -> Result<GuestPage, AppError> {
        let frame = self.context.frame().await?;
        let tab = self.context.ledger.hold(hold).await?.tab;
        let account = self.context.account(tab).await?;
        let (hold, _) = side(&account, hold)?;
        let stage = stage(hold, frame);
        let qr = frame.page(hold).filter(|_| stage == GuestStage::Waiting);
        Ok(GuestPage {
            venue: self.context.settings().await?.venue,
            place: account.tab.place.clone().filter(|place| !place.is_empty()),
            reference: account.tab.reference.clone(),
            is_payment: hold.mode == CaptureMode::Auto,
            amount: hold.money(hold.requested()).into(),
            terms: terms(hold, frame),
            stage,
            qr: qr.and_then(|link| self.codes.of(link)),
            link_ends_at: hold.link_ends_at.filter(|_| stage == GuestStage::Waiting),
            card: card(hold),
            deadline_at: hold
                .deadline()
                .filter(|_| hold.left() > 0)
                .map(|deadline| deadline.at),
            now: frame.now,
        })
    }

    /// What the guest's own window shows of `hold`; `mode` is the shell's to say.
    ///
    /// # Errors
    /// Those of [`Desk::guest_page`].
    pub async fn guest_window(&self, hold: HoldId, mode: Mode) -> Result<GuestWindow, AppError> {
        Ok(GuestWindow {
            mode,
            zone: self.context.business_days().await?.zone.to_string(),
            page: self.guest_page(hold).await?,
        })
    }
}

/// A guest whose hold Dojo will take isn't promised that only what they spend is charged.
fn terms(hold: &Hold, frame: Frame) -> Option<String> {
    // From the card on Dojo's own deadline is known, to the minute.
    let ends = hold.deadline().filter(|_| hold.left() > 0);
    if let Some(ends) = ends.filter(|ends| ends.action == DeadlineAction::Capture) {
        return Some(papers::all_on(&day_and_time(ends.at, frame)));
    }
    match (hold.mode, hold.expire_action, hold.expire_in) {
        (CaptureMode::Auto, ..) => None,
        (_, Some(DeadlineAction::Capture), Some(seconds)) => Some(papers::all_after(&guest_span(seconds))),
        (_, Some(DeadlineAction::Capture), None) => None,
        _ => Some(papers::ONLY_WHAT_YOU_SPEND.to_owned()),
    }
}

fn stage(hold: &Hold, frame: Frame) -> GuestStage {
    let is_waiting = hold.state(frame.now) == HoldState::Waiting;
    if is_waiting && frame.page(hold).is_some() && !link_ended(hold, frame.now) {
        GuestStage::Waiting
    } else if hold.left() > 0 || hold.captured() > 0 {
        GuestStage::Done
    } else {
        GuestStage::Over
    }
}
