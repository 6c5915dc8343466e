//! .NET's `TimeSpan` in its constant form, as `autoExpireIn` uses it: `[d.]hh:mm:ss[.fffffff]`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A span of whole seconds, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeSpan(i64);

impl TimeSpan {
    /// From whole seconds; none when negative.
    pub const fn from_seconds(seconds: i64) -> Option<Self> {
        if seconds >= 0 { Some(Self(seconds)) } else { None }
    }

    /// In whole seconds.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Reads the constant form. A fraction of a second is dropped; anything else odd is none.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |part: &str, digits: usize| {
            let is_number =
                !part.is_empty() && part.len() <= digits && part.bytes().all(|b| b.is_ascii_digit());
            is_number.then(|| part.parse::<i64>().ok()).flatten()
        };
        let mut parts = text.split(':');
        let (first, minutes, last) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let (days, hours) = first
            .split_once('.')
            .map_or((Some(0), first), |(d, h)| (number(d, 8), h));
        let (seconds, fraction) = last.split_once('.').unwrap_or((last, "0"));
        number(fraction, 9)?;
        let (hours, minutes, seconds) = (number(hours, 2)?, number(minutes, 2)?, number(seconds, 2)?);
        if hours > 23 || minutes > 59 || seconds > 59 {
            return None;
        }
        let days = days?.checked_mul(86_400)?;
        days.checked_add(hours * 3600 + minutes * 60 + seconds).map(Self)
    }
}

impl fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, rest) = (self.0 / 86_400, self.0 % 86_400);
        if days > 0 {
            write!(f, "{days}.")?;
        }
        write!(f, "{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
    }
}

impl Serialize for TimeSpan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeSpan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a time span"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_dojo_shows() {
        for (text, seconds) in [
            ("00:00:55", 55),
            ("00:05:00", 300),
            ("6.00:00:00", 518_400),
            ("6.23:00:00", 601_200),
            ("1.02:03:04.5000000", 93_784),
        ] {
            assert_eq!(
                TimeSpan::parse(text).map(TimeSpan::seconds),
                Some(seconds),
                "{text}"
            );
        }
        assert_eq!(TimeSpan(601_200).to_string(), "6.23:00:00");
        for text in [
            "",
            "24:00:00",
            "P6D",
            "6",
            "-1.00:00:00",
            "00:60:00",
            "99999999999.00:00:00",
            "é:00:00",
        ] {
            assert_eq!(TimeSpan::parse(text), None, "{text}");
        }
    }
}
