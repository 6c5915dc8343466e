//! The encoding of numbers, text, times, ids and people.

use crate::stored::Unreadable;
use crate::stored::cbor::{Cbor, Out, Put, array, kind, record, skip};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use holdfast_domain::{Actor, HoldId, LineId, Money, OperationId, TabId, TillId};
use minicbor::Decoder;
use minicbor::data::Type;
use uuid::Uuid;

impl Cbor for i64 {
    fn put(&self, out: &mut Out) -> Put {
        out.i64(*self)?;
        Ok(())
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        Ok(from.i64()?)
    }

    fn absent() -> Option<Self> {
        Some(0)
    }

    fn is_absent(&self) -> bool {
        *self == 0
    }
}

macro_rules! small_numbers {
    ($($type:ident)*) => {$(
        impl Cbor for $type {
            fn put(&self, out: &mut Out) -> Put {
                out.$type(*self)?;
                Ok(())
            }

            fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
                Ok(from.$type()?)
            }

            fn absent() -> Option<Self> {
                Some(0)
            }

            fn is_absent(&self) -> bool {
                *self == 0
            }
        }
    )*};
}

small_numbers!(u8 u16 u32 u64);

impl Cbor for bool {
    fn put(&self, out: &mut Out) -> Put {
        out.bool(*self)?;
        Ok(())
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        Ok(from.bool()?)
    }

    fn absent() -> Option<Self> {
        Some(false)
    }

    fn is_absent(&self) -> bool {
        !*self
    }
}

impl Cbor for String {
    fn put(&self, out: &mut Out) -> Put {
        out.str(self)?;
        Ok(())
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        Ok(from.str()?.to_owned())
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Cbor> Cbor for Option<T> {
    fn put(&self, out: &mut Out) -> Put {
        match self {
            Some(value) => value.put(out),
            None => {
                out.null()?;
                Ok(())
            }
        }
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        if from.datatype()? == Type::Null {
            from.null()?;
            Ok(None)
        } else {
            T::get(from).map(Some)
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Cbor> Cbor for Vec<T> {
    fn put(&self, out: &mut Out) -> Put {
        out.array(self.iter().fold(0, |count, _| count + 1))?;
        self.iter().try_for_each(|one| one.put(out))
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        (0..array(from)?).map(|_| T::get(from)).collect()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Cbor> Cbor for Box<T> {
    fn put(&self, out: &mut Out) -> Put {
        T::put(self, out)
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        T::get(from).map(Self::new)
    }
}

impl Cbor for Uuid {
    fn put(&self, out: &mut Out) -> Put {
        out.bytes(self.as_bytes())?;
        Ok(())
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        id_of(from.bytes()?)
    }
}

/// Bytes as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Cbor for Bytes {
    fn put(&self, out: &mut Out) -> Put {
        out.bytes(&self.0)?;
        Ok(())
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        Ok(Self(from.bytes()?.to_vec()))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

/// An id of 16 bytes.
pub(crate) fn id_of(bytes: &[u8]) -> Result<Uuid, Unreadable> {
    Uuid::from_slice(bytes).map_err(|_| Unreadable::new("an id that isn't 16 bytes long"))
}

macro_rules! ids {
    ($($type:ident)*) => {$(
        impl Cbor for $type {
            fn put(&self, out: &mut Out) -> Put {
                self.0.put(out)
            }

            fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
                Uuid::get(from).map(Self)
            }
        }
    )*};
}

ids!(TabId HoldId LineId OperationId TillId);

/// Nanoseconds since 1970; where those don't fit into 64 bits, or within a leap second, a list of seconds and
/// nanoseconds.
impl Cbor for DateTime<Utc> {
    fn put(&self, out: &mut Out) -> Put {
        let nanoseconds = self.timestamp_nanos_opt();
        match nanoseconds.filter(|nanoseconds| Self::from_timestamp_nanos(*nanoseconds) == *self) {
            Some(nanoseconds) => out.i64(nanoseconds)?,
            None => out
                .array(2)?
                .i64(self.timestamp())?
                .u32(self.timestamp_subsec_nanos())?,
        };
        Ok(())
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        if from.datatype()? != Type::Array {
            return Ok(Self::from_timestamp_nanos(from.i64()?));
        }
        let count = array(from)?;
        let (seconds, nanoseconds) = (from.i64()?, from.u32()?);
        skip(from, count.saturating_sub(2))?;
        Self::from_timestamp(seconds, nanoseconds).ok_or_else(|| Unreadable::new("a time that can't be"))
    }
}

impl Cbor for TimeDelta {
    fn put(&self, out: &mut Out) -> Put {
        out.array(2)?.i64(self.num_seconds())?.i32(self.subsec_nanos())?;
        Ok(())
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        let count = array(from)?;
        let (seconds, nanoseconds) = (from.i64()?, from.i32()?);
        skip(from, count.saturating_sub(2))?;
        let span = Self::try_seconds(seconds)
            .and_then(|span| span.checked_add(&Self::nanoseconds(i64::from(nanoseconds))));
        span.ok_or_else(|| Unreadable::new("a span of time that can't be"))
    }
}

/// Days from the year 1 on.
impl Cbor for NaiveDate {
    fn put(&self, out: &mut Out) -> Put {
        out.i32(self.num_days_from_ce())?;
        Ok(())
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        Self::from_num_days_from_ce_opt(from.i32()?).ok_or_else(|| Unreadable::new("a day that can't be"))
    }
}

record!(Money { 0 minor, 1 currency });

const DOJO: u8 = 1;
const HOLDFAST: u8 = 2;
const ELSEWHERE: u8 = 3;
const UNKNOWN: u8 = 4;

/// A member of staff is a text, everybody else a number.
impl Cbor for Actor {
    fn put(&self, out: &mut Out) -> Put {
        match self {
            Self::Staff(name) => out.str(name)?,
            Self::Dojo => out.u8(DOJO)?,
            Self::Holdfast => out.u8(HOLDFAST)?,
            Self::Elsewhere => out.u8(ELSEWHERE)?,
            Self::Unknown => out.u8(UNKNOWN)?,
        };
        Ok(())
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        if from.datatype()? == Type::String {
            return Ok(Self::Staff(from.str()?.to_owned()));
        }
        let (number, left) = kind(from)?;
        skip(from, left)?;
        let known = [
            (DOJO, Self::Dojo),
            (HOLDFAST, Self::Holdfast),
            (ELSEWHERE, Self::Elsewhere),
            (UNKNOWN, Self::Unknown),
        ];
        let found = known.into_iter().find(|(code, _)| u64::from(*code) == number);
        found
            .map(|(_, actor)| actor)
            .ok_or_else(|| Unreadable::new("nobody that this version knows"))
    }
}

/// An id of Dojo's or of ours, as bytes where it is one of ours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct AnyId(pub(crate) String);

impl Cbor for AnyId {
    fn put(&self, out: &mut Out) -> Put {
        // Only one that reads back as the same text.
        let ours = self.0.parse().ok().filter(|id: &Uuid| id.to_string() == self.0);
        match ours {
            Some(id) => id.put(out),
            None => self.0.put(out),
        }
    }

    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable> {
        if from.datatype()? == Type::Bytes {
            Ok(Self(Uuid::get(from)?.to_string()))
        } else {
            String::get(from).map(Self)
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}
