//! A guest's details, filled in or corrected after the tab was opened. Nothing about money hangs on them.

use crate::context::limits::{
    MOST_EMAIL_CHARACTERS, MOST_NAME_CHARACTERS, MOST_NOTE_CHARACTERS, MOST_PLACE_CHARACTERS,
};
use crate::context::reasons::Mistyped;
use crate::operations::Executor;
use crate::operations::bill::refuse_if_forgotten;
use crate::operations::open_form::no_stay;
use crate::operations::typed::{looks_like_email, mistyped};
use crate::{AppError, Field, FieldError};
use chrono::NaiveDate;
use holdfast_domain::{Actor, Edit, Event, Kind, Tab, TabId, tidy_line, tidy_lines};
use serde::Deserialize;
use ts_rs::TS;

/// A tab's details, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Details {
    /// Guest or party.
    pub name: String,
    /// Room or table.
    pub place: Option<String>,
    /// The guest's address.
    pub email: Option<String>,
    /// For staff.
    pub note: Option<String>,
    /// A deposit's first day.
    #[serde(default)]
    #[ts(type = "string | null")]
    pub arrives_on: Option<NaiveDate>,
    /// A deposit's last day.
    #[ts(type = "string | null")]
    pub departs_on: Option<NaiveDate>,
}

impl Details {
    /// Without blanks around, without marks that nobody sees, and without what is empty.
    fn tidy(self) -> Self {
        let kept = |text: String| Some(text).filter(|text| !text.is_empty());
        let tidy = |text: Option<String>| text.and_then(|text| kept(tidy_line(&text)));
        Self {
            name: tidy_line(&self.name),
            place: tidy(self.place),
            email: tidy(self.email),
            note: self.note.and_then(|note| kept(tidy_lines(&note))),
            arrives_on: self.arrives_on,
            departs_on: self.departs_on,
        }
    }

    fn problems(&self) -> Vec<FieldError> {
        let mut problems = Vec::new();
        let mut wrong = |field: Field, what: Mistyped| problems.push(FieldError::new(field, what));
        let texts = [
            (Field::Name, Some(&self.name), MOST_NAME_CHARACTERS),
            (Field::Place, self.place.as_ref(), MOST_PLACE_CHARACTERS),
            (Field::Note, self.note.as_ref(), MOST_NOTE_CHARACTERS),
            (Field::Email, self.email.as_ref(), MOST_EMAIL_CHARACTERS),
        ];
        for (field, text, most) in texts {
            if let Some(what) = mistyped(text.map(String::as_str), most) {
                wrong(field, what);
            }
        }
        if self.name.is_empty() {
            wrong(Field::Name, Mistyped::NoGuestName);
        }
        if self
            .email
            .as_deref()
            .is_some_and(|email| !looks_like_email(email))
        {
            wrong(Field::Email, Mistyped::NotAnEmail);
        }
        problems.extend(no_stay(self.arrives_on, self.departs_on));
        problems
    }
}

impl Executor {
    /// Edits a tab's details. What changed is told in its history.
    pub(crate) async fn edit_tab(&self, id: TabId, details: Details) -> Result<(), AppError> {
        let details = details.tidy();
        let problems = details.problems();
        if !problems.is_empty() {
            return Err(AppError::invalid(problems));
        }
        let before = self.context.ledger.tab(id).await?;
        refuse_if_forgotten(&before)?;
        let mut after = before.clone();
        (after.name, after.place, after.email, after.note) =
            (details.name, details.place, details.email, details.note);
        if before.kind == Kind::Deposit {
            (after.arrives_on, after.departs_on) = (details.arrives_on, details.departs_on);
        }
        let edits = edits(&before, &after);
        if edits.is_empty() {
            return Ok(());
        }
        let by = self.context.settings().await?.staff_name;
        let mut note = self.context.note(Actor::staff(by), Some(id), Event::TabEdited);
        note.personal.edits = edits;
        self.context.ledger.set_tab(&after, note).await?;
        self.context.changed();
        Ok(())
    }
}

/// What changed.
fn edits(before: &Tab, after: &Tab) -> Vec<Edit> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    let fields = [
        (Field::Name, Some(before.name.clone()), Some(after.name.clone())),
        (Field::Place, before.place.clone(), after.place.clone()),
        (Field::Email, before.email.clone(), after.email.clone()),
        (Field::Note, before.note.clone(), after.note.clone()),
        (Field::ArrivesOn, day(before.arrives_on), day(after.arrives_on)),
        (Field::DepartsOn, day(before.departs_on), day(after.departs_on)),
    ];
    let changed = fields.into_iter().filter(|(_, was, is)| was != is);
    let edits = changed.map(|(field, was, is)| Edit {
        field: field.as_str().to_owned(),
        was,
        is,
    });
    edits.collect()
}
