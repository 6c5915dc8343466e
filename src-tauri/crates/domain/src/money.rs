//! Amounts: integers in minor units with their currency, never a float.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The largest amount accepted anywhere, in minor units (999,999.99).
pub const MAX_MINOR: i64 = 99_999_999;

/// What Dojo takes: GBP and EUR (OpenAPI 2026-02-27, `Money`). Both have two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Currency {
    /// Pound sterling, minor unit penny.
    Gbp,
    /// Euro, minor unit cent.
    Eur,
}

impl Currency {
    /// ISO 4217 code, as on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gbp => "GBP",
            Self::Eur => "EUR",
        }
    }

    /// From an ISO 4217 code; none for a currency that Dojo does not take.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Gbp, Self::Eur].into_iter().find(|c| c.code() == code)
    }

    /// The sign staff know.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Gbp => "£",
            Self::Eur => "€",
        }
    }
}

/// An amount of minor units in a currency. May be negative only where a bill is corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units (pence, cents).
    pub minor: i64,
    /// Its currency.
    pub currency: Currency,
}

impl Money {
    /// `minor` units of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The amount multiplied by `count`; none beyond [`MAX_MINOR`].
    pub fn times(self, count: i64) -> Option<Self> {
        let minor = self
            .minor
            .checked_mul(count)
            .filter(|minor| minor.abs() <= MAX_MINOR)?;
        Some(Self { minor, ..self })
    }

    /// Minus, whole units and hundredths.
    const fn in_parts(self) -> (&'static str, u64, u64) {
        let minus = if self.minor < 0 { "-" } else { "" };
        let whole = self.minor.unsigned_abs();
        (minus, whole / 100, whole % 100)
    }

    /// The digits alone, for a program that counts with them: `1234.50`, with the decimal mark that it expects.
    pub fn ungrouped(self, decimal_mark: &str) -> String {
        let (minus, major, rest) = self.in_parts();
        format!("{minus}{major}{decimal_mark}{rest:02}")
    }

    /// The digits without the sign of the currency: `1,234.50`.
    pub fn digits(self) -> String {
        let (minus, major, rest) = self.in_parts();
        let plain = major.to_string();
        let mut grouped = String::new();
        for (i, digit) in plain.chars().enumerate() {
            if i > 0 && (plain.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("{minus}{grouped}.{rest:02}")
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        match digits.strip_prefix('-') {
            Some(rest) => write!(f, "-{}{rest}", self.currency.sign()),
            None => write!(f, "{}{digits}", self.currency.sign()),
        }
    }
}

/// Why a typed amount was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountProblem {
    /// Nothing was typed.
    Empty,
    /// Zero where some money is needed.
    Zero,
    /// A minus where none makes sense.
    Negative,
    /// More than two decimals.
    Decimals,
    /// Over [`MAX_MINOR`].
    TooLarge,
    /// The sign of another currency.
    Currency,
    /// Not an amount at all.
    Malformed,
}

/// Reads what a person typed: `12.5`, `12,50`, `£1,200`, `1 200.00`. A minus is refused unless
/// `signed`; zero is passed through for the caller to judge.
///
/// One comma or point before one or two final digits is the decimal sign; commas before
/// groups of exactly three digits group thousands. Nothing is rounded and nothing is guessed.
///
/// # Errors
/// An [`AmountProblem`].
pub fn parse_amount(text: &str, currency: Currency, signed: bool) -> Result<Money, AmountProblem> {
    let mut rest = text.trim().replace(['\u{a0}', '\u{202f}'], " ");
    let negative = rest.starts_with(['-', '\u{2212}']);
    if negative {
        rest = rest.trim_start_matches(['-', '\u{2212}']).trim_start().to_owned();
    }
    for sign in [Currency::Gbp, Currency::Eur] {
        let stripped = [sign.sign(), sign.code()].into_iter().find_map(|name| {
            let begins = rest
                .get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name));
            let at = rest.len().saturating_sub(name.len());
            let ends = rest.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(name));
            if begins {
                rest.get(name.len()..)
            } else if ends {
                rest.get(..at)
            } else {
                None
            }
        });
        if let Some(stripped) = stripped {
            if sign != currency {
                return Err(AmountProblem::Currency);
            }
            rest = stripped.trim().to_owned();
            break;
        }
    }
    if rest.is_empty() {
        return Err(AmountProblem::Empty);
    }
    let minor = digits_to_minor(&rest)?;
    match (negative, signed) {
        (true, false) => Err(AmountProblem::Negative),
        (true, true) => Ok(Money::new(-minor, currency)),
        (false, _) => Ok(Money::new(minor, currency)),
    }
}

fn digits_to_minor(text: &str) -> Result<i64, AmountProblem> {
    if !text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' '))
    {
        return Err(AmountProblem::Malformed);
    }
    let (major, decimals) = split_decimals(text)?;
    let major = ungroup(major)?;
    if major.len() > 7 {
        return Err(AmountProblem::TooLarge);
    }
    let decimals = match decimals.len() {
        0 => "00".to_owned(),
        1 => format!("{decimals}0"),
        _ => decimals.to_owned(),
    };
    let minor: i64 = format!("{major}{decimals}")
        .parse()
        .map_err(|_| AmountProblem::Malformed)?;
    if minor > MAX_MINOR {
        Err(AmountProblem::TooLarge)
    } else {
        Ok(minor)
    }
}

/// Splits at the decimal sign: a point always is one unless a comma follows, a comma only before one or two digits.
/// Nothing need stand before it, or after it, but not neither.
fn split_decimals(text: &str) -> Result<(&str, &str), AmountProblem> {
    let at = match (text.rfind('.'), text.rfind(',')) {
        // As on the continent: 1.234,50.
        (Some(point), Some(comma)) if comma > point => {
            if text.matches(',').count() > 1 {
                return Err(AmountProblem::Malformed);
            }
            Some(comma)
        }
        (Some(point), _) => {
            if text.matches('.').count() > 1 {
                return Err(AmountProblem::Malformed);
            }
            Some(point)
        }
        (None, Some(comma)) if (1..=2).contains(&(text.len() - comma - 1)) => Some(comma),
        (None, Some(comma)) if text.len() - comma - 1 != 3 => return Err(AmountProblem::Decimals),
        (None, _) => None,
    };
    let Some(at) = at else { return Ok((text, "")) };
    let (major, decimals) = (&text[..at], &text[at + 1..]);
    if (major.is_empty() && decimals.is_empty()) || !decimals.chars().all(|c| c.is_ascii_digit()) {
        return Err(AmountProblem::Malformed);
    }
    if decimals.len() > 2 {
        Err(AmountProblem::Decimals)
    } else {
        Ok((major, decimals))
    }
}

/// Removes thousands separators, which must be of one kind and stand before groups of three.
fn ungroup(text: &str) -> Result<String, AmountProblem> {
    let separator = text.chars().find(|c| !c.is_ascii_digit());
    let Some(separator) = separator else {
        return Ok(text.trim_start_matches('0').to_owned());
    };
    let groups: Vec<&str> = text.split(separator).collect();
    let well_formed = groups.iter().enumerate().all(|(i, group)| {
        group.chars().all(|c| c.is_ascii_digit())
            && if i == 0 {
                (1..=3).contains(&group.len())
            } else {
                group.len() == 3
            }
    });
    if well_formed {
        Ok(groups.concat().trim_start_matches('0').to_owned())
    } else {
        Err(AmountProblem::Malformed)
    }
}

/// Reads a percentage such as `12.5` into hundredths of a percent (1250); at most 100 %.
///
/// # Errors
/// An [`AmountProblem`] when it isn't a number from 0 to 100 with at most two decimals.
pub fn parse_percent(text: &str) -> Result<i64, AmountProblem> {
    let text = text.trim().trim_end_matches('%').trim();
    let hundredths = parse_amount(text, Currency::Gbp, false)?.minor;
    if hundredths > 10_000 {
        Err(AmountProblem::TooLarge)
    } else {
        Ok(hundredths)
    }
}

/// Reads an amount, or with a percent sign a share of `of`: `8.50`, `12.5 %`.
///
/// # Errors
/// An [`AmountProblem`].
pub fn parse_amount_or_share(text: &str, of: Money) -> Result<Money, AmountProblem> {
    if text.trim_end().ends_with('%') {
        share(of, parse_percent(text)?).ok_or(AmountProblem::TooLarge)
    } else {
        parse_amount(text, of.currency, false)
    }
}

/// `hundredths` of a percent of `money`, rounded half up to a minor unit.
pub fn share(money: Money, hundredths: i64) -> Option<Money> {
    let product = money.minor.checked_mul(hundredths)?.checked_add(5_000)?;
    Some(Money::new(product.div_euclid(10_000), money.currency))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gbp(text: &str) -> Result<i64, AmountProblem> {
        parse_amount(text, Currency::Gbp, false).map(|m| m.minor)
    }

    #[test]
    fn a_program_that_counts_gets_digits_alone() {
        let pounds = |minor| Money::new(minor, Currency::Gbp);
        assert_eq!(pounds(123_456).ungrouped("."), "1234.56");
        assert_eq!(pounds(-5).ungrouped("."), "-0.05");
        assert_eq!(pounds(123_456_789).ungrouped(","), "1234567,89");
        assert_eq!(pounds(-5).ungrouped(","), "-0,05");
    }

    #[test]
    fn what_staff_type_is_read_as_they_mean_it() {
        for (text, minor) in [
            ("12.5", 1_250),
            ("12,50", 1_250),
            ("£1,200", 120_000),
            ("1,200.00", 120_000),
            ("1 200", 120_000),
            ("0", 0),
            ("007", 700),
            ("12.", 1_200),
            (".5", 50),
            ("1.234,50", 123_450),
            ("gbp 40", 4_000),
            ("40 £", 4_000),
            ("  86.40 ", 8_640),
            ("999999.99", MAX_MINOR),
        ] {
            assert_eq!(gbp(text), Ok(minor), "{text}");
        }
    }

    #[test]
    fn what_could_mean_anything_is_refused_with_the_reason() {
        use AmountProblem::*;
        for (text, problem) in [
            ("", Empty),
            ("£", Empty),
            ("-3", Negative),
            ("1e3", Malformed),
            ("9999999999999", TooLarge),
            ("1000000", TooLarge),
            ("12.345", Decimals),
            ("12,3456", Decimals),
            ("1,2,3", Malformed),
            (".", Malformed),
            ("12..", Malformed),
            ("1.23,4", Malformed),
            ("1.234", Decimals),
            ("€5", Currency),
            ("ten", Malformed),
            ("٣", Malformed),
        ] {
            assert_eq!(gbp(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn a_percent_sign_asks_for_a_share() {
        let bill = Money::new(7_600, Currency::Gbp);
        for (text, minor) in [
            ("12.5%", 950),
            ("12,5 %", 950),
            ("0 %", 0),
            ("9.50", 950),
            ("100%", 7_600),
        ] {
            assert_eq!(
                parse_amount_or_share(text, bill),
                Ok(Money::new(minor, Currency::Gbp)),
                "{text}"
            );
        }
        assert_eq!(parse_amount_or_share("101%", bill), Err(AmountProblem::TooLarge));
        assert_eq!(parse_amount_or_share("%", bill), Err(AmountProblem::Empty));
        assert_eq!(parse_amount_or_share("%5", bill), Err(AmountProblem::Malformed));
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back_the_same(minor in 0..=MAX_MINOR) {
            let money = Money::new(minor, Currency::Eur);
            prop_assert_eq!(parse_amount(&money.to_string(), Currency::Eur, false), Ok(money));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            let _ = parse_amount(&text, Currency::Gbp, true);
            let _ = parse_percent(&text);
        }
    }
}
