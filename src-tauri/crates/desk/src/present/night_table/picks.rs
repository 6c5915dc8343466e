//! How far a run is, and which of its rows are looked at alone.

use serde::Serialize;
use ts_rs::TS;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum RunPhase {
    /// Requests are going out.
    Running,
    /// Rows are left and nobody is working on them: go on, or let it be.
    Interrupted,
    /// It has ended.
    Over,
}

impl RunPhase {
    pub(super) const fn of(is_running: bool, has_ended: bool) -> Self {
        match (is_running, has_ended) {
            (true, _) => Self::Running,
            (false, false) => Self::Interrupted,
            (false, true) => Self::Over,
        }
    }
}

/// How far a row of a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RowProgress {
    /// It couldn't be done.
    Trouble,
    /// Its request is on its way, or Dojo has yet to answer.
    Sending,
    /// It is yet to begin.
    Next,
    /// The run ended before it began.
    Left,
    /// All of it is done.
    Done,
}

impl RowProgress {
    /// What a person has to look at comes first.
    pub(super) const fn rank(self) -> u8 {
        match self {
            Self::Trouble => 0,
            Self::Sending => 1,
            Self::Next | Self::Left => 2,
            Self::Done => 3,
        }
    }
}

/// Rows of a run that are looked at alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum RunPick {
    /// Every row.
    All,
    /// Those that aren't done.
    Open,
    /// Those that couldn't be done.
    Trouble,
}

impl RunPick {
    const ALL: [Self; 3] = [Self::All, Self::Open, Self::Trouble];

    /// Under which picks a row stands.
    pub(super) fn of(progress: RowProgress) -> Vec<Self> {
        match progress {
            RowProgress::Done => vec![Self::All],
            RowProgress::Sending | RowProgress::Next | RowProgress::Left => vec![Self::All, Self::Open],
            RowProgress::Trouble => vec![Self::All, Self::Open, Self::Trouble],
        }
    }

    /// How many rows stand under each; `rows` are the picks of each row.
    pub(super) fn counted<'a, Rows: Iterator<Item = &'a [Self]>>(
        rows: impl Fn() -> Rows,
    ) -> Vec<RunPickCount> {
        let count = |pick| rows().filter(|picks| picks.contains(&pick)).count();
        let all = Self::ALL.into_iter();
        all.map(|pick| RunPickCount {
            pick,
            count: count(pick),
        })
        .collect()
    }
}

/// How many rows of a run stand under a pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RunPickCount {
    /// Which.
    pub pick: RunPick,
    /// How many.
    pub count: usize,
}
