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

impl Environment {
    const ALL: [Self; 2] = [Self::Sandbox, Self::Live];

    /// How its keys begin.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Sandbox => "sk_sandbox_",
            Self::Live => "sk_prod_",
        }
    }
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
pub struct ApiKey {
    whole: Zeroizing<String>,
    environment: Environment,
}

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
        let mut all = Environment::ALL.into_iter();
        let found = all.find_map(|one| Some((one, text.strip_prefix(one.prefix())?)));
        let (environment, rest) = found
            .filter(|(_, rest)| !rest.is_empty())
            .ok_or(KeyProblem::Prefix)?;
        if rest
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        {
            Ok(Self {
                whole: Zeroizing::new(text.to_owned()),
                environment,
            })
        } else {
            Err(KeyProblem::Characters)
        }
    }

    /// Which environment it opens.
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// Enough for a person to tell two keys apart: the prefix and the last four characters.
    pub fn hint(&self) -> String {
        let prefix = self.environment.prefix();
        let tail = self.whole.strip_prefix(prefix).unwrap_or_default();
        let shown = if tail.len() > 8 {
            &tail[tail.len() - 4..]
        } else {
            ""
        };
        format!("{prefix}…{shown}")
    }

    /// For the Authorization header and the key store only.
    pub fn reveal(&self) -> &str {
        &self.whole
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({})", self.hint())
    }
}
