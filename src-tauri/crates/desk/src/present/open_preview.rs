//! What opening would ask for, and what staff should know before.

use crate::operations::open_form::{departs, sum};
use crate::present::offers;
use crate::present::view::{NewPreview, Same, TabRow};
use crate::wording::buttons;
use crate::wording::opening::{self as words, OtherTabMoney};
use crate::{AppError, Desk, OpenTab};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_domain::{BusinessDays, Kind, LONGEST_HOLD, guest};

/// Others of the same name or card are named up to this many.
const MOST_SAME: usize = 3;

impl Desk {
    /// What would be asked for, and what staff should know before. Nothing is written or sent.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn preview_new(&self, typed: &OpenTab) -> Result<NewPreview, AppError> {
        let settings = self.context.settings().await?;
        let now = self.context.now();
        let ends = typed.link_ends.unwrap_or(settings.link_ends);
        let action = typed.deadline_action.unwrap_or(settings.deadline_action);
        let sum = sum(typed).ok();
        let departs_on = departs(typed, sum.and_then(|(_, stay)| stay)).ok().flatten();
        let days = self.context.business_days().await?;
        let open = self.open(self.context.frame().await?).await?;
        let rows: Vec<&TabRow> = open.iter().map(|tab| &tab.row).collect();
        let is_offline = !self.gateway.is_online();
        Ok(NewPreview {
            money: sum.map(|(money, _)| money.into()),
            button: buttons::open(typed.kind, sum.map(|(money, _)| money)),
            sum: sum
                .and_then(|(all, stay)| stay.map(|stay| (all, stay)))
                .map(|(all, (each, nights))| words::stay(all, each, nights, departs_on, days.of(now))),
            departs_on,
            deadline: (typed.kind != Kind::Payment).then(|| words::at_deadline(action).to_owned()),
            link_ends_at: ends.at(now, &days),
            too_long: too_long_a_stay(departs_on, now, &days),
            same: same(typed, rows.iter().copied()),
            places: offers::places(&settings, typed, &rows),
            presets: offers::presets(&settings, typed),
            last_amounts: self.last_amounts(&settings, typed, &open).await?,
            offline: is_offline.then(|| words::OFFLINE.to_owned()),
        })
    }

    /// Other open tabs with the same card as this one's, while it is fresh: the guest may have two.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn same_card(&self, id: holdfast_domain::TabId) -> Result<Vec<Same>, AppError> {
        let open = self.open(self.context.frame().await?).await?;
        let rows = || open.iter().map(|tab| &tab.row);
        let Some(this) = rows().find(|row| row.id == id) else {
            return Ok(Vec::new());
        };
        let others = rows().filter(|row| row.id != id);
        let is_same = |row: &&TabRow| {
            let four = |row: &TabRow| row.card.as_ref().and_then(|card| card.last_four.clone());
            four(row).is_some() && row.card == this.card
        };
        Ok(others.filter(is_same).take(MOST_SAME).map(one).collect())
    }
}

fn too_long_a_stay(departs_on: Option<NaiveDate>, now: DateTime<Utc>, days: &BusinessDays) -> Option<String> {
    let ends = days.of(now.checked_add_signed(LONGEST_HOLD)?);
    let departs = departs_on.filter(|departs| *departs > ends)?;
    Some(words::too_long(ends, departs, days.of(now)))
}

/// Open tabs of the same name, or with a card of whose digits what was typed speaks.
fn same<'a>(typed: &OpenTab, rows: impl Iterator<Item = &'a TabRow>) -> Vec<Same> {
    let name = guest(&typed.name);
    let said = format!("{} {}", typed.name, typed.note.as_deref().unwrap_or_default());
    let digits: Vec<&str> = said
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .collect();
    let is_same = |row: &&TabRow| {
        let four = row.card.as_ref().and_then(|card| card.last_four.as_deref());
        (!name.is_empty() && row.is_named && guest(&row.name) == name)
            || four.is_some_and(|four| digits.contains(&four))
    };
    rows.filter(is_same).take(MOST_SAME).map(one).collect()
}

fn one(row: &TabRow) -> Same {
    let money = match &row.asked {
        _ if row.held.minor > 0 => OtherTabMoney::Held(&row.held.text),
        Some(asked) => OtherTabMoney::Requested(&asked.text),
        None => OtherTabMoney::Nothing,
    };
    let four = row.card.as_ref().and_then(|card| card.last_four.as_deref());
    Same {
        tab_id: row.id,
        words: words::already_open(&row.name, &money, four, &row.opened_by),
    }
}
