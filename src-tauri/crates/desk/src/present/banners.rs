//! The lines above the floor: what everybody has to know just now.

use crate::present::floor_tab::FloorTab;
use crate::present::view::{self, Banner, BannerCode, Tone};
use crate::wording::banners::{self as words, Many, Older, ReadAgain};
use crate::{AppError, Desk, wording};
use chrono::TimeDelta;
use holdfast_domain::OperationState;
use std::time::Duration;

/// After how long a check of the ledger is told.
pub const CHECK_SHOWN_AFTER: Duration = Duration::from_secs(1);

/// More of a kind than this are told in one line.
const MOST_BANNERS: usize = 2;

/// What became of it is told for this long.
const INTERRUPTED_TOLD_FOR: TimeDelta = TimeDelta::minutes(15);

/// Staff are told for this long that bills may lack lines, which Dojo can't give back.
const RESTORED_TOLD_FOR: TimeDelta = TimeDelta::hours(12);

/// A ledger that is copied elsewhere should be noticed by who didn't choose it.
const FOLDER_TOLD_FOR: TimeDelta = TimeDelta::hours(24);

impl Desk {
    pub(crate) fn banners(&self, open: &[FloorTab]) -> Vec<Banner> {
        let mut banners = Vec::new();
        let checking = self.context.ledger.checking_for();
        if checking.is_some_and(|long| long >= CHECK_SHOWN_AFTER) {
            banners.push(of_house(
                BannerCode::Checking,
                words::CHECKING.to_owned(),
                Tone::Warn,
            ));
        }
        if let Some(trouble) = self.context.clock_trouble() {
            banners.push(of_house(BannerCode::Clock, wording::clock(trouble), Tone::Warn));
        }
        if !self.gateway.is_online() {
            banners.push(of_house(
                BannerCode::Offline,
                self.gateway
                    .obstacle()
                    .map_or_else(|| words::OFFLINE.to_owned(), wording::network::offline),
                Tone::Bad,
            ));
        }
        if self.gateway.refuses_key() {
            banners.push(Banner {
                is_for_settings: true,
                ..of_house(BannerCode::Key, words::KEY_REFUSED.to_owned(), Tone::Bad)
            });
        }
        let folder = self.folder.words();
        banners.extend(folder.map(|words| of_house(BannerCode::Folder, words, Tone::Bad)));
        banners.extend(self.backup_banner());
        banners.extend(told(open, BannerCode::Expired, Many::Expired, |tab| {
            let lapse = tab.facts.lapse()?;
            Some((words::expired(&tab.row.name, &lapse), Tone::Bad))
        }));
        banners.extend(told(open, BannerCode::Deadline, Many::EndSoon, |tab| {
            let deadline = tab.row.deadline.as_ref().filter(|d| d.threshold.is_some())?;
            Some((ending(&tab.row, deadline), deadline.tone))
        }));
        banners
    }

    /// What staff should know of the last backup.
    pub(crate) fn backup_banner(&self) -> Option<Banner> {
        let trouble = self.backups.backup_trouble()?;
        Some(of_house(
            BannerCode::Backup,
            words::backup_failed(&trouble),
            Tone::Warn,
        ))
    }

    /// What the manager must hear of: kept settings that can't be read, and where backups go since a short while.
    pub(crate) async fn settings_banners(&self) -> Result<Vec<Banner>, AppError> {
        let stored = self.context.stored_settings().await?;
        let mut banners = Vec::new();
        if !stored.unreadable.is_empty() {
            let words = words::unreadable_settings(&stored.unreadable);
            banners.push(Banner {
                is_for_settings: true,
                ..of_house(BannerCode::Settings, words, Tone::Bad)
            });
        }
        let settings = stored.settings;
        let now = self.context.now();
        let changed = settings
            .backup_folder_since
            .filter(|at| now.signed_duration_since(*at) < FOLDER_TOLD_FOR);
        if let Some(at) = changed {
            let zone = self.context.business_days_by(&settings)?.zone;
            let at = wording::moment(at, now, zone);
            let words = words::backup_folder_changed(settings.backup_folder.as_deref(), &at);
            banners.push(of_house(BannerCode::Backup, words, Tone::Warn));
        }
        Ok(banners)
    }

    /// What staff are told of it.
    pub(crate) async fn interrupted_banners(&self, open: &[FloorTab]) -> Result<Vec<Banner>, AppError> {
        let mut banners = Vec::new();
        for (hold, operation) in self.reconciler.interrupted().await? {
            let Some(operation) = self.context.ledger.operation(*operation).await? else {
                continue;
            };
            let is_told = operation
                .settled_at
                .is_none_or(|at| self.context.now().signed_duration_since(at) < INTERRUPTED_TOLD_FOR);
            if !is_told {
                continue;
            }
            let hold = self.context.ledger.hold(*hold).await?;
            let tab = self.context.ledger.tab(hold.tab).await?;
            let (name, what) = (self.context.title(&tab).await?, wording::what(&operation, &hold));
            banners.push(Banner {
                code: BannerCode::Interrupted,
                words: words::interrupted(&name, &what, operation.state),
                tone: interrupted_tone(operation.state),
                tab_id: Some(tab.id),
                is_for_settings: false,
            });
        }
        let count = banners.len();
        let done = banners.iter().filter(|b| b.tone == Tone::Good).count();
        // Nothing is called done above a pending take: that is one more which isn't done, no matter who asked for it.
        if done == count && open.iter().any(|tab| tab.facts.taking.total > 0) {
            return Ok(Vec::new());
        }
        if count > MOST_BANNERS {
            let is_checking = banners
                .iter()
                .any(|banner| matches!(banner.tone, Tone::Warn | Tone::Wait));
            banners.sort_by_key(|banner| std::cmp::Reverse(banner.tone));
            banners.truncate(1);
            for first in &mut banners {
                // There is no one tab to look at.
                if done == count {
                    first.words = words::all_interrupted_done(count);
                    first.tab_id = None;
                } else if is_checking {
                    first.words = words::checking_interrupted(count);
                    first.tab_id = None;
                } else {
                    first.words = words::many_interrupted(count, done, &first.words);
                }
            }
        }
        Ok(banners)
    }

    /// What staff are told.
    pub(crate) async fn restored_banner(&self) -> Result<Option<Banner>, AppError> {
        let Some(restored) = self.context.ledger.restored().await? else {
            return Ok(None);
        };
        let is_recent = self.context.now().signed_duration_since(restored.at) < RESTORED_TOLD_FOR;
        if restored.read_again_at.is_some() && !is_recent {
            return Ok(None);
        }
        let zone = self.context.business_days().await?.zone;
        // Which holds there are is not known before the ledger has been looked through.
        let is_known = restored.read_again_at.is_some() || self.context.ledger.checking_for().is_none();
        let read_again = if is_known {
            let to_go = self.reconciler.still_to_read().await?;
            to_go.map_or(ReadAgain::Done, ReadAgain::ToGo)
        } else {
            ReadAgain::AfterCheck
        };
        let news = words::RestoredNews {
            older: match (&restored.backup, &restored.set_aside) {
                (Some(_), _) => Older::BackupRestored,
                (None, _) if self.context.session.is_some() => Older::SharedLedger,
                (None, _) => Older::LedgerFile,
            },
            knows_until: restored.knows_until,
            read_again,
            set_aside: restored.set_aside,
            kept: self.context.kept_since(restored.at).await?,
        };
        Ok(Some(of_house(
            BannerCode::Restored,
            news.words(self.context.now(), zone),
            Tone::Bad,
        )))
    }
}

/// A banner that is about no one tab.
const fn of_house(code: BannerCode, words: String, tone: Tone) -> Banner {
    Banner {
        code,
        words,
        tone,
        tab_id: None,
        is_for_settings: false,
    }
}

/// The banners of one kind, most urgent first; one for all of them when they are many.
fn told(
    open: &[FloorTab],
    code: BannerCode,
    many: Many,
    of: impl Fn(&FloorTab) -> Option<(String, Tone)>,
) -> Vec<Banner> {
    let mut banners: Vec<Banner> = Vec::new();
    let mut uncovered: Vec<view::Money> = Vec::new();
    for tab in open {
        if let Some((words, tone)) = of(tab) {
            banners.push(Banner {
                code,
                words,
                tone,
                tab_id: Some(tab.row.id),
                is_for_settings: false,
            });
            uncovered.extend(tab.facts.uncovered.map(|minor| tab.facts.money(minor).into()));
        }
    }
    let count = banners.len();
    if count > MOST_BANNERS {
        let sums = view::sums(uncovered.iter());
        let amounts: Vec<String> = sums.into_iter().map(|money| money.text).collect();
        let uncovered = Some(wording::together(&amounts)).filter(|_| !amounts.is_empty());
        banners.truncate(1);
        for first in &mut banners {
            first.words = words::many(count, many, uncovered.as_deref(), &first.words);
        }
    }
    banners
}

/// What Dojo does when a tab's nearest deadline comes.
pub(crate) fn ending(row: &view::TabRow, deadline: &view::Deadline) -> String {
    let money = deadline.ends.to_string();
    words::ending(&row.name, deadline.action, &money, &deadline.words)
}

const fn interrupted_tone(state: OperationState) -> Tone {
    match state {
        OperationState::Intended | OperationState::Unknown => Tone::Warn,
        OperationState::Accepted => Tone::Wait,
        OperationState::Succeeded => Tone::Good,
        OperationState::Absent
        | OperationState::Declined
        | OperationState::Conflict
        | OperationState::Rejected
        | OperationState::NotSent => Tone::Bad,
    }
}
