//! What was on its way to Dojo when the program last ended: staff are told at once that it is being
//! looked into, and then what became of it.

use crate::view::{Banner, Tone};
use crate::{AppError, Desk, words};
use chrono::TimeDelta;
use holdfast_domain::{HoldId, OperationId, OperationState};

/// How long the floor says what became of an interrupted operation.
const OUTCOME_SHOWN_FOR: TimeDelta = TimeDelta::minutes(15);

/// With more interrupted operations than this, one line tells of all.
const MOST_SINGLE_BANNERS: usize = 2;

impl Desk {
    /// Looks, once, for what an earlier run of the program decided and never wrote the end of. Whoever
    /// reads Dojo's record asks this first, for a reading may settle it.
    pub(crate) async fn interrupted(&self) -> Result<&[(HoldId, OperationId)], AppError> {
        let found = self.interrupted.get_or_try_init(|| async {
            let mut found = Vec::new();
            for hold in self.watched().await? {
                let operations = self.ledger.operations(hold.id).await?;
                let is_ours = |id| self.is_in_flight(id);
                let cut_off = operations
                    .iter()
                    .filter(|o| o.state == OperationState::Intended && !is_ours(o.id));
                found.extend(cut_off.map(|o| (hold.id, o.id)));
            }
            Ok::<_, AppError>(found)
        });
        Ok(found.await?)
    }

    /// What staff are told of it.
    pub(crate) async fn interrupted_banners(&self) -> Result<Vec<Banner>, AppError> {
        let mut banners = Vec::new();
        for (hold, operation) in self.interrupted().await? {
            let Some(operation) = self.ledger.operation(*operation).await? else {
                continue;
            };
            let is_told = operation
                .settled_at
                .is_none_or(|at| self.now().signed_duration_since(at) < OUTCOME_SHOWN_FOR);
            if !is_told {
                continue;
            }
            let hold = self.ledger.hold(*hold).await?;
            let tab = self.ledger.tab(hold.tab).await?;
            let (became, tone) = became(operation.state);
            banners.push(Banner {
                code: "interrupted",
                words: format!(
                    "{}: “{}” was under way when Holdfast ended. {became}",
                    self.title(&tab).await?,
                    words::what(&operation, &hold)
                ),
                tone,
                tab_id: Some(tab.id),
            });
        }
        let count = banners.len();
        if count > MOST_SINGLE_BANNERS {
            let done = banners.iter().filter(|b| b.tone == Tone::Good).count();
            banners.sort_by_key(|banner| std::cmp::Reverse(banner.tone));
            banners.truncate(1);
            for first in &mut banners {
                let all = format!("{count} requests were under way when Holdfast ended; Dojo’s record shows");
                if done == count {
                    first.words = format!("{all} all of them done.");
                    // There is no one tab to look at.
                    first.tab_id = None;
                } else {
                    first.words = format!("{all} {done} of them done. First of the others: {}", first.words);
                }
            }
        }
        Ok(banners)
    }
}

fn became(state: OperationState) -> (&'static str, Tone) {
    match state {
        OperationState::Intended | OperationState::Unknown => (
            "Dojo is being asked what became of it; nothing is sent again by itself.",
            Tone::Warn,
        ),
        OperationState::Accepted => ("Dojo has it and has yet to confirm it.", Tone::Wait),
        OperationState::Succeeded => ("Dojo’s record shows that it was done.", Tone::Good),
        OperationState::Absent => (
            "Dojo’s record does not show it. If it is still wanted, decide again.",
            Tone::Bad,
        ),
        OperationState::Declined => ("It did not go through.", Tone::Bad),
        OperationState::Conflict => (
            "Dojo shows something else. Look at Dojo’s portal before going on.",
            Tone::Bad,
        ),
        OperationState::Rejected | OperationState::NotSent => ("It did not happen.", Tone::Bad),
    }
}
