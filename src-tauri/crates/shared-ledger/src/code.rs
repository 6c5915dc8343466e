//! The code that an administrator hands to a till: where the ledger is, and a password that is good for one joining.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Says what it is, and which version of it.
const BEGINNING: &str = "holdfast-ledger-1-";

/// Bytes of the check at the end, which finds a code that was cut off or mistyped.
const CHECK_BYTES: usize = 4;

/// What a till needs to join a shared ledger.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinCode {
    /// The server as libpq writes it, without a role: `host=db.example dbname=holdfast`.
    pub address: String,
    /// Certificates of the venue's own (PEM) that the server's is verified against.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certificates: String,
    /// The role that the till connects as.
    pub role: String,
    /// Good until the till has joined: then the till has one that nobody else knows.
    pub password: String,
}

/// The password is never shown.
impl std::fmt::Debug for JoinCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JoinCode")
            .field("address", &self.address)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotACode {
    /// It's something else.
    #[error("This isn’t a code of a shared ledger. It begins with holdfast-ledger-1-: copy all of it.")]
    Other,
    /// A part is missing, or a letter is another.
    #[error("A part of the code is missing or mistyped. Copy all of it, from holdfast-ledger-1- to its end.")]
    NotWhole,
}

fn check(bytes: &[u8]) -> [u8; CHECK_BYTES] {
    let hash = Sha256::digest(bytes);
    std::array::from_fn(|place| hash.get(place).copied().unwrap_or_default())
}

impl JoinCode {
    /// As it is handed over.
    pub fn text(&self) -> String {
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.extend(check(&bytes));
        format!("{BEGINNING}{}", hex::encode(bytes))
    }

    /// From what was pasted; blanks and line ends in it are a mail program's.
    ///
    /// # Errors
    /// [`NotACode`].
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let body = text.strip_prefix(BEGINNING).ok_or(NotACode::Other)?;
        let bytes = hex::decode(body).map_err(|_| NotACode::NotWhole)?;
        let length = bytes.len().checked_sub(CHECK_BYTES).ok_or(NotACode::NotWhole)?;
        let (said, end) = bytes.split_at(length);
        if end != check(said) {
            return Err(NotACode::NotWhole);
        }
        serde_json::from_slice(said).map_err(|_| NotACode::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> JoinCode {
        JoinCode {
            address: "host=db.example dbname=holdfast".to_owned(),
            certificates: String::new(),
            role: "holdfast_till_1".to_owned(),
            password: "a secret".to_owned(),
        }
    }

    #[test]
    fn a_code_is_read_as_it_was_written_whatever_a_mail_program_did_to_its_lines() {
        let text = code().text();
        assert_eq!(JoinCode::parse(&text), Ok(code()));
        let (first, second) = text.split_at(40);
        assert_eq!(JoinCode::parse(&format!("  {first}\r\n {second}\n")), Ok(code()));
        assert!(!format!("{:?}", code()).contains("secret"));
    }

    #[test]
    fn one_that_is_cut_off_mistyped_or_something_else_is_told_apart() {
        let text = code().text();
        let cut = text.get(..text.len() - 2).unwrap();
        // The bracket with which what is said begins.
        let mistyped = text.replacen("7b", "7c", 1);
        for broken in [
            cut,
            mistyped.as_str(),
            "holdfast-ledger-1-",
            "holdfast-ledger-1-zz",
        ] {
            assert_eq!(JoinCode::parse(broken), Err(NotACode::NotWhole), "{broken}");
        }
        for other in ["", "sk_sandbox_1", "holdfast-ledger-2-00"] {
            assert_eq!(JoinCode::parse(other), Err(NotACode::Other), "{other}");
        }
    }
}
