//! The way to Dojo: every request goes through here. How often it may be asked, how its search is read, what an
//! answer proves, what a failure is called, whose key it is.

mod dispatch;
pub(crate) mod failures;
pub(crate) mod intent_metadata;
mod rate_limit;
mod reachable;
pub(crate) mod search_cursor;
pub(crate) mod whose_key;

use crate::AppError;
use crate::context::Context;
use holdfast_dojo::{self as dojo, Client, Obstacle};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// Owns the client: nobody else sends anything to Dojo.
pub(crate) struct Gateway {
    context: Arc<Context>,
    dojo: Client,
    recent_requests: rate_limit::RecentRequests,
    /// Dojo asked for a pause, or had trouble of its own.
    pushed_back: AtomicBool,
    online: watch::Sender<bool>,
    /// Dojo refused the key when it answered last.
    is_key_refused: AtomicBool,
    /// What stood in the way when Dojo was asked last.
    obstacle: Mutex<Option<Obstacle>>,
    /// Held while Dojo is asked whose key it is: whatever else wants to ask Dojo waits for that.
    key: tokio::sync::Mutex<whose_key::KeyInUse>,
    /// The key is another account's, for those who can't wait.
    is_key_of_another: AtomicBool,
}

impl Gateway {
    /// Through this client.
    pub(crate) fn new(context: Arc<Context>, dojo: Client) -> Self {
        Self {
            context,
            dojo,
            recent_requests: rate_limit::RecentRequests::default(),
            pushed_back: AtomicBool::new(false),
            online: watch::Sender::new(true),
            is_key_refused: AtomicBool::new(false),
            obstacle: Mutex::default(),
            key: tokio::sync::Mutex::default(),
            is_key_of_another: AtomicBool::new(false),
        }
    }

    /// One GET of an intent.
    pub(crate) async fn get(&self, intent_id: &str) -> Result<dojo::Dated<dojo::PaymentIntent>, AppError> {
        self.refuse_key_of_another().await?;
        let answer = self.dojo.get(intent_id).await.map_err(|f| self.unread(f))?;
        self.heard(answer.server_date);
        Ok(answer)
    }

    /// One page of a search, without waiting for the rate limit.
    pub(crate) async fn search(&self, request: &dojo::SearchRequest) -> Result<dojo::SearchPage, AppError> {
        self.refuse_key_of_another().await?;
        let answer = self.dojo.search(request).await.map_err(|f| self.unread(f))?;
        self.heard(answer.server_date);
        Ok(answer.value)
    }
}
