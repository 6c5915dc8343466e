//! The night report: what moved since the one before, added up once and for ever.

use crate::{Actor, Currency, Money, Movement, MovementKind, TabId, TabState};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Sums of movements in one currency, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sums {
    /// How many holds were asked for.
    pub opened: i64,
    /// What was asked for with them.
    pub asked: i64,
    /// Newly held on cards. Not takings.
    pub held: i64,
    /// Taken, service charge and tips included.
    pub taken: i64,
    /// Service charge within what was taken.
    pub service: i64,
    /// Tips within what was taken.
    pub tips: i64,
    /// Given back after it was taken.
    pub refunded: i64,
    /// Service charge within what was given back, as far as it is said.
    #[serde(default)]
    pub refunded_service: i64,
    /// Tips within what was given back, as far as it is said.
    #[serde(default)]
    pub refunded_tips: i64,
    /// Within what was given back, what nobody has said the purpose of. 0 in a report of before it was asked.
    #[serde(default)]
    pub refunded_not_said: i64,
    /// Released by decision.
    pub released: i64,
    /// Released by Dojo at the deadline.
    pub lapsed: i64,
}

impl Sums {
    /// With `movement` in it; none on overflow.
    #[must_use]
    pub fn with(mut self, movement: &Movement) -> Option<Self> {
        let what = &movement.what;
        let sum = match what.kind {
            MovementKind::Opened => {
                self.opened = self.opened.checked_add(what.amount.signum())?;
                &mut self.asked
            }
            MovementKind::Held => &mut self.held,
            MovementKind::Taken => {
                self.service = self.service.checked_add(what.service)?;
                self.tips = self.tips.checked_add(what.tip)?;
                &mut self.taken
            }
            MovementKind::Refunded => {
                self.refunded_service = self.refunded_service.checked_add(what.service)?;
                self.refunded_tips = self.refunded_tips.checked_add(what.tip)?;
                let not_said = what.amount.checked_sub(what.said)?;
                self.refunded_not_said = self.refunded_not_said.checked_add(not_said)?;
                &mut self.refunded
            }
            MovementKind::Released => &mut self.released,
            MovementKind::Lapsed => &mut self.lapsed,
        };
        *sum = sum.checked_add(what.amount)?;
        Some(self)
    }

    /// Both together; none on overflow.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            opened: self.opened.checked_add(other.opened)?,
            asked: self.asked.checked_add(other.asked)?,
            held: self.held.checked_add(other.held)?,
            taken: self.taken.checked_add(other.taken)?,
            service: self.service.checked_add(other.service)?,
            tips: self.tips.checked_add(other.tips)?,
            refunded: self.refunded.checked_add(other.refunded)?,
            refunded_service: self.refunded_service.checked_add(other.refunded_service)?,
            refunded_tips: self.refunded_tips.checked_add(other.refunded_tips)?,
            refunded_not_said: self.refunded_not_said.checked_add(other.refunded_not_said)?,
            released: self.released.checked_add(other.released)?,
            lapsed: self.lapsed.checked_add(other.lapsed)?,
        })
    }

    /// Service charge that was kept: taken less refunded; none on overflow.
    pub const fn kept_service(&self) -> Option<i64> {
        self.service.checked_sub(self.refunded_service)
    }

    /// Tips that were kept, for staff to be paid: taken less refunded; none on overflow.
    pub const fn kept_tips(&self) -> Option<i64> {
        self.tips.checked_sub(self.refunded_tips)
    }

    /// Takings: what was taken less what was given back; none on overflow.
    pub const fn takings(&self) -> Option<i64> {
        self.taken.checked_sub(self.refunded)
    }
}

/// The sums of one person, one day, or of all, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SumsOf<K> {
    /// The member of staff or the business day that the sums are of.
    pub of: K,
    /// Of every sum.
    pub currency: Currency,
    /// The sums.
    pub sums: Sums,
}

/// Adds `movements` up by what `key` says and by currency, in the keys' order; none on overflow.
pub fn sums_by<K: Ord + Clone>(
    movements: &[Movement],
    key: impl Fn(&Movement) -> K,
) -> Option<Vec<SumsOf<K>>> {
    let mut all: Vec<SumsOf<K>> = Vec::new();
    for movement in movements {
        let (of, currency) = (key(movement), movement.currency);
        let place = all.iter().position(|s| s.of == of && s.currency == currency);
        let before = place
            .and_then(|place| all.get(place))
            .map_or_else(Sums::default, |s| s.sums);
        let sums = before.with(movement)?;
        match place.and_then(|place| all.get_mut(place)) {
            Some(there) => there.sums = sums,
            None => all.push(SumsOf { of, currency, sums }),
        }
    }
    all.sort_by(|a, b| (&a.of, a.currency.code()).cmp(&(&b.of, b.currency.code())));
    Some(all)
}

/// What is still held when a report is made. Not takings, and in no report's sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StillHeld {
    /// On how many holds.
    pub holds: i64,
    /// What is on hold in that currency, taken parts left out.
    pub money: Money,
}

/// A tab that is carried forward to the next night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Leftover {
    /// The tab; it may be closed by the time the report is read.
    pub tab: TabId,
    /// Guest or party.
    pub name: String,
    /// Room or table.
    pub place: Option<String>,
    /// Can be read out.
    pub reference: String,
    /// What it was.
    pub state: TabState,
    /// Held and not taken.
    pub left: Money,
    /// On its bill.
    pub bill: Money,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Who opened the tab.
    pub opened_by: Actor,
    /// In how many reports it stands, with this one.
    pub times: i64,
}

/// The journal's head when the report was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalHead {
    /// How many entries there were.
    pub seq: i64,
    /// The last one's seal, which holds all before it.
    pub seal: String,
}

/// A night report. Never changed; printed again from what is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NightReport {
    /// From 1, without gaps.
    pub number: i64,
    /// By the clock that decisions are dated by.
    pub made_at: DateTime<Utc>,
    /// Who made it.
    pub made_by: Actor,
    /// The venue's name, as Settings had it then.
    pub venue: String,
    /// The business day on which it was made.
    pub day: NaiveDate,
    /// When that day began, as set then: `05:00`.
    pub cut_off: String,
    /// Where the clocks are, as set then: `Europe/London`.
    pub zone: String,
    /// When the one before was made.
    pub since: Option<DateTime<Utc>>,
    /// The first movement in it.
    pub first: i64,
    /// The last movement in it; one less than `first` when nothing moved.
    pub last: i64,
    /// All of it.
    pub sums: Vec<SumsOf<()>>,
    /// By person.
    pub by_staff: Vec<SumsOf<Actor>>,
    /// By business day: what was learnt late belongs to the day on which it happened.
    pub by_day: Vec<SumsOf<NaiveDate>>,
    /// Not takings.
    pub still_held: Vec<StillHeld>,
    /// Carried forward, by name.
    pub leftovers: Vec<Leftover>,
    /// What it is sealed to.
    pub journal: JournalHead,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Baseline, Capture, CaptureMode, CaptureStatus, Cause, DeadlineAction, Hold, HoldId, IntentStatus,
        Operation, OperationId, OperationKind, OperationState, Snapshot, Standing, movements, standings,
    };
    use chrono::TimeDelta;
    use proptest::prelude::*;
    use uuid::Uuid;

    const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn hold() -> Hold {
        Hold {
            id: HoldId(Uuid::nil()),
            tab: TabId(Uuid::nil()),
            intent_id: Some("pi_1".to_owned()),
            reference: "HF-TEST".to_owned(),
            mode: CaptureMode::Manual,
            currency: Currency::Gbp,
            asked: 10_000,
            expire_in: Some(600_000),
            expire_action: Some(DeadlineAction::Release),
            link: None,
            link_ends_at: None,
            opened_at: START,
            created_at: None,
            seen: None,
            lapsed_at: None,
            said_elsewhere: None,
            given_up_at: None,
            version: 0,
        }
    }

    fn seen(status: IntentStatus, captures: &[(i64, i64)], refunded: i64) -> Snapshot {
        let captures = captures.iter().zip(1..).map(|((amount, tip), number)| Capture {
            id: format!("cp_{number}"),
            amount: *amount,
            tip: *tip,
            status: CaptureStatus::Successful,
            at: Some(START + TimeDelta::hours(number)),
        });
        Snapshot {
            status,
            amount: 10_000,
            tip: 0,
            total: 10_000,
            refunded,
            captures: captures.collect(),
            card: None,
            auth_code: None,
            authorised_at: Some(START),
            authorised_by: None,
            declined: 0,
            seen_at: START,
        }
    }

    fn operation(
        kind: OperationKind,
        amount: i64,
        state: OperationState,
        dojo_id: Option<&str>,
    ) -> Operation {
        Operation {
            id: OperationId(Uuid::from_u128(u128::try_from(amount).unwrap())),
            hold: HoldId(Uuid::nil()),
            kind,
            amount,
            service: amount / 10,
            tip: 0,
            baseline: Baseline::default(),
            requested_by: Actor::staff("Sam"),
            cause: Cause::Person,
            reason: None,
            at: START,
            state,
            dojo_id: dojo_id.map(str::to_owned),
            detail: None,
            is_late: false,
            settled_at: None,
            seen_at: None,
            sender: None,
            of: None,
            then_ask: 0,
        }
    }

    fn standing(hold: &Hold, operations: &[Operation]) -> Vec<(MovementKind, String, i64, i64)> {
        let all = standings(hold, operations).unwrap();
        all.into_iter()
            .map(|s| (s.kind, s.by.to_string(), s.amount, s.service))
            .collect()
    }

    #[test]
    fn a_capture_is_whose_decision_it_was_even_while_its_answer_is_on_the_way() {
        use MovementKind::*;
        let mut hold = hold();
        hold.seen = Some(seen(IntentStatus::Authorized, &[(4_000, 0), (500, 0)], 0));
        let waiting = operation(OperationKind::Capture, 4_000, OperationState::Intended, None);
        let all = standing(&hold, &[waiting]);
        assert_eq!(
            all,
            [
                (Opened, "Elsewhere".to_owned(), 10_000, 0),
                (Held, "Elsewhere".to_owned(), 10_000, 0),
                (Taken, "Sam".to_owned(), 4_000, 400),
                (Taken, "Elsewhere".to_owned(), 500, 0),
            ]
        );
    }

    #[test]
    fn what_dojo_did_at_the_deadline_is_dojo_s() {
        use MovementKind::*;
        let mut hold = hold();
        hold.seen = Some(seen(IntentStatus::Captured, &[(4_000, 0)], 0));
        hold.lapsed_at = Some(START + TimeDelta::days(7));
        let mine = operation(
            OperationKind::Capture,
            4_000,
            OperationState::Succeeded,
            Some("cp_1"),
        );
        let all = standing(&hold, std::slice::from_ref(&mine));
        assert!(all.contains(&(Lapsed, "Dojo".to_owned(), 6_000, 0)), "{all:?}");
        hold.expire_action = Some(DeadlineAction::Capture);
        let mut all_taken = seen(IntentStatus::Captured, &[(4_000, 0), (6_000, 0)], 0);
        all_taken.captures[1].at = hold.lapsed_at;
        hold.seen = Some(all_taken);
        let all = standing(&hold, &[mine]);
        assert!(all.contains(&(Taken, "Dojo".to_owned(), 6_000, 0)), "{all:?}");
        assert!(!all.iter().any(|s| s.0 == Lapsed), "{all:?}");
    }

    #[test]
    fn what_turns_out_otherwise_is_put_right_by_a_further_movement() {
        let before = [Standing {
            kind: MovementKind::Taken,
            source: "cp_1".to_owned(),
            by: Actor::Elsewhere,
            amount: 500,
            service: 0,
            tip: 0,
            said: 0,
            at: START,
        }];
        let now = [Standing {
            by: Actor::staff("Sam"),
            service: 50,
            ..before[0].clone()
        }];
        let moved = movements(&before, &now);
        let seen: Vec<_> = moved.iter().map(|m| (m.by.name(), m.amount, m.service)).collect();
        assert_eq!(seen, [("Elsewhere", -500, 0), ("Sam", 500, 50)]);
        assert!(movements(&now, &now).is_empty());
    }

    fn a_status() -> impl Strategy<Value = IntentStatus> {
        prop::sample::select(vec![
            IntentStatus::Created,
            IntentStatus::Authorized,
            IntentStatus::Captured,
            IntentStatus::Reversed,
            IntentStatus::Refunded,
            IntentStatus::Canceled,
        ])
    }

    proptest! {
        /// Whatever Dojo shows, in whatever order and however often a report is made in between: the
        /// reports' sums are the movements' sums, and these are what the hold says now.
        #[test]
        fn reports_add_up_to_the_movements_and_those_to_the_hold(
            readings in prop::collection::vec(
                (
                    a_status(),
                    prop::collection::vec((1..4_000_i64, 0..300_i64), 0..3),
                    0..5_000_i64,
                    any::<bool>(),
                    any::<bool>(),
                ),
                1..12,
            ),
            auto in any::<bool>(),
        ) {
            let mut hold = hold();
            if auto {
                hold.mode = CaptureMode::Auto;
            }
            let owner = operation(OperationKind::Capture, 4_000, OperationState::Succeeded, Some("cp_1"));
            let (mut log, mut unreported, mut reported) = (Vec::<Movement>::new(), Vec::new(), Sums::default());
            let mut recorded: Vec<Standing> = Vec::new();
            for (status, captures, refunded, lapsed, report) in readings {
                hold.seen = Some(seen(status, &captures, refunded));
                hold.lapsed_at = hold.lapsed_at.or(lapsed.then_some(START));
                let now = standings(&hold, std::slice::from_ref(&owner)).unwrap();
                for what in movements(&recorded, &now) {
                    let seq = i64::try_from(log.len()).unwrap() + 1;
                    let movement = Movement { seq, hold: hold.id, tab: hold.tab, currency: hold.currency, what };
                    log.push(movement.clone());
                    unreported.push(movement);
                }
                recorded = now;
                if report {
                    for one in sums_by(&std::mem::take(&mut unreported), |_| ()).unwrap() {
                        reported = reported.plus(one.sums).unwrap();
                    }
                }
            }
            for one in sums_by(&unreported, |m| m.what.by.clone()).unwrap() {
                reported = reported.plus(one.sums).unwrap();
            }
            let all = log.iter().try_fold(Sums::default(), Sums::with).unwrap();
            prop_assert_eq!(reported, all);
            prop_assert_eq!(all.taken, hold.captured());
            prop_assert_eq!(all.tips, hold.captured_tip());
            prop_assert_eq!(all.refunded, hold.refunded());
            prop_assert_eq!(all.held, hold.ever_held());
            prop_assert_eq!(all.released + all.lapsed, hold.released() * i64::from(!auto));
            prop_assert_eq!((all.opened, all.asked), (1, 10_000));
        }
    }
}
