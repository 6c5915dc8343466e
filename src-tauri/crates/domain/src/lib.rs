//! What a tab, a hold, an operation, an amount and a deadline are.
//!
//! Pure: no I/O, no clock, no async. Every rule about money stands here once; the desk asks,
//! the ledger guards, the window shows.

mod actions;
mod actor;
mod business_day;
mod card_number;
mod deadline;
mod detail;
mod event;
mod finding;
mod hold;
mod ids;
mod money;
mod movement;
mod moving;
mod no_answer;
mod not_done;
mod operation;
mod outcome;
mod plain;
mod reckoning;
mod refund;
mod renewal;
mod report;
mod seen_card;
mod settle;
mod snapshot;
mod status;
mod tab;
mod tab_state;
mod typed_text;
mod urgency;
mod watch;
mod witness;

pub use actions::{Action, Allowed, Refusal, actions, refusal};
pub use actor::Actor;
pub use business_day::{BusinessDayProblem, BusinessDays};
pub use card_number::{card_numbers, has_card_number, without_card_numbers};
pub use deadline::{DEADLINE_LATENESS, Deadline, LONGEST_HOLD};
pub use detail::{Detail, EchoDifference};
pub use event::{
    Deed, Edit, Event, FloorOrder, ForgetReason, NightStep, Personal, RowTrouble, Shown, Warning,
};
pub use finding::{Finding, FindingKey, FindingKind, NotAKey};
pub use hold::{CaptureMode, DeadlineAction, Hold, HoldState};
pub use ids::{HoldId, LineId, OperationId, RunId, TabId, TillId};
pub use money::{
    AmountProblem, Currency, MAX_MINOR, Money, parse_amount, parse_amount_or_share, parse_percent, share,
};
pub use movement::{Movement, MovementKind, PAID, Standing, movements, standings};
pub use moving::{MOST_WAYS, MoveRefusal, Moved, balances, equal_part, movable, move_refused};
pub use no_answer::NoAnswer;
pub use not_done::{ChangedBy, NotDone, StaysOpen, TabChange};
pub use operation::{Baseline, Cause, Operation, OperationKind, OperationState, RefundOf, Sender, Session};
pub use outcome::{Answer, Outcome, judge};
pub use plain::{guest, plain};
pub use reckoning::{CLOCK_TOLERANCE, ClockTrouble, Reckoning, Timekeeper};
pub use refund::{
    Again, Paid, Parts, Refund, Refunded, Said, refundable_parts, refunded_parts, refunds, taken_parts,
};
pub use renewal::{
    HoldSide, LINK_GRACE, RELEASE_RETRY_DELAY, Renewal, RenewalEnd, RenewalEnded, RenewalStep,
    renewal_link_ends,
};
pub use report::{JournalHead, Leftover, NightReport, StillHeld, Sums, SumsOf, sums_by};
pub use seen_card::{Scheme, SeenCard};
pub use settle::{
    QUIET_GAP, QUIET_WINDOW, Settlement, is_too_old_for, is_turned, settle, subset_sum_exists, was_known_to,
};
pub use snapshot::{Capture, Card, Snapshot};
pub use status::{CaptureStatus, IntentStatus};
pub use tab::{Kind, Line, Tab, bill};
pub use tab_state::TabState;
pub use typed_text::{isolated, tidy_line, tidy_lines};
pub use urgency::Urgency;
pub use watch::{
    CLOCK_SETTLE_TIME, Change, MOST_WARNINGS, Rhythm, Stage, WARN_AGAIN_AFTER, WARNING_CHECK_INTERVAL,
    Warned, WarningStep, Warnings, changes, due,
};
pub use witness::{
    Compared, EntryMatch, JournalWitness, NotAHead, Testimony, WITNESS_DIGITS, compare_journal, read_head,
};
