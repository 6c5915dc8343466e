//! What somebody does in Dojo's portal, past the till.

use anyhow::{Context, Result};
use holdfast_dojo::RefundRequest;
use holdfast_domain::Hold;
use holdfast_tests::{KEY, Till};

/// Takes from a hold. The till has not read it yet.
pub(crate) async fn take_in_portal(till: &Till, hold: &Hold, minor: i64) -> Result<()> {
    let intent = hold.intent_id.as_deref().context("no intent")?;
    let done = till.client(KEY)?.capture(intent, minor, None).await;
    done.map(drop).map_err(|failure| anyhow::anyhow!("{failure:?}"))
}

/// Refunds some of what was taken. The till has not read it yet.
pub(crate) async fn refund_unread_in_portal(till: &Till, hold: &Hold, minor: i64, key: &str) -> Result<()> {
    let back = RefundRequest {
        amount: minor,
        reason: None,
        notes: None,
    };
    let intent = hold.intent_id.as_deref().context("no intent")?;
    till.client(KEY)?.refund(intent, &back, key).await?;
    Ok(())
}

/// The same; the till reads it at once.
pub(crate) async fn refund_in_portal(till: &Till, hold: &Hold, minor: i64, key: &str) -> Result<()> {
    refund_unread_in_portal(till, hold, minor, key).await?;
    till.desk.read(hold.id).await?;
    Ok(())
}
