//! Reading and writing rows of any table. Oldest first is the order in which they were written, not that of their ids:
//! a clock that was set back gives a later row an earlier id.

use crate::error::StoreError;
use crate::store::guests::Keys;
use holdfast_ledger::stored::{Field, Fields, GuestKeys, Seal, Stored, Table};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Params, Row, ToSql, Transaction, params_from_iter};
use uuid::Uuid;

/// What `T` is read from, in `from`: a table called `r`, and whatever joins, filters or orders its rows.
pub(crate) fn select<T: Stored>(from: &str) -> String {
    format!("SELECT {} FROM {from}", columns::<T>())
}

pub(crate) fn columns<T: Stored>() -> String {
    format!("r.{}", T::TABLE.columns.join(", r."))
}

/// Every `T` in `from`.
pub(crate) fn all<T: Stored>(c: &Connection, from: &str, p: impl Params) -> Result<Vec<T>, StoreError> {
    all_by(c, from, p, &Keys::of(c))
}

/// The same with keys that several queries share.
pub(crate) fn all_by<T: Stored>(
    c: &Connection,
    from: &str,
    p: impl Params,
    keys: &Keys<'_>,
) -> Result<Vec<T>, StoreError> {
    let mut query = c.prepare_cached(&select::<T>(from))?;
    let mut rows = query.query(p)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row, keys)?);
    }
    Ok(all)
}

/// The first `T` in `from`, if there is one.
pub(crate) fn first<T: Stored>(c: &Connection, from: &str, p: impl Params) -> Result<Option<T>, StoreError> {
    let mut query = c.prepare_cached(&select::<T>(from))?;
    let mut rows = query.query(p)?;
    rows.next()?.map(|row| read(row, &Keys::of(c))).transpose()
}

/// The `T` in `from`. [`holdfast_ledger::LedgerError::NotFound`].
pub(crate) fn one<T: Stored>(c: &Connection, from: &str, p: impl Params) -> Result<T, StoreError> {
    let found = first(c, from, p)?;
    found.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

/// A row whose first columns are those of `T`.
pub(crate) fn read<T: Stored>(row: &Row<'_>, guests: &dyn GuestKeys) -> Result<T, StoreError> {
    let fields = (0..T::TABLE.columns.len()).map(|column| field(row.get_ref(column)?));
    Ok(T::read(Fields::new(fields.collect::<Result<_, _>>()?), guests)?)
}

/// A column's value, not copied.
pub(crate) fn field(value: ValueRef<'_>) -> Result<Field<'_>, StoreError> {
    match value {
        ValueRef::Null => Ok(Field::Null),
        ValueRef::Integer(number) => Ok(Field::Int(number)),
        ValueRef::Blob(bytes) => Ok(Field::Bytes(bytes.into())),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).map_err(|_| StoreError::damaged("a text is none"))?;
            Ok(Field::Text(text.into()))
        }
        ValueRef::Real(_) => Err(StoreError::damaged("no column has fractions")),
    }
}

/// Writes a new row, sealed; its seal.
pub(crate) fn insert<T: Stored>(t: &Transaction<'_>, what: &T) -> Result<Seal, StoreError> {
    insert_by(t, what, &Keys::of(t))
}

/// The same, by keys that aren't written yet.
pub(crate) fn insert_by<T: Stored>(
    t: &Transaction<'_>,
    what: &T,
    guests: &dyn GuestKeys,
) -> Result<Seal, StoreError> {
    insert_fields(t, T::TABLE, what.fields(guests)?)
}

/// The same of columns that are made already: encrypted once more, they'd be other bytes.
pub(crate) fn insert_fields(
    c: &Connection,
    table: Table,
    fields: Vec<Field<'static>>,
) -> Result<Seal, StoreError> {
    let columns = table.columns.join(", ");
    let values: Vec<String> = (1..=table.columns.len() + 1).map(|n| format!("?{n}")).collect();
    let sql = format!(
        "INSERT INTO {} ({columns}, seal) VALUES ({})",
        table.name,
        values.join(", ")
    );
    let (seal, values) = sealed(table, fields);
    c.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(seal)
}

/// Rewrites the whole row, sealed.
pub(crate) fn update<T: Stored>(t: &Transaction<'_>, what: &T) -> Result<(), StoreError> {
    let columns = T::TABLE.columns.iter().chain(&["seal"]);
    let set: Vec<String> = columns
        .zip(1..)
        .skip(1)
        .map(|(column, n)| format!("{column} = ?{n}"))
        .collect();
    let (name, key) = (T::TABLE.name, T::TABLE.key);
    let sql = format!("UPDATE {name} SET {} WHERE {key} = ?1", set.join(", "));
    let (_, values) = sealed(T::TABLE, what.fields(&Keys::of(t))?);
    t.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

/// A row's seal, and its columns with it.
fn sealed(table: Table, fields: Vec<Field<'static>>) -> (Seal, impl Iterator<Item = Value>) {
    let seal = Seal::of_row(table.name, fields.iter().cloned());
    let bytes = Field::from(seal.as_bytes().to_vec());
    (seal, fields.into_iter().chain([bytes]).map(Value))
}

/// A field as a parameter.
pub(crate) struct Value(pub(crate) Field<'static>);

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match &self.0 {
            Field::Null => ValueRef::Null,
            Field::Int(number) => ValueRef::Integer(*number),
            Field::Bytes(bytes) => ValueRef::Blob(bytes),
            Field::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// The ids in a query's first column.
pub(crate) fn ids(c: &Connection, sql: &str, p: impl Params) -> Result<Vec<Uuid>, StoreError> {
    let mut query = c.prepare_cached(sql)?;
    let rows = query.query_map(p, |r| r.get::<_, [u8; 16]>(0))?;
    Ok(rows
        .map(|id| id.map(Uuid::from_bytes))
        .collect::<Result<_, _>>()?)
}

/// Ids as one parameter, for [`LISTED`].
pub(crate) fn listed(ids: impl IntoIterator<Item = Uuid>) -> Result<String, StoreError> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.simple().to_string()).collect();
    Ok(serde_json::to_string(&ids)?)
}

/// The ids that are listed in the first parameter.
pub(crate) const LISTED: &str = "(SELECT unhex(value) FROM json_each(?1))";

/// An id as a column has it.
pub(crate) fn key(id: &Uuid) -> &[u8] {
    id.as_bytes().as_slice()
}
