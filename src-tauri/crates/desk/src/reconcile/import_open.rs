//! A new PC: with the key and an empty ledger, what is open at Dojo becomes tabs again. So does what
//! another PC of the venue opened, when somebody asks for it.

use crate::AppError;
use crate::gateway::search_cursor::SearchCursor;
use crate::reconcile::Reconciler;
use crate::reconcile::audit::open_hold;
use crate::reconcile::import::{Described, ImportReason, undoubled};
use crate::reconcile::observe;
use crate::wording::imports::BILL_SO_FAR;
use chrono::TimeDelta;
use holdfast_dojo as dojo;
use holdfast_domain::{Actor, Event, Finding, FindingKey, Hold, Line, LineId, Money, TabId};
use std::collections::{BTreeMap, HashSet};

/// What is open is eight days old at most; a tab that was renewed again and again may be older.
const IMPORT_LOOKBACK: TimeDelta = TimeDelta::days(35);

/// What was imported.
#[derive(Debug)]
pub(crate) struct Imported {
    /// Tabs that this ledger lacked.
    pub(crate) tabs: usize,
    /// Requests on them.
    pub(crate) holds: usize,
    /// What each of them holds and nobody has taken.
    pub(crate) held: Vec<Money>,
    /// Holds at Dojo that Holdfast did not make.
    pub(crate) foreign: usize,
}

/// Everything of one tab at Dojo, oldest first.
type OfTab = Vec<(dojo::PaymentIntent, Described)>;

impl Reconciler {
    /// Whether the ledger knows of no tab at all.
    pub(crate) async fn is_empty(&self) -> Result<bool, AppError> {
        Ok(!self.context.ledger.has_tabs().await?)
    }

    /// Makes tabs of all that is open at Dojo, was opened by Holdfast and is not known here. What is
    /// known is left as it is, so that it may be asked for again after it broke off.
    ///
    /// # Errors
    /// Those of the search, and the ledger's.
    pub(crate) async fn import_open(&self) -> Result<Imported, AppError> {
        let (tabs, foreign) = self.at_dojo().await?;
        let mut brought = Imported {
            tabs: 0,
            holds: 0,
            held: Vec::new(),
            foreign,
        };
        for (id, of_tab) in tabs.into_iter().filter(|(_, of_tab)| self.is_open(of_tab)) {
            let before = brought.holds;
            for (intent, _) in &of_tab {
                brought.holds += usize::from(self.import_intent(intent, ImportReason::Elsewhere).await?);
            }
            if brought.holds == before {
                continue;
            }
            brought.tabs += 1;
            self.bring_bill(id, &of_tab).await?;
            for hold in self.context.ledger.holds(id).await? {
                brought.held.push(hold.money(hold.left()));
            }
        }
        self.strangers_are_known().await?;
        Ok(brought)
    }

    /// What Dojo has of this program's, tab by tab, and how many holds of others'.
    async fn at_dojo(&self) -> Result<(BTreeMap<TabId, OfTab>, usize), AppError> {
        let mut pages = SearchCursor::since(self.context.now().checked_sub_signed(IMPORT_LOOKBACK));
        let mut tabs: BTreeMap<TabId, OfTab> = BTreeMap::new();
        let mut foreign = 0;
        while !pages.is_over() {
            for intent in self.gateway.next_page(&mut pages).await? {
                match self.described(&intent) {
                    Some(described) => tabs
                        .entry(described.tab.id)
                        .or_default()
                        .push((intent, described)),
                    None => foreign += usize::from(open_hold(&intent).is_some()),
                }
            }
        }
        for of_tab in tabs.values_mut() {
            *of_tab = undoubled(std::mem::take(of_tab));
            of_tab.sort_by_key(|(intent, _)| intent.created_at);
        }
        Ok((tabs, foreign))
    }

    /// Whether anything on the tab may still be paid, taken or released.
    fn is_open(&self, of_tab: &OfTab) -> bool {
        of_tab.iter().any(|(intent, described)| {
            let now = self.context.now();
            let seen = observe::snapshot(&described.hold, intent, self.moment(described.hold.id, None));
            let ends = described.hold.link_ends_at;
            let is_late = intent.status == dojo::Status::Created && ends.is_some_and(|ends| ends <= now);
            let hold = Hold {
                seen,
                ..described.hold.clone()
            };
            !is_late && !hold.is_over()
        })
    }

    /// What was on the bill at the newest request is one line of it.
    async fn bring_bill(&self, id: TabId, of_tab: &OfTab) -> Result<(), AppError> {
        let newest = of_tab
            .last()
            .map(|(intent, described)| (intent.created_at, described.bill));
        let Some((at, bill)) = newest.filter(|(_, bill)| *bill > 0) else {
            return Ok(());
        };
        if !self.context.ledger.lines(id).await?.is_empty() {
            return Ok(());
        }
        let line = Line {
            id: LineId(self.context.clock.uuid()),
            tab: id,
            what: Some(BILL_SO_FAR.to_owned()),
            quantity: 1,
            each: bill,
            at: at.unwrap_or_else(|| self.context.now()),
            by: Actor::Unknown,
            takes_off: None,
            moved: None,
        };
        let note = self
            .context
            .note(Actor::Dojo, Some(id), Event::BillImported { amount: bill });
        Ok(self.context.ledger.add_line(&line, None, note).await?)
    }

    /// What was told of strangers that are tabs by now waits for nobody.
    async fn strangers_are_known(&self) -> Result<(), AppError> {
        let mut known = HashSet::new();
        for id in self.context.ledger.every_hold().await? {
            known.extend(self.context.ledger.hold(id).await?.intent_id);
        }
        let findings = self.context.ledger.findings().await?;
        let is_known =
            |finding: &Finding| matches!(&finding.key, FindingKey::Stranger(id) if known.contains(id));
        let ended: Vec<Finding> = findings
            .into_iter()
            .filter(is_known)
            .map(|finding| Finding {
                ended_at: Some(self.context.now()),
                ..finding
            })
            .collect();
        if !ended.is_empty() {
            self.context.ledger.put_findings(ended, Vec::new()).await?;
            self.context.changed();
        }
        Ok(())
    }
}
