//! What a till keeps for itself of the ledger that it shares: the newest entry of the journal that it has seen, and
//! what it has decided. Should the server lose what it had confirmed, nobody else knows of it.
//!
//! It's a file to which lines are added. A decision is synced before its request may leave; the newest entry isn't, for
//! one that lags behind says less and nothing wrong.

use crate::decision::Decision;
use holdfast_domain::{TabId, TillId};
use holdfast_ledger::LedgerError;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The file is named by the till: enrolled again it's another one, of which this says nothing.
fn path(folder: &Path, till: TillId) -> PathBuf {
    folder.join(format!("shared-ledger-{till}.own"))
}

/// Deletes the records that tills kept in `folder`, once none of them works on that ledger any more.
pub fn forget_own_records(folder: &Path) {
    forget_but(None, folder);
}

/// The same but for one, and for what a cut left of any that was being written.
fn forget_but(kept: Option<&Path>, folder: &Path) {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for file in files.map(|file| file.path()) {
        let name = file.file_name().and_then(|name| name.to_str());
        let is_record = name.is_some_and(|name| {
            name.starts_with("shared-ledger-") && (name.ends_with(".own") || name.ends_with(".new"))
        });
        let is_kept = kept == Some(file.as_path());
        if is_record
            && !is_kept
            && let Err(error) = std::fs::remove_file(&file)
        {
            tracing::warn!(%error, file = %file.display(), "the record stays");
        }
    }
}

/// Beyond this the file is written whole again, with what still counts.
const MOST_BYTES: usize = 1024 * 1024;

/// Decisions that are kept, the newest: some hours of a busy till. A standby lags by seconds.
const MOST_DECISIONS: usize = 1_000;

/// Forgotten guests' tabs that are kept, the newest: some weeks of a busy venue.
const MOST_FORGOTTEN: usize = 5_000;

/// How often a decision is tried again that couldn't be put back: another till may never bring what it rests on.
const PUT_BACK_EVERY: Duration = Duration::from_secs(30);

/// An entry of the journal, of which incarnation of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Newest {
    pub(crate) seq: i64,
    /// In hexadecimal.
    pub(crate) seal: String,
    pub(crate) incarnation: Uuid,
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
enum Line {
    Newest(Newest),
    Decision(Decision),
    /// An incarnation of the ledger that another one followed, by what the till has seen.
    Former(Uuid),
    /// Tabs whose guests were forgotten.
    Forgotten(Vec<TabId>),
    /// Those of them that the ledger knows again, since it was put back, and whose guests can't be forgotten yet.
    KnownAgain(Vec<TabId>),
}

/// What a file says.
#[derive(Debug, Clone, Default)]
struct Lines {
    newest: Option<Newest>,
    decisions: Vec<Decision>,
    former: Vec<Uuid>,
    forgotten: Vec<TabId>,
    known_again: Vec<TabId>,
}

#[derive(Debug)]
struct Kept {
    file: File,
    bytes: usize,
    /// How large the file may grow before it's written whole.
    most_bytes: usize,
    lines: Lines,
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
    /// When it was last asked whether to put back what is left.
    put_back_at: Mutex<Option<Instant>>,
}

fn failed(error: &std::io::Error) -> LedgerError {
    LedgerError::Storage(format!("the till’s own record of the shared ledger: {error}"))
}

impl OwnRecord {
    /// Reads the till's in `folder`, or begins one. Those of tills that it was before have keys of guests, of whom they
    /// would never hear that they are forgotten.
    pub(crate) fn open(folder: &Path, till: TillId) -> Result<Self, LedgerError> {
        let path = path(folder, till);
        let mut lines = Lines::default();
        match std::fs::read(&path) {
            Ok(bytes) => {
                // A cut may leave the last line unfinished, within a letter too: then its request never left.
                for line in String::from_utf8_lossy(&bytes)
                    .lines()
                    .filter_map(|line| serde_json::from_str(line).ok())
                {
                    match line {
                        Line::Newest(seen) => lines.newest = Some(seen),
                        Line::Decision(decision) => lines.decisions.push(decision),
                        Line::Former(incarnation) => lines.former.push(incarnation),
                        Line::Forgotten(tabs) => lines.forgotten.extend(tabs),
                        Line::KnownAgain(tabs) => lines.known_again.extend(tabs),
                    }
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&error)),
        }
        let kept = written(&path, lines).map_err(|error| failed(&error))?;
        forget_but(Some(&path), folder);
        Ok(Self {
            path,
            kept: Mutex::new(kept),
            losses: AtomicU64::new(0),
            looking: tokio::sync::Mutex::default(),
            put_back_at: Mutex::default(),
        })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest entry that was seen.
    pub(crate) fn newest(&self) -> Option<Newest> {
        self.kept().lines.newest.clone()
    }

    /// What was decided, oldest first.
    pub(crate) fn decisions(&self) -> Vec<Decision> {
        self.kept().lines.decisions.clone()
    }

    /// Whether a decision that was lost has yet to be put back, or a guest to be forgotten again.
    pub(crate) fn has_left(&self) -> bool {
        let kept = self.kept();
        let mut decisions = kept.lines.decisions.iter();
        !kept.lines.known_again.is_empty() || decisions.any(|decision| decision.is_left)
    }

    /// The tabs of guests who may have to be forgotten again: where commits were lost, all who were forgotten.
    pub(crate) fn to_forget(&self, was_lost: bool) -> Vec<TabId> {
        let lines = &self.kept().lines;
        if was_lost {
            lines.forgotten.clone()
        } else {
            lines.known_again.clone()
        }
    }

    /// Whether the till has seen another one follow this incarnation of the ledger.
    pub(crate) fn is_former(&self, incarnation: Uuid) -> bool {
        self.kept().lines.former.contains(&incarnation)
    }

    /// Whether that is to be tried now: once in a while.
    pub(crate) fn is_to_be_put_back(&self) -> bool {
        if !self.has_left() {
            return false;
        }
        let now = Instant::now();
        let mut last = self.put_back_at.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|last| now.duration_since(last) >= PUT_BACK_EVERY);
        if is_due {
            *last = Some(now);
        }
        is_due
    }

    /// The tabs whose guests' keys are in it.
    pub(crate) fn opened(&self) -> Vec<TabId> {
        self.kept()
            .lines
            .decisions
            .iter()
            .filter_map(Decision::opened_tab)
            .collect()
    }

    /// How often commits turned out to be lost since the till was opened.
    pub(crate) fn losses(&self) -> u64 {
        self.losses.load(Ordering::Acquire)
    }

    /// Takes note of an entry, unless a newer one of the same incarnation is known: answers overtake one another.
    pub(crate) fn saw(&self, seen: Newest) {
        let mut kept = self.kept();
        let is_older = kept
            .lines
            .newest
            .as_ref()
            .is_some_and(|known| known.incarnation == seen.incarnation && known.seq >= seen.seq);
        if is_older {
            return;
        }
        kept.lines.newest = Some(seen.clone());
        if let Err(error) = self.add(&mut kept, &Line::Newest(seen)) {
            tracing::warn!(%error, "the till’s own record lags behind");
        }
    }

    /// Keeps a decision that was made when commits had been lost that often: durable when it returns.
    /// [`LedgerError::Changed`] where more were lost since: it may have been made on the server before.
    pub(crate) fn decided(&self, decision: Decision, losses: u64) -> Result<(), LedgerError> {
        let mut kept = self.kept();
        if self.losses() != losses {
            return Err(LedgerError::Changed);
        }
        kept.lines.decisions.push(decision.clone());
        let line = Line::Decision(decision);
        let done = self.add(&mut kept, &line).and_then(|()| kept.file.sync_data());
        done.map_err(|error| failed(&error))
    }

    /// Forgets the guests of these tabs, whose keys it may have, and remembers that they are forgotten: a server that
    /// is put back knows them again.
    pub(crate) fn forget(&self, tabs: &[TabId]) -> Result<(), LedgerError> {
        let is_theirs = |decision: &Decision| decision.opened_tab().is_some_and(|tab| tabs.contains(&tab));
        let mut kept = self.kept();
        let known: HashSet<TabId> = kept.lines.forgotten.iter().copied().collect();
        let new: Vec<TabId> = tabs.iter().filter(|tab| !known.contains(*tab)).copied().collect();
        let done = if kept.lines.decisions.iter().any(is_theirs) {
            let mut lines = kept.lines.clone();
            lines.forgotten.extend(new);
            lines.decisions.retain(|decision| !is_theirs(decision));
            written(&self.path, lines).map(|written| *kept = written)
        } else if new.is_empty() {
            Ok(())
        } else {
            kept.lines.forgotten.extend(&new);
            let line = Line::Forgotten(new);
            self.add(&mut kept, &line).and_then(|()| kept.file.sync_data())
        };
        done.map_err(|error| failed(&error))
    }

    /// Says that the ledger goes on from `newest`, after commits were lost or decisions put back. `decisions` are those
    /// that were looked for. What was decided meanwhile may be on the server before, and is looked for the next time.
    /// `known_again` are tabs whose guests have yet to be forgotten again.
    pub(crate) fn goes_on(
        &self,
        newest: Option<Newest>,
        decisions: Vec<Decision>,
        was_lost: bool,
        known_again: Vec<TabId>,
    ) -> Result<(), LedgerError> {
        let looked_for = decisions.into_iter().map(|one| (one.operation(), one.is_left));
        let looked_for: HashMap<Vec<u8>, bool> = looked_for.collect();
        let mut kept = self.kept();
        let mut decisions = kept.lines.decisions.clone();
        for decision in &mut decisions {
            let is_left = looked_for.get(&decision.operation());
            decision.is_left = is_left.copied().unwrap_or(decision.is_left || was_lost);
        }
        let mut former = kept.lines.former.clone();
        let incarnation = |seen: &Option<Newest>| seen.as_ref().map(|seen| seen.incarnation);
        if was_lost && incarnation(&kept.lines.newest) != incarnation(&newest) {
            former.extend(incarnation(&kept.lines.newest));
        }
        let lines = Lines {
            newest,
            decisions,
            former,
            forgotten: kept.lines.forgotten.clone(),
            known_again,
        };
        *kept = written(&self.path, lines).map_err(|error| failed(&error))?;
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
            match written(&self.path, kept.lines.clone()) {
                Ok(shorter) => *kept = shorter,
                // What was added is in it all the same.
                Err(error) => {
                    tracing::warn!(%error, "the till’s own record can’t be shortened");
                    kept.most_bytes = kept.bytes.saturating_mul(2);
                }
            }
        }
        Ok(())
    }
}

/// All that counts, as lines.
fn whole(lines: &Lines) -> std::io::Result<String> {
    let newest = lines.newest.clone().map(Line::Newest);
    let decisions = lines.decisions.iter().cloned().map(Line::Decision);
    let former = lines.former.iter().copied().map(Line::Former);
    let forgotten = Line::Forgotten(lines.forgotten.clone());
    let guests = [forgotten, Line::KnownAgain(lines.known_again.clone())];
    let mut text = String::new();
    for line in newest.into_iter().chain(decisions).chain(former).chain(guests) {
        text.push_str(&serde_json::to_string(&line)?);
        text.push('\n');
    }
    Ok(text)
}

/// Writes the file whole, and leaves it open for what is added.
fn written(path: &Path, mut lines: Lines) -> std::io::Result<Kept> {
    let too_many = lines.decisions.len().saturating_sub(MOST_DECISIONS);
    lines.decisions.drain(..too_many);
    let too_many = lines.forgotten.len().saturating_sub(MOST_FORGOTTEN);
    lines.forgotten.drain(..too_many);
    let text = whole(&lines)?;
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    // Or a power cut takes the new name away. Windows has no such thing, and needs none. Nothing is added to the file
    // before, whatever comes of this.
    #[cfg(unix)]
    if let Err(error) = File::open(path.parent().unwrap_or(path)).and_then(|folder| folder.sync_all()) {
        tracing::warn!(%error, "the folder of the till’s own record can’t be synced");
    }
    Ok(Kept {
        file,
        bytes: text.len(),
        most_bytes: MOST_BYTES.max(text.len().saturating_mul(2)),
        lines,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Param;
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
            json!({ "id": id, "state": 0 }).into(),
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
        record.decided(decision(1), 0).unwrap();
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
        record.decided(decision(1), 0).unwrap();
        let path = path(folder.path(), till());
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 9]).unwrap();
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!((again.newest(), again.decisions()), (Some(seen(3)), vec![]));
        again.decided(decision(2), 0).unwrap();
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!(again.decisions(), [decision(2)]);
    }

    /// A power cut may come within a letter, and leave what was on the disk before.
    #[test]
    fn what_is_no_text_is_passed_over_and_keeps_no_till_from_its_work() {
        let folder = tempfile::tempdir().unwrap();
        let record = OwnRecord::open(folder.path(), till()).unwrap();
        record.decided(decision(1), 0).unwrap();
        let path = path(folder.path(), till());
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(b"\n{\"Decision\":{\"rows\":{\"opened_by\":\"Zo\xc3");
        bytes.extend([0, 0, 0xff, 0xfe]);
        std::fs::write(&path, bytes).unwrap();
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!(again.decisions(), [decision(1)]);
    }

    #[test]
    fn it_stays_small_and_keeps_the_newest_decisions() {
        let folder = tempfile::tempdir().unwrap();
        let record = OwnRecord::open(folder.path(), till()).unwrap();
        let count = u128::try_from(MOST_DECISIONS).unwrap();
        for tab in 0..count + 5 {
            record.decided(decision(tab), 0).unwrap();
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
            record.decided(decision(tab), 0).unwrap();
        }
        record.forget(&[TabId(Uuid::from_u128(1))]).unwrap();
        assert_eq!(record.decisions(), [decision(2)]);
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!(again.decisions(), [decision(2)]);
    }

    /// The till joined again by a new code: nobody works as the one before, and nobody forgets a guest in its record.
    #[test]
    fn no_record_of_a_till_that_this_computer_was_before_keeps_a_guests_key() {
        let folder = tempfile::tempdir().unwrap();
        let before = OwnRecord::open(folder.path(), TillId(Uuid::from_u128(8))).unwrap();
        before.decided(decision(1), 0).unwrap();
        let cut = path(folder.path(), TillId(Uuid::from_u128(8))).with_extension("new");
        std::fs::write(&cut, "half of it").unwrap();
        std::fs::write(folder.path().join("shared-ledger.json"), "{}").unwrap();
        OwnRecord::open(folder.path(), till()).unwrap();
        let files = std::fs::read_dir(folder.path()).unwrap();
        let mut left: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        left.sort();
        assert_eq!(
            left,
            [
                path(folder.path(), till()),
                folder.path().join("shared-ledger.json")
            ]
        );
    }

    #[test]
    fn who_was_forgotten_is_remembered_as_that_whatever_else_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let record = OwnRecord::open(folder.path(), till()).unwrap();
        let tabs = [1, 2, 3].map(|tab| TabId(Uuid::from_u128(tab)));
        record.decided(decision(1), 0).unwrap();
        for tab in tabs {
            record.forget(&[tab]).unwrap();
            record.forget(&tabs[..1]).unwrap();
        }
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!(again.to_forget(true), tabs);
        assert_eq!((again.to_forget(false), again.has_left()), (vec![], false));
        again.goes_on(None, Vec::new(), true, vec![tabs[1]]).unwrap();
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!((again.to_forget(false), again.has_left()), (vec![tabs[1]], true));
        assert_eq!(again.to_forget(true), tabs);
    }

    /// It can't make the new file, as on a full disk.
    #[test]
    fn where_it_can_t_be_shortened_nothing_of_it_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let record = OwnRecord::open(folder.path(), till()).unwrap();
        let in_the_way = path(folder.path(), till()).with_extension("new");
        std::fs::create_dir(&in_the_way).unwrap();
        record.kept().most_bytes = 10;
        record.decided(decision(1), 0).unwrap();
        std::fs::remove_dir(&in_the_way).unwrap();
        record.kept().most_bytes = 10;
        record.decided(decision(2), 0).unwrap();
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!(again.decisions(), [decision(1), decision(2)]);
    }

    #[test]
    fn what_is_decided_while_losses_are_looked_for_is_looked_for_next() {
        let folder = tempfile::tempdir().unwrap();
        let record = OwnRecord::open(folder.path(), till()).unwrap();
        record.decided(decision(1), 0).unwrap();
        let looked_for = record.decisions();
        record.decided(decision(2), 0).unwrap();
        record
            .goes_on(Some(seen(1)), looked_for, true, Vec::new())
            .unwrap();
        let left = Decision {
            is_left: true,
            ..decision(2)
        };
        let again = OwnRecord::open(folder.path(), till()).unwrap();
        assert_eq!(again.decisions(), [decision(1), left]);
    }

    #[test]
    fn nothing_is_sent_on_a_decision_that_the_server_before_may_have_taken_along() {
        let folder = tempfile::tempdir().unwrap();
        let record = OwnRecord::open(folder.path(), till()).unwrap();
        let before = record.losses();
        record
            .goes_on(Some(seen(1)), Vec::new(), true, Vec::new())
            .unwrap();
        let refused = record.decided(decision(1), before);
        assert!(matches!(refused, Err(LedgerError::Changed)), "{refused:?}");
        assert_eq!(record.decisions(), []);
        record.decided(decision(1), record.losses()).unwrap();
    }

    #[test]
    fn what_is_left_is_tried_once_in_a_while_and_not_with_each_question() {
        let folder = tempfile::tempdir().unwrap();
        let record = OwnRecord::open(folder.path(), till()).unwrap();
        assert!(!record.is_to_be_put_back());
        record.decided(decision(1), 0).unwrap();
        record.goes_on(None, Vec::new(), true, Vec::new()).unwrap();
        assert!(record.is_to_be_put_back());
        assert!(!record.is_to_be_put_back());
    }
}
