//! What people type, and Dojo's intervals.

use holdfast_dojo::TimeSpan;
use holdfast_domain::{Currency, Money, parse_amount, parse_percent, share};

/// More than can be asked for.
const TOO_MUCH: i64 = 100_000_000;

pub(super) fn amounts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for currency in [Currency::Gbp, Currency::Eur] {
        let plain = parse_amount(&text, currency, false);
        let signed = parse_amount(&text, currency, true);
        if let Ok(money) = plain {
            assert!((0..TOO_MUCH).contains(&money.minor), "{text:?} is {money}");
            assert_eq!(signed, Ok(money), "{text:?} needs no sign");
            let shown = money.to_string();
            assert_eq!(
                parse_amount(&shown, currency, false),
                Ok(money),
                "{shown} reads back"
            );
            // Nothing is made up: every digit that counts was typed.
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            let (typed, read) = (digits(&text), money.minor.to_string());
            let kept = read.trim_end_matches('0');
            assert!(kept.is_empty() || typed.contains(kept), "{text:?} is {money}");
        }
        if let Ok(money) = signed {
            assert!(money.minor.abs() < TOO_MUCH, "{text:?} is {money}");
        }
    }
    if let Ok(hundredths) = parse_percent(&text) {
        let whole = Money::new(999, Currency::Gbp);
        let part = share(whole, hundredths).expect("a share of a small amount");
        assert!(
            (0..=whole.minor).contains(&part.minor),
            "{text:?} of {whole} is {part}"
        );
    }
}

pub(super) fn timespans(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(span) = TimeSpan::parse(&text) {
        let shown = span.to_string();
        assert_eq!(
            TimeSpan::parse(&shown),
            Some(span),
            "{text:?} is shown as {shown}"
        );
        assert_eq!(TimeSpan::from_seconds(span.seconds()), Some(span), "{text:?}");
    }
}
