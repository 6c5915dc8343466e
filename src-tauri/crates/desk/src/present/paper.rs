//! What is handed to a guest on paper: the hold slip, the receipt, the release letter. Texts only; how they
//! look is the window's matter.

use crate::account::Account;
use crate::account::due::paid;
use crate::account::refunds::off_lines;
use crate::present::receipt::{Labels, Share};
use crate::present::report::ReportLine;
use crate::wording::title;
use crate::wording::{OFF, moment};
use crate::{AppError, Desk, ErrorCode};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use holdfast_domain::{DeadlineAction, Hold, HoldId, Line, Money, Operation, OperationKind, OperationState};
use holdfast_ledger::LedgerError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum PaperKind {
    /// What is held, and that it is not a charge.
    Slip,
    /// What was taken.
    Receipt,
    /// What was released, for the guest to show to the bank.
    Letter,
}

/// A paper that can be printed of a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PaperOffer {
    /// Which.
    pub kind: PaperKind,
    /// What its button says.
    pub label: &'static str,
}

/// A paper, ready to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Paper {
    /// What it is.
    pub title: String,
    /// Whose.
    pub venue: String,
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

/// What can be printed of `hold` as it stands.
pub(crate) fn offered(hold: &Hold) -> Vec<PaperOffer> {
    let all = [
        (PaperKind::Slip, "Print the hold slip", hold.left() > 0),
        (PaperKind::Receipt, "Print the receipt", hold.captured() > 0),
        (PaperKind::Letter, "Print the release letter", hold.let_go() > 0),
    ];
    let possible = all.into_iter().filter(|(_, _, is_possible)| *is_possible);
    possible
        .map(|(kind, label, _)| PaperOffer { kind, label })
        .collect()
}

/// What every paper is made of.
struct Sheet<'a> {
    account: &'a Account,
    hold: &'a Hold,
    operations: &'a [Operation],
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
            return Err(AppError::new(
                ErrorCode::NotAllowed,
                "There’s nothing to put on that paper yet.",
            ));
        }
        let settings = self.context.settings().await?;
        let zone = self.context.business_days().await?.zone;
        let sheet = Sheet {
            account: &account,
            hold,
            operations,
            zone,
        };
        let made = format!(
            "Printed {} by {}",
            moment(self.context.now(), zone),
            settings.staff_name
        );
        let paper = match kind {
            PaperKind::Slip => sheet.slip(),
            PaperKind::Receipt => sheet.receipt(),
            PaperKind::Letter => sheet.letter(&settings.venue),
        };
        Ok(Paper {
            venue: settings.venue,
            made,
            ..paper
        })
    }
}

const ONE_CARD: Labels = Labels {
    taken: "Taken from the card",
    refunded: "Refunded to the card",
    paid: "Paid after refunds",
};
const THIS_CARD: Labels = Labels {
    taken: "Taken from this card",
    refunded: "Refunded to this card",
    paid: "Paid with this card after refunds",
};
const OTHER_CARDS: Labels = Labels {
    taken: "Taken from other cards",
    refunded: "Refunded to other cards",
    paid: "Paid with other cards after refunds",
};
const IN_ALL: Labels = Labels {
    taken: "Taken in all",
    refunded: "Refunded in all",
    paid: "Paid in all after refunds",
};

impl Sheet<'_> {
    fn slip(&self) -> Paper {
        let hold = self.hold;
        let mut facts = self.guest();
        facts.push(strong("Held on the card", self.money(hold.left())));
        facts.extend(self.card());
        let will_be_taken = hold.expire_action == Some(DeadlineAction::Capture);
        let (notice, then) = if will_be_taken {
            ("Not charged yet", None)
        } else {
            (
                "This is not a charge",
                Some("When you pay, we charge only what you owe."),
            )
        };
        let mut words = vec!["We’re holding this amount on your card. You have not been charged.".to_owned()];
        words.extend(then.map(str::to_owned));
        words.extend(self.at_the_deadline());
        let is_part_taken = will_be_taken && hold.captured() > 0;
        Paper {
            notice: (!is_part_taken).then(|| notice.to_owned()),
            ..paper("Hold slip", facts, words)
        }
    }

    /// What Dojo does at the deadline with what is still held.
    fn at_the_deadline(&self) -> Option<String> {
        let deadline = self.hold.deadline()?;
        let at = moment(deadline.at, self.zone);
        // After a first capture Dojo reverses nothing.
        let is_whole = self.hold.captured() == 0;
        Some(match deadline.action {
            DeadlineAction::Release if is_whole => {
                format!("Anything we don’t charge is released by {at}.")
            }
            DeadlineAction::Release => format!("The rest is released by {at}."),
            DeadlineAction::Capture if is_whole => {
                format!("We charge all of it on {at}, unless it’s settled or released before.")
            }
            DeadlineAction::Capture => format!("We charge the rest by {at}."),
        })
    }

    fn receipt(&self) -> Paper {
        let hold = self.hold;
        let mut facts = self.guest();
        self.taken(&mut facts);
        let bill = self.bill();
        let paid = paid(self.account);
        match (paid.due(), paid.over()) {
            _ if bill.is_empty() => {}
            (due @ 1.., _) => facts.push(line("Of the bill, not paid by card", self.money(due))),
            (_, over @ 1..) => facts.push(line("Taken above the bill", self.money(over))),
            _ => {}
        }
        facts.extend(self.card());
        if let Some(at) = self.taken_at() {
            facts.push(line("Taken", moment(at, self.zone)));
        }
        let mut words = Vec::new();
        if hold.left() > 0 {
            let left = self.money(hold.left());
            let is_released = hold.expire_action != Some(DeadlineAction::Capture);
            let charge = if is_released { " It isn’t a charge." } else { "" };
            words.push(format!("We’re still holding {left} on your card.{charge}"));
            words.extend(self.at_the_deadline());
        }
        if hold.let_go() > 0 {
            let back = self.money(hold.let_go());
            words.push(format!(
                "The other {back} on hold was released. You were not charged for it."
            ));
        }
        words.push("Thank you.".to_owned());
        Paper {
            bill,
            ..paper("Receipt", facts, words)
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
        let (back, at) = (self.money(hold.let_go()), self.let_go_at());
        let mut facts = self.guest();
        facts.push(strong("Released", back.clone()));
        facts.extend(self.card());
        if let Some(at) = at {
            facts.push(line("Released on", moment(at, self.zone)));
        }
        if let Some(id) = &hold.intent_id {
            facts.push(line("Dojo’s reference", id.clone()));
        }
        let four = hold
            .seen
            .as_ref()
            .and_then(|s| s.card.as_ref()?.last_four.clone())
            .map_or_else(String::new, |four| format!(" ending {four}"));
        let mut words = Vec::new();
        let has_code = hold.seen.as_ref().is_some_and(|seen| seen.auth_code.is_some());
        let named = match (has_code, &hold.intent_id) {
            (true, _) => "The authorisation code above",
            (false, Some(_)) => "Dojo’s reference above",
            (false, None) => "The reference above",
        };
        if hold.captured() == 0 {
            words.push(format!(
                "{venue} held {back} on your card{four}. We released all of it. You were not charged."
            ));
        } else {
            let (held, taken) = (self.money(hold.ever_held()), self.money(hold.captured()));
            words.push(format!(
                "{venue} held {held} on your card{four}. We charged {taken} for your bill, a separate \
                 entry on your statement. We released the other {back}; you were not charged for it."
            ));
        }
        words.extend([
            "Your bank may show the amount as pending for a few days. It isn’t a charge and it will \
             disappear; you won’t see a refund."
                .to_owned(),
            format!(
                "If it’s still there after that, give your bank this letter. {named} identifies this hold."
            ),
        ]);
        paper("Release letter", facts, words)
    }

    fn guest(&self) -> Vec<ReportLine> {
        let Account { tab, holds, .. } = self.account;
        let mut facts = vec![line("Guest", title(tab, holds.iter().map(|(hold, _)| hold)))];
        if let Some(place) = &tab.place {
            facts.push(line("Room or table", place.clone()));
        }
        facts.push(line("Reference", tab.reference.clone()));
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
            let brand = card.brand.as_deref().unwrap_or("Card");
            facts.push(line("Card", format!("{brand} ending {four}")));
        }
        if let Some(code) = &seen.auth_code {
            facts.push(line("Authorisation code", code.clone()));
        }
        if let Some(at) = seen.authorised_at {
            facts.push(line("On hold since", moment(at, self.zone)));
        }
        facts
    }

    /// The bill's lines, with those that refunds took off, and their total; nothing where there are no lines.
    fn bill(&self) -> Vec<ReportLine> {
        let mut lines: Vec<ReportLine> = self.account.lines.iter().map(|l| self.bill_line(l)).collect();
        let off = off_lines(self.account).into_iter();
        lines.extend(off.map(|off| line(OFF, self.money(off.minor.saturating_neg()))));
        if !lines.is_empty() {
            lines.push(strong("Bill", self.money(paid(self.account).bill())));
        }
        lines
    }

    fn bill_line(&self, bill: &Line) -> ReportLine {
        let what = bill.what.as_deref().unwrap_or("On the bill");
        let label = match bill.quantity {
            1 => what.to_owned(),
            many => format!("{many} × {what}"),
        };
        line(&label, self.money(bill.each.saturating_mul(bill.quantity)))
    }

    fn taken_at(&self) -> Option<DateTime<Utc>> {
        let seen = self.hold.seen.as_ref()?;
        let captured = seen.captures.iter().filter_map(|c| c.at).max();
        captured.or(seen.authorised_at)
    }

    fn let_go_at(&self) -> Option<DateTime<Utc>> {
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

fn paper(title: &str, facts: Vec<ReportLine>, words: Vec<String>) -> Paper {
    Paper {
        title: title.to_owned(),
        venue: String::new(),
        notice: None,
        bill: Vec::new(),
        facts,
        words,
        made: String::new(),
    }
}

pub(crate) fn line(label: &str, text: String) -> ReportLine {
    ReportLine {
        label: label.to_owned(),
        text,
        within: false,
        strong: false,
    }
}

pub(crate) fn strong(label: &str, text: String) -> ReportLine {
    ReportLine {
        strong: true,
        ..line(label, text)
    }
}

pub(crate) fn within(label: &str, text: String) -> ReportLine {
    ReportLine {
        within: true,
        ..line(label, text)
    }
}
