//! The encoding of bodies: CBOR with numbers for fields and kinds, the same bytes for the same value.
//!
//! A field's or a kind's number never changes and is never given to another: ledgers out there have it. A field that is
//! at its default isn't written. A newer field is passed over by an older program's reading, and a missing one is at
//! its default.

use crate::stored::Unreadable;
use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use std::convert::Infallible;

pub(crate) type Out = Encoder<Vec<u8>>;

pub(crate) type Put = Result<(), minicbor::encode::Error<Infallible>>;

/// What has an encoding.
pub(crate) trait Cbor: Sized {
    fn put(&self, out: &mut Out) -> Put;

    /// # Errors
    /// When the bytes are no encoding of it.
    fn get(from: &mut Decoder<'_>) -> Result<Self, Unreadable>;

    /// What a field that isn't there stands for, if it need not be there.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether it is that.
    fn is_absent(&self) -> bool {
        false
    }
}

pub(crate) fn to_bytes(value: &impl Cbor) -> Result<Vec<u8>, Unreadable> {
    let mut out = Encoder::new(Vec::new());
    value.put(&mut out)?;
    Ok(out.into_writer())
}

/// The same; none when nothing of it has to be written.
pub(crate) fn to_some_bytes(value: &impl Cbor) -> Result<Option<Vec<u8>>, Unreadable> {
    // An empty map.
    to_bytes(value).map(|bytes| (bytes != [0xa0]).then_some(bytes))
}

pub(crate) fn from_bytes<T: Cbor>(bytes: &[u8]) -> Result<T, Unreadable> {
    let mut from = Decoder::new(bytes);
    let value = T::get(&mut from)?;
    if from.position() == bytes.len() {
        Ok(value)
    } else {
        Err(Unreadable::new("there is more after its end"))
    }
}

/// The same; of nothing, what it is when all of it is at its default.
pub(crate) fn from_some_bytes<T: Cbor>(bytes: Option<&[u8]>) -> Result<T, Unreadable> {
    from_bytes(bytes.unwrap_or(&[0xa0]))
}

/// How many entries a map has.
pub(crate) fn map(from: &mut Decoder<'_>) -> Result<u64, Unreadable> {
    from.map()?
        .ok_or_else(|| Unreadable::new("a map without a length"))
}

pub(crate) fn array(from: &mut Decoder<'_>) -> Result<u64, Unreadable> {
    from.array()?
        .ok_or_else(|| Unreadable::new("a list without a length"))
}

/// The number of a kind, and how many values follow it.
pub(crate) fn kind(from: &mut Decoder<'_>) -> Result<(u64, u64), Unreadable> {
    if from.datatype()? == Type::Array {
        let count = array(from)?;
        Ok((from.u64()?, count.saturating_sub(1)))
    } else {
        Ok((from.u64()?, 0))
    }
}

/// The next value of a kind that has `left` more.
pub(crate) fn next<T: Cbor>(from: &mut Decoder<'_>, left: &mut u64) -> Result<T, Unreadable> {
    match left.checked_sub(1) {
        Some(fewer) => {
            *left = fewer;
            T::get(from)
        }
        None => T::absent().ok_or_else(|| Unreadable::new("a value is missing")),
    }
}

pub(crate) fn skip(from: &mut Decoder<'_>, count: u64) -> Result<(), Unreadable> {
    (0..count).try_for_each(|_| Ok(from.skip()?))
}

/// Counts a value.
pub(crate) const fn one<T>(_: &T) -> u64 {
    1
}

/// A struct as a map from its fields' numbers.
macro_rules! record {
    ($type:ty { $($number:literal $field:ident),* $(,)? }) => {
        impl $crate::stored::cbor::Cbor for $type {
            fn put(&self, out: &mut $crate::stored::cbor::Out) -> $crate::stored::cbor::Put {
                let Self { $($field),* } = self;
                out.map(0 $(+ u64::from(!$field.is_absent()))*)?;
                $(if !$field.is_absent() {
                    out.u8($number)?;
                    $field.put(out)?;
                })*
                Ok(())
            }

            fn get(from: &mut ::minicbor::Decoder<'_>) -> Result<Self, $crate::stored::Unreadable> {
                $(let mut $field = None;)*
                for _ in 0..$crate::stored::cbor::map(from)? {
                    match from.u64()? {
                        $($number => $field = Some($crate::stored::cbor::Cbor::get(from)?),)*
                        _ => from.skip()?,
                    }
                }
                let missing = $crate::stored::Unreadable::missing;
                Ok(Self {
                    $($field: $field
                        .or_else($crate::stored::cbor::Cbor::absent)
                        .ok_or_else(|| missing(stringify!($field)))?),*
                })
            }
        }
    };
}

/// An enum with data: a kind's number alone, or a list of it and its values.
macro_rules! kinds {
    ($type:ty {
        $($number:literal $kind:ident $(($($place:ident),*))? $({$($field:ident),*})?,)*
    }) => {
        impl $crate::stored::cbor::Cbor for $type {
            fn put(&self, out: &mut $crate::stored::cbor::Out) -> $crate::stored::cbor::Put {
                match self {
                    $(Self::$kind $(($($place),*))? $({$($field),*})? => {
                        let count = 0
                            $($(+ $crate::stored::cbor::one($place))*)?
                            $($(+ $crate::stored::cbor::one($field))*)?;
                        if count > 0 {
                            out.array(count + 1)?;
                        }
                        out.u8($number)?;
                        $($($place.put(out)?;)*)?
                        $($($field.put(out)?;)*)?
                    })*
                }
                Ok(())
            }

            fn get(from: &mut ::minicbor::Decoder<'_>) -> Result<Self, $crate::stored::Unreadable> {
                let (number, mut left) = $crate::stored::cbor::kind(from)?;
                let found = match number {
                    $($number => {
                        $($(let $place = $crate::stored::cbor::next(from, &mut left)?;)*)?
                        $($(let $field = $crate::stored::cbor::next(from, &mut left)?;)*)?
                        Self::$kind $(($($place),*))? $({$($field),*})?
                    })*
                    _ => return Err($crate::stored::Unreadable::new("a kind that this version doesn't know")),
                };
                $crate::stored::cbor::skip(from, left)?;
                Ok(found)
            }
        }
    };
}

pub(crate) use {kinds, record};
