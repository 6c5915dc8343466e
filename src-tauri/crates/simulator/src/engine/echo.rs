//! A create that Dojo does otherwise than it was asked.
//!
//! What is stored is what the answer shows: that is the danger. A hold really ends sooner, a guest is really
//! charged at once. Only the answer to the create tells the till, so it has to compare it with what it asked.

use super::{
    faults::Fault,
    intent::{AutoExpireAction, CaptureMode, Intent},
    timespan,
};

/// How late a hold ends that Dojo forgets.
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Bends the new intent as the fault says.
pub(super) fn bend(intent: &mut Intent, fault: &Fault) {
    match fault.fault.as_str() {
        "echo-interval" | "echo-interval-late" => {
            if let Some(shorter) = shorter(intent, fault) {
                intent.auto_expire_in = Some(shorter);
            }
            if fault.fault == "echo-interval-late" {
                intent.ends_late = DAY_SECONDS;
            }
        }
        "echo-action" => {
            intent.auto_expire_action = intent.auto_expire_action.map(|action| match action {
                AutoExpireAction::Release => AutoExpireAction::Capture,
                AutoExpireAction::Capture => AutoExpireAction::Release,
            });
        }
        "echo-mode" => {
            intent.capture_mode = match intent.capture_mode {
                CaptureMode::Manual => CaptureMode::Auto,
                CaptureMode::Auto => CaptureMode::Manual,
            };
        }
        "echo-currency" => {
            let other = if intent.currency == "EUR" { "GBP" } else { "EUR" };
            other.clone_into(&mut intent.currency);
        }
        "echo-amount" => intent.amount = intent.amount.checked_div(2).unwrap_or(0).max(1),
        _ => {}
    }
}

/// The ordered interval where a hold may last that long, else half of what was asked.
fn shorter(intent: &Intent, fault: &Fault) -> Option<String> {
    let asked = timespan::parse(intent.auto_expire_in.as_deref()?)?;
    let ordered = fault.delay_or(0);
    let is_shorter = timespan::fits_a_hold(ordered) && ordered < asked;
    let half = asked.checked_div(2)?;
    let shorter = if is_shorter { ordered } else { half };
    timespan::fits_a_hold(shorter).then(|| timespan::write(shorter))
}
