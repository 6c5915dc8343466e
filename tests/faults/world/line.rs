//! The way to Dojo, in this process: requests go into the engine, answers come out, or break, or the
//! till dies while it waits.

use super::clock::WorldClock;
use async_trait::async_trait;
use chrono::TimeDelta;
use holdfast_desk::Clock;
use holdfast_dojo::{Method, Transport, WireError, WireRequest, WireResponse};
use holdfast_simulator::engine::{Delivery, Engine, Request};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// Where the till dies next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Death {
    /// Before a byte of an acting request is out.
    BeforeSending,
    /// When Dojo has done what was asked and the answer is on its way.
    AfterTheWork,
}

/// The line of one world.
pub(crate) struct Line {
    pub(crate) engine: Mutex<Engine>,
    clock: Arc<WorldClock>,
    inside: Mutex<Inside>,
    pub(super) died: Notify,
}

#[derive(Default)]
struct Inside {
    is_unplugged: bool,
    death: Option<Death>,
    /// Acting requests that left the till: method and path.
    sent: Vec<(Method, String)>,
}

impl Line {
    pub(crate) fn new(engine: Engine, clock: Arc<WorldClock>) -> Self {
        Self {
            engine: Mutex::new(engine),
            clock,
            inside: Mutex::default(),
            died: Notify::new(),
        }
    }

    pub(super) fn unplug(&self, is_unplugged: bool) {
        if let Ok(mut inside) = self.inside.lock() {
            inside.is_unplugged = is_unplugged;
        }
    }

    pub(super) fn die(&self, death: Option<Death>) {
        if let Ok(mut inside) = self.inside.lock() {
            inside.death = death;
        }
    }

    /// How many such requests left the till.
    pub(super) fn sent(&self, method: Method, ending: &str) -> usize {
        self.inside.lock().map_or(0, |inside| {
            let is_one = |(m, path): &&(Method, String)| *m == method && path.ends_with(ending);
            inside.sent.iter().filter(is_one).count()
        })
    }

    /// Lets the engine's time follow the world's.
    pub(super) fn catch_up(&self) {
        if let Ok(mut engine) = self.engine.lock() {
            engine.advance_to(self.clock.now());
        }
    }

    fn dies(&self, at: Death, request: &WireRequest) -> bool {
        request.method != Method::Get
            && !request.path_and_query.contains("/search")
            && self.inside.lock().is_ok_and(|mut inside| {
                let is_now = inside.death == Some(at);
                if is_now {
                    inside.death = None;
                }
                is_now
            })
    }

    /// The till is gone; nobody waits for this any more.
    async fn dead(&self) -> ! {
        self.died.notify_one();
        std::future::pending().await
    }
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
        if self.dies(Death::BeforeSending, &request) {
            self.dead().await;
        }
        {
            let mut inside = self
                .inside
                .lock()
                .map_err(|_| WireError::NotSent("gone".to_owned()))?;
            if inside.is_unplugged {
                return Err(WireError::NotSent("the cable is out".to_owned()));
            }
            if request.method != Method::Get && !request.path_and_query.contains("/search") {
                let path = request.path_and_query.clone();
                inside.sent.push((request.method, path));
            }
        }
        self.clock.advance(TimeDelta::milliseconds(40));
        let answer = {
            let mut engine = self
                .engine
                .lock()
                .map_err(|_| WireError::NotSent("gone".to_owned()))?;
            engine.advance_to(self.clock.now());
            engine.handle(into_engine(&request))
        };
        if self.dies(Death::AfterTheWork, &request) {
            self.dead().await;
        }
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
