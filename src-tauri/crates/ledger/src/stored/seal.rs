//! Seals: a hash over canonical bytes, so that a changed byte is noticed.

use crate::stored::Field;
use minicbor::Encoder;
use minicbor::encode::Write;
use sha2::{Digest, Sha256};
use std::convert::Infallible;

/// SHA-256 over canonical bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal([u8; 32]);

impl Seal {
    /// The seal that these bytes are; none when they are no 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The seal that this hexadecimal text is.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok().map(|()| Self(bytes))
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As lower-case hexadecimal text.
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// Of a row: over its table's name and all of its columns but the seal, in the table's order.
    pub fn of_row<'a>(table: &str, columns: impl ExactSizeIterator<Item = Field<'a>>) -> Self {
        Self::of(|out| {
            let count = u64::try_from(columns.len()).unwrap_or(u64::MAX);
            out.array(count.saturating_add(1))?.str(table)?;
            for column in columns {
                match column {
                    Field::Null => out.null()?,
                    Field::Int(number) => out.i64(number)?,
                    Field::Bytes(bytes) => out.bytes(&bytes)?,
                    Field::Text(text) => out.str(&text)?,
                };
            }
            Ok(())
        })
    }

    /// Of an entry of the journal, over the seal of the one before, and over its place, which stands outside its body.
    /// A body that is JSON was written by format 9 or older: place and tab stand in it, and it keeps the seal of then.
    pub fn of_entry(before: Option<Self>, entry: &EntryBytes<'_>) -> Self {
        if entry.is_former() {
            return Self::of_former_entry(before, entry.body);
        }
        Self::of(|out| {
            out.array(if entry.former.is_some() { 6 } else { 5 })?;
            put_bytes(out, before.as_ref().map(|seal| seal.0.as_slice()))?;
            out.i64(entry.seq)?;
            put_bytes(out, entry.tab)?;
            put_bytes(out, Some(entry.body))?;
            put_bytes(out, entry.personal)?;
            entry.former.map_or(Ok(()), |former| put_bytes(out, Some(former)))
        })
    }

    fn of_former_entry(before: Option<Self>, body: &[u8]) -> Self {
        let mut digits = [0; 64];
        let before = before.filter(|seal| hex::encode_to_slice(seal.0, &mut digits).is_ok());
        let mut digest = Sha256::new();
        if before.is_some() {
            digest.update(digits);
        }
        digest.update("\n");
        digest.update(body);
        Self(digest.finalize().into())
    }

    fn of(write: impl FnOnce(&mut Encoder<Hasher>) -> Written) -> Self {
        let mut out = Encoder::new(Hasher(Sha256::new()));
        // Nothing can refuse a byte that is only hashed.
        match write(&mut out) {
            Ok(()) | Err(_) => Self(out.into_writer().0.finalize().into()),
        }
    }
}

/// An entry of the journal as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryBytes<'a> {
    /// Its place.
    pub seq: i64,
    /// The tab that it belongs to.
    pub tab: Option<&'a [u8]>,
    /// What it says.
    pub body: &'a [u8],
    /// What of that is about a person, encrypted if it is about a guest.
    pub personal: Option<&'a [u8]>,
    /// The seal that a former format gave it: printed reports and older backups name it.
    pub former: Option<&'a [u8]>,
}

impl EntryBytes<'_> {
    /// Whether format 9 or older wrote it. No encoding of today's begins as JSON does.
    pub fn is_former(&self) -> bool {
        self.body.first() == Some(&b'{')
    }
}

type Written = Result<(), minicbor::encode::Error<Infallible>>;

fn put_bytes(out: &mut Encoder<Hasher>, bytes: Option<&[u8]>) -> Written {
    match bytes {
        Some(bytes) => out.bytes(bytes)?,
        None => out.null()?,
    };
    Ok(())
}

/// Hashes what is written to it.
struct Hasher(Sha256);

impl Write for Hasher {
    type Error = Infallible;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Infallible> {
        self.0.update(bytes);
        Ok(())
    }
}
