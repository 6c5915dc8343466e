//! Why something that was decided wasn't carried out, as staff read it.

use super::{consent, details, refusal};
use crate::context::frame::Frame;
use holdfast_domain::{Currency, Detail, IntentStatus, Money, NotDone, Shown, StaysOpen};

pub(crate) const CHANGED_SINCE_BACKUP: &str =
    "Dojo shows more on this hold than the restored backup. Check it first.";
pub(crate) const BEFORE_BACKUP: &str =
    "This was started before a backup was restored and may already be done. Check the tab, then start again.";
pub(crate) const ANOTHER_PRESS: &str =
    "That press was another decision. Nothing was sent. Check the tab, then decide again.";
pub(crate) const OFFLINE: &str = "Dojo is offline. Nothing was sent. Check the network and try again.";
pub(crate) const KEY_NOT_ACCEPTED: &str =
    "Dojo rejected the key. Nothing was sent. Check the key in Settings.";
pub(crate) const NO_REPLY: &str =
    "We can’t read Dojo’s reply just now. Nothing was sent. Try again in a minute.";
pub(crate) const SENSELESS: &str = "Dojo’s reply makes no sense. Nothing was changed here.";
const LEDGER: &str = "The ledger couldn’t be read or written. Check the tab, then try again.";
const OTHER: &str = "It couldn’t be done. Check the tab, then try again.";

/// Why, in words.
pub(crate) fn not_done(why: &NotDone, frame: Frame) -> String {
    let words = match why {
        NotDone::Changed(changes) => return consent::not_sent(&consent::changes(changes, frame)),
        NotDone::ChangedBeforeClosing(changes) => {
            return consent::not_closed(&consent::changes(changes, frame));
        }
        NotDone::NotAllowed { action, why } => refusal(*action, *why),
        NotDone::StaysOpen(why) => stays_open(*why),
        NotDone::ChangedSinceBackup => CHANGED_SINCE_BACKUP,
        NotDone::BeforeBackup => BEFORE_BACKUP,
        NotDone::AnotherPress => ANOTHER_PRESS,
        NotDone::Offline => OFFLINE,
        NotDone::KeyNotAccepted => KEY_NOT_ACCEPTED,
        NotDone::NotShown(why) => return not_shown(why),
        NotDone::NoReply => NO_REPLY,
        NotDone::Senseless => SENSELESS,
        NotDone::Contradicts { was, is, currency } => {
            return undecided(&contradicts(*was, *is, *currency));
        }
        NotDone::Ledger => LEDGER,
        NotDone::Other => OTHER,
    };
    words.to_owned()
}

/// Dojo's own refusal to show a hold.
pub(crate) fn not_shown(why: &Detail) -> String {
    let why = details::detail(why);
    // Once a guest is forgotten, Dojo's own words are.
    if why.is_empty() {
        return "Dojo refused to be read.".to_owned();
    }
    format!("Dojo refused to be read: {why}")
}

/// Dojo keeps to showing less than before, and nobody has said yet whether that counts.
pub(crate) fn undecided(contradiction: &str) -> String {
    format!("{contradiction}. Nothing was sent. Say on the tab whether to use what Dojo shows.")
}

/// Why a tab can't be closed yet.
pub(crate) const fn stays_open(why: StaysOpen) -> &'static str {
    match why {
        StaysOpen::Settling => "A request isn’t settled with Dojo yet.",
        StaysOpen::DojoTakesRest => {
            "Dojo takes the rest at the deadline and nobody can release it. Keep the tab open until then."
        }
        StaysOpen::DojoTakes => {
            "Dojo takes what’s on hold at the deadline. Take or release it first, or keep the tab open until \
             then."
        }
        StaysOpen::Held => "Something is still on hold. Take or release it first.",
        StaysOpen::Unreadable => "It can only be cancelled in Dojo’s portal. Do that, then dismiss it here.",
        StaysOpen::MayBePaid => "The guest may still pay. Cancel the request first.",
    }
}

/// What Dojo showed before and what it shows now.
pub(crate) fn contradicts(was: Shown, is: Shown, currency: Currency) -> String {
    let say = |shown: Shown| {
        let status = shown.status.map_or("nothing", status);
        let [taken, refunded] = [shown.taken, shown.refunded].map(|minor| Money::new(minor, currency));
        format!("{status}, {taken} taken, {refunded} refunded")
    };
    format!("Dojo showed {} before, and shows {} now", say(was), say(is))
}

const fn status(status: IntentStatus) -> &'static str {
    match status {
        IntentStatus::Created => "an unpaid request",
        IntentStatus::Authorized => "a hold",
        IntentStatus::Captured => "a take",
        IntentStatus::Reversed => "a release",
        IntentStatus::Refunded => "a refund of all",
        IntentStatus::Canceled => "a cancelled request",
        IntentStatus::Unknown => "an unknown state",
    }
}
