//! A wire that remembers what went over it, and that can be pulled out.

use async_trait::async_trait;
use holdfast_dojo::{HttpTransport, Method, Transport, WireError, WireRequest, WireResponse};
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A request and what came back, if anything whole did.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// As the client handed it over.
    pub request: WireRequest,
    /// As it arrived.
    pub answer: Option<WireResponse>,
}

/// What befalls the next request that acts, between the till and the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// The cable is out just then.
    Unplugged,
    /// Nothing of the answer's body arrives, and its head says that it is whole.
    BlankAnswer,
}

/// HTTP with a memory.
pub struct Recorder {
    wire: Mutex<HttpTransport>,
    mishap: Mutex<Option<Mishap>>,
    exchanges: Mutex<Vec<Exchange>>,
}

fn http(base: &str) -> anyhow::Result<HttpTransport> {
    HttpTransport::new(base, Duration::from_secs(5)).map_err(anyhow::Error::msg)
}

/// A story that failed elsewhere must not hide behind a poisoned lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// To `base`.
    pub fn new(base: &str) -> anyhow::Result<Self> {
        Ok(Self {
            wire: Mutex::new(http(base)?),
            mishap: Mutex::default(),
            exchanges: Mutex::default(),
        })
    }

    /// From now on requests go to `base`.
    pub fn aim(&self, base: &str) -> anyhow::Result<()> {
        *lock(&self.wire) = http(base)?;
        Ok(())
    }

    /// Lets something befall the next request that is more than a reading.
    pub fn befall(&self, mishap: Mishap) {
        *lock(&self.mishap) = Some(mishap);
    }

    /// All that went over it so far.
    pub fn exchanges(&self) -> Vec<Exchange> {
        lock(&self.exchanges).clone()
    }
}

#[async_trait]
impl Transport for Recorder {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireError> {
        let wire = lock(&self.wire).clone();
        let acts = request.method != Method::Get && !request.path_and_query.ends_with("/search");
        let mishap = acts.then(|| lock(&self.mishap).take()).flatten();
        if mishap == Some(Mishap::Unplugged) {
            return Err(WireError::NotSent("Dojo can’t be reached".to_owned()));
        }
        let mut answer = wire.send(request.clone()).await;
        if let (Some(Mishap::BlankAnswer), Ok(answer)) = (mishap, &mut answer) {
            answer.body.clear();
        }
        lock(&self.exchanges).push(Exchange {
            request,
            answer: answer.as_ref().ok().cloned(),
        });
        answer
    }
}
