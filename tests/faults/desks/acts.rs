//! What staff do: each looks at what their till shows, thinks for a while, and presses. Meanwhile the others do the
//! same, on the same tabs for the most part.

use super::rules::hold_of;
use super::till::House;
use super::watchman::Look;
use crate::world::mortal::now;
use chrono::TimeDelta;
use holdfast_desk::{
    Act, Agreed, AppError, AskForMore, Desk, ErrorCode, LinkEnds, MoveBill, MoveOnto, MovePart, NightAction,
    NightChoice, OpenTab, RefundTyped, Renew, Take, TakeTyped,
};
use holdfast_domain::{Currency, HoldId, Kind, OperationId, OperationKind, TabId};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press as _;
use rand::{Rng, rngs::StdRng};
use std::sync::Arc;

/// What a person is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Take,
    Release,
    Refund,
    Cancel,
    Change,
    Renew,
    GiveUpRenewal,
    AskForMore,
    Open,
    Line,
    TakeOff,
    Move,
    Close,
    Reopen,
    Night,
    GoOn,
    LeaveRest,
    Report,
}

/// How often each comes.
const DEEDS: &[(Deed, u32)] = &[
    (Deed::Take, 14),
    (Deed::Release, 5),
    (Deed::Refund, 4),
    (Deed::Cancel, 1),
    (Deed::Change, 1),
    (Deed::Renew, 4),
    (Deed::GiveUpRenewal, 1),
    (Deed::AskForMore, 1),
    (Deed::Open, 1),
    (Deed::Line, 5),
    (Deed::TakeOff, 3),
    (Deed::Move, 3),
    (Deed::Close, 3),
    (Deed::Reopen, 1),
    (Deed::Night, 3),
    (Deed::GoOn, 1),
    (Deed::LeaveRest, 1),
    (Deed::Report, 2),
];

/// Draws one of them.
pub(super) fn draw(rng: &mut StdRng) -> Deed {
    let all: u32 = DEEDS.iter().map(|(_, weight)| weight).sum();
    let mut at = rng.random_range(0..all);
    for (deed, weight) in DEEDS {
        if at < *weight {
            return *deed;
        }
        at -= weight;
    }
    Deed::Take
}

/// Somebody at a till, with what they have in mind.
pub(super) struct Person {
    pub(super) house: Arc<House>,
    pub(super) desk: Arc<Desk>,
    pub(super) till: usize,
    pub(super) tab: TabId,
    pub(super) other: TabId,
    /// Which of several.
    pub(super) which: usize,
    /// Minor units.
    pub(super) amount: i64,
    /// How long they think before they press.
    pub(super) thinks: TimeDelta,
}

/// `12.34`
fn pounds(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn one<T: Copy>(all: &[T], which: usize) -> Option<T> {
    all.get(which.checked_rem(all.len())?).copied()
}

impl Person {
    fn id(&self) -> OperationId {
        // Of the person's own till, as a sheet's is; parts of a take are numbered from it.
        let number = u128::from(self.house.schedule.fresh());
        let millis = u128::try_from(self.house.schedule.clock_of(self.till).timestamp_millis()).unwrap_or(0);
        OperationId(uuid::Uuid::from_u128(
            millis << 80 | 7 << 76 | 2 << 62 | number << 12,
        ))
    }

    async fn think(&self) {
        self.house.schedule.wait(None, self.thinks).await;
    }

    fn look(&self, tab: TabId) -> Look {
        self.house.watchman.look(self.till, tab)
    }

    fn pressed(&self, decision: OperationId, look: Look) {
        self.house.watchman.pressed(decision, look);
    }

    /// Who is told that a press was refused believes that nothing has left.
    fn is_told_the_truth(&self, decision: OperationId, done: Result<(), AppError>) -> Result<(), AppError> {
        use ErrorCode::{Changed, Invalid, NotAllowed, NotFound, Unconfirmed};
        if let Err(error) = &done
            && matches!(
                error.code,
                Changed | Invalid | NotAllowed | NotFound | Unconfirmed
            )
            && self.house.watchman.has_left(decision)
        {
            let words = format!("S2: {decision} has left, and till {} says: {error}", self.till);
            self.house.watchman.fails(words);
        }
        done
    }

    /// One of the tab's holds, by the ledger.
    fn hold(&self, tab: TabId) -> Option<HoldId> {
        let holds = now(self.house.ledger.holds(tab)).ok()?;
        let ids: Vec<HoldId> = holds.iter().map(|hold| hold.id).collect();
        one(&ids, self.which)
    }

    /// Does it. Whatever the desk answers is an answer.
    pub(super) async fn does(&self, deed: Deed) -> Result<(), AppError> {
        match deed {
            Deed::Take => self.take().await,
            Deed::Release => self.act(OperationKind::Reversal).await,
            Deed::Refund => self.act(OperationKind::Refund).await,
            Deed::Cancel => self.act(OperationKind::Cancel).await,
            Deed::Change => self.act(OperationKind::SetAmount).await,
            Deed::Renew => self.renew().await,
            Deed::GiveUpRenewal => match self.hold(self.tab) {
                Some(hold) => self.desk.give_up_renewal(hold).await.map(drop),
                None => Ok(()),
            },
            Deed::AskForMore => self.ask_for_more().await,
            Deed::Open => self.open(self.amount).await.map(drop),
            Deed::Line => self.line().await,
            Deed::TakeOff => self.take_off().await,
            Deed::Move => self.move_bill().await,
            Deed::Close => {
                let seen = self.desk.tab(self.tab).await?.seen;
                self.think().await;
                self.desk.close_tab(self.tab, &seen).await.map(drop)
            }
            Deed::Reopen => self.desk.reopen_tab(self.tab).await.map(drop),
            Deed::Night => self.night().await,
            Deed::GoOn => {
                self.desk.continue_night().await?;
                until_it_ends(&self.desk).await
            }
            Deed::LeaveRest => self.desk.leave_rest_of_night().await.map(drop),
            Deed::Report => self.desk.make_report().await.map(drop),
        }
    }

    /// All that is due, with no service charge and no tip: then nobody pays more than the bill.
    async fn take(&self) -> Result<(), AppError> {
        let typed = TakeTyped {
            service: Some(String::new()),
            tip: Some(String::new()),
            bill: None,
        };
        let shown = self.desk.preview_take(self.tab, &typed).await?;
        let digits = |text: &str| text.replace(|c: char| !c.is_ascii_digit() && c != '.', "");
        let typed = TakeTyped {
            bill: Some(digits(&shown.bill.text)),
            ..typed
        };
        let shown = self.desk.preview_take(self.tab, &typed).await?;
        // Somebody took a line off in between: nobody agrees to take more than is due.
        if shown.above.is_some() {
            return Ok(());
        }
        let look = self.look(self.tab);
        let minor = |money: Option<&holdfast_desk::view::Money>| money.map_or(0, |money| money.minor);
        let decision = self.id();
        let take = Take {
            tab_id: self.tab,
            typed,
            seen: shown.seen.clone(),
            expect_total_minor: shown.total.minor,
            then_ask_minor: 0,
            agreed: Agreed {
                above_minor: 0,
                dojo_takes_minor: minor(shown.dojo_takes.as_ref().map(|takes| &takes.money)),
            },
            decision,
        };
        self.think().await;
        self.pressed(decision, look);
        let done = self.desk.take(&take).await.map(drop);
        self.is_told_the_truth(decision, done)
    }

    async fn act(&self, kind: OperationKind) -> Result<(), AppError> {
        let Some(hold) = self.hold(self.tab) else {
            return Ok(());
        };
        let decision = self.id();
        let seen = self.desk.seen_with(hold).await?;
        let look = self.look(self.tab);
        let refund = RefundTyped {
            bill: Some(pounds(self.amount % 1_500 + 1)),
            service: None,
            tip: None,
            charge_again: self.which.is_multiple_of(2),
            expect_owed_minor: None,
        };
        let refund = if kind == OperationKind::Refund {
            let shown = self.desk.preview_refund(hold, &refund).await?;
            Some(RefundTyped {
                expect_owed_minor: shown.concerns_bill.then_some(shown.owed_minor),
                ..refund
            })
        } else {
            None
        };
        let act = Act {
            hold_id: hold,
            decision,
            seen,
            amount: (kind == OperationKind::SetAmount).then(|| pounds(self.amount)),
            reason: (kind == OperationKind::Refund).then(|| "Complaint".to_owned()),
            refund,
            email: None,
        };
        self.think().await;
        self.pressed(decision, look);
        let done = self.desk.act(kind, act).await.map(drop);
        self.is_told_the_truth(decision, done)
    }

    async fn renew(&self) -> Result<(), AppError> {
        let Some(hold) = self.hold(self.tab) else {
            return Ok(());
        };
        let seen = self.desk.seen_with(hold).await?;
        let renew = Renew {
            link_ends: Some(LinkEnds::Day),
            decision: self.id(),
            ..Renew::of(hold, seen)
        };
        self.think().await;
        self.desk.renew(&renew).await.map(drop)
    }

    async fn ask_for_more(&self) -> Result<(), AppError> {
        let seen = self.desk.tab(self.tab).await?.seen;
        let more = AskForMore {
            tab_id: self.tab,
            amount: pounds(self.amount),
            deadline_action: None,
            decision: self.id(),
            seen,
        };
        self.think().await;
        self.desk.ask_for_more(&more).await
    }

    /// Opens a tab and asks a guest for so much, in minor units.
    pub(super) async fn open(&self, asked: i64) -> Result<TabId, AppError> {
        let typed = OpenTab {
            link_ends: Some(LinkEnds::Day),
            decision: self.id(),
            ..OpenTab::of(Kind::Tab, "Somebody", &pounds(asked), Currency::Gbp)
        };
        self.desk.open_tab(typed).await
    }

    pub(super) async fn line(&self) -> Result<(), AppError> {
        self.desk
            .add_line(self.tab, None, 1, &pounds(self.amount))
            .await
            .map(drop)
    }

    async fn take_off(&self) -> Result<(), AppError> {
        let lines = now(self.house.ledger.lines(self.tab)).unwrap_or_default();
        let ids: Vec<_> = lines
            .iter()
            .filter(|line| line.each > 0)
            .map(|line| line.id)
            .collect();
        match one(&ids, self.which) {
            Some(line) => self.desk.take_off(self.tab, line).await.map(drop),
            None => Ok(()),
        }
    }

    async fn move_bill(&self) -> Result<(), AppError> {
        let onto = if self.which.is_multiple_of(3) {
            MoveOnto::New {
                name: "Split".to_owned(),
                place: None,
            }
        } else {
            MoveOnto::Tab(self.other)
        };
        let lines = self.desk.tab(self.tab).await?.lines;
        let movable = lines.iter().filter(|line| line.may_move).map(|line| line.id);
        let part = match self.which % 4 {
            0 => MovePart::All,
            1 => MovePart::Share(2),
            _ => MovePart::Lines(movable.take(1).collect()),
        };
        let moving = self.desk.moving(self.tab, part, onto).await?;
        let decision = self.id();
        self.think().await;
        self.desk
            .move_bill(&MoveBill { decision, ..moving })
            .await
            .map(drop)
    }

    /// A manager closes the night: what is proposed, and one tab by their own choice.
    async fn night(&self) -> Result<(), AppError> {
        let open = now(self.house.ledger.tabs(true, 1_000)).unwrap_or_default();
        let action = match self.which % 3 {
            0 => Some(NightAction::Take),
            1 => Some(NightAction::Release),
            _ => None,
        };
        let choices: Vec<NightChoice> = open
            .iter()
            .map(|tab| NightChoice {
                tab_id: tab.id,
                action: action.filter(|_| tab.id == self.tab),
                typed: TakeTyped {
                    service: Some(String::new()),
                    tip: Some(String::new()),
                    bill: None,
                },
            })
            .collect();
        let night = self.desk.night(&choices).await?;
        let looks: Vec<Look> = open.iter().map(|tab| self.look(tab.id)).collect();
        self.think().await;
        for look in looks {
            self.house.watchman.night(look);
        }
        let begun = self.desk.close_night(&choices, &night.seen()).await;
        until_it_ends(&self.desk).await?;
        begun.map(drop)
    }
}

async fn until_it_ends(desk: &Desk) -> Result<(), AppError> {
    let mut changes = desk.changes();
    while desk.night(&[]).await?.run.is_some_and(|run| run.is_running()) {
        // The desk that says it is held here, so it goes on saying it.
        let _ = changes.changed().await;
    }
    Ok(())
}

/// The guests pay what they are asked for, each request whose link is known.
pub(super) fn guests_pay(house: &House) {
    let unpaid: Vec<(String, HoldId)> = {
        let engine = house.engine();
        let waiting = engine
            .intents()
            .filter(|intent| intent.authorised == 0 && intent.pays_at.is_none());
        waiting
            .filter_map(|intent| Some((intent.id.clone(), hold_of(intent)?)))
            .collect()
    };
    for (id, hold) in unpaid {
        let is_known = now(house.ledger.hold(hold)).is_ok_and(|hold| hold.intent_id.as_deref() == Some(&id));
        if is_known {
            // One who comes too late is turned away.
            let _outcome = house.engine().pay(&id, holdfast_tests::GOOD);
        }
    }
}
