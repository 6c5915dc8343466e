//! While a shared ledger is away: that nobody warns of deadlines is told once, and what this till knew of them is told
//! as that. Nothing of it is written anywhere.

use crate::account::Account;
use crate::present::shown::{LastDeadlines, TOLD_AFTER};
use crate::watch::alerts::{MOST_SINGLE_NOTICES, Notice, Notifier, is_urgent};
use crate::wording::{self, elsewhere as words, notices};
use crate::{AppError, Desk};
use chrono::{DateTime, Utc};
use holdfast_domain::{Finding, Hold, WarningStep, changes};

/// What was told since the ledger went away.
#[derive(Debug, Clone, Default)]
pub struct ToldWhileAway {
    /// Since when it's away.
    since: Option<DateTime<Utc>>,
    /// That it's away.
    is_said: bool,
    /// It was tried to tell it.
    is_tried: bool,
    /// Of deadlines, with what was told before that.
    warned: Vec<Finding>,
}

impl Desk {
    /// Tells what is due; what couldn't be told is told at the next look.
    pub(super) async fn tell_while_away(&self, notifier: &dyn Notifier, told: &mut ToldWhileAway) {
        match self.warn_while_away(told) {
            Ok((notices, then)) => {
                let mut are_told = true;
                for notice in &notices {
                    are_told &= notifier.tell(notice).await;
                }
                // The tray says it too. A change has the next look come at once, so what can't be told makes one only.
                let is_first = !notices.is_empty() && !std::mem::replace(&mut told.is_tried, true);
                if are_told {
                    *told = ToldWhileAway {
                        is_tried: told.is_tried && then.since.is_some(),
                        ..then
                    };
                }
                if is_first || are_told && !notices.is_empty() {
                    self.context.changed();
                }
            }
            Err(error) => tracing::error!(%error, "nobody could be told of what was known"),
        }
    }

    /// What is due by what this till knows while the shared ledger is away, and what will have been told then.
    ///
    /// # Errors
    /// A time zone of the settings that isn't known.
    pub fn warn_while_away(&self, told: &ToldWhileAway) -> Result<(Vec<Notice>, ToldWhileAway), AppError> {
        let Some((since, long)) = self.context.away_for() else {
            return Ok((Vec::new(), ToldWhileAway::default()));
        };
        if long < TOLD_AFTER {
            return Ok((Vec::new(), ToldWhileAway::default()));
        }
        let known = self.shown.deadlines();
        let mut then = if told.since == Some(since) {
            told.clone()
        } else {
            ToldWhileAway {
                since: Some(since),
                is_said: false,
                is_tried: false,
                warned: known
                    .as_ref()
                    .map(|known| known.warned.clone())
                    .unwrap_or_default(),
            }
        };
        let at = self.hour(since);
        let has_sound = known.as_ref().is_none_or(|known| known.settings.warning_sound);
        let mut notices = Vec::new();
        if !std::mem::replace(&mut then.is_said, true) {
            notices.push(Notice {
                title: words::AWAY.to_owned(),
                words: words::away_for_long(&at),
                is_urgent: true,
                has_sound,
                tab: None,
            });
        }
        if let Some(known) = known {
            notices.extend(self.deadlines_as_known(&known, &at, &mut then.warned)?);
        }
        Ok((notices, then))
    }

    /// One for each deadline that is due, or one for all of them.
    fn deadlines_as_known(
        &self,
        known: &LastDeadlines,
        at: &str,
        warned: &mut Vec<Finding>,
    ) -> Result<Vec<Notice>, AppError> {
        let holds = known.accounts.iter().flat_map(|account| &account.holds);
        let holds: Vec<Hold> = holds.map(|(hold, _)| hold.clone()).collect();
        let (settings, reckoning) = (&known.settings, self.context.reckoning());
        let mut fresh = Vec::new();
        let told = warned.clone();
        for change in changes(&holds, &told, settings.warnings(), reckoning, false) {
            let Some(finding) = change.finding(settings.safe_hours, reckoning.latest) else {
                continue;
            };
            warned.retain(|known| known.key != finding.key);
            warned.push(finding.clone());
            if matches!(change.step, WarningStep::Raise(_) | WarningStep::Again(_)) {
                fresh.push(finding);
            }
        }
        let mut notices = Vec::new();
        for finding in &fresh {
            let account = known.accounts.iter().find(|one| Some(one.tab.id) == finding.tab);
            let Some(account) = account else { continue };
            notices.push(Notice {
                title: notices::title(finding.kind()).to_owned(),
                words: words::as_known(at, &self.warning_on(finding, account, known)?),
                is_urgent: is_urgent(finding),
                has_sound: settings.warning_sound,
                tab: finding.tab,
            });
        }
        notices.sort_by_key(|notice| !notice.is_urgent);
        let count = notices.len();
        if count > MOST_SINGLE_NOTICES {
            notices.truncate(1);
            for first in &mut notices {
                first.title = notices::many(count);
                first.words = notices::starting_with(&first.words);
                first.tab = None;
            }
        }
        Ok(notices)
    }

    /// A warning in words, with whom it is about where the venue wants that.
    fn warning_on(
        &self,
        finding: &Finding,
        account: &Account,
        known: &LastDeadlines,
    ) -> Result<String, AppError> {
        let tab = &account.tab;
        let name = if known.settings.names_in_notices {
            wording::title(tab, account.holds.iter().map(|(hold, _)| hold))
        } else {
            tab.reference.clone()
        };
        let about = wording::EventContext {
            name: &name,
            currency: tab.currency,
            frame: self.context.frame_by(&known.settings)?,
        };
        Ok(wording::event(&finding.event, &finding.personal, about))
    }
}
