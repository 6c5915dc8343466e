//! How many times an operation waits for the disk, counted by strace in a till of its own.

use crate::Bench;
use crate::sample::Spread;
use crate::table::Row;
use crate::venue;
use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use holdfast_desk::{Desk, SystemClock, TakeTyped};
use holdfast_dojo::{
    ApiKey, Checkout, Client, HttpTransport, Method, Transport, Unsent, WireError, WireRequest, WireResponse,
};
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_tests::KEY;
use holdfast_tests::press::Press;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;

/// So few that no checkpoint falls among them.
const OPERATIONS: usize = 12;

/// Looked for, and never there: strace shows where the one ends and the other begins.
const RECORDED: &str = "/holdfast-bench-recorded";
const SETTLED: &str = "/holdfast-bench-settled";
const BEGINS: &str = "/holdfast-bench-begins";

/// Keeps a reading that follows a capture waiting until it is released.
struct Held {
    wire: HttpTransport,
    after_capture: AtomicBool,
    readings: Semaphore,
}

#[async_trait]
impl Transport for Held {
    async fn send(&self, request: WireRequest) -> Result<WireResponse, WireError> {
        let is_reading = request.method == Method::Get;
        if is_reading && self.after_capture.swap(false, Ordering::SeqCst) {
            let let_go = self.readings.acquire().await;
            let_go
                .map_err(|_| WireError::NotSent(Unsent::Unreachable))?
                .forget();
        }
        let answer = self.wire.send(request).await;
        self.after_capture.store(!is_reading, Ordering::SeqCst);
        answer
    }

    fn checkout(&self) -> Checkout {
        self.wire.checkout()
    }
}

fn mark(name: &str) {
    // Asking is the point; the answer is always no.
    let _none = std::fs::metadata(name);
}

/// The till that strace looks at.
///
/// # Errors
/// When something does not work.
pub(crate) async fn till(folder: &Path) -> Result<()> {
    let dojo = venue::dojo().await?;
    let ready = {
        let (desk, ledger) = venue::desk(folder, &dojo.base_url())?;
        venue::ready(&desk, &ledger, &dojo, OPERATIONS).await?
    };
    let wire = HttpTransport::new(&dojo.base_url(), Duration::from_secs(30)).map_err(anyhow::Error::msg)?;
    let held = Arc::new(Held {
        wire,
        after_capture: AtomicBool::new(false),
        readings: Semaphore::new(0),
    });
    let ledger = Arc::new(SqliteLedger::open(folder)?);
    let client = Client::new(held.clone(), ApiKey::parse(KEY)?);
    let desk = Arc::new(Desk::new(ledger, client, Arc::new(SystemClock)));
    for (turn, ready) in ready.into_iter().enumerate() {
        let take = desk.sheet(ready.tab, TakeTyped::default()).await?;
        let mut changes = desk.changes();
        let before = *changes.borrow_and_update();
        // The first commit of a start restarts the log, which is not the operation's cost.
        if turn > 0 {
            mark(BEGINS);
        }
        let pressed = tokio::spawn({
            let desk = Arc::clone(&desk);
            async move { desk.take(&take).await }
        });
        changes.wait_for(|count| *count >= before + 2).await?;
        mark(RECORDED);
        held.readings.add_permits(1);
        pressed.await??;
        mark(SETTLED);
    }
    Ok(())
}

/// Syncs between the marks, operation by operation.
fn counted(trace: &str) -> Vec<(usize, usize)> {
    let (mut all, mut now) = (Vec::new(), None);
    let mut is_recorded = false;
    for line in trace.lines() {
        // A call that another thread's came between ends on a line of its own.
        if line.contains("fsync(") || line.contains("fdatasync(") {
            if let Some((recorded, settled)) = &mut now {
                *(if is_recorded { settled } else { recorded }) += 1;
            }
        } else if line.contains(BEGINS) {
            (now, is_recorded) = (Some((0, 0)), false);
        } else if line.contains(RECORDED) {
            is_recorded = true;
        } else if line.contains(SETTLED) {
            all.extend(now.take());
        }
    }
    all
}

/// The row; none where there is no strace.
///
/// # Errors
/// When something does not work.
pub(crate) async fn row(bench: &Bench) -> Result<Option<Row>> {
    if Command::new("strace").arg("--version").output().is_err() {
        println!("There is no strace here, so syncs are not counted.");
        return Ok(None);
    }
    let folder = bench.houses.scratch()?;
    let trace = folder.path().join("trace");
    let out = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=fsync,fdatasync,statx", "-o"])
        .arg(&trace)
        .arg(std::env::current_exe()?)
        .arg("till")
        .arg(folder.path().join("till"))
        .output()?;
    ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let counts = counted(&std::fs::read_to_string(&trace)?);
    ensure!(
        counts.len() == OPERATIONS - 1,
        "{} operations were seen",
        counts.len()
    );
    let most = counts
        .iter()
        .map(|(recorded, _)| *recorded)
        .max()
        .context("none")?;
    let least = counts
        .iter()
        .map(|(recorded, _)| *recorded)
        .min()
        .context("none")?;
    let after = counts.iter().map(|(_, settled)| *settled).max().context("none")?;
    let row = Row::figures(
        "B2",
        "syncs of a take until its answer is recorded",
        "",
        Spread::once(most as f64),
    )
    .judge("at most", most as f64, "", Some(2.0))
    .at_least("at least", least as f64, "", 2.0)
    .judge("more, when Dojo’s record shows it", after as f64, "", None);
    Ok(Some(row))
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn syncs_are_counted_between_the_marks_and_a_call_in_two_parts_once() {
        let trace = "1 fsync(7) = 0\n1 statx(0, \"/holdfast-bench-begins\", 0) = -1\n\
                     2 fdatasync(7 <unfinished ...>\n1 statx(0, \"/etc/localtime\", 0) = 0\n\
                     2 <... fdatasync resumed>) = 0\n2 fsync(7) = 0\n1 statx(0, \"/holdfast-bench-recorded\", 0) = -1\n\
                     2 fsync(7) = 0\n1 statx(0, \"/holdfast-bench-settled\", 0) = -1\n2 fsync(7) = 0\n";
        assert_eq!(counted(trace), [(2, 1)]);
    }
}
