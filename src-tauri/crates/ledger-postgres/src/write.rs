//! Writing: each call is one function of the server's, so one round trip and one commit, durable when it returns.

use crate::PostgresLedger;
use crate::decision::Decision;
use crate::error::{Refusal, unreachable};
use crate::keys::Keys;
use crate::rows;
use crate::values::Param;
use holdfast_domain::{Finding, TabId};
use holdfast_ledger::stored::{GuestKeys, StoredEntry, StoredMovement};
use holdfast_ledger::{Expect, LedgerError, Note, Permit, TabSeen};
use serde_json::{Value as Json, json};
use std::time::Duration;
use uuid::Uuid;

/// How often what a call rests on is read again because it was written in between.
const MOST_READINGS: usize = 8;

/// How often a call is made that lost a race for a lock, or whose answer was lost before it was done.
const MOST_ATTEMPTS: usize = 3;

/// Between two look-ups of a call whose answer was lost: the server may be starting again.
const LOOK_UP_PAUSE: Duration = Duration::from_millis(500);

/// How often it's looked up.
const MOST_LOOK_UPS: usize = 6;

impl From<Option<TabSeen>> for Param {
    fn from(seen: Option<TabSeen>) -> Self {
        Self::Json(seen.map(seen_row))
    }
}

impl From<Expect> for Param {
    fn from(expect: Expect) -> Self {
        Self::Json(Some(
            json!({ "hold": expect.hold, "tab": expect.tab.map(seen_row) }),
        ))
    }
}

/// What was seen of a tab, as the functions compare it.
pub(crate) fn seen_row(seen: TabSeen) -> Json {
    json!({ "operations": seen.operations, "lines": seen.lines })
}

/// What a writing call says besides the rows that it's about.
#[derive(Debug, Default)]
pub(crate) struct Said<'a> {
    /// The journal's entries, which may raise findings.
    pub(crate) notes: &'a [Note],
    /// Findings as they are put.
    pub(crate) findings: &'a [Finding],
    /// What moved. The server gives them their numbers.
    pub(crate) movements: Vec<StoredMovement>,
}

impl<'a> Said<'a> {
    pub(crate) fn notes(notes: &'a [Note]) -> Self {
        Self {
            notes,
            ..Self::default()
        }
    }

    pub(crate) fn note(note: &'a Note) -> Self {
        Self::notes(std::slice::from_ref(note))
    }

    pub(crate) fn and_moved(self, movements: Vec<StoredMovement>) -> Self {
        Self { movements, ..self }
    }

    /// As the functions are handed it.
    pub(crate) fn json(&self, keys: &Keys) -> Result<Json, LedgerError> {
        let put = self
            .findings
            .iter()
            .map(|finding| finding_row(finding, false, keys));
        let raised = self.notes.iter().filter_map(Note::finding);
        let raised = raised.map(|finding| finding_row(&finding, true, keys));
        let findings: Vec<Json> = put.chain(raised).collect::<Result<_, _>>()?;
        let movements = self.movements.iter().map(|movement| rows::json(movement, keys));
        let movements: Vec<Json> = movements.collect::<Result<_, _>>()?;
        let notes = self.notes.iter().map(|note| note_row(note, keys));
        let notes: Vec<Json> = notes.collect::<Result<_, _>>()?;
        Ok(json!({ "findings": findings, "movements": movements, "notes": notes }))
    }
}

fn tab_id(tab: Option<TabId>) -> Json {
    tab.map_or(Json::Null, |tab| rows::bytes(tab.0.as_bytes()))
}

fn note_row(note: &Note, keys: &Keys) -> Result<Json, LedgerError> {
    let StoredEntry { body, personal } = StoredEntry::without_place(note, Uuid::now_v7(), keys)?;
    Ok(json!({
        "tab": tab_id(note.tab),
        "owner": tab_id(note.event.whose(note.tab)),
        "body": rows::bytes(&body),
        "personal": personal.map(|personal| rows::bytes(&personal)),
    }))
}

fn finding_row(finding: &Finding, is_raised: bool, keys: &dyn GuestKeys) -> Result<Json, LedgerError> {
    let more = [
        ("tab", tab_id(finding.tab)),
        ("owner", tab_id(finding.event.whose(finding.tab))),
        ("seen", finding.seen_by.is_some().into()),
        ("raised", is_raised.into()),
    ];
    rows::json_and(finding, keys, more)
}

impl PostgresLedger {
    /// Calls a writing function. [`Refusal::Moved`] when what it rests on was written since it was read.
    pub(crate) async fn call(&self, function: &str, params: Vec<Param>) -> Result<(), Refusal> {
        let called = self.call_once_for_all(function, params).await;
        self.mirror.note_call();
        called
    }

    /// The same, with as many attempts as it takes to know what became of it.
    async fn call_once_for_all(&self, function: &str, params: Vec<Param>) -> Result<(), Refusal> {
        let mut why = String::new();
        let losses = self.lanes.own.losses();
        for _ in 0..MOST_ATTEMPTS {
            let id = Uuid::now_v7();
            let mut all = vec![Param::from(id), Param::Int(self.session.number)];
            all.extend(params.iter().cloned());
            match self.lanes.call_unless_lost(losses, function, &all).await {
                Ok(_) => return Ok(()),
                Err(Refusal::Crowded(words)) => why = words,
                Err(Refusal::Lost(words)) => {
                    tracing::warn!(function, words, "an answer of the shared ledger was lost");
                    if self.was_done(id).await.map_err(Refusal::Because)? {
                        return Ok(());
                    }
                    why = words;
                }
                Err(refused) => return Err(refused),
            }
        }
        Err(Refusal::Because(unreachable(why)))
    }

    /// The same, for a call that rests on nothing that was read before.
    pub(crate) async fn write(&self, function: &str, params: Vec<Param>) -> Result<(), LedgerError> {
        self.call(function, params).await.map_err(Refusal::into_error)
    }

    /// The same, for one that keeps an operation whose request is to leave: how long it may, counted from before this
    /// call.
    pub(crate) async fn decide(&self, function: &str, params: Vec<Param>) -> Result<Permit, LedgerError> {
        let losses = self.lanes.own.losses();
        self.write(function, params.clone()).await?;
        self.permit(function, &params, losses)
    }

    /// Lets the request of a decision leave that is in the ledger now, once the till's own record has it too. `losses`
    /// is how often commits had been lost before the call: [`LedgerError::Changed`] if they were again.
    pub(crate) fn permit(
        &self,
        function: &str,
        params: &[Param],
        losses: u64,
    ) -> Result<Permit, LedgerError> {
        if let Some(record) = self.lanes.own.record()
            && let Some(decision) = Decision::of(function, params)
        {
            record.decided(decision, losses)?;
        }
        Ok(Permit::For(Permit::LONGEST))
    }

    /// Reads what a call rests on and makes it, again where that was written in between; the parameters that it was
    /// made with.
    pub(crate) async fn write_on<F>(
        &self,
        function: &str,
        prepare: impl Fn() -> F,
    ) -> Result<Vec<Param>, LedgerError>
    where
        F: Future<Output = Result<Vec<Param>, LedgerError>>,
    {
        for _ in 0..MOST_READINGS {
            let params = prepare().await?;
            match self.call(function, params.clone()).await {
                Err(Refusal::Moved) => {}
                other => return other.map(|()| params).map_err(Refusal::into_error),
            }
        }
        Err(LedgerError::Changed)
    }

    /// Whether a call whose answer was lost was committed. If it wasn't, it never will be: asking stands in its way.
    async fn was_done(&self, id: Uuid) -> Result<bool, LedgerError> {
        for _ in 0..MOST_LOOK_UPS {
            if let Ok(done) = self.lanes.call_all_the_same("was_done", &[Param::from(id)]).await {
                return Ok(done == Some(1));
            }
            tokio::time::sleep(LOOK_UP_PAUSE).await;
        }
        Err(unreachable("nobody knows whether the last call was carried out"))
    }
}
