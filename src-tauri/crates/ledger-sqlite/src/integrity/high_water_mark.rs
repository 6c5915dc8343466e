//! A mark beside the ledger: the journal's newest entry and its first. A write-ahead log that went missing, or an
//! older file put in the ledger's place, leaves a file that is sound and yet knows too little; only
//! something outside the file can tell.

use crate::store::journal::{self, Head};
use holdfast_ledger::stored::Seal;
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::{
    fs::{File, OpenOptions},
    io::{Seek, Write},
    path::{Path, PathBuf},
};

const MARK_NAME: &str = "ledger.mark";

/// Where it lies.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join(MARK_NAME)
}

/// Whether a ledger goes on from its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Continuity {
    /// It knows all that the mark knows.
    Current,
    /// It ends before the mark.
    Behind,
    /// At the mark's place it has another entry: another ledger's file.
    Foreign,
}

/// Follows the journal's end.
#[derive(Debug)]
pub(crate) struct HighWaterMark {
    file: Option<File>,
    changes: u64,
    seq: i64,
    first: Option<String>,
}

impl HighWaterMark {
    /// Of a ledger that was just found sound. Without a mark the ledger works all the same.
    pub(crate) fn start(folder: &Path, c: &Connection) -> Self {
        let opened = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path(folder));
        let file = opened
            .inspect_err(|error| tracing::warn!(%error, "no mark beside the ledger"))
            .ok();
        let mut mark = Self {
            file,
            changes: u64::MAX,
            seq: -1,
            first: None,
        };
        mark.follow(c);
        mark
    }

    /// Moves on when something was committed. It is not synced: a mark that lags says less, never
    /// anything wrong.
    pub(crate) fn follow(&mut self, c: &Connection) {
        let changes = c.total_changes();
        if std::mem::replace(&mut self.changes, changes) == changes {
            return;
        }
        if let Ok((seq, Some(seal))) = journal::last(c)
            && seq != self.seq
        {
            self.first = self.first.take().or_else(|| seal_at(c, 1));
            self.write(seq, &seal.to_hex());
        }
    }

    fn write(&mut self, seq: i64, seal: &str) {
        let Some(file) = &mut self.file else { return };
        let first = self.first.as_deref().unwrap_or_default();
        let body = format!("{seq:020} {seal} {first}");
        let line = format!("{body} {}\n", hash(&body));
        match file.rewind().and_then(|()| file.write_all(line.as_bytes())) {
            Ok(()) => self.seq = seq,
            Err(error) => tracing::warn!(%error, "the mark beside the ledger could not be written"),
        }
    }
}

/// Holds a sound ledger against the mark in `folder`; one that can't be read says nothing.
pub(crate) fn continuity(folder: &Path, c: &Connection, head: &Head) -> Continuity {
    let Some((seq, seal, first)) = std::fs::read_to_string(path(folder))
        .ok()
        .and_then(|text| read(&text))
    else {
        return Continuity::Current;
    };
    // Two ledgers never begin alike: the first entry has its own time and tab.
    if head.seq > 0 && !journal::is_sealed_as(c, 1, &first) {
        return Continuity::Foreign;
    }
    if seq > head.seq {
        return Continuity::Behind;
    }
    if journal::is_sealed_as(c, seq, &seal) {
        Continuity::Current
    } else {
        Continuity::Foreign
    }
}

/// The seal of the journal's entry `seq`, as text.
fn seal_at(c: &Connection, seq: i64) -> Option<String> {
    journal::seal_at(c, seq).ok().flatten().map(Seal::to_hex)
}

/// What a line is checked by.
fn hash(body: &str) -> String {
    hex::encode(Sha256::new().chain_update(body).chain_update("\n").finalize())
}

fn read(text: &str) -> Option<(i64, String, String)> {
    let (body, check) = text.trim_end_matches('\n').rsplit_once(' ')?;
    if hash(body) != check {
        return None;
    }
    let mut parts = body.split(' ');
    let (seq, seal, first) = (parts.next()?, parts.next()?, parts.next()?);
    Some((seq.parse().ok()?, seal.to_owned(), first.to_owned()))
}
