//! What Dojo answers. Tolerant: nearly everything may be null, fields and enum values may be new.

use crate::TimeSpan;
use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// Minor units and currency code (OpenAPI 2026-02-27, `Money`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// Minor units.
    pub value: i64,
    /// ISO 4217.
    pub currency_code: String,
}

impl Money {
    /// `value` minor units of `code`.
    pub fn new(value: i64, code: &str) -> Self {
        Self {
            value,
            currency_code: code.to_owned(),
        }
    }
}

macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A value that this client does not know.
            Other(String),
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
                Ok(match text.as_str() {
                    $(stringify!($variant) => Self::$variant,)+
                    _ => Self::Other(text),
                })
            }
        }
    };
}

open_enum!(
    /// A payment intent's status (`PaymentIntentStatus`).
    Status {
        /// Not paid.
        Created,
        /// Held.
        Authorized,
        /// Taken.
        Captured,
        /// Released.
        Reversed,
        /// Wholly refunded.
        Refunded,
        /// Withdrawn.
        Canceled,
    }
);
open_enum!(
    /// A capture's status (`CaptureStatus`).
    CaptureStatus {
        /// Accepted.
        Created,
        /// Money moved.
        Successful,
        /// The bank refused.
        Declined,
        /// It did not go through.
        Failed,
    }
);
open_enum!(
    /// What Dojo does at the deadline (`AutoExpireAction`).
    AutoExpireAction {
        /// Reverse.
        Release,
        /// Capture.
        Capture,
    }
);

impl Serialize for AutoExpireAction {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Release => "Release",
            Self::Capture => "Capture",
            Self::Other(other) => other,
        })
    }
}

/// A date that may be null, malformed or .NET's "none" (year 1): then there is none.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let date = text
        .and_then(|t| DateTime::parse_from_rfc3339(&t).ok())
        .map(|d| d.to_utc());
    Ok(date.filter(|d| d.year() > 1))
}

fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

fn span<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TimeSpan>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.and_then(|t| TimeSpan::parse(&t)))
}

/// One of an intent's captures (`CaptureDetails`): bare integers of minor units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptureDetails {
    /// `cp_…`.
    pub id: Option<String>,
    /// Minor units without tip.
    pub amount: Option<i64>,
    /// Minor units of tip.
    pub tips_amount: Option<i64>,
    /// What became of it.
    pub status: CaptureStatus,
    /// When.
    #[serde(default, deserialize_with = "date")]
    pub created_at: Option<DateTime<Utc>>,
}

/// One of an intent's events; in the answers, though not in the schema.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentEvent {
    /// `Authorized`, `Declined`…
    pub event_type: Option<String>,
    /// When.
    #[serde(default, deserialize_with = "date")]
    pub transaction_date_time: Option<DateTime<Utc>>,
    /// The bank's.
    pub auth_code: Option<String>,
    card_number: Option<String>,
    card_type: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PaymentDetails {
    #[serde(default, deserialize_with = "date")]
    transaction_date_time: Option<DateTime<Utc>>,
    auth_code: Option<String>,
    card: Option<Card>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Card {
    card_number: Option<String>,
    card_type: Option<String>,
    #[serde(rename = "last4PAN")]
    last_four: Option<String>,
}

/// What may be known of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSeen {
    /// Scheme.
    pub brand: Option<String>,
    /// Last four digits, never more.
    pub last_four: Option<String>,
}

/// A payment intent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentIntent {
    /// `pi_…`.
    pub id: Option<String>,
    /// Status.
    pub status: Status,
    /// Auto or Manual.
    pub capture_mode: Option<String>,
    /// Without tip.
    pub amount: Option<Money>,
    /// Tip asked for with it.
    pub tips_amount: Option<Money>,
    /// The first amount, after a change.
    pub requested_amount: Option<Money>,
    /// With tip, service charge and cashback.
    pub total_amount: Option<Money>,
    /// Bare minor units.
    pub refunded_amount: Option<i64>,
    /// When Dojo made it.
    #[serde(default, deserialize_with = "date")]
    pub created_at: Option<DateTime<Utc>>,
    /// Its last change.
    #[serde(default, deserialize_with = "date")]
    pub updated_at: Option<DateTime<Utc>>,
    /// The till's.
    pub reference: Option<String>,
    /// The till's.
    pub description: Option<String>,
    /// From authorisation to Dojo's own action.
    #[serde(default, deserialize_with = "span")]
    pub auto_expire_in: Option<TimeSpan>,
    /// That action.
    pub auto_expire_action: Option<AutoExpireAction>,
    /// When an unpaid intent ends; not the hold's deadline.
    #[serde(default, deserialize_with = "date")]
    pub expire_at: Option<DateTime<Utc>>,
    /// The till's, and Dojo's `location-id`.
    #[serde(default, deserialize_with = "or_default")]
    pub metadata: BTreeMap<String, Option<String>>,
    /// The guest's page.
    pub payment_link: Option<String>,
    /// Captures, absent on a new intent.
    pub captures: Option<Vec<CaptureDetails>>,
    /// Events.
    #[serde(default, deserialize_with = "or_default")]
    pub payment_events: Vec<PaymentEvent>,
    payment_details: Option<PaymentDetails>,
}

/// The end of a masked number, if it is four digits.
fn last_four(text: &str) -> Option<String> {
    let tail: Vec<char> = text.chars().rev().take(4).collect();
    (tail.len() == 4 && tail.iter().all(char::is_ascii_digit)).then(|| tail.into_iter().rev().collect())
}

fn known(text: Option<&String>) -> Option<String> {
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

impl PaymentIntent {
    fn authorised_event(&self) -> Option<&PaymentEvent> {
        let of = |kind: &str| {
            self.payment_events
                .iter()
                .rev()
                .find(|e| e.event_type.as_deref() == Some(kind))
        };
        of("Authorized").or_else(|| of("Captured"))
    }

    /// The card: from the events first, for details may come late.
    pub fn card(&self) -> Option<CardSeen> {
        let from_event = self.authorised_event().map(|e| CardSeen {
            brand: known(e.card_type.as_ref()),
            last_four: e.card_number.as_deref().and_then(last_four),
        });
        let from_details = || {
            let card = self.payment_details.as_ref()?.card.as_ref()?;
            let digits = card.card_number.as_deref().and_then(last_four);
            Some(CardSeen {
                brand: known(card.card_type.as_ref()),
                last_four: digits.or_else(|| card.last_four.as_deref().and_then(last_four)),
            })
        };
        from_event.filter(|c| c.last_four.is_some()).or_else(from_details)
    }

    /// When the card was authorised, if the answer says.
    pub fn authorised_at(&self) -> Option<DateTime<Utc>> {
        let event = self
            .payment_events
            .iter()
            .find(|e| e.event_type.as_deref() == Some("Authorized"));
        event.and_then(|e| e.transaction_date_time).or_else(|| {
            self.payment_details
                .as_ref()
                .and_then(|d| d.transaction_date_time)
        })
    }

    /// The bank's authorisation code.
    pub fn auth_code(&self) -> Option<String> {
        known(self.authorised_event().and_then(|e| e.auth_code.as_ref()))
            .or_else(|| known(self.payment_details.as_ref().and_then(|d| d.auth_code.as_ref())))
    }

    /// Declined tries.
    pub fn declines(&self) -> usize {
        self.payment_events
            .iter()
            .filter(|e| e.event_type.as_deref() == Some("Declined"))
            .count()
    }
}

/// One page of a search.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SearchPage {
    /// Intents, in an order that nobody documents.
    #[serde(default, deserialize_with = "or_default")]
    pub data: Vec<PaymentIntent>,
    /// The next page's cursor; none or empty at the end.
    pub after: Option<String>,
}
