//! The way to Dojo, in this process: requests go into the engine, answers come out, or break, or the
//! till dies while it waits.

use super::clock::WorldClock;
use super::fate::Fate;
use async_trait::async_trait;
use chrono::TimeDelta;
use holdfast_dojo::{Method, Transport, WireError, WireRequest, WireResponse};
use holdfast_simulator::engine::{Delivery, Engine, Request, Response};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An acting request that left the till.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    /// `captures`, `reversal`, `refunds` and so on; `cancel` for the DELETE, `create` without an intent.
    pub(super) what: String,
    /// The refund's key.
    pub(super) key: Option<String>,
    pub(super) body: Value,
}

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
            return Err(WireError::NotSent("the cable is out".to_owned()));
        }
        if let Some((about, sent)) = acting(request) {
            inside.sent.entry(about).or_default().push(sent);
        }
        Ok(())
    }

    fn answered(&self, request: &WireRequest) -> Response {
        let mut engine = self.engine();
        engine.advance_to(self.clock.truth());
        engine.handle(into_engine(request))
    }
}

/// What an acting request is about; none for a reading.
fn acting(request: &WireRequest) -> Option<(String, Sent)> {
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

fn into_engine(request: &WireRequest) -> Request {
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
            Delivery::Reset | Delivery::Cut { .. } => {
                Err(WireError::Unknown("the connection broke".to_owned()))
            }
            Delivery::Stall => {
                self.clock.advance(TimeDelta::seconds(30));
                Err(WireError::Unknown("no answer in time".to_owned()))
            }
        }
    }
}
