//! One command of the command line, hurt; then what is left of it is swept up and judged.

use crate::{
    hurt::{self, Blow, Point, Ran},
    oracle::{self, Record},
    venue::{HELD, Seat, Venue, decide},
};
use anyhow::{Context, Result, ensure};
use holdfast_domain::{Hold, Operation, OperationKind, OperationState};
use holdfast_ledger::Ledger;

/// A command that moves money or may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deed {
    pub(crate) name: &'static str,
    pub(crate) kind: OperationKind,
    /// On how many tabs, one after the other, each run hurt alike.
    pub(crate) tabs: usize,
}

/// All of them; the last is a busy evening.
pub(crate) const DEEDS: [Deed; 5] = [
    deed("take", OperationKind::Capture, 1),
    deed("open", OperationKind::Create, 1),
    deed("release", OperationKind::Reversal, 1),
    deed("refund", OperationKind::Refund, 1),
    deed("evening", OperationKind::Capture, 3),
];

const fn deed(name: &'static str, kind: OperationKind, tabs: usize) -> Deed {
    Deed { name, kind, tabs }
}

/// A venue where a deed can be done, with every till closed.
pub(crate) struct Ordeal {
    venue: Venue,
    deed: Deed,
    commands: Vec<Vec<String>>,
}

impl Ordeal {
    pub(crate) async fn prepare(deed: Deed) -> Result<Self> {
        let venue = Venue::open().await?;
        let mut commands = Vec::new();
        {
            let seat = venue.plain_till()?;
            for number in 1..=deed.tabs {
                let guest = format!("Guest {number}");
                let mut command: Vec<String> = Vec::new();
                if deed.kind == OperationKind::Create {
                    command.extend(["open", "tab", &guest, HELD].map(str::to_owned));
                } else {
                    let hold = venue.ready(&seat, deed.kind, &guest).await?;
                    let reference = seat.ledger.tab(hold.tab).await?.reference;
                    let words: &[&str] = match deed.kind {
                        OperationKind::Reversal => &["release", &reference],
                        OperationKind::Refund => &["refund", &reference, "10"],
                        _ => &["take", &reference, "--bill", "10"],
                    };
                    command.extend(words.iter().map(|word| (*word).to_owned()));
                }
                commands.push(command);
            }
        }
        Ok(Self {
            venue,
            deed,
            commands,
        })
    }

    /// The venue, and the deed's commands that have still to be run.
    pub(crate) fn into_parts(self) -> (Venue, Vec<Vec<String>>) {
        (self.venue, self.commands)
    }

    /// Runs the deed's commands; the last run is the answer.
    pub(crate) async fn suffer(&self, calls: &[&str], blow: Option<(&Point, Blow)>) -> Result<Ran> {
        let mut last = None;
        for command in &self.commands {
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            last = Some(hurt::watched(&self.venue, &words, calls, blow).await?);
        }
        last.context("no command")
    }

    /// Starts the till again to look at Dojo's record, hurt if a blow is given.
    pub(crate) async fn sweep(&self, calls: &[&str], blow: Option<(&Point, Blow)>) -> Result<Ran> {
        hurt::watched(&self.venue, &["sweep"], calls, blow).await
    }

    /// Starts the till again, unhurt, and holds all that it says against Dojo's record: at once, when
    /// ten minutes have passed, and when staff decide again where nothing had happened.
    pub(crate) async fn judge(&self) -> Result<()> {
        hurt::well(&self.venue, &["sweep"]).await?;
        hurt::well(&self.venue, &["check"]).await?;
        let seat = self.venue.plain_till()?;
        self.hold_against(&seat, oracle::now).await?;
        for _ in 0..4 {
            let unread = seat.desk.sweep().await?;
            ensure!(unread == 0, "{unread} holds could not be read");
            self.venue.wind("00:02:30")?;
        }
        for (hold, operation) in self.hold_against(&seat, oracle::end).await? {
            let is_done = operation.is_some_and(|o| o.state == OperationState::Succeeded);
            if is_done || self.deed.kind == OperationKind::Create {
                continue;
            }
            let again = seat.desk.operate(decide(&hold, self.deed.kind)).await?;
            ensure!(
                again.state == OperationState::Succeeded,
                "decided again: {again:?}"
            );
        }
        seat.ledger.verify_journal().await?;
        Ok(())
    }

    /// Every hold of the venue, with the one decision on it that the deed was.
    async fn hold_against(
        &self,
        seat: &Seat,
        judge: fn(usize, Option<&Operation>) -> Result<()>,
    ) -> Result<Vec<(Hold, Option<Operation>)>> {
        let record = Record::new(self.venue.truth().await?);
        let mut all = Vec::new();
        for tab in seat.ledger.tabs(true, 100).await? {
            for hold in seat.ledger.holds(tab.id).await? {
                let operations = seat.ledger.operations(hold.id).await?;
                let mut of_kind = operations.into_iter().filter(|o| o.kind == self.deed.kind);
                let operation = of_kind.next();
                ensure!(of_kind.next().is_none(), "one command became two decisions");
                let posts = record.posts(&hold, self.deed.kind);
                ensure!(posts <= 1, "sent {posts} times");
                ensure!(
                    posts == 0 || operation.is_some(),
                    "sent without a row in the ledger"
                );
                judge(record.times(&hold, self.deed.kind)?, operation.as_ref())?;
                all.push((hold, operation));
            }
        }
        ensure!(
            record.holds() <= all.len(),
            "Dojo has {} holds, the ledger {}",
            record.holds(),
            all.len()
        );
        Ok(all)
    }
}
