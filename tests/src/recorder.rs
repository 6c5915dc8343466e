//! A wire that remembers what went over it, and that can be pulled out.

use async_trait::async_trait;
use holdfast_dojo::{HttpTransport, Transport, WireError, WireRequest, WireResponse};
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

/// HTTP with a memory.
pub struct Recorder {
    wire: Mutex<HttpTransport>,
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
            exchanges: Mutex::default(),
        })
    }

    /// From now on requests go to `base`.
    pub fn aim(&self, base: &str) -> anyhow::Result<()> {
        *lock(&self.wire) = http(base)?;
        Ok(())
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
        let answer = wire.send(request.clone()).await;
        lock(&self.exchanges).push(Exchange {
            request,
            answer: answer.as_ref().ok().cloned(),
        });
        answer
    }
}
