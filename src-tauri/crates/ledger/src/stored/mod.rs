//! How a ledger keeps things, whatever database it is in: tables, the bytes in them, and the seals over those.
//!
//! A column is what a database filters, joins, orders, guards or adds up by. All else is in `body`, and what is about a
//! guest in `personal`, encrypted. No field is in two places: the few columns that are derived from others say so.
//! Bodies are CBOR with a number for each field.

mod cbor;
mod codes;
mod entries;
mod events;
mod findings;
mod foreign_words;
mod guests;
mod holds;
mod movements;
mod operations;
mod plain;
mod renewals;
mod reports;
mod runs;
mod seal;
mod settings;
mod tabs;

pub use codes::Code;
pub use entries::StoredEntry;
pub use guests::{GuestKey, GuestKeys, NoKeys, Secrecy, StoredKey};
pub use movements::StoredMovement;
pub use operations::StoredOperation;
pub use runs::StoredRunRow;
pub use seal::{EntryBytes, Seal};
pub use settings::StoredSetting;

use crate::LedgerError;
use chrono::{DateTime, Utc};
use guests::Place;
use std::borrow::Cow;
use std::convert::Infallible;
use uuid::Uuid;

/// A table whose rows are sealed one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name, which is sealed with each row.
    pub name: &'static str,
    /// The column that says which row it is.
    pub key: &'static str,
    /// All of its columns but the seal, in the order in which they are sealed; the key is the first.
    pub columns: &'static [&'static str],
}

/// What is kept as a row of a table.
pub trait Stored: Sized {
    /// Which.
    const TABLE: Table;

    /// Its columns, in the table's order.
    ///
    /// # Errors
    /// When it can't be kept.
    fn fields(&self, guests: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError>;

    /// What the columns of a row say.
    ///
    /// # Errors
    /// When they don't say it.
    fn read(fields: Fields<'_>, guests: &dyn GuestKeys) -> Result<Self, LedgerError>;
}

/// A column's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field<'a> {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// Text.
    Text(Cow<'a, str>),
}

impl Field<'_> {
    /// The same, whatever it was borrowed from.
    pub fn into_owned(self) -> Field<'static> {
        match self {
            Self::Null => Field::Null,
            Self::Int(number) => Field::Int(number),
            Self::Bytes(bytes) => Field::Bytes(bytes.into_owned().into()),
            Self::Text(text) => Field::Text(text.into_owned().into()),
        }
    }
}

impl From<i64> for Field<'static> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Field<'static> {
    fn from(is: bool) -> Self {
        Self::Int(is.into())
    }
}

impl From<Vec<u8>> for Field<'static> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<Uuid> for Field<'static> {
    fn from(id: Uuid) -> Self {
        Self::Bytes(id.into_bytes().to_vec().into())
    }
}

impl From<&str> for Field<'static> {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned().into())
    }
}

/// Microseconds since 1970: what is left below them is kept in the body, by `beyond_micros`.
impl From<DateTime<Utc>> for Field<'static> {
    fn from(at: DateTime<Utc>) -> Self {
        Self::Int(at.timestamp_micros())
    }
}

impl<T> From<Option<T>> for Field<'static>
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

/// What a time has below a microsecond, in nanoseconds.
pub(crate) fn beyond_micros(at: DateTime<Utc>) -> u16 {
    u16::try_from(at.timestamp_subsec_nanos() % 1_000).unwrap_or_default()
}

/// A time of a column, with what the body has of it.
pub(crate) fn time_of(micros: i64, beyond: u16) -> Result<DateTime<Utc>, Unreadable> {
    DateTime::from_timestamp_micros(micros)
        .and_then(|at| at.checked_add_signed(chrono::TimeDelta::nanoseconds(beyond.into())))
        .ok_or_else(|| Unreadable::new("a time that can't be"))
}

/// A row's columns, read one after the other.
#[derive(Debug)]
pub struct Fields<'a>(std::vec::IntoIter<Field<'a>>);

impl<'a> Fields<'a> {
    /// Those of one row, in the table's order.
    pub fn new(fields: Vec<Field<'a>>) -> Self {
        Self(fields.into_iter())
    }

    fn next(&mut self) -> Result<Field<'a>, Unreadable> {
        self.0.next().ok_or_else(|| Unreadable::missing("a column"))
    }

    pub(crate) fn skip(&mut self) -> Result<(), Unreadable> {
        self.next().map(drop)
    }

    pub(crate) fn some_int(&mut self) -> Result<Option<i64>, Unreadable> {
        match self.next()? {
            Field::Null => Ok(None),
            Field::Int(number) => Ok(Some(number)),
            Field::Bytes(_) | Field::Text(_) => Err(Unreadable::new("a column is no number")),
        }
    }

    pub(crate) fn some_bytes(&mut self) -> Result<Option<Cow<'a, [u8]>>, Unreadable> {
        match self.next()? {
            Field::Null => Ok(None),
            Field::Bytes(bytes) => Ok(Some(bytes)),
            Field::Int(_) | Field::Text(_) => Err(Unreadable::new("a column is no bytes")),
        }
    }

    pub(crate) fn some_text(&mut self) -> Result<Option<String>, Unreadable> {
        match self.next()? {
            Field::Null => Ok(None),
            Field::Text(text) => Ok(Some(text.into_owned())),
            Field::Int(_) | Field::Bytes(_) => Err(Unreadable::new("a column is no text")),
        }
    }

    pub(crate) fn int(&mut self) -> Result<i64, Unreadable> {
        self.some_int()?.ok_or_else(|| Unreadable::missing("a number"))
    }

    pub(crate) fn bytes(&mut self) -> Result<Cow<'a, [u8]>, Unreadable> {
        self.some_bytes()?.ok_or_else(|| Unreadable::missing("bytes"))
    }

    pub(crate) fn text(&mut self) -> Result<String, Unreadable> {
        self.some_text()?.ok_or_else(|| Unreadable::missing("a text"))
    }

    pub(crate) fn id(&mut self) -> Result<Uuid, Unreadable> {
        plain::id_of(&self.bytes()?)
    }

    pub(crate) fn some_id(&mut self) -> Result<Option<Uuid>, Unreadable> {
        self.some_bytes()?.map(|bytes| plain::id_of(&bytes)).transpose()
    }

    pub(crate) fn code<T: Code>(&mut self) -> Result<T, Unreadable> {
        T::of(self.int()?)
    }

    pub(crate) fn body<T: cbor::Cbor>(&mut self) -> Result<T, Unreadable> {
        cbor::from_bytes(&self.bytes()?)
    }

    pub(crate) fn personal<T: cbor::Cbor>(
        &mut self,
        of: &Secrecy,
        place: Place<'_>,
    ) -> Result<T, Unreadable> {
        of.show(self.some_bytes()?.as_deref(), place)
    }
}

/// Why kept bytes can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it can’t be read: {0}")]
pub struct Unreadable(String);

impl Unreadable {
    pub(crate) fn new(why: &str) -> Self {
        Self(why.to_owned())
    }

    pub(crate) fn missing(what: &str) -> Self {
        Self(format!("{what} is missing"))
    }
}

impl From<Unreadable> for LedgerError {
    fn from(error: Unreadable) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<minicbor::decode::Error> for Unreadable {
    fn from(error: minicbor::decode::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<minicbor::encode::Error<Infallible>> for Unreadable {
    fn from(error: minicbor::encode::Error<Infallible>) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}
