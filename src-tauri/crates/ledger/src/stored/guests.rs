//! What is about guests, encrypted with a key of its own for each tab: without the key nobody reads it any more.
//!
//! This is the one place that encrypts. Seals are over what it makes, so that they hold when a key is gone.

use crate::LedgerError;
use crate::stored::cbor::{Cbor, from_bytes, from_some_bytes, to_some_bytes};
use crate::stored::{Field, Fields, Stored, Table, Unreadable};
use chacha20poly1305::aead::{Aead, Generate, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use holdfast_domain::{HoldId, TabId};
use std::fmt;

/// Bytes before what is encrypted: drawn by chance for each.
const NONCE_BYTES: usize = 24;

/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// The key of one tab's guest.
#[derive(Clone, PartialEq, Eq)]
pub struct GuestKey([u8; KEY_BYTES]);

/// It is never shown.
impl fmt::Debug for GuestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuestKey")
    }
}

impl GuestKey {
    /// A new one.
    ///
    /// # Errors
    /// [`LedgerError::Storage`] when the system has no random numbers.
    pub fn new() -> Result<Self, LedgerError> {
        <[u8; KEY_BYTES]>::try_generate().map(Self).map_err(no_chance)
    }
}

fn no_chance(error: impl fmt::Display) -> LedgerError {
    LedgerError::Storage(format!("the system has no random numbers: {error}"))
}

/// Whether what is about a guest can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secrecy {
    /// It isn't encrypted: it is about no guest, or a former format wrote it.
    Plain,
    /// It is encrypted with this key.
    Under(GuestKey),
    /// Its key is gone, so nothing is read, and nothing more is kept.
    Forgotten,
}

/// The keys of a ledger's guests.
pub trait GuestKeys {
    /// That of a tab.
    ///
    /// # Errors
    /// [`LedgerError::Storage`], [`LedgerError::Damaged`] without such a tab.
    fn of_tab(&self, tab: TabId) -> Result<Secrecy, LedgerError>;

    /// That of the tab which a hold is on.
    ///
    /// # Errors
    /// The same.
    fn of_hold(&self, hold: HoldId) -> Result<Secrecy, LedgerError>;

    /// That of a tab, if it is about one.
    ///
    /// # Errors
    /// The same.
    fn of(&self, tab: Option<TabId>) -> Result<Secrecy, LedgerError> {
        tab.map_or(Ok(Secrecy::Plain), |tab| self.of_tab(tab))
    }
}

/// Those of a file in which nothing is encrypted.
#[derive(Debug, Clone, Copy)]
pub struct NoKeys;

impl GuestKeys for NoKeys {
    fn of_tab(&self, _: TabId) -> Result<Secrecy, LedgerError> {
        Ok(Secrecy::Plain)
    }

    fn of_hold(&self, _: HoldId) -> Result<Secrecy, LedgerError> {
        Ok(Secrecy::Plain)
    }
}

/// Where something encrypted stands. It is bound to that place: put elsewhere, it can't be decrypted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The table.
    pub(crate) table: &'static str,
    /// The row.
    pub(crate) row: &'a [u8],
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        // A table's name has no zero in it.
        [self.table.as_bytes(), &[0], self.row].concat()
    }
}

impl Secrecy {
    /// Encrypts what is about a guest; none when there is nothing to keep.
    pub(crate) fn hide(&self, value: &impl Cbor, place: Place<'_>) -> Result<Option<Vec<u8>>, LedgerError> {
        match (self, to_some_bytes(value)?) {
            (Self::Plain, bytes) => Ok(bytes),
            (Self::Forgotten, _) | (_, None) => Ok(None),
            (Self::Under(key), Some(bytes)) => encrypted(key, &bytes, place).map(Some),
        }
    }

    /// Reads what [`Secrecy::hide`] made; what it is when all of it is at its default, once that is forgotten.
    pub(crate) fn show<T: Cbor>(&self, bytes: Option<&[u8]>, place: Place<'_>) -> Result<T, Unreadable> {
        match (self, bytes) {
            (Self::Under(key), Some(bytes)) => from_bytes(&decrypted(key, bytes, place)?),
            (Self::Plain, bytes) => from_some_bytes(bytes),
            (Self::Under(_), None) | (Self::Forgotten, _) => from_some_bytes(None),
        }
    }
}

fn encrypted(key: &GuestKey, text: &[u8], place: Place<'_>) -> Result<Vec<u8>, LedgerError> {
    let nonce = XNonce::try_generate().map_err(no_chance)?;
    let aad = place.bytes();
    let payload = Payload { msg: text, aad: &aad };
    let hidden = XChaCha20Poly1305::new(&key.0.into()).encrypt(&nonce, payload);
    let hidden = hidden.map_err(|_| LedgerError::Storage("it is too long to be encrypted".to_owned()))?;
    Ok([nonce.as_slice(), &hidden].concat())
}

fn decrypted(key: &GuestKey, bytes: &[u8], place: Place<'_>) -> Result<Vec<u8>, Unreadable> {
    let does_not_fit = || Unreadable::new("what is about a guest doesn’t fit its key");
    let (nonce, hidden) = bytes
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or_else(does_not_fit)?;
    let aad = place.bytes();
    let payload = Payload {
        msg: hidden,
        aad: &aad,
    };
    let text = XChaCha20Poly1305::new(&key.0.into()).decrypt(&XNonce::from(*nonce), payload);
    text.map_err(|_| does_not_fit())
}

/// A guest's key as a row: zeros once it is forgotten. It is overwritten where it stands and never deleted, so that no
/// copy of it stays in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// The place of its tab in the order of writing.
    pub tab: i64,
    /// The key; none once the guest is forgotten.
    pub key: Option<GuestKey>,
}

impl StoredKey {
    /// What it means for what is about the guest.
    pub fn secrecy(self) -> Secrecy {
        self.key.map_or(Secrecy::Forgotten, Secrecy::Under)
    }
}

impl Stored for StoredKey {
    const TABLE: Table = Table {
        name: "guest_key",
        key: "tab",
        columns: &["tab", "key"],
    };

    fn fields(&self, _: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        let key = self.key.as_ref().map_or([0; KEY_BYTES], |key| key.0);
        Ok(vec![self.tab.into(), key.to_vec().into()])
    }

    fn read(mut fields: Fields<'_>, _: &dyn GuestKeys) -> Result<Self, LedgerError> {
        let (tab, key) = (fields.int()?, fields.bytes()?);
        let key: [u8; KEY_BYTES] = key
            .as_ref()
            .try_into()
            .map_err(|_| Unreadable::new("a key is none"))?;
        let is_forgotten = key == [0; KEY_BYTES];
        Ok(Self {
            tab,
            key: (!is_forgotten).then_some(GuestKey(key)),
        })
    }
}
