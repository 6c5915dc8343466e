//! What was taken and refunded by what it was for, and what is due on a bill after that.

use crate::{Hold, Operation, Purpose, movement, refunds};
use chrono::{DateTime, Utc};

/// Money by what it is for, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// What was had.
    pub bill: i64,
    /// Service charge.
    pub service: i64,
    /// Tip.
    pub tip: i64,
}

impl Parts {
    /// All three.
    pub const fn total(self) -> i64 {
        self.bill.saturating_add(self.service).saturating_add(self.tip)
    }

    /// What is left of each without `other`'s; never below zero.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        Self {
            bill: self.bill.saturating_sub(other.bill).max(0),
            service: self.service.saturating_sub(other.service).max(0),
            tip: self.tip.saturating_sub(other.tip).max(0),
        }
    }
}

/// What a hold's refunds are of, in minor units: `bill + service + tip + not_said` is all that Dojo says is refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refunded {
    /// Of the bill, service charge and tip, as far as it is said.
    pub of: Parts,
    /// Within the bill's part, what came off the bill.
    pub off_bill: i64,
    /// Nobody has said what it is of.
    pub not_said: i64,
}

/// What all refunds of a hold are of.
pub fn refunded_parts(hold: &Hold, operations: &[Operation]) -> Refunded {
    refunds(hold, operations)
        .iter()
        .fold(Refunded::default(), |sum, one| Refunded {
            of: Parts {
                bill: sum.of.bill.saturating_add(one.bill()),
                service: sum.of.service.saturating_add(one.of.service),
                tip: sum.of.tip.saturating_add(one.of.tip),
            },
            off_bill: sum.off_bill.saturating_add(one.of.off_bill),
            not_said: sum.not_said.saturating_add(one.not_said()),
        })
}

/// What was taken from a hold, by what it was for. What was taken elsewhere counts as bill: nobody is asked for more
/// than the bill because of it.
pub fn taken_parts(hold: &Hold, operations: &[Operation]) -> Parts {
    let service = movement::takings(hold, operations)
        .iter()
        .fold(0_i64, |sum, one| sum.saturating_add(one.service));
    let tip = hold.captured_tip();
    Parts {
        bill: hold.captured().saturating_sub(tip).saturating_sub(service).max(0),
        service,
        tip,
    }
}

/// What of each may still be refunded. What nobody has said may have been of any of them: it is refused by the
/// sum only.
pub fn refundable_parts(hold: &Hold, operations: &[Operation]) -> Parts {
    taken_parts(hold, operations).less(refunded_parts(hold, operations).of)
}

/// A bill, and what was paid and given back of it, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Paid {
    /// What the bill's lines add up to.
    pub lines: i64,
    /// What refunds took off it.
    pub off: i64,
    /// The bill's part of all that was taken.
    pub taken: i64,
    /// The bill's part of all that was refunded and said.
    pub back: i64,
    /// What was refunded to be charged again, and has not been since.
    pub again: i64,
    /// What was refunded, and nobody has said what it is of.
    pub not_said: i64,
}

impl Paid {
    /// Of a bill whose lines add up to `lines`, and all holds on its tab.
    pub fn of(lines: i64, holds: &[(Hold, Vec<Operation>)]) -> Self {
        let mut paid = Self {
            lines,
            again: charged_again(holds),
            ..Self::default()
        };
        for (hold, operations) in holds {
            let back = refunded_parts(hold, operations);
            paid.taken = paid.taken.saturating_add(taken_parts(hold, operations).bill);
            paid.back = paid.back.saturating_add(back.of.bill);
            paid.off = paid.off.saturating_add(back.off_bill);
            paid.not_said = paid.not_said.saturating_add(back.not_said);
        }
        paid
    }

    /// What the guest was to pay in all: the lines without what refunds took off.
    pub fn bill(self) -> i64 {
        self.lines.saturating_sub(self.off).max(0)
    }

    /// What is still to be paid. A refund that nobody has said the purpose of makes nothing due.
    pub fn due(self) -> i64 {
        self.bill().saturating_sub(self.kept()).max(0)
    }

    /// What was paid beyond the bill, such as a duplicate. A refund that nobody has said the purpose of may have given
    /// it back already: it isn't given back twice.
    pub fn over(self) -> i64 {
        let kept = self.kept().saturating_sub(self.not_said);
        kept.saturating_sub(self.bill()).max(0)
    }

    /// What of [`Paid::due`] is due because a refund is to be charged again.
    pub fn due_again(self) -> i64 {
        self.again.min(self.due())
    }

    /// A refund of these parts. What had been paid beyond the bill is given back first, and is owed by nobody; the rest
    /// of the bill's part comes off the bill, or is due again.
    pub fn refund(self, parts: Parts, charge_again: bool) -> Purpose {
        let owed = parts.bill.saturating_sub(self.over()).clamp(0, self.bill());
        let (off_bill, again) = if charge_again { (0, owed) } else { (owed, 0) };
        Purpose {
            service: parts.service,
            tip: parts.tip,
            off_bill,
            again,
        }
    }

    /// The same bill after such a refund.
    #[must_use]
    pub fn after(self, parts: Parts, of: Purpose) -> Self {
        Self {
            off: self.off.saturating_add(of.off_bill),
            back: self.back.saturating_add(parts.bill),
            again: self.again.saturating_add(of.again),
            ..self
        }
    }

    /// What of the bill was paid and not given back.
    fn kept(self) -> i64 {
        self.taken.saturating_sub(self.back).max(0)
    }
}

/// What was refunded to be charged again, less the bill's part of what was taken since.
fn charged_again(holds: &[(Hold, Vec<Operation>)]) -> i64 {
    let mut moved: Vec<(DateTime<Utc>, i64)> = Vec::new();
    for (hold, operations) in holds {
        for one in refunds(hold, operations).iter().filter(|r| r.of.again > 0) {
            // What it gave back was taken before, whatever the clocks say.
            let takings = movement::takings(hold, operations);
            let decided = |o: &Operation| {
                let before = takings.iter().filter(|t| o.baseline.captures.contains(&t.source));
                before.map(|taking| taking.at).fold(o.at, DateTime::max)
            };
            match (one.decision, &hold.said_elsewhere) {
                (Some(decision), _) => moved.push((decided(decision), one.of.again)),
                (None, Some(said)) => moved.extend(said.again().map(|again| (again.at, again.minor))),
                (None, None) => {}
            }
        }
    }
    if moved.is_empty() {
        return 0;
    }
    for (hold, operations) in holds {
        for taking in movement::takings(hold, operations) {
            let bill = taking
                .amount
                .saturating_sub(taking.service)
                .saturating_sub(taking.tip);
            moved.push((taking.at, bill.saturating_neg()));
        }
    }
    moved.sort_unstable();
    moved
        .iter()
        .fold(0_i64, |open, (_, minor)| open.saturating_add(*minor).max(0))
}
