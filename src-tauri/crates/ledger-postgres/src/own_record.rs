//! What a till keeps for itself of the ledger that it shares: the newest entry of the journal that it has seen, and
//! what it has decided. Should the server lose what it had confirmed, nobody else knows of it.
//!
//! It's a file to which lines are added. A decision is synced before its request may leave; the newest entry isn't, for
//! one that lags behind says less and nothing wrong.

use crate::values::Param;
use holdfast_domain::{TabId, TillId};
use holdfast_ledger::LedgerError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// The file is named by the till: enrolled again it's another one, of which this says nothing.
fn path(folder: &Path, till: TillId) -> PathBuf {
    folder.join(format!("shared-ledger-{till}.own"))
}

/// Deletes the records that tills kept in `folder`, once none of them works on that ledger any more.
pub fn forget_own_records(folder: &Path) {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for file in files.map(|file| file.path()) {
        let name = file.file_name().and_then(|name| name.to_str());
        let is_record = name.is_some_and(|name| name.starts_with("shared-ledger-") && name.ends_with(".own"));
        if is_record && let Err(error) = std::fs::remove_file(&file) {
            tracing::warn!(%error, file = %file.display(), "the record stays");
        }
    }
}

/// Beyond this the file is written whole again, with what still counts.
const MOST_BYTES: usize = 1024 * 1024;

/// Decisions that are kept, the newest: some hours of a busy till. A standby lags by seconds.
const MOST_DECISIONS: usize = 1_000;

/// An entry of the journal, of which incarnation of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Newest {
    pub(crate) seq: i64,
    /// In hexadecimal.
    pub(crate) seal: String,
    pub(crate) incarnation: Uuid,
}

/// A decision with the rows that were written with it, as the function `put_back` takes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decision {
    pub(crate) rows: Map<String, Json>,
    /// It was lost and couldn't be put back yet.
    pub(crate) is_left: bool,
}

impl Decision {
    /// Of the parameters of a function that keeps a decision whose request has yet to leave.
    pub(crate) fn of(function: &str, params: &[Param]) -> Option<Self> {
        let names: &[&str] = match function {
            "intend" => &["", "operation", "said"],
            "add_hold" => &["hold", "operation", "", "said"],
            "open_tab" => &["tab", "key", "hold", "operation", "said"],
            "begin_renewal" => &["renewal", "hold", "operation", "", "said"],
            "end_ask" => &["", "", "", "hold", "operation", "", "said"],
            _ => return None,
        };
        let rows = names.iter().zip(params).filter(|(name, _)| !name.is_empty());
        let rows = rows.map(|(name, param)| match param {
            Param::Json(row) => Some(((*name).to_owned(), row.clone()?)),
            Param::Bytes(bytes) => Some(((*name).to_owned(), crate::rows::bytes(bytes.as_ref()?))),
            Param::Ids(_) | Param::Int(_) | Param::Text(_) => None,
        });
        let rows: Option<Map<String, Json>> = rows.collect();
        let rows = rows?;
        // State 0 is intended: what was found at Dojo has no request.
        let is_to_be_sent = rows.get("operation")?.get("state")?.as_i64() == Some(0);
        is_to_be_sent.then_some(Self { rows, is_left: false })
    }

    /// The operation's id.
    pub(crate) fn operation(&self) -> Vec<u8> {
        let id = self.rows.get("operation").and_then(|row| row.get("id")?.as_str());
        let id = id.and_then(|id| hex::decode(id.strip_prefix("\\x")?).ok());
        id.unwrap_or_default()
    }

    /// The tab that it opened, as its row has it: then the guest's key is in it.
    fn opened(&self) -> Option<&Json> {
        self.rows.get("tab")?.get("id")
    }
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
enum Line {
    Newest(Newest),
    Decision(Decision),
}

#[derive(Debug)]
struct Kept {
    file: File,
    bytes: usize,
    /// How large the file may grow before it's written whole.
    most_bytes: usize,
    newest: Option<Newest>,
    decisions: Vec<Decision>,
}

/// The till's own record.
#[derive(Debug)]
pub(crate) struct OwnRecord {
    path: PathBuf,
    kept: Mutex<Kept>,
    /// How often commits turned out to be lost.
    losses: AtomicU64,
    /// One connection at a time looks for that.
    pub(crate) looking: tokio::sync::Mutex<()>,
}

fn failed(error: &std::io::Error) -> LedgerError {
    LedgerError::Storage(format!("the till’s own record of the shared ledger: {error}"))
}

impl OwnRecord {
    /// Reads the till's in `folder`, or begins one.
    pub(crate) fn open(folder: &Path, till: TillId) -> Result<Self, LedgerError> {
        let path = path(folder, till);
        let (mut newest, mut decisions) = (None, Vec::new());
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                // A cut may leave the last line unfinished: then its request never left.
                for line in text.lines().filter_map(|line| serde_json::from_str(line).ok()) {
                    match line {
                        Line::Newest(seen) => newest = Some(seen),
                        Line::Decision(decision) => decisions.push(decision),
                    }
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&error)),
        }
        let kept = written(&path, newest, decisions).map_err(|error| failed(&error))?;
        Ok(Self {
            path,
            kept: Mutex::new(kept),
            losses: AtomicU64::new(0),
            looking: tokio::sync::Mutex::default(),
        })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest entry that was seen.
    pub(crate) fn newest(&self) -> Option<Newest> {
        self.kept().newest.clone()
    }

    /// What was decided, oldest first.
    pub(crate) fn decisions(&self) -> Vec<Decision> {
        self.kept().decisions.clone()
    }

    /// Whether a decision that was lost has yet to be put back.
    pub(crate) fn has_left(&self) -> bool {
        self.kept().decisions.iter().any(|decision| decision.is_left)
    }

    /// How often commits turned out to be lost since the till was opened.
    pub(crate) fn losses(&self) -> u64 {
        self.losses.load(Ordering::Acquire)
    }

    /// Takes note of an entry, unless a newer one of the same incarnation is known: answers overtake one another.
    pub(crate) fn saw(&self, seen: Newest) {
        let mut kept = self.kept();
        let is_older = kept
            .newest
            .as_ref()
            .is_some_and(|known| known.incarnation == seen.incarnation && known.seq >= seen.seq);
        if is_older {
            return;
        }
        kept.newest = Some(seen.clone());
        if let Err(error) = self.add(&mut kept, &Line::Newest(seen)) {
            tracing::warn!(%error, "the till’s own record lags behind");
        }
    }

    /// Keeps a decision: durable when it returns.
    pub(crate) fn decided(&self, decision: Decision) -> Result<(), LedgerError> {
        let mut kept = self.kept();
        kept.decisions.push(decision.clone());
        let line = Line::Decision(decision);
        let done = self.add(&mut kept, &line).and_then(|()| kept.file.sync_data());
        done.map_err(|error| failed(&error))
    }

    /// Forgets the guests of these tabs, whose keys it may have.
    pub(crate) fn forget(&self, tabs: &[TabId]) -> Result<(), LedgerError> {
        let tabs: Vec<Json> = tabs
            .iter()
            .map(|tab| crate::rows::bytes(tab.0.as_bytes()))
            .collect();
        let is_theirs = |decision: &Decision| decision.opened().is_some_and(|tab| tabs.contains(tab));
        let mut kept = self.kept();
        if !kept.decisions.iter().any(is_theirs) {
            return Ok(());
        }
        let (newest, mut decisions) = (kept.newest.clone(), kept.decisions.clone());
        decisions.retain(|decision| !is_theirs(decision));
        *kept = written(&self.path, newest, decisions).map_err(|error| failed(&error))?;
        Ok(())
    }

    /// Says that the ledger goes on from `newest`, after commits were lost or decisions put back.
    pub(crate) fn goes_on(
        &self,
        newest: Option<Newest>,
        decisions: Vec<Decision>,
        was_lost: bool,
    ) -> Result<(), LedgerError> {
        let mut kept = self.kept();
        *kept = written(&self.path, newest, decisions).map_err(|error| failed(&error))?;
        if was_lost {
            self.losses.fetch_add(1, Ordering::AcqRel);
        }
        Ok(())
    }

    fn add(&self, kept: &mut Kept, line: &Line) -> std::io::Result<()> {
        // Begun on a line of its own, whatever a full disk has left of the one before.
        let text = format!("\n{}\n", serde_json::to_string(line)?);
        kept.file.write_all(text.as_bytes())?;
        kept.bytes += text.len();
        if kept.bytes > kept.most_bytes {
            let decisions = std::mem::take(&mut kept.decisions);
            *kept = written(&self.path, kept.newest.clone(), decisions)?;
        }
        Ok(())
    }
}

/// All that counts, as lines.
fn whole(newest: Option<&Newest>, decisions: &[Decision]) -> std::io::Result<String> {
    let newest = newest.cloned().map(Line::Newest);
    let decisions = decisions.iter().cloned().map(Line::Decision);
    let mut text = String::new();
    for line in newest.into_iter().chain(decisions) {
        text.push_str(&serde_json::to_string(&line)?);
        text.push('\n');
    }
    Ok(text)
}

/// Writes the file whole, and leaves it open for what is added.
fn written(path: &Path, newest: Option<Newest>, mut decisions: Vec<Decision>) -> std::io::Result<Kept> {
    decisions.drain(..decisions.len().saturating_sub(MOST_DECISIONS));
    let text = whole(newest.as_ref(), &decisions)?;
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    // Or a power cut takes the new name away. Windows has no such thing, and needs none.
    #[cfg(unix)]
    File::open(path.parent().unwrap_or(path))?.sync_all()?;
    Ok(Kept {
        file,
        bytes: text.len(),
        most_bytes: MOST_BYTES.max(text.len().saturating_mul(2)),
        newest,
        decisions,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn seen(seq: i64) -> Newest {
        Newest {
            seq,
            seal: format!("{seq:064x}"),
            incarnation: Uuid::from_u128(1),
        }
    }

    fn decision(tab: u128) -> Decision {
        let id = crate::rows::bytes(Uuid::from_u128(tab).as_bytes());
        let params = [
            json!({ "id": id }).into(),
            Param::Bytes(Some(vec![7; 32])),
            json!({ "tab": id }).into(),
            json!({ "state": 0 }).into(),
            json!({ "notes": [] }).into(),
        ];
        Decision::of("open_tab", &params).unwrap()
    }

    fn till() -> TillId {
        TillId(Uuid::from_u128(9))
    }

    #[test]
    fn what_was_seen_and_decided_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let record = OwnRecord::open(folder.path(), till()).unwrap();
        record.saw(seen(3));
        record.decided(decision(1)).unwrap();
        record.saw(seen(5));
        // Answers overtake one another.
        record.saw(seen(4));
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!(again.newest(), Some(seen(5)));
        assert_eq!(again.decisions(), [decision(1)]);
        let other = OwnRecord::open(folder.path(), TillId(Uuid::from_u128(8))).unwrap();
        assert_eq!(other.newest(), None, "another till’s says nothing");
    }

    #[test]
    fn a_line_that_a_cut_left_unfinished_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let record = OwnRecord::open(folder.path(), till()).unwrap();
        record.saw(seen(3));
        record.decided(decision(1)).unwrap();
        let path = path(folder.path(), till());
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 9]).unwrap();
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!((again.newest(), again.decisions()), (Some(seen(3)), vec![]));
        again.decided(decision(2)).unwrap();
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!(again.decisions(), [decision(2)]);
    }

    #[test]
    fn it_stays_small_and_keeps_the_newest_decisions() {
        let folder = tempfile::tempdir().unwrap();
        let record = OwnRecord::open(folder.path(), till()).unwrap();
        let count = u128::try_from(MOST_DECISIONS).unwrap();
        for tab in 0..count + 5 {
            record.decided(decision(tab)).unwrap();
        }
        for seq in 0..20_000 {
            record.saw(seen(seq));
        }
        let bytes = std::fs::metadata(path(folder.path(), till())).unwrap().len();
        assert!(bytes < 3 * 1024 * 1024, "{bytes}");
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        let decisions = again.decisions();
        assert_eq!(decisions.len(), MOST_DECISIONS);
        assert_eq!(decisions.last(), Some(&decision(count + 4)));
        assert_eq!(again.newest(), Some(seen(19_999)));
    }

    #[test]
    fn a_forgotten_guests_key_is_in_it_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let record = OwnRecord::open(folder.path(), till()).unwrap();
        for tab in 1..=2 {
            record.decided(decision(tab)).unwrap();
        }
        record.forget(&[TabId(Uuid::from_u128(1))]).unwrap();
        assert_eq!(record.decisions(), [decision(2)]);
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!(again.decisions(), [decision(2)]);
    }
}
