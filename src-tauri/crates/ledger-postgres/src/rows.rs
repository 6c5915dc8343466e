//! Reading rows of any table, and rows as a function is handed them. Oldest first is the order of writing, not that of
//! ids: a clock that was set back gives a later row an earlier id.

use crate::error::damaged;
use holdfast_ledger::LedgerError;
use holdfast_ledger::stored::{Field, Fields, GuestKeys, Stored};
use serde_json::{Map, Value as Json};
use tokio_postgres::Row;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// What `T` is read from: `from` names its table `r`, and whatever joins, filters or orders its rows.
pub(crate) fn select<T: Stored>(from: &str) -> String {
    format!("SELECT {} FROM {from}", columns::<T>())
}

/// The columns of `T`, which [`read`] expects first.
pub(crate) fn columns<T: Stored>() -> String {
    format!("r.{}", T::TABLE.columns.join(", r."))
}

/// A row whose first columns are those of `T`.
pub(crate) fn read<T: Stored>(row: &Row, guests: &dyn GuestKeys) -> Result<T, LedgerError> {
    let fields = (0..T::TABLE.columns.len()).map(|column| field(row, column));
    T::read(Fields::new(fields.collect::<Result<_, _>>()?), guests)
}

/// All of them.
pub(crate) fn read_all<T: Stored>(rows: &[Row], guests: &dyn GuestKeys) -> Result<Vec<T>, LedgerError> {
    rows.iter().map(|row| read(row, guests)).collect()
}

/// A column's value, not copied.
pub(crate) fn field(row: &Row, column: usize) -> Result<Field<'_>, LedgerError> {
    let unreadable = |error: tokio_postgres::Error| damaged(error.to_string());
    let of = row.columns().get(column).map(|column| column.type_().clone());
    let int = |number: Option<i64>| number.map_or(Field::Null, Field::Int);
    match of {
        Some(Type::INT8) => row.try_get(column).map(int).map_err(unreadable),
        Some(Type::INT4) => {
            let number: Option<i32> = row.try_get(column).map_err(unreadable)?;
            Ok(int(number.map(i64::from)))
        }
        Some(Type::INT2) => {
            let number: Option<i16> = row.try_get(column).map_err(unreadable)?;
            Ok(int(number.map(i64::from)))
        }
        Some(Type::BYTEA) => {
            let bytes: Option<&[u8]> = row.try_get(column).map_err(unreadable)?;
            Ok(bytes.map_or(Field::Null, |bytes| Field::Bytes(bytes.into())))
        }
        Some(Type::TEXT) => {
            let text: Option<&str> = row.try_get(column).map_err(unreadable)?;
            Ok(text.map_or(Field::Null, |text| Field::Text(text.into())))
        }
        _ => Err(damaged("a column is of no kind that this version knows")),
    }
}

/// A number that has to be there.
pub(crate) fn int(row: &Row, column: usize) -> Result<i64, LedgerError> {
    match field(row, column)? {
        Field::Int(number) => Ok(number),
        Field::Null | Field::Bytes(_) | Field::Text(_) => Err(damaged("a number is missing")),
    }
}

/// An id, where there is one.
pub(crate) fn some_id(row: &Row, column: usize) -> Result<Option<Uuid>, LedgerError> {
    match field(row, column)? {
        Field::Null => Ok(None),
        Field::Bytes(bytes) => Uuid::from_slice(&bytes)
            .map(Some)
            .map_err(|_| damaged("an id is none")),
        Field::Int(_) | Field::Text(_) => Err(damaged("an id is none")),
    }
}

/// An id that has to be there.
pub(crate) fn id(row: &Row, column: usize) -> Result<Uuid, LedgerError> {
    some_id(row, column)?.ok_or_else(|| damaged("an id is missing"))
}

/// An id as a column has it.
pub(crate) fn key(id: &Uuid) -> &[u8] {
    id.as_bytes().as_slice()
}

/// Ids as one value, for `= ANY ($1)`.
pub(crate) fn keys<'a>(ids: impl IntoIterator<Item = &'a Uuid>) -> Vec<&'a [u8]> {
    ids.into_iter().map(key).collect()
}

/// Bytes as a function reads them from JSON.
pub(crate) fn bytes(bytes: &[u8]) -> Json {
    Json::String(format!("\\x{}", hex::encode(bytes)))
}

/// A row as a function is handed it: an object of its columns.
pub(crate) fn json<T: Stored>(what: &T, guests: &dyn GuestKeys) -> Result<Json, LedgerError> {
    json_and(what, guests, [])
}

/// The same with columns that only this ledger has.
pub(crate) fn json_and<T: Stored, const N: usize>(
    what: &T,
    guests: &dyn GuestKeys,
    more: [(&str, Json); N],
) -> Result<Json, LedgerError> {
    let mut row = json_of::<T>(what.fields(guests)?);
    row.extend(more.map(|(column, value)| (column.to_owned(), value)));
    Ok(Json::Object(row))
}

/// The same of fields that are made already: encrypted once more, they'd be other bytes.
pub(crate) fn json_of<T: Stored>(fields: Vec<Field<'_>>) -> Map<String, Json> {
    let fields = fields.into_iter().map(json_field);
    let columns = T::TABLE.columns.iter().map(|column| (*column).to_owned());
    columns.zip(fields).collect()
}

/// A column of it.
pub(crate) fn json_field(field: Field<'_>) -> Json {
    match field {
        Field::Null => Json::Null,
        Field::Int(number) => number.into(),
        Field::Bytes(it) => bytes(&it),
        Field::Text(text) => Json::String(text.into_owned()),
    }
}
