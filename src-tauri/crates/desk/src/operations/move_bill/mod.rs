//! Moving a part of a bill to another tab: chosen lines, an equal part, or all that is still to take. No money moves:
//! what was taken stays with the card that paid it, and what is held stays held.

mod carry_out;
mod halves;

use crate::account::{Account, due, totals};
use crate::context::frame::Frame;
use crate::operations::bill::close_refused;
use crate::operations::consent::Seen;
use crate::wording;
pub(crate) use carry_out::{MovedBill, new_details};
use holdfast_domain::{
    Line, LineId, Money, MoveRefusal, OperationId, TabId, equal_part, movable, move_refused,
};
use serde::Deserialize;
use ts_rs::TS;

/// What of a bill is moved.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum MovePart {
    /// These lines.
    Lines(#[ts(type = "string[]")] Vec<LineId>),
    /// One equal part of what is still to take; the number says how many parts there are.
    Share(#[ts(type = "number")] i64),
    /// All that is still to take.
    All,
}

/// Where it goes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum MoveOnto {
    /// To a tab that is open.
    Tab(#[ts(type = "string")] TabId),
    /// To a new one.
    New {
        /// Guest or party.
        name: String,
        /// Room or table.
        place: Option<String>,
    },
}

/// A move, as it's chosen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MoveTyped {
    /// Whose bill.
    #[ts(type = "string")]
    pub tab_id: TabId,
    /// What of it.
    pub part: MovePart,
    /// Where to; none while nobody has said.
    pub onto: Option<MoveOnto>,
}

/// A decision to move a part of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct MoveBill {
    /// What was chosen.
    pub typed: MoveTyped,
    /// What the person saw of the tab that it's on.
    pub seen: Seen,
    /// What they saw of the tab that it goes to; none of a new one.
    pub onto_seen: Option<Seen>,
    /// How much of the bill they saw going, in minor units.
    #[ts(type = "number")]
    pub expect_minor: i64,
    /// They saw that it closes the tab.
    pub closes: bool,
    /// Minted once a sheet: the same one twice moves once.
    #[ts(type = "string")]
    pub decision: OperationId,
}

/// A move, worked out.
pub(crate) struct MoveFigures {
    /// How much of the bill goes.
    pub(crate) amount: Money,
    /// The lines that go whole; none where a share goes.
    lines: Vec<Line>,
    /// Why it can't.
    pub(crate) why: Option<String>,
    /// Whether nothing is left to do on the tab then.
    pub(crate) closes: bool,
}

impl MoveFigures {
    /// Of what was chosen. Without `onto` it goes to a new tab, or nobody has said where to.
    pub(crate) fn of(from: &Account, part: &MovePart, onto: Option<&Account>, frame: Frame) -> Self {
        let currency = from.tab.currency;
        let paid = due::paid(from);
        let chosen = chosen(&from.lines, part, paid.due());
        let (lines, minor) = chosen.as_ref().map_or((Vec::new(), 0), |(lines, minor)| {
            (lines.iter().map(|line| (*line).clone()).collect(), *minor)
        });
        let refused = move_refused(
            (&from.tab, paid),
            onto.map(|onto| (&onto.tab, due::paid(onto))),
            minor,
        );
        // What forbids any move is said before what is wrong with this one.
        let refused = match (refused, chosen) {
            (None | Some(MoveRefusal::NothingChosen), Err(gone)) => Some(gone),
            (refused, _) => refused,
        };
        let waits = [Some(from), onto].into_iter().flatten().find_map(|account| {
            let unsettled = due::unsettled_for_refund(account, frame.now)?;
            Some(wording::moves::waits(&title(account), unsettled))
        });
        let words = |why| {
            let onto = onto.map_or_else(String::new, title);
            wording::moves::refused(why, &title(from), &onto, currency)
        };
        Self {
            amount: Money::new(minor, currency),
            lines,
            why: waits.or_else(|| refused.map(words)),
            closes: *part == MovePart::All && nothing_is_left_on(from, frame),
        }
    }

    /// Whether it's a share, and no line goes whole.
    fn is_share(&self) -> bool {
        self.lines.is_empty()
    }
}

/// Whether nothing is on hold on a tab or waited for, so that it can go once its bill is gone.
fn nothing_is_left_on(account: &Account, frame: Frame) -> bool {
    totals::left(account) == 0 && close_refused(&account.holds, frame.earliest).is_none()
}

/// What a tab is called.
pub(crate) fn title(account: &Account) -> String {
    wording::title(&account.tab, account.holds.iter().map(|(hold, _)| hold))
}

/// The lines that go whole, and how much that is; a share is of no line.
fn chosen<'a>(lines: &'a [Line], part: &MovePart, due: i64) -> Result<(Vec<&'a Line>, i64), MoveRefusal> {
    let movable = movable(lines);
    let sum = |lines: &[&Line]| {
        lines
            .iter()
            .fold(0_i64, |sum, line| sum.saturating_add(line.total()))
    };
    match part {
        MovePart::Lines(ids) => {
            let found: Vec<&Line> = movable
                .into_iter()
                .filter(|line| ids.contains(&line.id))
                .collect();
            let is_whole = ids.iter().all(|id| found.iter().any(|line| line.id == *id));
            let minor = sum(&found);
            is_whole.then_some((found, minor)).ok_or(MoveRefusal::LineGone)
        }
        MovePart::Share(ways) => equal_part(due, *ways)
            .map(|minor| (Vec::new(), minor))
            .ok_or(MoveRefusal::NothingChosen),
        // Where a part is paid, no lines make up just the rest.
        MovePart::All if sum(&movable) == due => Ok((movable, due)),
        MovePart::All => Ok((Vec::new(), due)),
    }
}
