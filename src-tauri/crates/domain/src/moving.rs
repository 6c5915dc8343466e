//! Moving a part of one bill to another: what one loses the other gains, and what was taken stays where it is.

use crate::{Kind, Line, MAX_MINOR, Paid, Tab};

/// The largest number of equal parts that a bill is split into.
pub const MOST_WAYS: i64 = 4;

/// Why nothing can be moved. Amounts are minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveRefusal {
    /// It would be moved to where it is.
    SameTab,
    /// The tab that it's on is closed.
    FromClosed,
    /// The tab that it would go to is closed.
    OntoClosed,
    /// The tabs are in different currencies.
    OtherCurrency,
    /// It's on a payment, which has no running bill.
    FromPayment,
    /// It would go to a payment.
    OntoPayment,
    /// Nobody has said what is to be moved.
    NothingChosen,
    /// A chosen line isn't on the bill any more.
    LineGone,
    /// All of the bill is paid.
    NothingDue,
    /// More than is still to take: the rest is paid by a card that stays.
    TooMuch {
        /// Chosen.
        chosen: i64,
        /// Still to take.
        due: i64,
    },
    /// More was paid on the other tab than its bill: what comes would be paid by that, and nobody would be asked.
    OntoPaidBeyond,
    /// The other bill would go beyond the largest amount.
    OntoTooLarge,
}

/// The lines that can be moved, in their order: those that nobody removed or moved, and that remove none.
pub fn movable(lines: &[Line]) -> Vec<&Line> {
    let is_off = |line: &Line| lines.iter().any(|other| other.takes_off == Some(line.id));
    lines
        .iter()
        .filter(|line| line.takes_off.is_none() && !line.has_left() && !is_off(line))
        .collect()
}

/// One equal part, in minor units. The odd pennies stay where they are.
pub const fn equal_part(due: i64, ways: i64) -> Option<i64> {
    if ways < 2 || ways > MOST_WAYS {
        return None;
    }
    due.checked_div(ways)
}

/// Whether lines that are written together leave the sum of all bills as it is.
pub fn balances(lines: &[Line]) -> bool {
    let sum = lines.iter().try_fold(0_i64, |sum, line| {
        sum.checked_add(line.each.checked_mul(line.quantity)?)
    });
    sum == Some(0)
}

/// Why `amount` can't go from one bill to another; without another one to a new tab.
pub fn move_refused(from: (&Tab, Paid), onto: Option<(&Tab, Paid)>, amount: i64) -> Option<MoveRefusal> {
    let (tab, paid) = from;
    if tab.closed_at.is_some() {
        return Some(MoveRefusal::FromClosed);
    }
    if tab.kind == Kind::Payment {
        return Some(MoveRefusal::FromPayment);
    }
    if let Some((other, _)) = onto {
        if other.id == tab.id {
            return Some(MoveRefusal::SameTab);
        }
        if other.closed_at.is_some() {
            return Some(MoveRefusal::OntoClosed);
        }
        if other.currency != tab.currency {
            return Some(MoveRefusal::OtherCurrency);
        }
        if other.kind == Kind::Payment {
            return Some(MoveRefusal::OntoPayment);
        }
    }
    let due = paid.due();
    if due == 0 {
        return Some(MoveRefusal::NothingDue);
    }
    if amount <= 0 {
        return Some(MoveRefusal::NothingChosen);
    }
    if amount > due {
        return Some(MoveRefusal::TooMuch { chosen: amount, due });
    }
    onto.and_then(|(_, paid)| onto_refused(paid, amount))
}

/// Why a bill can't get `amount` more.
fn onto_refused(paid: Paid, amount: i64) -> Option<MoveRefusal> {
    let lines = paid.lines.checked_add(amount).filter(|lines| *lines <= MAX_MINOR);
    let Some(lines) = lines else {
        return Some(MoveRefusal::OntoTooLarge);
    };
    let after = Paid { lines, ..paid };
    (after.due() != paid.due().saturating_add(amount)).then_some(MoveRefusal::OntoPaidBeyond)
}
