//! The disk is full or broken from the n-th call on, or just once.

use crate::{
    Figures, Options,
    deeds::{DEEDS, Deed},
    hurt::{self, Blow, Point, Ran},
    kill::{count, spread},
    ordeal::Ordeal,
    side_by_side::side_by_side,
};
use anyhow::{Context, Result, ensure};

/// Whatever touches the ledger's files.
const CALLS: [&str; 7] = [
    "flock",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "unlink",
    "pread64",
];

/// What the trace shows beside them: how a request leaves.
const SENDING: [&str; 3] = ["writev", "sendto", "sendmsg"];

/// Each kind of failure, with its name in a case.
const BLOWS: [(&str, Blow); 4] = [
    ("full-once", Blow::Once("ENOSPC")),
    ("full", Blow::Lasting("ENOSPC")),
    ("broken-once", Blow::Once("EIO")),
    ("broken", Blow::Lasting("EIO")),
];

/// How many points of each deed are enough for every change.
const SHORT: usize = 8;

pub(crate) fn run(options: &Options) -> Result<Figures> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut cases = Vec::new();
        for deed in DEEDS {
            let all = every_point(deed).await?;
            let most = if options.long { usize::MAX } else { SHORT };
            for point in spread(&all, most) {
                for (blow_name, blow) in BLOWS {
                    let name = format!("{}:{}:{}:{blow_name}", deed.name, point.call, point.nth);
                    if options.wants(&name) {
                        cases.push((name, once(deed, point.clone(), blow)));
                    }
                }
            }
        }
        let tried = cases.len();
        let done = side_by_side("io", cases).await?;
        let sent = done.iter().filter(|(hit, was_sent)| *hit && *was_sent).count();
        let failed = count(done.into_iter().map(|(hit, _)| hit).collect(), tried)?;
        Ok(vec![
            ("commands whose disk failed them", failed),
            (
                "of which something left the till, before or after",
                u64::try_from(sent)?,
            ),
        ])
    })
}

async fn every_point(deed: Deed) -> Result<Vec<Point>> {
    let ran = Ordeal::prepare(deed).await?.suffer(&CALLS, None).await?;
    ensure!(
        ran.output.status.success(),
        "{} fails unhurt: {}",
        deed.name,
        ran.words()
    );
    Ok(hurt::points(&ran.trace, &CALLS))
}

/// Whether the blow fell, and whether anything that moves money left the till.
async fn once(deed: Deed, point: Point, blow: Blow) -> Result<(bool, bool)> {
    let ordeal = Ordeal::prepare(deed).await?;
    let watched: Vec<&str> = CALLS.into_iter().chain(SENDING).collect();
    let ran = ordeal.suffer(&watched, Some((&point, blow))).await?;
    let verdict = nothing_unrecorded(&ran, &point, blow);
    verdict.with_context(|| ran.words())?;
    ordeal.judge().await.with_context(|| ran.words())?;
    Ok((ran.was_hit, ran.trace.lines().any(acts)))
}

/// A request that is more than a reading leaves the till in this line of the trace.
fn acts(line: &str) -> bool {
    let is_reading = line.contains("/search") || line.contains("\"GET ");
    SENDING.iter().any(|call| line.contains(&format!(" {call}("))) && !is_reading && line.contains("HTTP")
        || line.contains("\"POST /payment-intents/pi_")
}

/// Once the disk takes nothing any more no decision can be recorded, so none may leave; and without
/// the folder's lock nothing may be done at all.
fn nothing_unrecorded(ran: &Ran, point: &Point, blow: Blow) -> Result<()> {
    let is_final =
        matches!(blow, Blow::Lasting(_)) && matches!(point.call, "pwrite64" | "fsync" | "fdatasync");
    if !ran.was_hit || !(is_final || point.call == "flock") {
        return Ok(());
    }
    let after = ran.trace.lines().skip_while(|line| !line.contains("(INJECTED)"));
    let sent: Vec<&str> = after.filter(|line| acts(line)).collect();
    ensure!(sent.is_empty(), "sent without a record: {sent:?}");
    Ok(())
}
