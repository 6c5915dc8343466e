//! The guest's side: Dojo's three test cards.

use serde::Serialize;

use super::{
    Engine,
    intent::{CaptureMode, Event, Intent, Status},
    switches::{PaymentAfterCancel, UnpaidExpiry},
};

/// One of Dojo's test cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestCard {
    /// The full number, as Dojo publishes it for tests.
    pub number: &'static str,
    /// Its scheme, as the interface writes it.
    pub scheme: &'static str,
    /// What a guest reads about it.
    pub about: &'static str,
    declines: bool,
    challenges: bool,
}

/// The cards that the checkout page offers.
pub const TEST_CARDS: [TestCard; 3] = [
    TestCard {
        number: "5200000000001005",
        scheme: "MASTERCARD",
        about: "Approved",
        declines: false,
        challenges: false,
    },
    TestCard {
        number: "5200000000001096",
        scheme: "MASTERCARD",
        about: "Approved after 3-D Secure",
        declines: false,
        challenges: true,
    },
    TestCard {
        number: "4456530000001013",
        scheme: "VISA",
        about: "Declined",
        declines: true,
        challenges: false,
    },
];

/// What became of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PaymentOutcome {
    /// The money is held.
    Authorized,
    /// The money is taken.
    Captured,
    /// The card said no; the intent can be paid with another one.
    Declined,
}

/// Why nothing was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPayable {
    /// No such intent.
    Unknown,
    /// No such card.
    Card,
    /// It is paid, canceled or over.
    Closed,
}

impl Engine {
    /// Pays an intent with a test card.
    pub fn pay(&mut self, id: &str, number: &str) -> Result<PaymentOutcome, NotPayable> {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let intent = self.intents.get(id).ok_or(NotPayable::Unknown)?;
        let card = TEST_CARDS
            .iter()
            .find(|card| card.number == digits)
            .ok_or(NotPayable::Card)?;
        if !self.is_payable(intent) {
            return Err(NotPayable::Closed);
        }
        self.put_through(id, *card).ok_or(NotPayable::Unknown)
    }

    /// A canceled intent is payable where a payment was under way as it was canceled, or by a switch.
    fn is_payable(&self, intent: &Intent) -> bool {
        let switches = &self.state.switches;
        let is_over = switches.unpaid_expiry == UnpaidExpiry::StaysCreated && intent.expire_at <= self.now;
        let is_closed = match intent.status {
            Status::Created => is_over,
            Status::Canceled => intent.pays_at.is_none(),
            Status::Authorized | Status::Captured | Status::Reversed | Status::Refunded => return false,
        };
        !is_closed || switches.payment_after_cancel == PaymentAfterCancel::Taken
    }

    /// The payment that was under way as the intent was canceled, with the first of the test cards.
    pub(super) fn pay_after_all(&mut self, id: &str) {
        if let Some(card) = TEST_CARDS.first() {
            self.put_through(id, *card);
        }
    }

    fn put_through(&mut self, id: &str, card: TestCard) -> Option<PaymentOutcome> {
        let manual = self.intents.get(id)?.capture_mode == CaptureMode::Manual;
        let transaction_id = self.transaction_id();
        let (outcome, event_type) = match (card.declines, manual) {
            (true, _) => (PaymentOutcome::Declined, "Declined"),
            (false, true) => (PaymentOutcome::Authorized, "Authorized"),
            (false, false) => (PaymentOutcome::Captured, "Captured"),
        };
        self.change(id, |intent, now, _| {
            intent.pays_at = None;
            let event = Event {
                at: now,
                event_type: event_type.to_owned(),
                transaction_id,
                card_number: mask(card.number),
                card_type: card.scheme.to_owned(),
            };
            if card.challenges {
                intent.events.push(Event {
                    event_type: "AuthChallenged".to_owned(),
                    ..event.clone()
                });
            }
            intent.events.push(event);
            if card.declines {
                intent.declined_attempts = intent.declined_attempts.saturating_add(1);
                return;
            }
            intent.status = Status::Authorized;
            intent.authorised = intent.total();
            intent.authorised_at = Some(now);
            intent.hold_open = manual;
            if !manual {
                intent.auto_captured = intent.authorised;
            }
        });
        Some(outcome)
    }
}

/// `52000000****1005`: the first eight and the last four digits.
fn mask(number: &str) -> String {
    format!(
        "{}****{}",
        number.get(..8).unwrap_or_default(),
        number.get(12..).unwrap_or_default()
    )
}
