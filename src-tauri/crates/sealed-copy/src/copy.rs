//! Encrypting a file to a public key, and opening it with the phrase.

use crate::Phrase;
use age::x25519::Recipient;
use age::{DecryptError, Decryptor, Encryptor};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::Path;
use std::str::FromStr;

/// Why there is no encrypted copy.
#[derive(Debug, thiserror::Error)]
pub enum NotSealed {
    /// The public key isn't one. Nothing is written then: a copy that should be encrypted is never plain.
    #[error("the public key of the recovery phrase can’t be read")]
    NoKey,
    /// What lies there now isn't what was written.
    #[error("what arrived is not what was written")]
    Changed,
    /// A disk refused.
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Why a copy wasn't opened.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// It was encrypted to another phrase's key.
    #[error("this phrase does not open this copy")]
    WrongPhrase,
    /// It is no such copy, or a damaged one.
    #[error("it is damaged, or no encrypted copy")]
    Damaged,
    /// A disk refused.
    #[error("{0}")]
    Io(io::Error),
}

impl From<io::Error> for NotOpened {
    fn from(error: io::Error) -> Self {
        if matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) {
            Self::Damaged
        } else {
            Self::Io(error)
        }
    }
}

/// Hands on what is written, and what it comes to.
struct Counted<W> {
    to: W,
    hash: Sha256,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Encrypts the file `from` into the file `to`, has it on the disk and reads it back. Without the phrase nobody can
/// open it, so that what was written is compared byte by byte instead.
///
/// # Errors
/// [`NotSealed`].
pub fn seal(from: &Path, to: &Path, recipient: &str) -> Result<(), NotSealed> {
    let recipient = Recipient::from_str(recipient).map_err(|_| NotSealed::NoKey)?;
    let one: [&dyn age::Recipient; 1] = [&recipient];
    let encryptor = Encryptor::with_recipients(one.into_iter()).map_err(|_| NotSealed::NoKey)?;
    let mut plain = BufReader::new(File::open(from)?);
    let counted = Counted {
        to: BufWriter::new(File::create(to)?),
        hash: Sha256::new(),
    };
    let mut writer = encryptor.wrap_output(counted)?;
    io::copy(&mut plain, &mut writer)?;
    let Counted { to: written, hash } = writer.finish()?;
    written
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()?;
    if digest(to)? == hash.finalize().as_slice() {
        Ok(())
    } else {
        Err(NotSealed::Changed)
    }
}

fn digest(path: &Path) -> io::Result<Vec<u8>> {
    let (mut file, mut hash) = (File::open(path)?, Sha256::new());
    let mut bytes = vec![0_u8; 64 * 1024];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(hash.finalize().to_vec()),
            count => hash.update(bytes.get(..count).unwrap_or_default()),
        }
    }
}

/// Opens the copy `from` into the file `to`. What is there after an error is worth nothing.
///
/// # Errors
/// [`NotOpened`].
pub fn open(from: &Path, to: &Path, phrase: &Phrase) -> Result<(), NotOpened> {
    let identity = phrase.identity().ok_or(NotOpened::WrongPhrase)?;
    let sealed = Decryptor::new_buffered(BufReader::new(File::open(from)?)).map_err(refused)?;
    let one: &dyn age::Identity = &identity;
    let mut reader = sealed.decrypt(std::iter::once(one)).map_err(refused)?;
    let mut plain = BufWriter::new(File::create(to)?);
    io::copy(&mut reader, &mut plain)?;
    plain
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()?;
    Ok(())
}

fn refused(error: DecryptError) -> NotOpened {
    match error {
        DecryptError::NoMatchingKeys => NotOpened::WrongPhrase,
        DecryptError::Io(error) => error.into(),
        DecryptError::DecryptionFailed
        | DecryptError::ExcessiveWork { .. }
        | DecryptError::InvalidHeader
        | DecryptError::InvalidMac
        | DecryptError::KeyDecryptionFailed
        | DecryptError::UnknownFormat => NotOpened::Damaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUEST: &str = "Amira Castellanos, table 12";

    fn sealed(phrase: &Phrase) -> (tempfile::TempDir, std::path::PathBuf, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let plain: Vec<u8> = GUEST.bytes().cycle().take(300_000).collect();
        let (from, to) = (folder.path().join("plain"), folder.path().join("sealed"));
        std::fs::write(&from, &plain).unwrap();
        seal(&from, &to, &phrase.recipient()).unwrap();
        (folder, to, plain)
    }

    #[test]
    fn what_is_sealed_shows_nothing_and_opens_with_its_own_phrase_alone() {
        let phrase = Phrase::draw().unwrap();
        let (folder, to, plain) = sealed(&phrase);
        let bytes = std::fs::read(&to).unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"Amira"));
        let opened = folder.path().join("opened");
        open(&to, &opened, &phrase).unwrap();
        assert_eq!(std::fs::read(&opened).unwrap(), plain);
        let other = open(&to, &opened, &Phrase::draw().unwrap());
        assert!(matches!(other, Err(NotOpened::WrongPhrase)), "{other:?}");
    }

    #[test]
    fn a_copy_that_was_cut_or_changed_is_refused() {
        let phrase = Phrase::draw().unwrap();
        let (folder, to, _) = sealed(&phrase);
        let (bytes, opened) = (std::fs::read(&to).unwrap(), folder.path().join("opened"));
        for length in [0, 10, 100, 200, 65_536, bytes.len() - 1] {
            std::fs::write(&to, &bytes[..length]).unwrap();
            let refused = open(&to, &opened, &phrase);
            assert!(
                matches!(refused, Err(NotOpened::Damaged)),
                "{length}: {refused:?}"
            );
        }
        for place in [0, 30, 150, 1_000, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            std::fs::write(&to, &changed).unwrap();
            open(&to, &opened, &phrase).unwrap_err();
        }
        let plain = folder.path().join("plain");
        assert!(matches!(open(&plain, &opened, &phrase), Err(NotOpened::Damaged)));
    }

    #[test]
    fn without_a_key_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("plain"), folder.path().join("sealed"));
        std::fs::write(&from, GUEST).unwrap();
        for key in ["", "age1", "nonsense"] {
            assert!(matches!(seal(&from, &to, key), Err(NotSealed::NoKey)), "{key}");
        }
        assert!(!to.exists());
    }
}
