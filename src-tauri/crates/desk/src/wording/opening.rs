//! What the sheet for a new tab says before anything is asked of Dojo.

use super::day_and_year;
use chrono::NaiveDate;
use holdfast_domain::{DeadlineAction, Money, isolated};

pub(crate) const OFFLINE: &str = "Dojo is offline. We’ll save it as “Not sent” so you can send it later.";

/// Nights times the amount for one, and the departure as it's said `today`.
pub(crate) fn stay(
    all: Money,
    each: Money,
    nights: i64,
    departs_on: Option<NaiveDate>,
    today: NaiveDate,
) -> String {
    let nights = if nights == 1 {
        "1 night".to_owned()
    } else {
        format!("{nights} nights")
    };
    match departs_on {
        Some(date) => format!("{nights} × {each} = {all}, departs {}", day_and_year(date, today)),
        None => format!("{nights} × {each} = {all}"),
    }
}

/// What Dojo does by itself with a hold.
pub(crate) const fn at_deadline(action: DeadlineAction) -> &'static str {
    match action {
        DeadlineAction::Release => "If you do nothing, Dojo releases it after 7 days.",
        DeadlineAction::Capture => "If you do nothing, Dojo takes all of it after 7 days.",
    }
}

/// That a guest stays longer than a hold lasts, as it's said `today`.
pub(crate) fn too_long(ends: NaiveDate, departs: NaiveDate, today: NaiveDate) -> String {
    format!(
        "A hold lasts 7 days, until {}. The guest stays until {}: renew it before it expires.",
        day_and_year(ends, today),
        day_and_year(departs, today)
    )
}

/// What is on hold or requested on another tab, as text.
pub(crate) enum OtherTabMoney<'a> {
    Held(&'a str),
    Requested(&'a str),
    Nothing,
}

/// That a tab is open which may be the same guest's.
pub(crate) fn already_open(
    name: &str,
    money: &OtherTabMoney<'_>,
    four: Option<&str>,
    opened_by: &str,
) -> String {
    let name = isolated(name);
    match (money, four) {
        (OtherTabMoney::Held(money), Some(four)) => format!(
            "{name} is already open, {money} on hold on the card ending {four}, opened by {opened_by}."
        ),
        (OtherTabMoney::Held(money), None) => {
            format!("{name} is already open, {money} on hold, opened by {opened_by}.")
        }
        (OtherTabMoney::Requested(money), Some(four)) => format!(
            "{name} is already open, {money} requested on the card ending {four}, opened by {opened_by}."
        ),
        (OtherTabMoney::Requested(money), None) => {
            format!("{name} is already open, {money} requested, opened by {opened_by}.")
        }
        (OtherTabMoney::Nothing, Some(four)) => {
            format!("{name} is already open on the card ending {four}, opened by {opened_by}.")
        }
        (OtherTabMoney::Nothing, None) => format!("{name} is already open, opened by {opened_by}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_domain::Currency;

    #[test]
    fn a_stay_is_said_with_its_nights_its_sum_and_the_day_of_departure() {
        let money = |minor| Money::new(minor, Currency::Gbp);
        let departs = NaiveDate::from_ymd_opt(2026, 11, 27);
        assert_eq!(
            stay(
                money(36_150),
                money(12_050),
                3,
                departs,
                departs.unwrap_or_default()
            ),
            "3 nights × £120.50 = £361.50, departs Fri 27 Nov"
        );
    }

    #[test]
    fn a_stay_over_new_year_says_the_year() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        let money = |minor| Money::new(minor, Currency::Gbp);
        let (today, departs) = (day(2026, 12, 30), day(2027, 1, 8));
        assert_eq!(
            stay(money(90_000), money(10_000), 9, Some(departs), today),
            "9 nights × £100.00 = £900.00, departs Fri 8 Jan 2027"
        );
        assert_eq!(
            too_long(day(2027, 1, 6), departs, today),
            "A hold lasts 7 days, until Wed 6 Jan 2027. The guest stays until Fri 8 Jan 2027: renew it before it \
             expires."
        );
    }
}
