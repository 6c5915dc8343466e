//! What a tab, a hold, an operation, an amount and a deadline are.
//!
//! Pure: no I/O, no clock, no async. Every rule about money stands here once; the desk asks,
//! the ledger guards, the window shows.

mod actions;
mod actor;
mod business_day;
mod card_number;
mod deadline;
mod deed;
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
mod paid;
mod plain;
mod purpose;
mod reckoning;
mod refund;
mod renewal;
mod report;
mod said;
mod seen_card;
mod settle;
mod shown;
mod snapshot;
mod stage;
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
pub use deadline::{DEADLINE_LATENESS, Deadline, DeadlineAction, LONGEST_HOLD};
pub use deed::Deed;
pub use detail::{Detail, EchoDifference};
pub use event::{Edit, Event, FloorOrder, ForgetReason, NightStep, Personal, RowTrouble, Warning};
pub use finding::{Finding, FindingKey, FindingKind, NotAKey};
pub use hold::{CaptureMode, Hold, HoldState};
pub use ids::{HoldId, LineId, OperationId, RunId, TabId, TillId};
pub use money::{
    AmountProblem, Currency, MAX_MINOR, Money, parse_amount, parse_amount_or_share, parse_percent, share,
};
pub use movement::{Movement, MovementKind, PAID, Standing, movements, standings};
pub use moving::{MOST_WAYS, MoveRefusal, balances, equal_part, movable, move_refused};
pub use no_answer::NoAnswer;
pub use not_done::{ChangedBy, NotDone, StaysOpen, TabChange};
pub use operation::{Baseline, Cause, Operation, OperationKind, OperationState, Sender, Session};
pub use outcome::{Answer, Judgement, judge};
pub use paid::{Paid, Parts, Refunded, refundable_parts, refunded_parts, taken_parts};
pub use plain::{guest, plain};
pub use purpose::Purpose;
pub use reckoning::{CLOCK_TOLERANCE, ClockTrouble, Reckoning, Timekeeper};
pub use refund::{Refund, refunds};
pub use renewal::{
    HoldSide, LINK_GRACE, RELEASE_RETRY_DELAY, Renewal, RenewalEnd, RenewalEnded, RenewalStep,
    renewal_link_ends,
};
pub use report::{JournalHead, Leftover, NightReport, StillHeld, Sums, SumsOf, sums_by};
pub use said::{Again, Said};
pub use seen_card::{Scheme, SeenCard};
pub use settle::{
    QUIET_GAP, QUIET_WINDOW, Settlement, is_too_old_for, is_turned, settle, subset_sum_exists, was_known_to,
};
pub use shown::Shown;
pub use snapshot::{Capture, Card, Snapshot};
pub use stage::Stage;
pub use status::{CaptureStatus, IntentStatus};
pub use tab::{Kind, Line, Moved, Tab, bill};
pub use tab_state::TabState;
pub use typed_text::{isolated, tidy_line, tidy_lines};
pub use urgency::Urgency;
pub use watch::{
    CLOCK_SETTLE_TIME, Change, MOST_WARNINGS, Rhythm, WARN_AGAIN_AFTER, WARNING_CHECK_INTERVAL, Warned,
    WarningStep, Warnings, changes, due,
};
pub use witness::{
    Compared, EntryMatch, JournalWitness, NotAHead, Testimony, WITNESS_DIGITS, compare_journal, read_head,
};
