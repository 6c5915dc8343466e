//! What is typed to open something: read, worked out and warned about before anything is asked of Dojo.

use crate::view::{NewPreview, Same, TabRow};
use crate::{AppError, Desk, FieldError};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use holdfast_domain::{
    AmountProblem, BusinessDays, CEILING, Currency, DeadlineAction, Kind, Money, OperationId, parse_amount,
    plain,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// When an unpaid link stops being good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LinkEnds {
    /// With the business day.
    #[default]
    Tonight,
    /// After 24 hours.
    Day,
    /// After three days.
    ThreeDays,
    /// After seven days.
    Week,
}

/// A link that ends sooner than this helps nobody: tonight is the next night then.
const TOO_SOON: TimeDelta = TimeDelta::hours(1);

impl LinkEnds {
    pub(crate) fn at(self, now: DateTime<Utc>, days: &BusinessDays) -> Option<DateTime<Utc>> {
        let hours = match self {
            Self::Tonight => {
                let soon = now.checked_add_signed(TOO_SOON)?;
                return Some(days.end(days.of(soon)));
            }
            Self::Day => 24,
            Self::ThreeDays => 72,
            Self::Week => 168,
        };
        now.checked_add_signed(TimeDelta::hours(hours))
    }
}

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
    /// As typed: the amount is for one of so many nights.
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
pub(crate) struct Read {
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
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

fn wrong(field: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.into(),
    }
}

/// An amount of more than nothing.
pub(crate) fn asked(text: &str, currency: Currency) -> Result<Money, FieldError> {
    match parse_amount(text, currency, false) {
        Ok(money) if money.minor > 0 => Ok(money),
        Ok(_) => Err(wrong("amount", AmountProblem::Zero.to_string())),
        Err(problem) => Err(wrong("amount", problem.to_string())),
    }
}

fn too_long(field: &str, text: Option<&str>, most: usize) -> Option<FieldError> {
    let is_long = text.unwrap_or_default().chars().count() > most;
    is_long.then(|| wrong(field, format!("Use at most {most} characters.")))
}

/// Reads all that was typed, or says field by field what is wrong with it.
pub(crate) fn read(typed: &OpenTab) -> Result<Read, Vec<FieldError>> {
    let name = typed.name.trim().to_owned();
    let mut problems: Vec<FieldError> = [
        too_long("name", Some(&name), 80),
        too_long("place", typed.place.as_deref(), 40),
        too_long("note", typed.note.as_deref(), 500),
    ]
    .into_iter()
    .flatten()
    .collect();
    // A contactless tab at the bar gets its name later; who leaves a deposit or pays is known.
    if name.is_empty() && typed.kind != Kind::Tab {
        problems.push(wrong("name", "Type the guest’s or the party’s name."));
    }
    let email = tidy(typed.email.as_deref());
    if email
        .as_deref()
        .is_some_and(|e| !crate::opening::looks_like_email(e))
    {
        problems.push(wrong("email", "That isn’t an e-mail address."));
    }
    let sum = sum(typed);
    let departs_on = departs(typed, sum.as_ref().ok().and_then(|(_, stay)| *stay));
    match (sum, departs_on) {
        (Ok((asked, stay)), Ok(departs_on)) if problems.is_empty() => Ok(Read {
            name,
            place: tidy(typed.place.as_deref()),
            note: tidy(typed.note.as_deref()),
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
fn sum(typed: &OpenTab) -> Result<(Money, Option<Stay>), FieldError> {
    let each = asked(&typed.amount, typed.currency)?;
    let Some(nights) = typed.nights.as_deref().filter(|_| typed.kind == Kind::Deposit) else {
        return Ok((each, None));
    };
    let nights: i64 = match nights.trim().parse() {
        Ok(nights) if (1..=99).contains(&nights) => nights,
        _ => return Err(wrong("nights", "Type the number of nights, 1 to 99.")),
    };
    let all = each.times(nights);
    let all = all.ok_or_else(|| wrong("amount", AmountProblem::TooLarge.to_string()))?;
    Ok((all, Some((each, nights))))
}

fn departs(typed: &OpenTab, stay: Option<Stay>) -> Result<Option<NaiveDate>, FieldError> {
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
        (Some(typed), Some(counted)) if typed != counted => {
            let words = format!("By the nights it is {}.", day(counted));
            Err(wrong("departsOn", words))
        }
        (typed, counted) => Ok(typed.or(counted)),
    }
}

/// Why a guest can't come and go on these days.
pub(crate) fn no_stay(arrives: Option<NaiveDate>, departs: Option<NaiveDate>) -> Option<FieldError> {
    let arrives = arrives.filter(|arrives| departs.is_some_and(|departs| departs <= *arrives))?;
    let words = format!(
        "The guest arrives on {}: type a later day, or none.",
        day(arrives)
    );
    Some(wrong("departsOn", words))
}

/// `Fri 27 Nov`.
pub(crate) fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// Others of the same name or card are named up to this many.
const MOST_SAME: usize = 3;

impl Desk {
    /// What would be asked for, and what staff should know before. Nothing is written or sent.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn preview_new(&self, typed: &OpenTab) -> Result<NewPreview, AppError> {
        let settings = self.settings().await?;
        let now = self.now();
        let ends = typed.link_ends.unwrap_or(settings.link_ends);
        let action = typed.deadline_action.unwrap_or(settings.deadline_action);
        let sum = sum(typed).ok();
        let departs_on = departs(typed, sum.and_then(|(_, stay)| stay)).ok().flatten();
        let (rows, days) = (self.open(self.frame().await?).await?, self.business_days().await?);
        let is_offline = !*self.online.borrow();
        Ok(NewPreview {
            money: sum.map(|(money, _)| money.into()),
            button: button(typed.kind, sum.map(|(money, _)| money)),
            sum: sum
                .and_then(|(all, stay)| stay.map(|stay| (all, stay)))
                .map(|(all, (each, nights))| said(all, each, nights, departs_on)),
            departs_on,
            deadline: (typed.kind != Kind::Payment).then(|| deadline(action).to_owned()),
            link_ends_at: ends.at(now, &days),
            too_long: too_long_a_stay(departs_on, now, &days),
            same: same(typed, rows.iter().map(|(_, row)| row)),
            offline: is_offline.then(|| {
                "Dojo can’t be reached. It would be kept here as “Not sent”, for you to send when Dojo is back."
                    .to_owned()
            }),
        })
    }

    /// Other open tabs with the same card as this one's, while it is fresh: the guest may have two.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn same_card(&self, id: holdfast_domain::TabId) -> Result<Vec<Same>, AppError> {
        let rows = self.open(self.frame().await?).await?;
        let Some(this) = rows.iter().map(|(_, row)| row).find(|row| row.id == id) else {
            return Ok(Vec::new());
        };
        let others = rows.iter().map(|(_, row)| row).filter(|row| row.id != id);
        let is_same = |row: &&TabRow| {
            let four = |row: &TabRow| row.card.as_ref().and_then(|card| card.last_four.clone());
            four(row).is_some() && row.card == this.card
        };
        Ok(others.filter(is_same).take(MOST_SAME).map(one).collect())
    }
}

fn button(kind: Kind, money: Option<Money>) -> String {
    let what = match kind {
        Kind::Tab => "Open the tab",
        Kind::Deposit => "Open the deposit",
        Kind::Payment => "Ask for the payment",
    };
    match (kind, money) {
        (_, None) => what.to_owned(),
        (Kind::Payment, Some(money)) => format!("Ask for {money}"),
        (_, Some(money)) => format!("{what}, hold {money}"),
    }
}

fn said(all: Money, each: Money, nights: i64, departs_on: Option<NaiveDate>) -> String {
    let nights = if nights == 1 {
        "1 night".to_owned()
    } else {
        format!("{nights} nights")
    };
    let departs = departs_on.map_or_else(String::new, |date| format!(", departs {}", day(date)));
    format!("{nights} × {each} = {all}{departs}")
}

const fn deadline(action: DeadlineAction) -> &'static str {
    match action {
        DeadlineAction::Release => "If nobody takes it within 7 days, Dojo gives all of it back.",
        DeadlineAction::Capture => "If nobody takes or releases it within 7 days, Dojo takes all of it.",
    }
}

fn too_long_a_stay(departs_on: Option<NaiveDate>, now: DateTime<Utc>, days: &BusinessDays) -> Option<String> {
    let ends = days.of(now.checked_add_signed(CEILING)?);
    departs_on.filter(|departs| *departs > ends).map(|departs| {
        format!(
            "A hold lasts 7 days, until {}. The guest stays until {}: renew it before it ends.",
            day(ends),
            day(departs)
        )
    })
}

/// Open tabs of the same name, or with a card of whose digits what was typed speaks.
fn same<'a>(typed: &OpenTab, rows: impl Iterator<Item = &'a TabRow>) -> Vec<Same> {
    let name = plain(typed.name.trim());
    let said = format!("{name} {}", typed.note.as_deref().unwrap_or_default());
    let digits: Vec<&str> = said
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .collect();
    let is_same = |row: &&TabRow| {
        let four = row.card.as_ref().and_then(|card| card.last_four.as_deref());
        (!name.is_empty() && row.is_named && plain(&row.name) == name)
            || four.is_some_and(|four| digits.contains(&four))
    };
    rows.filter(is_same).take(MOST_SAME).map(one).collect()
}

fn one(row: &TabRow) -> Same {
    let money = if row.held.minor > 0 {
        format!(", {} held", row.held.text)
    } else {
        row.asked
            .as_ref()
            .map_or_else(String::new, |asked| format!(", {} asked for", asked.text))
    };
    let card = row
        .card
        .as_ref()
        .and_then(|card| card.last_four.as_ref())
        .map_or_else(String::new, |four| format!(" on the card ending {four}"));
    Same {
        tab_id: row.id,
        words: format!(
            "{} is open already{money}{card}, opened by {}.",
            row.name, row.opened_by
        ),
    }
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
        let (each, nights) = read.stay.unwrap_or((Money::zero(Currency::Gbp), 0));
        assert_eq!(
            said(read.asked, each, nights, read.departs_on),
            "3 nights × £120.50 = £361.50, departs Fri 27 Nov"
        );
    }

    #[test]
    fn what_makes_no_sense_is_said_at_its_field() {
        let at = |typed: &OpenTab| -> Vec<String> {
            let problems = read(typed).err().unwrap_or_default();
            problems.into_iter().map(|p| p.field).collect()
        };
        assert_eq!(at(&deposit("120", None)), Vec::<String>::new());
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

    #[test]
    fn tonight_is_the_end_of_the_business_day_and_never_in_a_few_minutes() {
        let days = BusinessDays::parse("05:00", "Europe/London").unwrap_or_else(|e| panic!("{e}"));
        let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap_or_default() };
        for (now, ends) in [
            ("2026-11-24T18:00:00Z", "2026-11-25T05:00:00Z"),
            ("2026-11-25T03:59:00Z", "2026-11-25T05:00:00Z"),
            ("2026-11-25T04:01:00Z", "2026-11-26T05:00:00Z"),
            // The clocks go back: the night is an hour longer.
            ("2026-10-24T18:00:00Z", "2026-10-25T05:00:00Z"),
            ("2026-10-23T18:00:00Z", "2026-10-24T04:00:00Z"),
        ] {
            assert_eq!(LinkEnds::Tonight.at(at(now), &days), Some(at(ends)), "{now}");
        }
    }
}
