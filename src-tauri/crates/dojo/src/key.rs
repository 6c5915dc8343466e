//! The secret API key. Its prefix says which environment it opens (OpenAPI 2026-02-27, info).

use std::fmt;
use zeroize::Zeroizing;

/// Which of Dojo's environments a key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// `sk_sandbox_…`: no real money.
    Sandbox,
    /// `sk_prod_…`: real money.
    Live,
}

/// Why something typed is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// Nothing typed.
    #[error("there is no key")]
    Empty,
    /// Neither prefix.
    #[error("it doesn’t begin with sk_sandbox_ or sk_prod_, as Dojo’s secret keys do")]
    Prefix,
    /// Blanks, line breaks, or signs that no key has.
    #[error("it has characters that no key has")]
    Characters,
}

/// A secret key. Never shown whole, not even by `Debug`; wiped from memory when it's dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// Checks the form of a key.
    ///
    /// # Errors
    /// [`KeyProblem`].
    pub fn parse(text: &str) -> Result<Self, KeyProblem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(KeyProblem::Empty);
        }
        let rest = text
            .strip_prefix("sk_sandbox_")
            .or_else(|| text.strip_prefix("sk_prod_"));
        match rest {
            None | Some("") => Err(KeyProblem::Prefix),
            Some(rest)
                if rest
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) =>
            {
                Ok(Self(Zeroizing::new(text.to_owned())))
            }
            Some(_) => Err(KeyProblem::Characters),
        }
    }

    /// Which environment it opens.
    pub fn environment(&self) -> Environment {
        if self.0.starts_with("sk_sandbox_") {
            Environment::Sandbox
        } else {
            Environment::Live
        }
    }

    /// Enough for a person to tell two keys apart: the prefix and the last four characters.
    pub fn hint(&self) -> String {
        let prefix = match self.environment() {
            Environment::Sandbox => "sk_sandbox_",
            Environment::Live => "sk_prod_",
        };
        let tail = self.0.strip_prefix(prefix).unwrap_or_default();
        let shown = if tail.len() > 8 {
            &tail[tail.len() - 4..]
        } else {
            ""
        };
        format!("{prefix}…{shown}")
    }

    /// For the Authorization header and the key store only.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({})", self.hint())
    }
}
