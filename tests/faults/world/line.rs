//! The way to Dojo, in this process: requests go into the engine, answers come out, or break, or the
//! till dies while it waits.

use super::clock::WorldClock;
use super::fate::Fate;
use async_trait::async_trait;
use chrono::TimeDelta;
use holdfast_dojo::{Checkout, Lost, Method, Transport, Unsent, WireError, WireRequest, WireResponse};
use holdfast_simulator::engine::{CaptureStatus, Delivery, Engine, Intent, Request, Response};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An acting request that left the till.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    /// `captures`, `reversal`, `refunds` and so on; `cancel` for the DELETE, `create` without an intent.
    pub(crate) what: String,
    /// The refund's key.
    pub(crate) key: Option<String>,
    pub(crate) body: Value,
}

/// What Dojo's record truly said of an intent when the till last got an answer about it, in minor units.
#[derive(Debug, Clone)]
pub(super) struct Glimpse {
    pub(super) intent: String,
    pub(super) taken: i64,
    /// Given back, at the guest's bank or on the way there.
    pub(super) refunded: i64,
    pub(super) held: i64,
    /// The rest went back after a part was taken: no answer shows that.
    pub(super) is_rest_back: bool,
    /// A capture is not decided yet.
    pub(super) is_undecided: bool,
    /// A fault bent the answer: then the till could not know.
    pub(super) is_bent: bool,
}

impl Glimpse {
    fn of(engine: &Engine, intent: &Intent, is_bent: bool) -> Self {
        let takings = intent.takings();
        Self {
            intent: intent.id.clone(),
            taken: takings.iter().map(|taking| taking.amount).sum(),
            refunded: intent.refunded(),
            held: engine.held(&intent.id),
            is_rest_back: intent.reversal_id.is_some() && !takings.is_empty(),
            // What Dojo took and doesn't list is like one that isn't decided: no answer says what it comes to.
            is_undecided: intent
                .captures
                .iter()
                .any(|c| c.status == CaptureStatus::Created || c.is_unlisted),
            is_bent,
        }
    }
}

/// An acting request of the till at the moment when Dojo began to work on it.
#[derive(Debug, Clone)]
pub(super) struct Acted {
    /// On which intent.
    pub(super) about: String,
    pub(super) sent: Sent,
    /// What the till had read of this intent, and of the others of its tab.
    pub(super) read: Vec<Glimpse>,
}

/// Faults that bend an answer which the till goes by all the same.
const BENT: &[&str] = &["stale-get", "captures-missing", "unknown-enum"];

/// The line of one world.
pub(crate) struct Line {
    engine: Mutex<Engine>,
    clock: Arc<WorldClock>,
    fate: Arc<Fate>,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    is_unplugged: bool,
    /// By intent; creates by their reference.
    sent: HashMap<String, Vec<Sent>>,
    /// By intent.
    read: HashMap<String, Glimpse>,
    /// Since the oracle last looked.
    acted: Vec<Acted>,
}

impl Line {
    pub(crate) fn new(engine: Engine, clock: Arc<WorldClock>, fate: Arc<Fate>) -> Self {
        Self {
            engine: Mutex::new(engine),
            clock,
            fate,
            inside: Mutex::default(),
        }
    }

    pub(crate) fn engine(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Pulls the cable, or puts it back.
    pub(super) fn unplug(&self, is_unplugged: bool) {
        self.inside().is_unplugged = is_unplugged;
    }

    pub(super) fn is_unplugged(&self) -> bool {
        self.inside().is_unplugged
    }

    /// What left the till about an intent, or to create the one with a reference.
    pub(super) fn sent(&self, about: &str) -> Vec<Sent> {
        self.inside().sent.get(about).cloned().unwrap_or_default()
    }

    /// The references of all that the till asked Dojo to create.
    pub(super) fn created(&self) -> HashSet<String> {
        let inside = self.inside();
        let creates = |all: &[Sent]| all.iter().any(|sent| sent.what == "create");
        let about = inside.sent.iter().filter(|(_, all)| creates(all));
        about.map(|(reference, _)| reference.clone()).collect()
    }

    /// Lets the engine's time follow the world's.
    pub(super) fn catch_up(&self) {
        self.engine().advance_to(self.clock.truth());
    }

    fn leaves(&self, request: &WireRequest) -> Result<(), WireError> {
        let mut inside = self.inside();
        if inside.is_unplugged {
            return Err(WireError::NotSent(Unsent::Unreachable));
        }
        if let Some((about, sent)) = acting(request) {
            inside.sent.entry(about).or_default().push(sent);
        }
        Ok(())
    }

    fn answered(&self, request: &WireRequest) -> Response {
        let mut engine = self.engine();
        engine.advance_to(self.clock.truth());
        if let Some((about, sent)) = acting(request) {
            self.acts(&engine, about, sent);
        }
        let answer = engine.handle(into_engine(request));
        if request.method == Method::Get {
            self.reads(&engine, request, &answer);
        }
        answer
    }

    fn reads(&self, engine: &Engine, request: &WireRequest, answer: &Response) {
        let path = request.path_and_query.split('?').next().unwrap_or_default();
        let id = path.trim_matches('/').split('/').nth(1).unwrap_or_default();
        let Some(intent) = engine.intent(id) else { return };
        let is_whole = matches!(answer.delivery, Delivery::Whole | Delivery::Drip { .. });
        if !is_whole || answer.status != 200 {
            return;
        }
        let fault = engine.requests().last().and_then(|r| r.fault.as_deref());
        let is_bent = fault.is_some_and(|fault| BENT.contains(&fault));
        let glimpse = Glimpse::of(engine, intent, is_bent);
        self.inside().read.insert(id.to_owned(), glimpse);
    }

    fn acts(&self, engine: &Engine, about: String, sent: Sent) {
        let tab = |intent: &Intent| intent.metadata.get("holdfast-tab").cloned();
        let Some(of) = engine.intent(&about).map(tab) else {
            return;
        };
        let mut inside = self.inside();
        let its = engine.intents().filter(|intent| tab(intent) == of);
        let read = its
            .filter_map(|intent| inside.read.get(&intent.id).cloned())
            .collect();
        inside.acted.push(Acted { about, sent, read });
    }

    /// What the till has acted on since this was last asked.
    pub(super) fn take_acted(&self) -> Vec<Acted> {
        std::mem::take(&mut self.inside().acted)
    }
}

/// What an acting request is about; none for a reading.
pub(crate) fn acting(request: &WireRequest) -> Option<(String, Sent)> {
    let path = request.path_and_query.split('?').next().unwrap_or_default();
    let mut parts = path.trim_matches('/').split('/').skip(1);
    let body = request
        .body
        .as_ref()
        .and_then(|body| serde_json::from_slice(body).ok());
    let body: Value = body.unwrap_or_default();
    let (about, what) = match (request.method, parts.next(), parts.next()) {
        (Method::Get, ..) | (_, Some("search"), _) => return None,
        (Method::Delete, id, _) => (id.unwrap_or_default().to_owned(), "cancel"),
        (Method::Post, None, _) => (
            body["reference"].as_str().unwrap_or_default().to_owned(),
            "create",
        ),
        (Method::Post, Some(id), last) => (id.to_owned(), last.unwrap_or_default()),
    };
    let is_key = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("idempotencykey");
    let key = request.headers.iter().find(is_key).map(|(_, key)| key.clone());
    let what = what.to_owned();
    Some((about, Sent { what, key, body }))
}

pub(crate) fn into_engine(request: &WireRequest) -> Request {
    let (path, query) = request
        .path_and_query
        .split_once('?')
        .unwrap_or((&request.path_and_query, ""));
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Delete => "DELETE",
    };
    let mut sent = Request::new(method, path);
    for (name, value) in &request.headers {
        sent = sent.header(name, value);
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        sent.query.insert(name.to_owned(), value.to_owned());
    }
    sent.body = request.body.clone().unwrap_or_default();
    sent
}

#[async_trait]
impl Transport for Line {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireError> {
        self.fate.door().await;
        self.leaves(&request)?;
        self.clock.advance(TimeDelta::milliseconds(40));
        let answer = self.answered(&request);
        self.fate.door().await;
        self.clock.advance(TimeDelta::milliseconds(40));
        match answer.delivery {
            Delivery::Whole | Delivery::Drip { .. } => Ok(WireResponse {
                status: answer.status,
                headers: answer.headers.into_iter().collect(),
                body: answer.body,
            }),
            Delivery::Reset | Delivery::Cut { .. } => Err(WireError::Unknown(Lost::Broken)),
            Delivery::Stall => {
                self.clock.advance(TimeDelta::seconds(30));
                Err(WireError::Unknown(Lost::NotInTime))
            }
        }
    }

    fn checkout(&self) -> Checkout {
        Checkout::Here
    }
}
