//! .NET's time spans, for every value and for every odd spelling.

use holdfast_dojo::TimeSpan;
use proptest::prelude::*;

/// 99 999 999 days, which is more than .NET itself can say.
const MOST_SECONDS: i64 = 99_999_999 * 86_400 + 86_399;

proptest! {
    #[test]
    fn what_is_written_is_read_again(seconds in 0..=MOST_SECONDS) {
        let span = TimeSpan::from_seconds(seconds);
        let text = span.map(|s| s.to_string()).unwrap_or_default();
        prop_assert_eq!(TimeSpan::parse(&text), span, "{}", text);
    }

    #[test]
    fn a_week_and_its_edges_are_read_again(seconds in 0..=8 * 86_400_i64) {
        let span = TimeSpan::from_seconds(seconds);
        let text = span.map(|s| s.to_string()).unwrap_or_default();
        prop_assert_eq!(TimeSpan::parse(&text), span, "{}", text);
    }

    #[test]
    fn days_come_before_a_dot_and_only_when_there_are_any(
        days in 0..1_000_i64, hours in 0..24_i64, minutes in 0..60_i64, seconds in 0..60_i64,
    ) {
        let clock = format!("{hours:02}:{minutes:02}:{seconds:02}");
        let text = if days == 0 { clock.clone() } else { format!("{days}.{clock}") };
        let all = days * 86_400 + hours * 3_600 + minutes * 60 + seconds;
        let span = TimeSpan::from_seconds(all);
        prop_assert_eq!(TimeSpan::parse(&text), span);
        prop_assert_eq!(span.map(|s| s.to_string()), Some(text));
        prop_assert_eq!(TimeSpan::parse(&format!("{days}.{clock}")), span, "no days may be written too");
    }

    #[test]
    fn a_fraction_of_a_second_is_dropped(seconds in 0..=MOST_SECONDS, fraction in "[0-9]{1,9}") {
        let span = TimeSpan::from_seconds(seconds);
        let text = span.map(|s| s.to_string()).unwrap_or_default();
        prop_assert_eq!(TimeSpan::parse(&format!("{text}.{fraction}")), span);
    }

    #[test]
    fn nothing_that_can_be_typed_breaks_it(text in "\\PC{0,24}") {
        let _ = TimeSpan::parse(&text);
    }

    #[test]
    fn near_misses_are_none_or_mean_what_they_say(text in "[0-9.:+ -]{0,16}") {
        if let Some(span) = TimeSpan::parse(&text) {
            prop_assert_eq!(TimeSpan::parse(&span.to_string()), Some(span));
        }
    }

    #[test]
    fn what_is_before_zero_is_none(seconds in i64::MIN..0) {
        prop_assert_eq!(TimeSpan::from_seconds(seconds), None);
    }
}

#[test]
fn the_spellings_that_mean_something_else_elsewhere() {
    for text in [
        "P6D",
        "6",
        "6:00",
        "6.00:00",
        "24:00:00",
        "00:60:00",
        "00:00:60",
        "-00:00:55",
        "+1.00:00:00",
        " 00:00:55",
        "00:00:55 ",
        "1.2.00:00:00",
        "00:00:55.",
        ".00:00:55",
        "00:00:55.1.2",
        "00:00:00:55",
        "00:00:55Z",
        "１.00:00:00",
    ] {
        assert_eq!(TimeSpan::parse(text), None, "{text}");
    }
}
