//! Many cases at the same time: most of each is waiting.

use anyhow::{Context, Result};
use std::future::Future;
use tokio::task::JoinSet;

/// More would wait for the processor instead.
const AT_ONCE: usize = 16;

/// Runs all cases of a suite, each with the name that it is run again by; the first failure ends it.
pub(crate) async fn side_by_side<T, F>(suite: &'static str, cases: Vec<(String, F)>) -> Result<Vec<T>>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let (mut running, mut done) = (JoinSet::new(), Vec::new());
    for (name, case) in cases {
        if running.len() >= AT_ONCE
            && let Some(ended) = running.join_next().await
        {
            done.push(ended??);
        }
        running.spawn(async move { case.await.with_context(|| crate::replay(suite, &name)) });
    }
    while let Some(ended) = running.join_next().await {
        done.push(ended??);
    }
    Ok(done)
}
