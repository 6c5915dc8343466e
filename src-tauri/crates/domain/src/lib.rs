//! What a tab, a hold, an operation, an amount and a deadline are.
//!
//! Pure: no I/O, no clock, no async. Every rule about money stands here once; the desk asks,
//! the ledger guards, the window shows.

mod actions;
mod business_day;
mod deadline;
mod finding;
mod hold;
mod ids;
mod money;
mod movement;
mod operation;
mod outcome;
mod plain;
mod reckoning;
mod refund;
mod renewal;
mod report;
mod settle;
mod status;
mod tab;
mod watch;

pub use actions::{Action, Allowed, Refusal, actions};
pub use business_day::{BusinessDayProblem, BusinessDays};
pub use deadline::{CEILING, DEADLINE_LATENESS, Deadline};
pub use finding::{Finding, FindingKind};
pub use hold::{Capture, CaptureMode, Card, DeadlineAction, Hold, HoldState, Snapshot};
pub use ids::{HoldId, LineId, OperationId, TabId};
pub use money::{
    AmountProblem, Currency, MAX_MINOR, Money, parse_amount, parse_amount_or_share, parse_percent, share,
};
pub use movement::{BY_DOJO, BY_OTHERS, Movement, MovementKind, PAID, Standing, movements, standings};
pub use operation::{Baseline, CAME_LATE, Operation, OperationKind, OperationState, RefundOf};
pub use outcome::{Answer, Outcome, judge};
pub use plain::plain;
pub use reckoning::{ClockTrouble, Reckoning, TOLERANCE, Timekeeper};
pub use refund::{
    Paid, Parts, Refund, Refunded, Said, refundable_parts, refunded_parts, refunds, taken_parts,
};
pub use renewal::{
    HoldSide, LINK_GRACE, RELEASE_AGAIN, Renewal, RenewalEnd, RenewalEnded, RenewalStep, renewal_link_ends,
};
pub use report::{JournalHead, Leftover, NightReport, StillHeld, Sums, SumsOf, sums_by};
pub use settle::{QUIET_GAP, QUIET_WINDOW, Settlement, adds_up, is_turned, knew, settle};
pub use status::{CaptureStatus, IntentStatus};
pub use tab::{Kind, Line, Tab, bill};
pub use watch::{
    AGAIN, BEAT, Change, MOST_WARNINGS, Rhythm, SETTLE, Stage, Step, Warned, Warnings, changes, due,
};
