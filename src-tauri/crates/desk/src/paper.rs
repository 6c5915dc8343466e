//! What is handed to a guest on paper: the hold slip, the receipt, the release letter. Texts only; how they
//! look is the window's matter.

use crate::report_view::{ReportLine, moment};
use crate::{AppError, Desk, ErrorCode};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use holdfast_domain::{Hold, HoldId, Line, Money, Operation, OperationKind, OperationState, Tab};
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
    /// What went back, for the guest to show to the bank.
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
    tab: &'a Tab,
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
        let hold = self.ledger.hold(id).await?;
        if !offered(&hold).iter().any(|offer| offer.kind == kind) {
            return Err(AppError::new(
                ErrorCode::NotAllowed,
                "There is nothing to put on that paper yet.",
            ));
        }
        let (tab, operations) = (
            self.ledger.tab(hold.tab).await?,
            self.ledger.operations(id).await?,
        );
        let settings = self.settings().await?;
        let zone = self.business_days().await?.zone;
        let sheet = Sheet {
            tab: &tab,
            hold: &hold,
            operations: &operations,
            zone,
        };
        let made = format!("Printed {} by {}", moment(self.now(), zone), settings.staff_name);
        let paper = match kind {
            PaperKind::Slip => sheet.slip(),
            PaperKind::Receipt => sheet.receipt(&self.ledger.lines(tab.id).await?),
            PaperKind::Letter => sheet.letter(&settings.venue),
        };
        Ok(Paper {
            venue: settings.venue,
            made,
            ..paper
        })
    }
}

impl Sheet<'_> {
    fn slip(&self) -> Paper {
        let mut facts = self.guest();
        facts.push(strong("Held on the card", self.money(self.hold.left())));
        facts.extend(self.card());
        let mut words = vec![
            "This amount is reserved on your card. Nothing has been taken by it.".to_owned(),
            "When you pay, only what you owe is taken. The rest goes back to you.".to_owned(),
        ];
        if let Some(deadline) = self.hold.deadline() {
            let at = moment(deadline.at, self.zone);
            words.push(match deadline.action {
                holdfast_domain::DeadlineAction::Release => {
                    format!("Whatever is not taken goes back by itself on {at} at the latest.")
                }
                holdfast_domain::DeadlineAction::Capture => {
                    format!("Unless it is settled before, all of it is taken on {at}.")
                }
            });
        }
        Paper {
            notice: Some("This is not a charge".to_owned()),
            ..paper("Hold slip", facts, words)
        }
    }

    fn receipt(&self, lines: &[Line]) -> Paper {
        let hold = self.hold;
        let mut facts = self.guest();
        let done = |o: &&Operation| o.kind == OperationKind::Capture && o.state == OperationState::Succeeded;
        let service = self
            .operations
            .iter()
            .filter(done)
            .fold(0_i64, |sum, o| sum.saturating_add(o.service));
        facts.push(strong("Taken from the card", self.money(hold.captured())));
        if service > 0 {
            facts.push(within("of it service charge", self.money(service)));
        }
        if hold.captured_tip() > 0 {
            facts.push(within("of it tip", self.money(hold.captured_tip())));
        }
        if hold.refunded() > 0 {
            facts.push(line("Refunded to the card", self.money(hold.refunded())));
        }
        facts.extend(self.card());
        if let Some(at) = self.taken_at() {
            facts.push(line("Taken", moment(at, self.zone)));
        }
        let mut words = Vec::new();
        if hold.left() > 0 {
            let left = self.money(hold.left());
            words.push(format!(
                "{left} is still reserved on your card. It is not a charge."
            ));
        }
        if hold.let_go() > 0 {
            let back = self.money(hold.let_go());
            words.push(format!("{back} that was reserved went back untaken."));
        }
        words.push("Thank you.".to_owned());
        Paper {
            bill: lines.iter().map(|l| self.bill_line(l)).collect(),
            ..paper("Receipt", facts, words)
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
        if hold.captured() == 0 {
            words.push(format!(
                "{venue} had reserved {back} on your card{four}. All of it was released. Nothing was taken."
            ));
        } else {
            let (held, taken) = (self.money(hold.ever_held()), self.money(hold.captured()));
            words.push(format!(
                "{venue} had reserved {held} on your card{four}. {taken} was taken for your bill, which is an entry of its own on your statement. The other {back} was released and has not been taken."
            ));
        }
        words.extend([
            "Your bank may go on showing the reserved amount as pending for some days. It is not a charge, and it falls away by itself; it does not come back as a payment.".to_owned(),
            "If it is still shown after that, give your bank this letter. The authorisation code above names the reservation.".to_owned(),
        ]);
        paper("Release letter", facts, words)
    }

    fn guest(&self) -> Vec<ReportLine> {
        let mut facts = vec![line("Guest", self.tab.name.clone())];
        if let Some(place) = &self.tab.place {
            facts.push(line("Room or table", place.clone()));
        }
        facts.push(line("Reference", self.tab.reference.clone()));
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
            facts.push(line("Reserved on", moment(at, self.zone)));
        }
        facts
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

fn line(label: &str, text: String) -> ReportLine {
    ReportLine {
        label: label.to_owned(),
        text,
        within: false,
        strong: false,
    }
}

fn strong(label: &str, text: String) -> ReportLine {
    ReportLine {
        strong: true,
        ..line(label, text)
    }
}

fn within(label: &str, text: String) -> ReportLine {
    ReportLine {
        within: true,
        ..line(label, text)
    }
}
