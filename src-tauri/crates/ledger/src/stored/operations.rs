//! Operations as rows.

use crate::LedgerError;
use crate::stored::cbor::{kinds, record, to_bytes};
use crate::stored::foreign_words::ForeignWords as _;
use crate::stored::guests::Place;
use crate::stored::plain::AnyId;
use crate::stored::{Code, Field, Fields, GuestKeys, Stored, Table, beyond_micros, time_of};
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Actor, Baseline, Cause, Detail, EchoDifference, HoldId, NoAnswer, Operation, OperationId, OperationState,
    Purpose, Sender, Session,
};

record!(Baseline { 0 captures, 1 refunded });
record!(Session { 0 till, 1 number });
record!(Sender { 0 session, 1 attempt });

kinds!(EchoDifference {
    0 CaptureMode(mode),
    1 Interval { asked, is },
    2 Action(action),
    3 NoAmount { asked },
    4 Amount { asked, is },
    5 Currency { asked, is },
});

kinds!(NoAnswer {
    0 NoIntent,
    1 OpenedElsewhere,
    2 Unsendable,
    3 Unreachable,
    4 ConnectionRefused,
    5 NotConnectedInTime,
    6 CertificateUntrusted,
    7 OtherServer,
    8 OldTls,
    9 ClockWrong,
    10 CertificateExpired,
    11 CertificateNotYetValid,
    12 NotInTime,
    13 Broken,
    14 TooLong,
    15 Unreadable,
    16 WebPage,
    17 NotDojos(status),
    18 Conflict,
    19 Redirected(status),
    20 Status(status),
    21 ProxyPassword,
    22 PermitOver,
});

kinds!(Detail {
    0 Former(words),
    1 Dojo(words),
    2 KeyNotAccepted,
    3 Status(status),
    4 FormerNoAnswer(words),
    5 EarlierCapture,
    6 NoNumber,
    7 SeveralCaptures(count),
    8 OtherCapture,
    9 BankDeclined,
    10 FailedAtDojo,
    11 TakenInstead,
    12 NothingHeld,
    13 PaidFirst,
    14 OtherRefund,
    15 ReceiptNotConfirmed,
    16 ShowsSomethingElse,
    17 NotShownAnyMore,
    18 NotAsAsked(differences),
    19 NoDeadlineAction,
    20 StillNotDone,
    21 NoAnswer(why),
});

/// An operation with what the ledger knows of it besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOperation {
    /// The operation.
    pub operation: Operation,
    /// Whether the guest has yet to be asked for the rest.
    pub asks: bool,
    /// Who put it aside.
    pub seen_by: Option<Actor>,
}

impl StoredOperation {
    /// One that has just been decided.
    pub fn new(operation: Operation) -> Self {
        Self {
            asks: operation.then_ask > 0,
            operation,
            seen_by: None,
        }
    }

    /// Few among many: what staff may have to be told of on a tab that was closed.
    const fn is_odd(&self) -> bool {
        match self.operation.state {
            OperationState::Absent | OperationState::Conflict => true,
            OperationState::Succeeded => self.operation.is_late || self.operation.detail.is_some(),
            OperationState::Intended
            | OperationState::Accepted
            | OperationState::Unknown
            | OperationState::Declined
            | OperationState::Rejected
            | OperationState::NotSent => false,
        }
    }
}

struct OperationBody {
    service: i64,
    baseline: Option<Baseline>,
    requested_by: Actor,
    cause: Cause,
    at: DateTime<Utc>,
    dojo_id: Option<AnyId>,
    detail: Option<Detail>,
    is_late: bool,
    of: Option<Purpose>,
    then_ask: i64,
    settled_beyond: u16,
    seen_at: Option<DateTime<Utc>>,
    seen_by: Option<Actor>,
    sender: Option<Sender>,
}

record!(OperationBody {
    0 service, 1 baseline, 2 requested_by, 3 at, 4 dojo_id, 5 detail, 6 is_late, 7 of, 8 then_ask, 9 settled_beyond,
    10 seen_at, 11 seen_by, 12 cause, 13 sender,
});

struct Personal {
    reason: Option<String>,
    /// Of the detail.
    words: Option<String>,
}

record!(Personal { 0 reason, 1 words });

const fn of_row(row: &[u8]) -> Place<'_> {
    Place {
        table: "operation",
        row,
    }
}

impl Stored for StoredOperation {
    /// `odd` is derived, for an index of the few.
    const TABLE: Table = Table {
        name: "operation",
        key: "id",
        columns: &[
            "id",
            "hold",
            "kind",
            "amount",
            "tip",
            "state",
            "settled_at",
            "odd",
            "asks",
            "body",
            "personal",
        ],
    };

    fn fields(&self, guests: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        let Operation {
            id,
            hold,
            kind,
            amount,
            service,
            tip,
            baseline,
            requested_by,
            cause,
            reason,
            at,
            sender,
            state,
            dojo_id,
            mut detail,
            is_late,
            settled_at,
            seen_at,
            of,
            then_ask,
        } = self.operation.clone();
        let words = detail.take_words();
        let body = OperationBody {
            service,
            baseline: Some(baseline).filter(|baseline| *baseline != Baseline::default()),
            requested_by,
            cause,
            at,
            dojo_id: dojo_id.map(AnyId),
            detail,
            is_late,
            of,
            then_ask,
            settled_beyond: settled_at.map_or(0, beyond_micros),
            seen_at,
            seen_by: self.seen_by.clone(),
            sender,
        };
        let personal = guests
            .of_hold(hold)?
            .hide(&Personal { reason, words }, of_row(id.0.as_bytes()))?;
        Ok(vec![
            id.0.into(),
            hold.0.into(),
            kind.code().into(),
            amount.into(),
            tip.into(),
            state.code().into(),
            settled_at.into(),
            self.is_odd().then_some(1).into(),
            self.asks.then_some(1).into(),
            to_bytes(&body)?.into(),
            personal.into(),
        ])
    }

    fn read(mut fields: Fields<'_>, guests: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let (id, hold) = (OperationId(fields.id()?), HoldId(fields.id()?));
        let kind = fields.code()?;
        let (amount, tip) = (fields.int()?, fields.int()?);
        let state = fields.code()?;
        let settled_at = fields.some_int()?;
        fields.skip()?;
        let asks = fields.some_int()?.is_some();
        let mut body: OperationBody = fields.body()?;
        let personal: Personal = fields.personal(&guests.of_hold(hold)?, of_row(id.0.as_bytes()))?;
        body.detail.put_words(personal.words);
        let settled_at = settled_at
            .map(|at| time_of(at, body.settled_beyond))
            .transpose()?;
        let operation = Operation {
            id,
            hold,
            kind,
            amount,
            service: body.service,
            tip,
            baseline: body.baseline.unwrap_or_default(),
            requested_by: body.requested_by,
            cause: body.cause,
            reason: personal.reason,
            at: body.at,
            sender: body.sender,
            state,
            dojo_id: body.dojo_id.map(|id| id.0),
            detail: body.detail,
            is_late: body.is_late,
            settled_at,
            seen_at: body.seen_at,
            of: body.of,
            then_ask: body.then_ask,
        };
        Ok(Self {
            operation,
            asks,
            seen_by: body.seen_by,
        })
    }
}
