//! What is handed to a guest on paper: the hold slip, the receipt, the release letter. Texts only; how they
//! look is the window's matter.

use crate::account::Account;
use crate::account::due::paid;
use crate::account::refunds::off_lines;
use crate::account::taking::Taking;
use crate::present::paper_lines::{line, strong};
use crate::present::paper_offer::{PaperKind, offered};
use crate::present::receipt::{Labels, Share};
use crate::present::report::ReportLine;
use crate::wording::{OFF, brand, full_moment, moment, papers, title};
use crate::{AppError, Desk, ErrorCode, Settings};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use holdfast_domain::{
    DeadlineAction, Hold, HoldId, Line, LineId, Money, MovementKind, Operation, OperationKind,
    OperationState, standings,
};
use holdfast_ledger::LedgerError;
use serde::Serialize;
use ts_rs::TS;

/// A paper, ready to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Paper {
    /// What it is.
    pub title: String,
    /// Whose.
    pub venue: String,
    /// Where that is, line by line.
    pub address: String,
    /// What must not be overlooked.
    pub notice: Option<String>,
    /// The bill, where it belongs on it.
    pub bill: Vec<ReportLine>,
    /// What is what.
    pub facts: Vec<ReportLine>,
    /// For the guest to read.
    pub words: Vec<String>,
    /// When and by whom it was printed.
    pub made: String,
}

/// What every paper is made of.
struct Sheet<'a> {
    account: &'a Account,
    hold: &'a Hold,
    operations: &'a [Operation],
    now: DateTime<Utc>,
    zone: Tz,
}

impl Desk {
    /// A paper of a hold.
    ///
    /// # Errors
    /// [`ErrorCode::NotAllowed`] when there is nothing to put on it; the ledger's.
    pub async fn paper(&self, kind: PaperKind, id: HoldId) -> Result<Paper, AppError> {
        let tab = self.context.ledger.hold(id).await?.tab;
        let account = self.context.account(tab).await?;
        let entry = account.holds.iter().find(|(hold, _)| hold.id == id);
        let (hold, operations) = entry.ok_or(LedgerError::NotFound)?;
        if !offered(hold).iter().any(|offer| offer.kind == kind) {
            return Err(AppError::new(ErrorCode::NotAllowed, papers::NOTHING_TO_PRINT));
        }
        let settings = self.context.settings().await?;
        let zone = self.context.business_days().await?.zone;
        let now = self.context.now();
        let sheet = Sheet {
            account: &account,
            hold,
            operations,
            now,
            zone,
        };
        let made = papers::made(&full_moment(now, zone), &settings.staff_name);
        let paper = match kind {
            PaperKind::Slip => sheet.slip(),
            PaperKind::Receipt => sheet.receipt(),
            PaperKind::Letter => sheet.letter(&settings.venue),
        };
        Ok(headed(paper, settings, made))
    }
}

/// With the venue's name and address at its head, and the name that a guest will look for.
pub(crate) fn headed(paper: Paper, settings: Settings, made: String) -> Paper {
    let mut facts = paper.facts;
    if !settings.statement_name.is_empty() {
        facts.push(line(papers::ON_STATEMENT, settings.statement_name));
    }
    Paper {
        venue: settings.venue,
        address: settings.address,
        made,
        facts,
        ..paper
    }
}

const ONE_CARD: Labels = Labels {
    taken: papers::FROM_CARD,
    refunded: papers::TO_CARD,
    paid: papers::PAID_AFTER,
};
const THIS_CARD: Labels = Labels {
    taken: papers::FROM_THIS_CARD,
    refunded: papers::TO_THIS_CARD,
    paid: papers::PAID_WITH_THIS,
};
const OTHER_CARDS: Labels = Labels {
    taken: papers::FROM_OTHERS,
    refunded: papers::TO_OTHERS,
    paid: papers::PAID_WITH_OTHERS,
};
const IN_ALL: Labels = Labels {
    taken: papers::TAKEN_IN_ALL,
    refunded: papers::REFUNDED_IN_ALL,
    paid: papers::PAID_IN_ALL,
};

impl Sheet<'_> {
    fn slip(&self) -> Paper {
        let hold = self.hold;
        let mut facts = self.guest();
        facts.push(strong(papers::HELD_ON_CARD, self.money(hold.left())));
        facts.extend(self.card());
        let will_be_taken = hold.expire_action == Some(DeadlineAction::Capture);
        let (notice, then) = if will_be_taken {
            (papers::NOT_CHARGED_YET, None)
        } else {
            (papers::NOT_A_CHARGE, Some(papers::ONLY_WHAT_YOU_OWE))
        };
        let mut words = vec![papers::HOLDING.to_owned()];
        words.extend(then.map(str::to_owned));
        words.extend(self.at_the_deadline());
        let is_part_taken = will_be_taken && hold.captured() > 0;
        Paper {
            notice: (!is_part_taken).then(|| notice.to_owned()),
            ..paper(papers::SLIP, facts, words)
        }
    }

    /// What Dojo does at the deadline with what is still held.
    fn at_the_deadline(&self) -> Option<String> {
        let deadline = self.hold.deadline()?;
        let at = moment(deadline.at, self.now, self.zone);
        // After a first capture Dojo reverses nothing.
        let is_whole = self.hold.captured() == 0;
        Some(papers::at_the_deadline(deadline.action, is_whole, &at))
    }

    fn receipt(&self) -> Paper {
        let hold = self.hold;
        let mut facts = self.guest();
        self.taken(&mut facts);
        let bill = self.bill();
        let paid = paid(self.account);
        match (paid.due(), paid.over()) {
            _ if bill.is_empty() => {}
            (due @ 1.., _) => {
                // Nobody knows yet what becomes of what is being taken.
                let open = due.saturating_sub(Taking::of(self.account, self.now).bill);
                if open > 0 {
                    facts.push(line(papers::NOT_BY_CARD, self.money(open)));
                }
            }
            (_, over @ 1..) => facts.push(line(papers::ABOVE_BILL, self.money(over))),
            _ => {}
        }
        facts.extend(self.card());
        if let Some(at) = self.taken_at() {
            facts.push(line(papers::TAKEN, moment(at, self.now, self.zone)));
        }
        let mut words = Vec::new();
        if hold.left() > 0 {
            let left = self.money(hold.left());
            let is_released = hold.expire_action != Some(DeadlineAction::Capture);
            words.push(papers::still_holding(&left, is_released));
            words.extend(self.at_the_deadline());
        }
        if hold.released() > 0 {
            let back = self.money(hold.released());
            words.push(papers::other_released(&back));
        }
        words.push(papers::THANKS.to_owned());
        Paper {
            bill,
            ..paper(papers::RECEIPT, facts, words)
        }
    }

    /// Adds what this card paid, and what the tab's other cards paid, to `facts`.
    fn taken(&self, facts: &mut Vec<ReportLine>) {
        let this = Share::of(self.hold, self.operations);
        let others = self
            .account
            .holds
            .iter()
            .filter(|(hold, _)| hold.id != self.hold.id);
        let others = others.fold(Share::NONE, |sum, (hold, operations)| {
            sum.with(Share::of(hold, operations))
        });
        let all = this.with(others);
        let shares = if others.taken() > 0 {
            vec![(this, THIS_CARD), (others, OTHER_CARDS), (all, IN_ALL)]
        } else {
            vec![(this, ONE_CARD)]
        };
        for (share, labels) in shares {
            facts.extend(share.lines(&labels, all.is_mixed(), |minor| self.money(minor)));
        }
    }

    fn letter(&self, venue: &str) -> Paper {
        let hold = self.hold;
        let (back, at) = (self.money(hold.released()), self.released_at());
        let mut facts = self.guest();
        facts.push(strong(papers::RELEASED, back.clone()));
        facts.extend(self.card());
        if let Some(at) = at {
            facts.push(line(papers::RELEASED_ON, moment(at, self.now, self.zone)));
        }
        if let Some(id) = &hold.intent_id {
            facts.push(line(papers::DOJO_REFERENCE, id.clone()));
        }
        let seen = hold.seen.as_ref();
        let four = seen.and_then(|s| s.card.as_ref()?.last_four.as_deref());
        let known = match (seen.is_some_and(|seen| seen.auth_code.is_some()), &hold.intent_id) {
            (true, _) => papers::KnownBy::AuthCode,
            (false, Some(_)) => papers::KnownBy::DojoReference,
            (false, None) => papers::KnownBy::Reference,
        };
        let became = if hold.captured() == 0 {
            papers::all_released(venue, &back, four)
        } else {
            let (held, taken) = (self.money(hold.ever_held()), self.money(hold.captured()));
            papers::rest_released(venue, [&held, &taken, &back], four)
        };
        let words = vec![
            became,
            papers::MAY_BE_PENDING.to_owned(),
            papers::for_the_bank(known),
        ];
        paper(papers::LETTER, facts, words)
    }

    fn guest(&self) -> Vec<ReportLine> {
        let Account { tab, holds, .. } = self.account;
        let mut facts = vec![line(
            papers::GUEST,
            title(tab, holds.iter().map(|(hold, _)| hold)),
        )];
        if let Some(place) = &tab.place {
            facts.push(line(papers::PLACE, place.clone()));
        }
        facts.push(line(papers::REFERENCE, tab.reference.clone()));
        facts
    }

    fn card(&self) -> Vec<ReportLine> {
        let Some(seen) = &self.hold.seen else {
            return Vec::new();
        };
        let mut facts = Vec::new();
        if let Some(card) = &seen.card
            && let Some(four) = &card.last_four
        {
            let brand = card
                .brand
                .as_deref()
                .map_or_else(|| papers::CARD.to_owned(), brand);
            facts.push(line(papers::CARD, papers::card(&brand, four)));
        }
        if let Some(code) = &seen.auth_code {
            facts.push(line(papers::AUTH_CODE, code.clone()));
        }
        if let Some(at) = seen.authorised_at {
            facts.push(line(papers::HELD_SINCE, moment(at, self.now, self.zone)));
        }
        facts
    }

    /// The bill's lines, with those that refunds took off, and their total; nothing where there are no lines. What went
    /// to another guest's bill is nothing to this one.
    fn bill(&self) -> Vec<ReportLine> {
        let all = &self.account.lines;
        let taken_off: Vec<LineId> = all
            .iter()
            .filter(|l| l.has_left())
            .filter_map(|l| l.takes_off)
            .collect();
        let is_off = |l: &Line| taken_off.contains(&l.id) || (l.has_left() && l.takes_off.is_some());
        let is_here = |l: &&Line| !is_off(l);
        let mut lines: Vec<ReportLine> = all.iter().filter(is_here).map(|l| self.bill_line(l)).collect();
        let off = off_lines(self.account).into_iter();
        lines.extend(off.map(|off| line(OFF, self.money(off.minor.saturating_neg()))));
        if !lines.is_empty() {
            lines.push(strong(papers::BILL, self.money(paid(self.account).bill())));
        }
        lines
    }

    fn bill_line(&self, bill: &Line) -> ReportLine {
        let what = bill.what.as_deref().unwrap_or(papers::ON_BILL);
        let label = match bill.quantity {
            1 => what.to_owned(),
            many => format!("{many} × {what}"),
        };
        line(&label, self.money(bill.each.saturating_mul(bill.quantity)))
    }

    /// When it was taken last, by Dojo at the deadline too. What the bank declined was never taken.
    fn taken_at(&self) -> Option<DateTime<Utc>> {
        let moved = standings(self.hold, self.operations).unwrap_or_default();
        let taken = moved.iter().filter(|one| one.kind == MovementKind::Taken);
        let authorised_at = || self.hold.seen.as_ref()?.authorised_at;
        taken.map(|one| one.at).max().or_else(authorised_at)
    }

    fn released_at(&self) -> Option<DateTime<Utc>> {
        let reversal =
            |o: &&Operation| o.kind == OperationKind::Reversal && o.state == OperationState::Succeeded;
        let decided = self.operations.iter().rfind(reversal).map(|o| o.at);
        self.hold
            .lapsed_at
            .or(decided)
            .or(self.hold.seen.as_ref().map(|s| s.seen_at))
    }

    fn money(&self, minor: i64) -> String {
        Money::new(minor, self.hold.currency).to_string()
    }
}

pub(crate) fn paper(title: &str, facts: Vec<ReportLine>, words: Vec<String>) -> Paper {
    Paper {
        title: title.to_owned(),
        venue: String::new(),
        address: String::new(),
        notice: None,
        bill: Vec::new(),
        facts,
        words,
        made: String::new(),
    }
}
