//! What is typed to open something: read, worked out and warned about before anything is asked of Dojo.

use crate::context::limits::{
    MOST_EMAIL_CHARACTERS, MOST_NAME_CHARACTERS, MOST_NOTE_CHARACTERS, MOST_PLACE_CHARACTERS,
};
use crate::context::reasons::Mistyped;
use crate::operations::typed::{looks_like_email, mistyped};
use crate::{Field, FieldError, settings::LinkEnds};
use chrono::{Days, NaiveDate};
use holdfast_domain::{
    AmountProblem, Currency, DeadlineAction, Kind, Money, OperationId, parse_amount, tidy_line, tidy_lines,
};
use serde::Deserialize;
use ts_rs::TS;

/// What staff typed to open something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct OpenTab {
    /// Tab, deposit or payment.
    pub kind: Kind,
    /// Guest or party; a tab may be opened without.
    pub name: String,
    /// Room or table.
    pub place: Option<String>,
    /// As typed: in all, or for one night when `nights` are given.
    pub amount: String,
    /// GBP or EUR.
    pub currency: Currency,
    /// The guest's address.
    pub email: Option<String>,
    /// For staff.
    pub note: Option<String>,
    /// A deposit's first day.
    #[serde(default)]
    pub arrives_on: Option<NaiveDate>,
    /// How many nights, as typed: the amount is for one.
    #[serde(default)]
    pub nights: Option<String>,
    /// A deposit's last day; by arrival and nights when none.
    pub departs_on: Option<NaiveDate>,
    /// What Dojo does at the deadline; the venue's setting when none.
    pub deadline_action: Option<DeadlineAction>,
    /// When the unpaid link ends; the venue's setting when none.
    #[serde(default)]
    pub link_ends: Option<LinkEnds>,
    /// Whether amount and tip may change until the guest pays.
    #[serde(default)]
    pub allow_change: bool,
    /// Minted once a sheet: the same one twice is one tab.
    #[ts(type = "string")]
    pub decision: OperationId,
}

impl OpenTab {
    /// The least that has to be typed, as a decision of its own.
    pub fn of(kind: Kind, name: &str, amount: &str, currency: Currency) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            place: None,
            amount: amount.to_owned(),
            currency,
            email: None,
            note: None,
            arrives_on: None,
            nights: None,
            departs_on: None,
            deadline_action: None,
            link_ends: None,
            allow_change: false,
            decision: OperationId(uuid::Uuid::now_v7()),
        }
    }
}

/// What was typed, once all of it makes sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenRequest {
    pub(crate) name: String,
    pub(crate) place: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) email: Option<String>,
    /// Asked for in all.
    pub(crate) asked: Money,
    /// For one night, and how many.
    pub(crate) stay: Option<(Money, i64)>,
    pub(crate) arrives_on: Option<NaiveDate>,
    pub(crate) departs_on: Option<NaiveDate>,
}

fn tidy(text: Option<&str>) -> Option<String> {
    text.map(tidy_line).filter(|t| !t.is_empty())
}

/// An amount of more than nothing.
pub(crate) fn asked(text: &str, currency: Currency) -> Result<Money, FieldError> {
    match parse_amount(text, currency, false) {
        Ok(money) if money.minor > 0 => Ok(money),
        Ok(_) => Err(FieldError::new(
            Field::Amount,
            Mistyped::Amount(AmountProblem::Zero),
        )),
        Err(problem) => Err(FieldError::new(Field::Amount, Mistyped::Amount(problem))),
    }
}

fn text_problem(field: Field, text: Option<&str>, most: usize) -> Option<FieldError> {
    mistyped(text, most).map(|what| FieldError::new(field, what))
}

/// Reads all that was typed, or says field by field what is wrong with it.
pub(crate) fn read(typed: &OpenTab) -> Result<OpenRequest, Vec<FieldError>> {
    let name = tidy_line(&typed.name);
    let mut problems: Vec<FieldError> = [
        text_problem(Field::Name, Some(&name), MOST_NAME_CHARACTERS),
        text_problem(Field::Place, typed.place.as_deref(), MOST_PLACE_CHARACTERS),
        text_problem(Field::Note, typed.note.as_deref(), MOST_NOTE_CHARACTERS),
        text_problem(Field::Email, typed.email.as_deref(), MOST_EMAIL_CHARACTERS),
    ]
    .into_iter()
    .flatten()
    .collect();
    // A contactless tab at the bar gets its name later; who leaves a deposit or pays is known.
    if name.is_empty() && typed.kind != Kind::Tab {
        problems.push(FieldError::new(Field::Name, Mistyped::NoGuestName));
    }
    let email = tidy(typed.email.as_deref());
    if email.as_deref().is_some_and(|e| !looks_like_email(e)) {
        problems.push(FieldError::new(Field::Email, Mistyped::NotAnEmail));
    }
    let sum = sum(typed);
    let departs_on = departs(typed, sum.as_ref().ok().and_then(|(_, stay)| *stay));
    match (sum, departs_on) {
        (Ok((asked, stay)), Ok(departs_on)) if problems.is_empty() => Ok(OpenRequest {
            name,
            place: tidy(typed.place.as_deref()),
            note: typed.note.as_deref().map(tidy_lines).filter(|t| !t.is_empty()),
            email,
            asked,
            stay,
            arrives_on: typed.arrives_on.filter(|_| typed.kind == Kind::Deposit),
            departs_on,
        }),
        (sum, departs_on) => {
            problems.extend(sum.err());
            problems.extend(departs_on.err());
            Err(problems)
        }
    }
}

type Stay = (Money, i64);

/// In all; and for one night times how many.
pub(crate) fn sum(typed: &OpenTab) -> Result<(Money, Option<Stay>), FieldError> {
    let each = asked(&typed.amount, typed.currency)?;
    let Some(nights) = typed.nights.as_deref().filter(|_| typed.kind == Kind::Deposit) else {
        return Ok((each, None));
    };
    let nights: i64 = match nights.trim().parse() {
        Ok(nights) if (1..=99).contains(&nights) => nights,
        _ => return Err(FieldError::new(Field::Nights, Mistyped::Nights)),
    };
    let all = each.times(nights);
    let too_large = || FieldError::new(Field::Amount, Mistyped::Amount(AmountProblem::TooLarge));
    let all = all.ok_or_else(too_large)?;
    Ok((all, Some((each, nights))))
}

pub(crate) fn departs(typed: &OpenTab, stay: Option<Stay>) -> Result<Option<NaiveDate>, FieldError> {
    if typed.kind != Kind::Deposit {
        return Ok(None);
    }
    if let Some(problem) = no_stay(typed.arrives_on, typed.departs_on) {
        return Err(problem);
    }
    let by_nights = typed.arrives_on.zip(stay).and_then(|(arrives, (_, nights))| {
        let nights = Days::new(u64::try_from(nights).ok()?);
        arrives.checked_add_days(nights)
    });
    match (typed.departs_on, by_nights) {
        (Some(typed), Some(counted)) if typed != counted => Err(FieldError::new(
            Field::DepartsOn,
            Mistyped::DepartsByNights(counted),
        )),
        (typed, counted) => Ok(typed.or(counted)),
    }
}

/// Why a guest can't come and go on these days.
pub(crate) fn no_stay(arrives: Option<NaiveDate>, departs: Option<NaiveDate>) -> Option<FieldError> {
    let arrives = arrives.filter(|arrives| departs.is_some_and(|departs| departs <= *arrives))?;
    Some(FieldError::new(
        Field::DepartsOn,
        Mistyped::DepartsBefore(arrives),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deposit(amount: &str, nights: Option<&str>) -> OpenTab {
        OpenTab {
            nights: nights.map(str::to_owned),
            arrives_on: NaiveDate::from_ymd_opt(2026, 11, 24),
            ..OpenTab::of(Kind::Deposit, "Room 7", amount, Currency::Gbp)
        }
    }

    #[test]
    fn nights_times_the_amount_and_the_day_of_departure() {
        let read = read(&deposit("120,50", Some("3"))).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(read.asked.to_string(), "£361.50");
        assert_eq!(read.departs_on, NaiveDate::from_ymd_opt(2026, 11, 27));
        let stay = read.stay.map(|(each, nights)| (each.to_string(), nights));
        assert_eq!(stay, Some(("£120.50".to_owned(), 3)));
    }

    #[test]
    fn what_makes_no_sense_is_said_at_its_field() {
        let at = |typed: &OpenTab| -> Vec<&'static str> {
            let problems = read(typed).err().unwrap_or_default();
            problems.into_iter().map(|p| p.field.as_str()).collect()
        };
        assert_eq!(at(&deposit("120", None)), Vec::<&str>::new());
        for nights in ["", "0", "-1", "1.5", "100", "three"] {
            assert_eq!(at(&deposit("120", Some(nights))), ["nights"], "{nights}");
        }
        assert_eq!(at(&deposit("99999", Some("99"))), ["amount"]);
        let mut early = deposit("120", None);
        for day in [23, 24] {
            early.departs_on = NaiveDate::from_ymd_opt(2026, 11, day);
            assert_eq!(at(&early), ["departsOn"], "{day} November");
        }
        let mut other = deposit("120", Some("3"));
        other.departs_on = NaiveDate::from_ymd_opt(2026, 11, 28);
        assert_eq!(at(&other), ["departsOn"]);
        let nobody = |kind| OpenTab::of(kind, " ", "0", Currency::Eur);
        assert_eq!(at(&nobody(Kind::Tab)), ["amount"]);
        assert_eq!(at(&nobody(Kind::Deposit)), ["name", "amount"]);
    }
}
