//! The lines above the floor: what everybody has to know just now.

use crate::present::view::TabRow;
use crate::present::view::{self, Banner, Tone};
use crate::{AppError, Desk, wording};
use chrono::TimeDelta;
use holdfast_domain::{self as domain, OperationState, TabState, isolated};
use std::time::Duration;

/// A check of the ledger that goes on for so long is spoken of.
pub const CHECK_SHOWN_AFTER: Duration = Duration::from_secs(1);

/// More of a kind than this are told in one line.
const MOST_BANNERS: usize = 2;

/// What became of it is told for this long.
const INTERRUPTED_TOLD_FOR: TimeDelta = TimeDelta::minutes(15);

/// Staff are told for this long that bills may lack lines, which Dojo can't give back.
const RESTORED_TOLD_FOR: TimeDelta = TimeDelta::hours(12);

impl Desk {
    pub(crate) fn banners(&self, rows: &[TabRow]) -> Vec<Banner> {
        let mut banners = Vec::new();
        if self
            .context
            .ledger
            .checking_for()
            .is_some_and(|long| long >= CHECK_SHOWN_AFTER)
        {
            let words = "We’re checking your records. Carry on as usual: what you open is checked first. \
             Search, the night report and backups wait until that’s done.";
            banners.push(Banner {
                code: "checking",
                words: words.to_owned(),
                tone: Tone::Warn,
                tab_id: None,
            });
        }
        if let Some(trouble) = self.context.clock_trouble() {
            banners.push(Banner {
                code: "clock",
                words: wording::clock(trouble),
                tone: Tone::Warn,
                tab_id: None,
            });
        }
        if !self.gateway.is_online() {
            let words = "Dojo is offline. You can still read, search and add to bills; holds show the \
             last known amounts. Open, take and release when Dojo is back: we send nothing on our own.";
            banners.push(Banner {
                code: "offline",
                words: words.to_owned(),
                tone: Tone::Bad,
                tab_id: None,
            });
        }
        banners.extend(self.backup_banner());
        banners.extend(told(rows, "expired", "have expired", |row| {
            (row.is == TabState::Expired || row.uncovered.is_some()).then(|| (expired(row), Tone::Bad))
        }));
        banners.extend(told(rows, "deadline", "expire soon", |row| {
            let deadline = row.deadline.as_ref().filter(|d| d.threshold.is_some())?;
            Some((ending(row, deadline), deadline.tone))
        }));
        banners
    }

    /// What staff should know of the last backup.
    pub(crate) fn backup_banner(&self) -> Option<Banner> {
        let trouble = self.backups.backup_trouble()?;
        Some(Banner {
            code: "backup",
            words: format!("The last backup failed: {trouble} Check the disk and the backup folder."),
            tone: Tone::Warn,
            tab_id: None,
        })
    }

    /// What the manager must hear of when kept settings can't be read.
    pub(crate) async fn settings_banner(&self) -> Result<Option<view::Banner>, crate::AppError> {
        let unreadable = self.context.stored_settings().await?.unreadable;
        Ok((!unreadable.is_empty()).then(|| view::Banner {
            code: "settings",
            words: format!(
                "We couldn’t read these settings, so they’re back at their defaults: {}. Check them in \
                 Settings and save.",
                unreadable.join(", ")
            ),
            tone: view::Tone::Bad,
            tab_id: None,
        }))
    }

    /// What staff are told of it.
    pub(crate) async fn interrupted_banners(&self) -> Result<Vec<Banner>, AppError> {
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
            let (became, tone) = became(operation.state);
            banners.push(Banner {
                code: "interrupted",
                words: format!(
                    "{}: “{}” was under way when Holdfast stopped. {became}",
                    isolated(&self.context.title(&tab).await?),
                    wording::what(&operation, &hold)
                ),
                tone,
                tab_id: Some(tab.id),
            });
        }
        let count = banners.len();
        if count > MOST_BANNERS {
            let done = banners.iter().filter(|b| b.tone == Tone::Good).count();
            banners.sort_by_key(|banner| std::cmp::Reverse(banner.tone));
            banners.truncate(1);
            for first in &mut banners {
                let all = format!(
                    "{count} requests were under way when Holdfast stopped; Dojo’s record \
                 shows"
                );
                if done == count {
                    first.words = format!("{all} all of them done.");
                    // There is no one tab to look at.
                    first.tab_id = None;
                } else {
                    first.words = format!(
                        "{all} {done} of them done. Starting with the others: {}",
                        first.words
                    );
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
        let until = restored.knows_until.map_or_else(
            || "its beginning".to_owned(),
            |at| at.with_timezone(&zone).format("%-d %B, %H:%M").to_string(),
        );
        let what = match (&restored.backup, &restored.set_aside) {
            (Some(_), _) => "A backup was restored",
            (None, _) => "The ledger file is older than it was",
        };
        // Which holds there are is not known before the ledger has been looked through.
        let is_known = restored.read_again_at.is_some() || self.context.ledger.checking_for().is_none();
        let next = if !is_known {
            "We’ll check every hold with Dojo once your records are checked; until then amounts may be old."
                .to_owned()
        } else {
            match self.reconciler.still_to_read().await? {
                Some(count) => format!(
                    "We’re checking every hold with Dojo ({count} to go); until then amounts may be old."
                ),
                None => "Every hold was read from Dojo again.".to_owned(),
            }
        };
        let aside = restored.set_aside.map_or_else(String::new, |folder| {
            format!(" The old file is kept in {folder}.")
        });
        Ok(Some(Banner {
            code: "restored",
            words: format!(
                "{what}: it knows what was done up to {until}. {next} Bills and notes typed since are \
                 missing; add them again.{aside}"
            ),
            tone: Tone::Bad,
            tab_id: None,
        }))
    }
}

/// The banners of one kind, most urgent first; one for all of them when they are many.
pub(crate) fn told(
    rows: &[view::TabRow],
    code: &'static str,
    many: &str,
    of: impl Fn(&view::TabRow) -> Option<(String, Tone)>,
) -> Vec<view::Banner> {
    let mut banners: Vec<view::Banner> = Vec::new();
    for row in rows {
        if let Some((words, tone)) = of(row) {
            banners.push(view::Banner {
                code,
                words,
                tone,
                tab_id: Some(row.id),
            });
        }
    }
    let count = banners.len();
    if count > MOST_BANNERS {
        banners.truncate(1);
        for first in &mut banners {
            first.words = format!("{count} holds {many}. Starting with {}", first.words);
        }
    }
    banners
}

/// Of a hold that is past its deadline, what Dojo did with it, and what of the bill it leaves open.
pub(crate) fn expired(row: &view::TabRow) -> String {
    let is_held = row.left.minor > 0;
    let then = match &row.uncovered {
        Some(money) => format!("{} of the bill isn’t covered.", money.text),
        None if is_held => wording::tabs::still_on_hold(&row.left.text),
        None => "Nothing is on hold any more.".to_owned(),
    };
    let did = match row.is {
        TabState::TakenByDojo => "Dojo took what was on hold at the deadline.",
        _ if is_held => wording::tabs::ONE_EXPIRED,
        _ if row.captured.minor > 0 => "Dojo released the rest at the deadline.",
        _ => "expired, released by Dojo.",
    };
    format!("{}: {did} {then}", isolated(&row.name))
}

pub(crate) fn ending(row: &view::TabRow, deadline: &view::Deadline) -> String {
    let acts = match deadline.action {
        domain::DeadlineAction::Release => "releases",
        domain::DeadlineAction::Capture => "takes",
    };
    let name = isolated(&row.name);
    format!("{name}: Dojo {acts} {} {}.", deadline.ends, deadline.words)
}

fn became(state: OperationState) -> (&'static str, Tone) {
    match state {
        OperationState::Intended | OperationState::Unknown => {
            ("We’re checking with Dojo; don’t try again.", Tone::Warn)
        }
        OperationState::Accepted => ("Dojo has it and hasn’t confirmed it yet.", Tone::Wait),
        OperationState::Succeeded => ("Dojo’s record shows that it was done.", Tone::Good),
        OperationState::Absent => (
            "Dojo has no record of it. If you still want it, do it again.",
            Tone::Bad,
        ),
        OperationState::Declined => ("It didn’t go through.", Tone::Bad),
        OperationState::Conflict => (
            "Dojo shows something else. Look in Dojo’s portal before you continue.",
            Tone::Bad,
        ),
        OperationState::Rejected | OperationState::NotSent => ("It didn’t happen.", Tone::Bad),
    }
}
