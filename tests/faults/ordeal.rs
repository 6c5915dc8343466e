//! One deed, hurt; then what is left of it is swept up and judged.

use crate::{
    clerk,
    deeds::{Before, Deed, Way},
    hurt::{self, Blow, Point, Ran},
    oracle::{self, Record},
    venue::{HELD, Seat, Venue, decide, newest, shelf, typed},
};
use anyhow::{Context, Result, ensure};
use holdfast_domain::{Hold, Operation, OperationKind, OperationState};
use holdfast_ledger::prelude::*;
use holdfast_tests::press::Press;
use std::time::Duration;

/// A venue where a deed can be done, with every till closed.
pub(crate) struct Ordeal {
    venue: Venue,
    deed: Deed,
    commands: Vec<Vec<String>>,
}

impl Ordeal {
    pub(crate) async fn prepare(deed: Deed) -> Result<Self> {
        let venue = Venue::open().await?;
        let mut guests = Vec::new();
        for number in 1..=deed.guests {
            guests.push(begin(&venue, deed, &format!("Guest {number}")).await?);
        }
        let with = |words: &[&str], guest: &str| words.iter().map(|word| word.replace("{}", guest)).collect();
        let commands = match deed.way {
            Way::Each(words) => guests.iter().map(|guest| with(words, guest)).collect(),
            Way::All(words, _) => vec![with(words, "")],
            Way::Desk(_) => {
                let words = [clerk::ARGUMENT, deed.name, "{}"];
                guests.iter().map(|guest| with(&words, guest)).collect()
            }
        };
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

    /// Runs the deed's commands on a disk on which no file gets longer than so many bytes; whether any of
    /// them failed.
    pub(crate) async fn cramp(&self, bytes: u64) -> Result<bool> {
        let mut has_failed = false;
        for command in &self.commands {
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            has_failed |= !hurt::cramped(&self.venue, &words, bytes).await?.status.success();
        }
        Ok(has_failed)
    }

    /// Starts the till again to look at Dojo's record, hurt if a blow is given.
    pub(crate) async fn sweep(&self, calls: &[&str], blow: Option<(&Point, Blow)>) -> Result<Ran> {
        hurt::watched(&self.venue, &["sweep"], calls, blow).await
    }

    /// Starts the till again, unhurt, and holds all that it says against Dojo's record: at once, when
    /// ten minutes have passed, and when staff decide again where nothing had happened.
    pub(crate) async fn judge(&self) -> Result<()> {
        hurt::well(&self.venue, &["sweep"]).await?;
        if let (Way::Desk(_), None) = (self.deed.way, self.deed.kind) {
            // What was cut off can be done again.
            for command in &self.commands {
                let words: Vec<&str> = command.iter().map(String::as_str).collect();
                hurt::well(&self.venue, &words).await?;
            }
        }
        if let Way::All(_, Some(go_on)) = self.deed.way {
            self.hold_against(&self.venue.plain_till()?, oracle::now).await?;
            // It may have been cut off before it began, or leave rows to a person: both are told, and
            // what the ledger and Dojo say is looked at below.
            hurt::run(&self.venue, go_on).await?;
        }
        let seat = self.venue.plain_till()?;
        self.hold_against(&seat, oracle::now).await?;
        self.is_covered()?;
        for _ in 0..4 {
            let unread = seat.desk.sweep().await?;
            ensure!(unread == 0, "{unread} holds could not be read");
            self.venue.wind("00:02:30")?;
        }
        self.is_covered()?;
        for (hold, operation) in self.hold_against(&seat, oracle::end).await? {
            let is_done = operation.is_some_and(|o| o.state == OperationState::Succeeded);
            match self.deed.kind {
                // The old hold has nothing to be cancelled, and the new one may be left to its guest.
                _ if self.deed.before == Before::Renewing => {}
                Some(kind) if kind != OperationKind::Create && !is_done => again(&seat, &hold, kind).await?,
                _ => {}
            }
        }
        seat.ledger.verify_journal().await?;
        self.backups(&seat).await
    }

    /// Who has a hold in force before more is asked for, or before a renewal, has one ever after.
    fn is_covered(&self) -> Result<()> {
        let is_more = self.deed.kind == Some(OperationKind::Create)
            && self.deed.before == Before::Ready(OperationKind::Capture);
        if !is_more && !matches!(self.deed.before, Before::Renewing | Before::Renewed) {
            return Ok(());
        }
        let in_force = Record::new(self.venue.truth()?).in_force();
        ensure!(
            in_force >= self.deed.guests,
            "{in_force} holds in force for {} guests",
            self.deed.guests
        );
        Ok(())
    }

    /// Whatever counts as a backup is sound, and one can be taken now.
    async fn backups(&self, seat: &Seat) -> Result<()> {
        if self.deed.kind.is_some() {
            return Ok(());
        }
        let kept = seat.ledger.backups().await?;
        for backup in &kept {
            let newer = seat.ledger.newer_than(&backup.name).await;
            newer.with_context(|| format!("{} counts and can’t be used", backup.name))?;
        }
        seat.desk.back_up().await?;
        Ok(())
    }

    /// Every hold of the venue, with the one decision on it that the deed was.
    async fn hold_against(
        &self,
        seat: &Seat,
        judge: fn(usize, Option<&Operation>) -> Result<()>,
    ) -> Result<Vec<(Hold, Option<Operation>)>> {
        let record = Record::new(self.venue.truth()?);
        // The watch asks for a renewed hold's release again if it never left.
        let is_repeated = matches!(self.deed.before, Before::NeverLeft | Before::Renewed);
        let mut all = Vec::new();
        for is_open in [true, false] {
            for tab in seat.ledger.tabs(is_open, 100).await? {
                for hold in seat.ledger.holds(tab.id).await? {
                    let operations = seat.ledger.operations(hold.id).await?;
                    let Some(kind) = self.deed.kind else {
                        all.push((hold, None));
                        continue;
                    };
                    let operation = oracle::only_one(operations, kind, is_repeated)?;
                    let posts = record.posts(&hold, kind);
                    ensure!(posts <= 1, "sent {posts} times");
                    ensure!(
                        posts == 0 || operation.is_some(),
                        "sent without a row in the ledger"
                    );
                    judge(record.times(&hold, kind)?, operation.as_ref())?;
                    all.push((hold, operation));
                }
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

/// What is there for a guest before the deed; what the deed's words call it.
async fn begin(venue: &Venue, deed: Deed, guest: &str) -> Result<String> {
    let seat = match deed.before {
        Before::NeverLeft => venue.till(NOBODY, Duration::from_secs(1))?,
        _ => venue.plain_till()?,
    };
    let hold = match deed.before {
        Before::Nothing => return Ok(guest.to_owned()),
        Before::OpenedElsewhere => {
            let folder = shelf()?;
            let other = venue.till_elsewhere(folder.path())?;
            venue.ready(&other, OperationKind::Capture, guest).await?;
            return Ok(guest.to_owned());
        }
        Before::BackedUp => {
            venue.ready(&seat, OperationKind::Capture, guest).await?;
            let name = seat.desk.back_up().await?.backup.name;
            venue.ready(&seat, OperationKind::Capture, "Late").await?;
            // Two backups of one second would have one name.
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            return Ok(name);
        }
        Before::NeverLeft => {
            let tab = seat.desk.open_tab(typed(guest, HELD)).await?;
            newest(&seat, tab).await?
        }
        Before::Ready(kind) => venue.ready(&seat, kind, guest).await?,
        Before::TakenElsewhere => {
            let hold = venue.ready(&seat, OperationKind::Capture, guest).await?;
            venue.take_elsewhere(&hold).await?;
            hold
        }
        Before::RefundFailed => {
            let hold = venue
                .ready_with(&seat, OperationKind::Refund, guest, "10")
                .await?;
            venue.fault("refunds", "refund-fails-later", 1, 60)?;
            let refund = seat.desk.press(decide(&hold, OperationKind::Refund)).await?;
            ensure!(
                refund.state == OperationState::Succeeded,
                "not refunded: {refund:?}"
            );
            venue.wind("00:02:00")?;
            hold
        }
        Before::RefundedElsewhere => {
            let hold = venue.ready(&seat, OperationKind::Refund, guest).await?;
            venue.refund_elsewhere(&hold).await?;
            hold
        }
        Before::Renewing | Before::Renewed => {
            let held = venue.ready(&seat, OperationKind::Capture, guest).await?;
            let new = seat.desk.renew(&seat.desk.renewing(held.id).await?).await?;
            if deed.before == Before::Renewed {
                venue.pay(&seat.ledger.hold(new).await?)?;
            }
            held
        }
    };
    Ok(seat.ledger.tab(hold.tab).await?.reference)
}

/// Nobody listens on the port that is reserved for nothing.
const NOBODY: &str = "http://127.0.0.1:1";

async fn again(seat: &Seat, hold: &Hold, kind: OperationKind) -> Result<()> {
    let again = seat.desk.press(decide(hold, kind)).await?;
    ensure!(
        again.state == OperationState::Succeeded,
        "decided again: {again:?}"
    );
    Ok(())
}
