//! A wire that remembers what went over it, and that can be pulled out.

use async_trait::async_trait;
use holdfast_dojo::{
    Checkout, HttpTransport, Method, Transport, Unsent, WireError, WireRequest, WireResponse,
};
use serde_json::Value;
use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
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

/// Rewrites an answer on its way: the request, and the answer's body.
type Rewrite = Box<dyn Fn(&WireRequest, &mut Value) + Send + Sync>;

/// HTTP with a memory.
pub struct Recorder {
    wire: Mutex<HttpTransport>,
    mishap: Mutex<Option<Mishap>>,
    rewrite: Mutex<Option<Rewrite>>,
    dawdling: AtomicU32,
    exchanges: Mutex<Vec<Exchange>>,
}

/// How late a delayed answer comes: what began in the same moment is over by then.
const LATE_ANSWER_DELAY: Duration = Duration::from_millis(1_500);

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
            rewrite: Mutex::default(),
            dawdling: AtomicU32::default(),
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

    /// From now on Dojo says something else than the simulator does: `how` changes the body of each answer.
    pub fn rewrite(&self, how: impl Fn(&WireRequest, &mut Value) + Send + Sync + 'static) {
        *lock(&self.rewrite) = Some(Box::new(how));
    }

    /// Answers arrive as they are again.
    pub fn leave(&self) {
        *lock(&self.rewrite) = None;
    }

    /// The answers to the next `count` readings arrive late, and show what was so before.
    pub fn dawdle(&self, count: u32) {
        self.dawdling.store(count, Ordering::SeqCst);
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
            return Err(WireError::NotSent(Unsent::Unreachable));
        }
        let mut answer = wire.send(request.clone()).await;
        let left = |count: u32| count.checked_sub(1);
        if request.method == Method::Get
            && self
                .dawdling
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, left)
                .is_ok()
        {
            tokio::time::sleep(LATE_ANSWER_DELAY).await;
        }
        if let (Some(Mishap::BlankAnswer), Ok(answer)) = (mishap, &mut answer) {
            answer.body.clear();
        }
        if let (Some(how), Ok(answer)) = (lock(&self.rewrite).as_ref(), &mut answer)
            && let Ok(mut body) = serde_json::from_slice(&answer.body)
        {
            how(&request, &mut body);
            answer.body = body.to_string().into_bytes();
        }
        lock(&self.exchanges).push(Exchange {
            request,
            answer: answer.as_ref().ok().cloned(),
        });
        answer
    }

    fn checkout(&self) -> Checkout {
        lock(&self.wire).checkout()
    }
}
