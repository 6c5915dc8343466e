//! From what is due to what is written down.

use super::{Stage, Warned, WarningStep, Warnings, due};
use crate::{Event, Finding, FindingKey, Hold, Personal, Reckoning, Warning};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// A step with what it is about.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// What to do.
    pub step: WarningStep,
    /// The hold, while it is not over.
    pub hold: Option<&'a Hold>,
    /// What was told before.
    pub known: Option<&'a Finding>,
}

/// All that is due on `holds`, of which `told` was told.
pub fn changes<'a>(
    holds: &'a [Hold],
    told: &'a [Finding],
    warnings: Warnings,
    now: Reckoning,
    is_start: bool,
) -> Vec<Change<'a>> {
    let mut by_hold: HashMap<_, Vec<(Warned, &Finding)>> = HashMap::new();
    for finding in told {
        if let (Some(hold), Some(warned)) = (finding.hold, Warned::of(finding)) {
            by_hold.entry(hold).or_default().push((warned, finding));
        }
    }
    let mut changes = Vec::new();
    for hold in holds {
        let known = by_hold.remove(&hold.id).unwrap_or_default();
        let warned: Vec<Warned> = known.iter().map(|(warned, _)| *warned).collect();
        for step in due(warnings.stage_of(hold, now), &warned, now, is_start) {
            let (WarningStep::Raise(stage) | WarningStep::Again(stage) | WarningStep::End(stage)) = step;
            let known = known.iter().find(|(warned, _)| warned.stage == stage);
            changes.push(Change {
                step,
                hold: Some(hold),
                known: known.map(|(_, finding)| *finding),
            });
        }
    }
    // On what is over nothing waits any more.
    for (warned, finding) in by_hold.into_values().flatten() {
        for step in due(None, &[warned], now, is_start) {
            changes.push(Change {
                step,
                hold: None,
                known: Some(finding),
            });
        }
    }
    changes
}

impl Change<'_> {
    /// The finding as it is to be written down at `now`; none when there is nothing to write about.
    pub fn finding(&self, safe_hours: u8, now: DateTime<Utc>) -> Option<Finding> {
        match (self.step, self.known, self.hold) {
            (WarningStep::End(_), Some(known), _) => Some(Finding {
                at: known.at.min(now),
                raised_at: known.raised_at.min(now),
                ended_at: Some(now),
                // A person who was told by a clock that ran ahead has seen nothing yet.
                seen_by: None,
                ..known.clone()
            }),
            (WarningStep::Again(stage), Some(known), hold) => Some(Finding {
                raised_at: now,
                event: hold.map_or_else(|| known.event.clone(), |hold| warned(hold, stage, safe_hours)),
                ..known.clone()
            }),
            (WarningStep::Raise(stage), _, Some(hold)) => Some(Finding {
                key: FindingKey::Deadline(hold.id, stage),
                tab: Some(hold.tab),
                hold: Some(hold.id),
                event: warned(hold, stage, safe_hours),
                personal: Personal::default(),
                at: now,
                raised_at: now,
                ended_at: None,
                seen_by: None,
            }),
            _ => None,
        }
    }
}

fn warned(hold: &Hold, stage: Stage, safe_hours: u8) -> Event {
    Event::Warned(Warning {
        stage,
        amount: hold.left(),
        action: hold.expire_action,
        safe_hours,
    })
}
