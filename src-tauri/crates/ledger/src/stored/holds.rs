//! Holds as rows.

use crate::LedgerError;
use crate::stored::cbor::{record, to_bytes};
use crate::stored::{Code, Field, Fields, GuestKeys, Stored, Table, beyond_micros, time_of};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Again, Capture, CaptureMode, Card, Currency, DeadlineAction, Hold, HoldId, IntentStatus, Purpose, Said,
    Snapshot, TabId,
};

record!(Capture { 0 id, 1 amount, 2 tip, 3 status, 4 at });
record!(Purpose { 0 service, 1 tip, 2 off_bill, 3 again });
record!(Again { 0 minor, 1 at });
record!(Said { 0 amount, 1 of, 2 by, 3 at, 4 earlier });

/// A reading, without its status, what it shows refunded and the card's digits, which have columns.
struct Seen {
    amount: i64,
    tip: i64,
    total: i64,
    captures: Vec<Capture>,
    has_card: bool,
    brand: Option<String>,
    auth_code: Option<String>,
    authorised_at: Option<DateTime<Utc>>,
    authorised_by: Option<DateTime<Utc>>,
    declined: u32,
    seen_at: DateTime<Utc>,
}

record!(Seen {
    0 amount, 1 tip, 2 total, 3 captures, 4 has_card, 5 brand, 6 auth_code, 7 authorised_at, 8 authorised_by,
    9 declined, 10 seen_at,
});

struct HoldBody {
    mode: CaptureMode,
    currency: Currency,
    expire_in: Option<i64>,
    expire_action: Option<DeadlineAction>,
    link: Option<String>,
    /// Whether the intent's id ends the link, and is left away there.
    is_link_by_intent: bool,
    link_ends_at: Option<DateTime<Utc>>,
    opened_at: DateTime<Utc>,
    created_at: Option<DateTime<Utc>>,
    seen: Option<Seen>,
    lapsed_beyond: u16,
    said_elsewhere: Option<Said>,
    given_up_at: Option<DateTime<Utc>>,
}

record!(HoldBody {
    0 mode, 1 currency, 2 expire_in, 3 expire_action, 4 link, 5 is_link_by_intent, 6 link_ends_at, 7 opened_at,
    8 created_at, 9 seen, 10 lapsed_beyond, 11 said_elsewhere, 12 given_up_at,
});

impl Stored for Hold {
    /// `authorised`, `captured`, `pending` and `over` are derived, for the guards.
    const TABLE: Table = Table {
        name: "hold",
        key: "id",
        columns: &[
            "id",
            "tab",
            "version",
            "intent_id",
            "reference",
            "asked",
            "status",
            "card",
            "lapsed_at",
            "authorised",
            "captured",
            "pending",
            "refunded",
            "over",
            "body",
        ],
    };

    fn fields(&self, _: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        let link = self.link.as_deref();
        let head = link.and_then(|link| link.strip_suffix(self.intent_id.as_deref()?));
        let body = HoldBody {
            mode: self.mode,
            currency: self.currency,
            expire_in: self.expire_in,
            expire_action: self.expire_action,
            link: head.or(link).map(str::to_owned),
            is_link_by_intent: head.is_some(),
            link_ends_at: self.link_ends_at,
            opened_at: self.opened_at,
            created_at: self.created_at,
            seen: self.seen.as_ref().map(seen_of),
            lapsed_beyond: self.lapsed_at.map_or(0, beyond_micros),
            said_elsewhere: self.said_elsewhere.clone(),
            given_up_at: self.given_up_at,
        };
        let card = self.seen.as_ref().and_then(|seen| seen.card.as_ref());
        // The guard's limit: more than was authorised where the tips turned out to be beyond the hold.
        let takeable = [self.captured(), self.pending(), self.left()];
        let takeable = takeable.into_iter().fold(0_i64, i64::saturating_add);
        Ok(vec![
            self.id.0.into(),
            self.tab.0.into(),
            self.version.into(),
            self.intent_id.as_deref().into(),
            self.reference.as_str().into(),
            self.asked.into(),
            self.seen.as_ref().map(|seen| seen.status.code()).into(),
            card.and_then(|card| card.last_four.as_deref()).into(),
            self.lapsed_at.into(),
            self.authorised().max(takeable).into(),
            self.captured().into(),
            self.pending().into(),
            self.refunded().into(),
            self.is_over().into(),
            to_bytes(&body)?.into(),
        ])
    }

    fn read(mut fields: Fields<'_>, _: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let (id, tab) = (HoldId(fields.id()?), TabId(fields.id()?));
        let version = fields.int()?;
        let (intent_id, reference) = (fields.some_text()?, fields.text()?);
        let asked = fields.int()?;
        let status = fields.some_int()?.map(IntentStatus::of).transpose()?;
        let last_four = fields.some_text()?;
        let lapsed_at = fields.some_int()?;
        for _ in 0..3 {
            fields.skip()?;
        }
        let refunded = fields.int()?;
        fields.skip()?;
        let body: HoldBody = fields.body()?;
        let lapsed_at = lapsed_at.map(|at| time_of(at, body.lapsed_beyond)).transpose()?;
        let tail = intent_id.as_deref().filter(|_| body.is_link_by_intent);
        let link = body.link.map(|link| link + tail.unwrap_or_default());
        Ok(Self {
            id,
            tab,
            intent_id,
            reference,
            mode: body.mode,
            currency: body.currency,
            asked,
            expire_in: body.expire_in,
            expire_action: body.expire_action,
            link,
            link_ends_at: body.link_ends_at,
            opened_at: body.opened_at,
            created_at: body.created_at,
            seen: status
                .zip(body.seen)
                .map(|(status, seen)| to_snapshot(status, seen, last_four, refunded)),
            lapsed_at,
            said_elsewhere: body.said_elsewhere,
            given_up_at: body.given_up_at,
            version,
        })
    }
}

fn seen_of(seen: &Snapshot) -> Seen {
    Seen {
        amount: seen.amount,
        tip: seen.tip,
        total: seen.total,
        captures: seen.captures.clone(),
        has_card: seen.card.is_some(),
        brand: seen.card.as_ref().and_then(|card| card.brand.clone()),
        auth_code: seen.auth_code.clone(),
        authorised_at: seen.authorised_at,
        authorised_by: seen.authorised_by,
        declined: seen.declined,
        seen_at: seen.seen_at,
    }
}

fn to_snapshot(status: IntentStatus, seen: Seen, last_four: Option<String>, refunded: i64) -> Snapshot {
    let card = Card {
        brand: seen.brand,
        last_four,
    };
    Snapshot {
        status,
        amount: seen.amount,
        tip: seen.tip,
        total: seen.total,
        refunded,
        captures: seen.captures,
        card: seen.has_card.then_some(card),
        auth_code: seen.auth_code,
        authorised_at: seen.authorised_at,
        authorised_by: seen.authorised_by,
        declined: seen.declined,
        seen_at: seen.seen_at,
    }
}
