//! What staff do: open, add to a bill, take, release, cancel, refund, look.
//!
//! [`Desk`] is the one way to all of it, for the window and for `holdfast-cli` alike. It stands on
//! ports: [`Clock`], [`holdfast_ledger::Ledger`] and [`holdfast_dojo::Transport`].

mod act;
mod around;
mod asks;
mod attention;
mod backup;
mod bill;
mod bring_in;
mod clock;
mod codes;
mod connection;
mod consent;
mod contradiction;
mod days;
mod echo;
mod error;
mod export;
mod find;
mod floor;
mod gap;
mod interrupted;
mod keep_watch;
mod lapse;
mod learn;
mod link_mail;
mod mend;
mod mode;
mod new;
mod news;
mod night;
mod opening;
mod operate;
mod order;
mod pages;
mod paper;
mod polite;
mod put_back;
mod receipt;
mod redraw;
mod refund;
mod refusals;
mod renew;
mod renewal_view;
mod report;
mod report_view;
mod restored;
mod send;
mod settings;
mod show;
mod standing;
mod stored_settings;
mod support;
mod sweep;
mod take;
mod turn_up;
mod unread;
pub mod view;
mod warn;
mod words;
mod worklists;

pub use act::Act;
pub use attention::{Aside, Attention, Item, Next, NextKind};
pub use clock::{Clock, SystemClock};
pub use consent::{Look, Seen, SeenHold};
pub use days::{Chart, ChartBar, DayRow, DaysView};
pub use error::{AppError, ErrorCode, FieldError};
pub use export::{Export, ExportKind};
pub use find::ClosedAsked;
pub use floor::LONG_CHECK;
pub use keep_watch::Rounds;
pub use mend::Details;
pub use mode::{KeyStore, Mode};
pub use new::{LinkEnds, OpenTab};
pub use night::{Night, NightAction, NightChoice, NightFlag, NightRow, NightSeen, RunRow, RunView};
pub use opening::AskForMore;
pub use operate::Decision;
pub use order::{Filter, FloorOrder};
pub use paper::{Paper, PaperKind, PaperOffer};
pub use put_back::{AFTERWARDS, lost};
pub use redraw::Drawn;
pub use refund::{RefundPart, RefundPreview, RefundTyped, SayRefund};
pub use renew::Renew;
pub use renewal_view::{RenewPreview, RenewalView};
pub use report_view::{ReportDue, ReportLeftover, ReportLine, ReportPart, ReportRow, ReportSums, ReportView};
pub use settings::Settings;
pub use take::{Agreed, DojoTakes, Part, Take, TakePreview, TakeTyped, Taken, TipChoice, Unsent, WayOn};
pub use warn::{Notice, Notifier};
pub use worklists::{Worklist, WorklistEntry, WorklistNext, WorklistStep, Worklists};

use chrono::{DateTime, Utc};
use holdfast_dojo::Client;
use holdfast_domain::{HoldId, OperationId, Reckoning, TabId};
use holdfast_ledger::{Ledger, Note};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use sweep::Quiet;
use tokio::sync::watch;

/// The desk of one venue in one mode.
pub struct Desk {
    ledger: Arc<dyn Ledger>,
    dojo: Client,
    clock: Arc<dyn Clock>,
    time: clock::Time,
    /// Operations whose request is on its way in this process; the sweep leaves their outcome alone.
    in_flight: Mutex<HashSet<OperationId>>,
    /// One decision at a time gets from its reading to its row in the ledger, hold by hold.
    turns: operate::Locks<HoldId>,
    /// One press at a time of those that open something, by its decision.
    openings: operate::Locks<OperationId>,
    /// One at a time goes on with what takes left to be asked for.
    asking: tokio::sync::Mutex<()>,
    /// One taking of a bill at a time, from working out what is due until it is taken, tab by tab.
    takings: operate::Locks<TabId>,
    asked: polite::Asked,
    /// Counts the readings as they begin.
    readings: AtomicU64,
    /// Whoever writes down what became of an operation holds this; with the number of the newest
    /// reading of each hold, for an older one that comes in after it would turn back time.
    settling: tokio::sync::Mutex<HashMap<HoldId, u64>>,
    /// When each hold was read last, since the program's start.
    last_read: Mutex<HashMap<HoldId, DateTime<Utc>>>,
    /// How long Dojo's record has been silent; deliberately forgotten at a restart.
    quiet: Mutex<HashMap<OperationId, Quiet>>,
    /// What Dojo shows against what it showed before, hold by hold; forgotten at a restart, and seen afresh.
    contradictions: Mutex<HashMap<HoldId, contradiction::Contradiction>>,
    /// Requests that were withdrawn, and when by the steady count: a payment under way may go through all the same.
    withdrawn: Mutex<HashMap<HoldId, Duration>>,
    /// One line at a time is held against the bill that it is added to.
    bills: tokio::sync::Mutex<()>,
    /// The night is begun by one at a time.
    closing: tokio::sync::Mutex<()>,
    /// One at a time goes on with a renewal, or gives one up.
    renewing: tokio::sync::Mutex<()>,
    /// Closing the night is under way in this process.
    night_runs: AtomicBool,
    /// Somebody pressed stop.
    night_stop: AtomicBool,
    /// Dojo asked for a pause, or had trouble of its own.
    pushed_back: AtomicBool,
    backups: Mutex<backup::Backups>,
    codes: codes::Codes,
    /// None until the ledger was asked.
    to_read: tokio::sync::Mutex<Option<restored::ToRead>>,
    /// What an earlier run of the program left in the middle, once it was looked for.
    interrupted: tokio::sync::OnceCell<Vec<(HoldId, OperationId)>>,
    changes: watch::Sender<u64>,
    online: watch::Sender<bool>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl Desk {
    /// A desk over its ports.
    pub fn new(ledger: Arc<dyn Ledger>, dojo: Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            ledger,
            dojo,
            clock,
            time: clock::Time::default(),
            in_flight: Mutex::default(),
            turns: Mutex::default(),
            openings: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
            takings: Mutex::default(),
            asked: polite::Asked::default(),
            readings: AtomicU64::new(0),
            settling: tokio::sync::Mutex::default(),
            last_read: Mutex::default(),
            quiet: Mutex::default(),
            contradictions: Mutex::default(),
            withdrawn: Mutex::default(),
            bills: tokio::sync::Mutex::default(),
            closing: tokio::sync::Mutex::default(),
            renewing: tokio::sync::Mutex::default(),
            night_runs: AtomicBool::new(false),
            night_stop: AtomicBool::new(false),
            pushed_back: AtomicBool::new(false),
            backups: Mutex::default(),
            codes: codes::Codes::default(),
            to_read: tokio::sync::Mutex::default(),
            interrupted: tokio::sync::OnceCell::new(),
            changes: watch::Sender::new(0),
            online: watch::Sender::new(true),
        }
    }

    /// Counts up whenever something that the window may show has changed.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Whether Dojo answered the last time it was asked.
    pub fn online(&self) -> watch::Receiver<bool> {
        self.online.subscribe()
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// The time that deadlines are counted by.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.reckoning().latest
    }

    /// The same with the doubt that there is.
    pub(crate) fn reckoning(&self) -> Reckoning {
        self.time.reckon(self.clock.as_ref())
    }

    /// Takes note of an answer's clock and that Dojo can be reached.
    fn heard(&self, server: Option<DateTime<Utc>>, reached: bool) {
        self.time.heard(server, self.clock.as_ref());
        self.online
            .send_if_modified(|online| std::mem::replace(online, reached) != reached);
    }

    /// A journal note of now.
    fn note(&self, by: &str, tab: Option<TabId>, words: impl Into<String>) -> Note {
        Note {
            at: self.now(),
            by: by.to_owned(),
            tab,
            words: words.into(),
            amount: None,
            reference: None,
            raises: None,
        }
    }
}
