//! Something that a person should know of, until somebody says that they have seen it.

use crate::{Actor, Event, HoldId, Personal, Stage, TabId, TillId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt::{Display, Formatter};
use std::str::FromStr;
use uuid::Uuid;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A hold ends soon.
    Deadline,
    /// Dojo released a hold at its deadline.
    Lapsed,
    /// Dojo took a hold at its deadline.
    TakenByDojo,
    /// Money was taken, and not from here.
    TakenElsewhere,
    /// A hold was released, and not from here.
    ReleasedElsewhere,
    /// Money was refunded, and not from here.
    RefundedElsewhere,
    /// A request ended unpaid, and not from here.
    CancelledElsewhere,
    /// Dojo shows another amount than was asked for.
    AmountDiffers,
    /// Dojo shows what can't be after what it showed before.
    Contradicts,
    /// A hold was to be renewed, and stays as it was.
    Renewal,
    /// A request of this program's that this ledger lacks.
    Stranger,
    /// A request at this venue's Dojo that this program did not make.
    Foreign,
    /// The clocks can't be trusted.
    Clock,
    /// The server of a shared ledger lost what it had confirmed.
    CommitsLost,
    /// The clock of one of several tills can't be trusted.
    TillClock,
}

/// What a finding is about: people hear of each once. Written as a code that never changes, for ledgers out there
/// have it: `deadline/<hold>/24h`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingKey {
    /// A hold's end is near; which warning that is.
    Deadline(HoldId, Stage),
    /// Dojo released the hold at its deadline.
    Lapsed(HoldId),
    /// Dojo took the hold at its deadline.
    TakenByDojo(HoldId),
    /// Money was taken elsewhere; the number of captures that Dojo showed then.
    TakenElsewhere(HoldId, usize),
    /// The hold was released elsewhere.
    ReleasedElsewhere(HoldId),
    /// Money was refunded elsewhere; the minor units that Dojo showed refunded then.
    RefundedElsewhere(HoldId, i64),
    /// The request was cancelled elsewhere.
    CancelledElsewhere(HoldId),
    /// The amount was changed elsewhere; what it's now, in minor units.
    AmountDiffers(HoldId, i64),
    /// Dojo shows less taken than before; what it shows now, in minor units.
    LessTaken(HoldId, i64),
    /// The guest paid a request that had been cancelled.
    PaidAfterCancel(HoldId),
    /// Dojo keeps to these figures, which contradict what it showed before.
    ContradictingReading(HoldId, String),
    /// Dojo keeps to an answer that makes no sense.
    MakesNoSense(HoldId),
    /// The renewal for which this hold was opened ended otherwise than staff hoped.
    Renewal(HoldId),
    /// The ledger lacks this payment intent.
    Stranger(String),
    /// This program didn't make this payment intent, the newest of those.
    Foreign(String),
    /// The till's clock.
    Clock,
    /// Commits of the ledger that was this one until then are lost, as this till found.
    CommitsLost(Uuid, TillId),
    /// The clock of this one of several tills.
    TillClock(TillId),
}

impl FindingKey {
    /// What it is of.
    pub const fn kind(&self) -> FindingKind {
        match self {
            Self::Deadline(..) => FindingKind::Deadline,
            Self::Lapsed(_) => FindingKind::Lapsed,
            Self::TakenByDojo(_) => FindingKind::TakenByDojo,
            Self::TakenElsewhere(..) => FindingKind::TakenElsewhere,
            Self::ReleasedElsewhere(_) => FindingKind::ReleasedElsewhere,
            Self::RefundedElsewhere(..) => FindingKind::RefundedElsewhere,
            Self::CancelledElsewhere(_) => FindingKind::CancelledElsewhere,
            Self::AmountDiffers(..) | Self::LessTaken(..) => FindingKind::AmountDiffers,
            Self::PaidAfterCancel(_) | Self::ContradictingReading(..) | Self::MakesNoSense(_) => {
                FindingKind::Contradicts
            }
            Self::Renewal(_) => FindingKind::Renewal,
            Self::Stranger(_) => FindingKind::Stranger,
            Self::Foreign(_) => FindingKind::Foreign,
            Self::Clock => FindingKind::Clock,
            Self::CommitsLost(..) => FindingKind::CommitsLost,
            Self::TillClock(_) => FindingKind::TillClock,
        }
    }

    /// How near a hold's end is, of a warning.
    pub const fn stage(&self) -> Option<Stage> {
        match self {
            Self::Deadline(_, stage) => Some(*stage),
            Self::Lapsed(_)
            | Self::TakenByDojo(_)
            | Self::TakenElsewhere(..)
            | Self::ReleasedElsewhere(_)
            | Self::RefundedElsewhere(..)
            | Self::CancelledElsewhere(_)
            | Self::AmountDiffers(..)
            | Self::LessTaken(..)
            | Self::PaidAfterCancel(_)
            | Self::ContradictingReading(..)
            | Self::MakesNoSense(_)
            | Self::Renewal(_)
            | Self::Stranger(_)
            | Self::Foreign(_)
            | Self::Clock
            | Self::CommitsLost(..)
            | Self::TillClock(_) => None,
        }
    }
}

impl Display for FindingKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Deadline(hold, stage) => write!(f, "deadline/{hold}/{}", stage.name()),
            Self::Lapsed(hold) => write!(f, "lapsed/{hold}/all"),
            Self::TakenByDojo(hold) => write!(f, "takenbydojo/{hold}/all"),
            Self::TakenElsewhere(hold, captures) => write!(f, "takenelsewhere/{hold}/{captures}"),
            Self::ReleasedElsewhere(hold) => write!(f, "releasedelsewhere/{hold}/all"),
            Self::RefundedElsewhere(hold, minor) => write!(f, "refundedelsewhere/{hold}/{minor}"),
            Self::CancelledElsewhere(hold) => write!(f, "cancelledelsewhere/{hold}/all"),
            Self::AmountDiffers(hold, minor) => write!(f, "amountdiffers/{hold}/{minor}"),
            Self::LessTaken(hold, minor) => write!(f, "amountdiffers/{hold}/taken-{minor}"),
            Self::PaidAfterCancel(hold) => write!(f, "contradicts/{hold}/cancelled"),
            Self::ContradictingReading(hold, shows) => write!(f, "contradicts/reading/{hold}/{shows}"),
            Self::MakesNoSense(hold) => write!(f, "contradicts/{hold}/senseless"),
            Self::Renewal(hold) => write!(f, "renewal/{hold}"),
            Self::Stranger(intent) => write!(f, "stranger/{intent}"),
            Self::Foreign(intent) => write!(f, "foreign/{intent}"),
            Self::Clock => f.write_str("clock"),
            Self::CommitsLost(was, till) => write!(f, "commitslost/{was}/{till}"),
            Self::TillClock(till) => write!(f, "tillclock/{till}"),
        }
    }
}

/// It is no finding's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no finding’s key")]
pub struct NotAKey;

impl FromStr for FindingKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        if text == "clock" {
            return Ok(Self::Clock);
        }
        let (kind, rest) = text.split_once('/').ok_or(NotAKey)?;
        match kind {
            "stranger" => return Ok(Self::Stranger(rest.to_owned())),
            "foreign" => return Ok(Self::Foreign(rest.to_owned())),
            "tillclock" => return Ok(Self::TillClock(read(rest)?)),
            "renewal" => return Ok(Self::Renewal(read(rest)?)),
            _ => {}
        }
        let (hold, mark) = rest.split_once('/').ok_or(NotAKey)?;
        if (kind, hold) == ("contradicts", "reading") {
            let (hold, shows) = mark.split_once('/').ok_or(NotAKey)?;
            return Ok(Self::ContradictingReading(read(hold)?, shows.to_owned()));
        }
        if kind == "commitslost" {
            return Ok(Self::CommitsLost(read(hold)?, read(mark)?));
        }
        let hold = read(hold)?;
        match (kind, mark) {
            ("deadline", stage) => Ok(Self::Deadline(hold, Stage::named(stage).ok_or(NotAKey)?)),
            ("lapsed", "all") => Ok(Self::Lapsed(hold)),
            ("takenbydojo", "all") => Ok(Self::TakenByDojo(hold)),
            ("takenelsewhere", captures) => Ok(Self::TakenElsewhere(hold, read(captures)?)),
            ("releasedelsewhere", "all") => Ok(Self::ReleasedElsewhere(hold)),
            ("refundedelsewhere", minor) => Ok(Self::RefundedElsewhere(hold, read(minor)?)),
            ("cancelledelsewhere", "all") => Ok(Self::CancelledElsewhere(hold)),
            ("amountdiffers", minor) => match minor.strip_prefix("taken-") {
                Some(minor) => Ok(Self::LessTaken(hold, read(minor)?)),
                None => Ok(Self::AmountDiffers(hold, read(minor)?)),
            },
            ("contradicts", "cancelled") => Ok(Self::PaidAfterCancel(hold)),
            ("contradicts", "senseless") => Ok(Self::MakesNoSense(hold)),
            _ => Err(NotAKey),
        }
    }
}

fn read<T: FromStr>(text: &str) -> Result<T, NotAKey> {
    text.parse().map_err(|_| NotAKey)
}

/// One finding. Each key is told once; a finding whose cause comes back is opened again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about, unique.
    pub key: FindingKey,
    /// On which tab, if on one.
    pub tab: Option<TabId>,
    /// On which hold, if on one.
    pub hold: Option<HoldId>,
    /// What happened.
    pub event: Event,
    /// What of that is about a person.
    pub personal: Personal,
    /// When it was found.
    pub at: DateTime<Utc>,
    /// When people were told last.
    pub raised_at: DateTime<Utc>,
    /// When it stopped waiting for a person.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who has seen it; none when it ended because it was not true any more.
    pub seen_by: Option<Actor>,
}

impl Finding {
    /// What was found.
    pub const fn kind(&self) -> FindingKind {
        self.key.kind()
    }

    /// Whether it still waits for a person.
    pub const fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn each_key_is_a_code_that_reads_back_as_itself() {
        let hold = HoldId(Uuid::from_u128(7));
        let id = "00000000-0000-0000-0000-000000000007";
        let codes = [
            (
                FindingKey::Deadline(hold, Stage::Within(24)),
                format!("deadline/{id}/24h"),
            ),
            (
                FindingKey::Deadline(hold, Stage::Late),
                format!("deadline/{id}/late"),
            ),
            (FindingKey::Lapsed(hold), format!("lapsed/{id}/all")),
            (FindingKey::TakenByDojo(hold), format!("takenbydojo/{id}/all")),
            (
                FindingKey::TakenElsewhere(hold, 2),
                format!("takenelsewhere/{id}/2"),
            ),
            (
                FindingKey::ReleasedElsewhere(hold),
                format!("releasedelsewhere/{id}/all"),
            ),
            (
                FindingKey::RefundedElsewhere(hold, 500),
                format!("refundedelsewhere/{id}/500"),
            ),
            (
                FindingKey::CancelledElsewhere(hold),
                format!("cancelledelsewhere/{id}/all"),
            ),
            (
                FindingKey::AmountDiffers(hold, 900),
                format!("amountdiffers/{id}/900"),
            ),
            (
                FindingKey::LessTaken(hold, 900),
                format!("amountdiffers/{id}/taken-900"),
            ),
            (
                FindingKey::PaidAfterCancel(hold),
                format!("contradicts/{id}/cancelled"),
            ),
            (
                FindingKey::ContradictingReading(hold, "captured/900/0/cp_1=successful".to_owned()),
                format!("contradicts/reading/{id}/captured/900/0/cp_1=successful"),
            ),
            (
                FindingKey::MakesNoSense(hold),
                format!("contradicts/{id}/senseless"),
            ),
            (FindingKey::Renewal(hold), format!("renewal/{id}")),
            (
                FindingKey::Stranger("pi_1".to_owned()),
                "stranger/pi_1".to_owned(),
            ),
            (FindingKey::Foreign("pi_1".to_owned()), "foreign/pi_1".to_owned()),
            (FindingKey::Clock, "clock".to_owned()),
            (
                FindingKey::CommitsLost(Uuid::from_u128(7), TillId(Uuid::from_u128(7))),
                format!("commitslost/{id}/{id}"),
            ),
            (
                FindingKey::TillClock(TillId(Uuid::from_u128(7))),
                format!("tillclock/{id}"),
            ),
        ];
        for (key, code) in codes {
            assert_eq!(key.to_string(), code);
            assert_eq!(code.parse(), Ok(key));
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "",
            "lapsed",
            "lapsed/7/all",
            "deadline/x/24h",
            "clocks",
            "amountdiffers/7",
        ] {
            assert_eq!(text.parse::<FindingKey>(), Err(NotAKey), "{text}");
        }
    }
}
