//! The expiry watch: what staff have to be told, written down before it is told, told again until
//! somebody has seen it.

use crate::watch::away::ToldWhileAway;
use crate::wording::notices;
use crate::{AppError, Desk};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_domain::{
    Actor, Finding, FindingKey, FindingKind, Money, Rhythm, TabId, WARN_AGAIN_AFTER, Warned, WarningStep,
    changes,
};
use holdfast_ledger::{Duty, Note};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How often the loop wakes to see whether a warning is due.
const WARN_TICK: Duration = Duration::from_secs(1);

/// With more new warnings than this, one notification tells of all.
pub(super) const MOST_SINGLE_NOTICES: usize = 2;

/// Something that is told outside the window too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// A few words.
    pub title: String,
    /// What, and what to do.
    pub words: String,
    /// No time to lose.
    pub is_urgent: bool,
    /// The venue wants to hear it.
    pub has_sound: bool,
    /// Which tab it is about, if about one.
    pub tab: Option<TabId>,
}

/// Who tells people outside the window, as a port.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Tells them; whether it could be told. What couldn't is told again at the next look.
    async fn tell(&self, notice: &Notice) -> bool;
}

impl Desk {
    /// Looks what is due for as long as the task lives, apart from all that waits for the network.
    pub async fn keep_warning(self: Arc<Self>, notifier: Arc<dyn Notifier>) {
        let (mut ledger, mut online) = (self.context.changes(), self.gateway.online());
        let steady = || TimeDelta::from_std(self.context.clock.steady()).unwrap_or_default();
        let mut rhythm = Rhythm::start(self.context.clock.now(), steady());
        let mut beat = tokio::time::interval(WARN_TICK);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut is_start, mut has_failed) = (true, false);
        let (mut told, mut told_while_away) = (HashMap::new(), ToldWhileAway::default());
        loop {
            beat.tick().await;
            let has_changed = ledger.has_changed().unwrap_or(false) || online.has_changed().unwrap_or(false);
            ledger.mark_unchanged();
            online.mark_unchanged();
            let has_changed = (has_changed && !is_start) || has_failed;
            if !rhythm.take_due(self.context.clock.now(), steady(), has_changed) {
                continue;
            }
            if self.context.away().is_some() {
                self.tell_while_away(notifier.as_ref(), &mut told_while_away)
                    .await;
                continue;
            }
            match self.warn_and_tell(is_start, &mut told).await {
                Ok((notices, fresh)) => {
                    let mut are_told = true;
                    for notice in &notices {
                        are_told &= notifier.tell(notice).await;
                    }
                    if are_told {
                        told.extend(fresh.into_iter().map(|f| (f.key, f.raised_at)));
                    }
                    (is_start, has_failed) = (false, false);
                }
                Err(error) => {
                    tracing::error!(%error, "what is due could not be looked up; it is tried again");
                    has_failed = true;
                }
            }
        }
    }

    /// What is to be told, and which findings that is about. A disk that takes nothing any more keeps nobody from being
    /// told: then what is due is told as it was worked out, once, and again as late as a warning is.
    async fn warn_and_tell(
        &self,
        is_start: bool,
        told: &mut ToldSince,
    ) -> Result<(Vec<Notice>, Vec<Finding>), AppError> {
        let due = self.due(is_start).await?;
        let kept = self.keep(&due).await;
        let mut open = self.context.ledger.findings().await?;
        if let Err(error) = &kept {
            tracing::error!(%error, "what is due can't be recorded, and is told all the same");
            open.retain(|known| due.findings.iter().all(|finding| finding.key != known.key));
            open.extend(due.findings.into_iter().filter(Finding::is_open));
        }
        told.retain(|key, _| open.iter().any(|f| f.key == *key));
        let is_told = |f: &Finding| {
            told.get(&f.key).is_some_and(|raised_at| {
                *raised_at == f.raised_at || kept.is_err() && f.raised_at - *raised_at < WARN_AGAIN_AFTER
            })
        };
        self.keep_warned().await;
        let fresh: Vec<Finding> = open.iter().filter(|f| !is_told(f)).cloned().collect();
        let notices = self.notices(&fresh, is_start).await?;
        Ok((notices, fresh))
    }

    /// One look: writes down what is due and answers all that waits for a person. `is_start` tells
    /// everything again that nobody has seen.
    ///
    /// # Errors
    /// The ledger's; then nothing was written.
    pub async fn warn(&self, is_start: bool) -> Result<Vec<Finding>, AppError> {
        let due = self.due(is_start).await?;
        self.keep(&due).await?;
        self.keep_warned().await;
        Ok(self.context.ledger.findings().await?)
    }

    /// Takes note of what was told, for when a shared ledger can't be asked.
    async fn keep_warned(&self) {
        if self.context.session.is_none() {
            return;
        }
        match self.context.ledger.warnings().await {
            Ok(warned) => self.shown.keep_warned(warned),
            Err(error) => tracing::warn!(%error, "what was told of deadlines isn’t known for later"),
        }
    }

    /// What is due by what is known now. Of several tills one at a time raises it, and each looks at its own clock and
    /// tells what the ledger has.
    async fn due(&self, is_start: bool) -> Result<Due, AppError> {
        if is_start && let Err(error) = self.context.name_zone().await {
            tracing::warn!(%error, "the venue’s time zone is not named");
        }
        if is_start && let Some(newest) = self.context.ledger.newest_entry().await? {
            self.context.heard_past(newest);
        }
        let has_watch = self.context.has(Duty::Watch).await;
        let mut due = if has_watch {
            self.deadlines_due(is_start).await?
        } else {
            Due::default()
        };
        if let Some(finding) = self.clock_finding(has_watch).await? {
            if finding.is_open() {
                due.notes
                    .push(self.context.note(Actor::Holdfast, None, finding.event.clone()));
            }
            due.findings.push(finding);
        }
        Ok(due)
    }

    /// The deadlines that people have to hear of now.
    async fn deadlines_due(&self, is_start: bool) -> Result<Due, AppError> {
        let settings = self.context.settings().await?;
        let reckoning = self.context.reckoning();
        let holds = self.reconciler.watched().await?;
        let told = self.context.ledger.warnings().await?;
        let mut due = Due::default();
        for change in changes(&holds, &told, settings.warnings(), reckoning, is_start) {
            let Some(finding) = change.finding(settings.safe_hours, reckoning.latest) else {
                continue;
            };
            if let WarningStep::Raise(_) = change.step {
                due.notes.push(
                    self.context
                        .note(Actor::Holdfast, finding.tab, finding.event.clone()),
                );
            }
            due.findings.push(finding);
        }
        Ok(due)
    }

    async fn keep(&self, due: &Due) -> Result<(), AppError> {
        if !due.findings.is_empty() {
            let (findings, notes) = (due.findings.clone(), due.notes.clone());
            self.context.ledger.put_findings(findings, notes).await?;
            self.context.changed();
        }
        Ok(())
    }

    /// One for each finding, or one for all of them.
    async fn notices(&self, fresh: &[Finding], is_start: bool) -> Result<Vec<Notice>, AppError> {
        // What's urgent comes first, then a deadline, though the clock that differs was found beside it.
        let rank = |f: &&Finding| (!is_urgent(f), f.kind() != FindingKind::Deadline);
        let Some(first) = fresh.iter().min_by_key(rank) else {
            return Ok(Vec::new());
        };
        let has_sound = self.context.settings().await?.warning_sound;
        if fresh.len() > MOST_SINGLE_NOTICES || (is_start && fresh.len() > 1) {
            return Ok(vec![Notice {
                title: notices::many(fresh.len()),
                words: notices::starting_with(&self.told(first).await?),
                is_urgent: is_urgent(first),
                has_sound,
                tab: None,
            }]);
        }
        let mut notices = Vec::new();
        for finding in fresh {
            notices.push(Notice {
                title: notices::title(finding.kind()).to_owned(),
                words: self.told(finding).await?,
                is_urgent: is_urgent(finding),
                has_sound,
                tab: finding.tab,
            });
        }
        Ok(notices)
    }

    /// A finding's words with whom it is about.
    async fn told(&self, finding: &Finding) -> Result<String, AppError> {
        let Some(tab) = finding.tab else {
            return self.reconciler.finding_words(finding).await;
        };
        let tab = self.context.ledger.tab(tab).await?;
        let name = if self.context.settings().await?.names_in_notices {
            self.context.title(&tab).await?
        } else {
            tab.reference.clone()
        };
        let words = self.reconciler.finding_words_on(finding, &tab, &name).await?;
        if finding.kind() == FindingKind::Deadline {
            return Ok(words);
        }
        let amount = finding
            .event
            .amount()
            .map(|minor| Money::new(minor, tab.currency));
        Ok(notices::about(&name, &words, amount))
    }

    /// The findings that wait for a person, the newest first.
    ///
    /// # Errors
    /// The ledger's.
    pub async fn findings(&self) -> Result<Vec<Finding>, AppError> {
        let mut findings = self.context.ledger.findings().await?;
        findings.sort_by_key(|f| std::cmp::Reverse(f.at));
        Ok(findings)
    }
}

/// What has to be written down and told.
#[derive(Default)]
struct Due {
    findings: Vec<Finding>,
    notes: Vec<Note>,
}

/// What was told since the start, and when it was raised.
type ToldSince = HashMap<FindingKey, DateTime<Utc>>;

/// Whether there is no time to lose.
pub(super) fn is_urgent(finding: &Finding) -> bool {
    match finding.kind() {
        FindingKind::Deadline => Warned::of(finding).is_none_or(|warned| warned.stage.is_urgent()),
        FindingKind::Lapsed
        | FindingKind::TakenByDojo
        | FindingKind::TakenElsewhere
        | FindingKind::CommitsLost => true,
        FindingKind::ReleasedElsewhere
        | FindingKind::RefundedElsewhere
        | FindingKind::CancelledElsewhere
        | FindingKind::AmountDiffers
        | FindingKind::Contradicts
        | FindingKind::Renewal
        | FindingKind::Stranger
        | FindingKind::Foreign
        | FindingKind::Clock
        | FindingKind::TillClock => false,
    }
}
