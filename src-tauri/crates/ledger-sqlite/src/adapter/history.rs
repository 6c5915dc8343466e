//! What is read over many tabs, and what is about none: journal, findings, reports, lists, settings.

use crate::SqliteLedger;
use crate::integrity::staged_check::{NeededRow, Scope};
use crate::integrity::{journal_chain, parallel_check};
use crate::recovery::{beside, forgotten, swap_file};
use crate::store::{accounts, closed_tabs, findings, guests, journal, movements, reports, settings};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use holdfast_domain::{
    Actor, Currency, EntryMatch, Finding, FindingKey, JournalHead, JournalWitness, Movement, NightReport,
    Sums, TabId,
};
use holdfast_ledger::{
    Account, ClosedFilter, Entry, Findings, Found, Guests, HouseTopic, Journal, LedgerError, Note, Place,
    Queries, Reports, SettingSeen, Settings, Unreported,
};
use std::collections::HashMap;

#[async_trait]
impl Journal for SqliteLedger {
    async fn journal(&self, tab: TabId) -> Result<Vec<Entry>, LedgerError> {
        self.read([NeededRow::Tab(tab)], move |c| journal::of(c, tab))
            .await
    }

    async fn closers(&self, tabs: Vec<TabId>) -> Result<HashMap<TabId, Actor>, LedgerError> {
        let scope: Scope = tabs.iter().copied().map(NeededRow::Tab).collect();
        self.read(scope, move |c| journal::closers(c, &tabs)).await
    }

    async fn house_journal(&self, topic: HouseTopic, limit: i64) -> Result<Vec<Entry>, LedgerError> {
        self.read_open(move |c| journal::of_house(c, topic, limit)).await
    }

    async fn newest_entry(&self) -> Result<Option<DateTime<Utc>>, LedgerError> {
        self.hand_in(|c, _, state| {
            state.verify(|| journal_chain::verify_newest(c))?;
            journal::newest(c)
        })
        .await
    }

    async fn witness(&self) -> Result<Option<JournalWitness>, LedgerError> {
        self.hand_in(|c, _, state| {
            state.verify(|| journal_chain::verify_newest(c))?;
            journal::witness(c)
        })
        .await
    }

    async fn compare(&self, heads: Vec<JournalHead>) -> Result<Vec<EntryMatch>, LedgerError> {
        self.read_whole(move |c, _| heads.iter().map(|head| journal::compare(c, head)).collect())
            .await
    }

    async fn verify_journal(&self) -> Result<i64, LedgerError> {
        let path = self.folder.join(swap_file::FILE);
        self.read_whole(move |c, _| journal_chain::verify(c, &mut parallel_check::more_readers(&path)?))
            .await
    }
}

#[async_trait]
impl Findings for SqliteLedger {
    async fn put_findings(&self, findings: Vec<Finding>, notes: Vec<Note>) -> Result<(), LedgerError> {
        let grounds = findings
            .iter()
            .map(|finding| NeededRow::Finding(finding.key.clone()));
        let scope = grounds.collect::<Scope>().and_raised(&notes);
        self.write(scope, move |c| findings::put(c, &findings, &notes))
            .await
    }

    async fn findings(&self) -> Result<Vec<Finding>, LedgerError> {
        self.read_open(findings::open).await
    }

    async fn finding(&self, key: &FindingKey) -> Result<Option<Finding>, LedgerError> {
        let key = key.clone();
        self.read([NeededRow::Finding(key.clone())], move |c| findings::one(c, &key))
            .await
    }

    async fn warnings(&self) -> Result<Vec<Finding>, LedgerError> {
        self.hand_in(|c, _, state| {
            let found = findings::warnings(c)?;
            let grounds = found
                .iter()
                .map(|finding| NeededRow::Finding(finding.key.clone()));
            state.verify(|| grounds.collect::<Scope>().verify(c))?;
            Ok(found)
        })
        .await
    }
}

#[async_trait]
impl Guests for SqliteLedger {
    async fn forget(&self, tabs: Vec<TabId>, note: Note) -> Result<(), LedgerError> {
        // A check reads the file, and then the log, in which keys stand, can't be emptied.
        self.check.wait_until_sound().await?;
        let folder = self.folder.clone();
        let scope: Scope = tabs.iter().copied().map(NeededRow::Tab).collect();
        self.write(scope, move |c| forgotten::forget(&folder, c, &tabs, &note))
            .await
    }

    async fn to_forget(&self, closed_before: DateTime<Utc>, limit: i64) -> Result<Vec<TabId>, LedgerError> {
        self.read_whole(move |c, _| guests::closed_before(c, closed_before, limit))
            .await
    }

    async fn not_to_forget(&self, tabs: Vec<TabId>) -> Result<Vec<TabId>, LedgerError> {
        let scope: Scope = tabs.iter().copied().map(NeededRow::Tab).collect();
        self.read(scope, move |c| guests::open_among(c, &tabs)).await
    }
}

#[async_trait]
impl Reports for SqliteLedger {
    async fn movements(&self, first: i64, last: i64) -> Result<Vec<Movement>, LedgerError> {
        self.read_whole(move |c, _| movements::between(c, first, last))
            .await
    }

    async fn movements_at(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Movement>, LedgerError> {
        self.read_whole(move |c, _| movements::at(c, from, to)).await
    }

    async fn day_sums(
        &self,
        currency: Currency,
        edges: Vec<DateTime<Utc>>,
    ) -> Result<Vec<(Sums, i64)>, LedgerError> {
        self.read_whole(move |c, _| movements::day_sums(c, currency, &edges))
            .await
    }

    async fn unreported(&self) -> Result<Unreported, LedgerError> {
        self.read_whole(|c, _| reports::unreported(c)).await
    }

    async fn add_report(&self, report: &NightReport, note: Note) -> Result<(), LedgerError> {
        let report = report.clone();
        // It rests on every movement since the last one.
        self.check.wait_until_sound().await?;
        self.write(Scope::default(), move |c| reports::add(c, &report, &note))
            .await
    }

    async fn report(&self, number: i64) -> Result<NightReport, LedgerError> {
        self.read_whole(move |c, _| reports::one(c, number)).await
    }

    async fn reports(&self, before: Option<i64>, limit: i64) -> Result<Vec<NightReport>, LedgerError> {
        self.read_whole(move |c, _| reports::newest(c, before, limit))
            .await
    }
}

#[async_trait]
impl Queries for SqliteLedger {
    async fn open_accounts(&self, limit: i64) -> Result<Vec<Account>, LedgerError> {
        self.read_open(move |c| accounts::open_accounts(c, limit)).await
    }

    async fn accounts(&self, tabs: Vec<TabId>) -> Result<Vec<Account>, LedgerError> {
        let scope: Scope = tabs.iter().copied().map(NeededRow::Tab).collect();
        self.read(scope, move |c| accounts::accounts(c, &tabs)).await
    }

    async fn closed_accounts(
        &self,
        filter: ClosedFilter,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Vec<Account>, LedgerError> {
        self.read_found(
            move |c| closed_tabs::accounts(c, &filter, after, limit),
            |_, found| Ok(found.iter().map(|account| account.tab.id).collect::<Vec<_>>()),
        )
        .await
    }

    async fn unsettled_accounts(&self) -> Result<Vec<Account>, LedgerError> {
        self.read_open(accounts::unsettled_accounts).await
    }

    async fn search(&self, query: &str, limit: usize) -> Result<Found, LedgerError> {
        let query = query.to_owned();
        self.read_whole(move |c, index| index.search(c, &query, limit))
            .await
    }
}

#[async_trait]
impl Settings for SqliteLedger {
    async fn setting(&self, name: &str) -> Result<Option<String>, LedgerError> {
        let name = name.to_owned();
        self.read_open(move |c| settings::setting(c, &name)).await
    }

    async fn set_setting(
        &self,
        name: &str,
        value: &str,
        seen: SettingSeen<'_>,
        note: Note,
    ) -> Result<(), LedgerError> {
        let seen = match seen {
            SettingSeen::Anything => None,
            SettingSeen::Was(text) => Some(text.map(str::to_owned)),
        };
        let (name, value) = (name.to_owned(), value.to_owned());
        let scope = Scope::from([NeededRow::Settings]).and_raised(std::slice::from_ref(&note));
        self.write(scope, move |c| {
            settings::set_setting(c, &name, &value, seen, &note)
        })
        .await
    }

    async fn beside(&self) -> Result<Option<String>, LedgerError> {
        let folder = self.folder.clone();
        crate::blocking(move || beside::read(&folder)).await
    }

    async fn set_beside(&self, text: &str) -> Result<(), LedgerError> {
        let (folder, text) = (self.folder.clone(), text.to_owned());
        crate::blocking(move || beside::write(&folder, &text)).await
    }
}
