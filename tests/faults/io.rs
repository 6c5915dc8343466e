//! The disk is full or broken from the n-th call on, or just once.

use crate::{
    Figures, Options,
    deeds::{DEEDS, Deed, Way},
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

/// Each kind of failure, with its name in a case; the last two are for writes alone.
const BLOWS: [(&str, Blow); 6] = [
    ("full-once", Blow::Once("ENOSPC")),
    ("full", Blow::Lasting("ENOSPC")),
    ("broken-once", Blow::Once("EIO")),
    ("broken", Blow::Lasting("EIO")),
    ("short-once", Blow::ShortOnce),
    ("short", Blow::Short),
];

/// How many readings of each deed are enough for every change. A reading that fails leaves nothing behind.
const READINGS: usize = 8;

/// On a disk that fills up, so many bytes lie between two limits, in the long run and for every change:
/// odd, so that pages and log entries are cut in the middle.
const APART: (usize, usize) = (509, 6_131);

/// No file of a deed gets longer.
const MOST_FILE_BYTES: u64 = 300_000;

pub(crate) fn run(options: &Options) -> Result<Figures> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let (mut cases, mut cramped) = (Vec::new(), Vec::new());
        for deed in DEEDS {
            let (all, longest) = every_point(deed).await?;
            for (number, point) in chosen(&all, options.long).enumerate() {
                for (kind, (blow_name, blow)) in BLOWS.into_iter().enumerate() {
                    let is_write = point.call == "pwrite64";
                    let kinds = if is_write { BLOWS.len() } else { 4 };
                    // One kind at each point in turn is enough for every change, but for a take.
                    let is_turn = options.long || deed.name == "take" || number % kinds == kind;
                    let name = format!("{}:{}:{}:{blow_name}", deed.name, point.call, point.nth);
                    if kind < kinds && is_turn && options.wants(&name) {
                        cases.push((name, once(deed, point.clone(), blow)));
                    }
                }
            }
            let apart = if options.long { APART.0 } else { APART.1 };
            for bytes in (0..longest).step_by(apart) {
                let name = format!("{}:cramped:{bytes}", deed.name);
                if options.wants(&name) {
                    cramped.push((name, cramp(deed, bytes)));
                }
            }
        }
        let tried = cases.len();
        let done = side_by_side("io", cases).await?;
        let sent = done.iter().filter(|(hit, was_sent)| *hit && *was_sent).count();
        let failed = count(done.into_iter().map(|(hit, _)| hit).collect(), tried)?;
        let cut = side_by_side("io", cramped)
            .await?
            .into_iter()
            .filter(|failed| *failed)
            .count();
        Ok(vec![
            ("commands whose disk failed them", failed),
            (
                "of which something left the till, before or after",
                u64::try_from(sent)?,
            ),
            (
                "commands that failed on a disk that filled up in the middle of a write",
                u64::try_from(cut)?,
            ),
        ])
    })
}

/// All points, but of the readings some are enough for every change.
fn chosen(all: &[Point], is_long: bool) -> impl Iterator<Item = &Point> {
    let is_reading = |point: &&Point| point.call == "pread64";
    let readings: Vec<&Point> = all.iter().filter(is_reading).collect();
    let most = if is_long { usize::MAX } else { READINGS };
    let some: Vec<&Point> = spread(&readings, most).copied().collect();
    all.iter().filter(move |point| !is_reading(point)).chain(some)
}

/// A deed on a disk that fills up; whether it could not be done.
async fn cramp(deed: Deed, bytes: u64) -> Result<bool> {
    let ordeal = Ordeal::prepare(deed).await?;
    let has_failed = ordeal.cramp(bytes).await?;
    ordeal.judge().await?;
    Ok(has_failed)
}

/// Every point of a deed, and how long its longest file gets.
async fn every_point(deed: Deed) -> Result<(Vec<Point>, u64)> {
    let ran = Ordeal::prepare(deed).await?.suffer(&CALLS, None).await?;
    ensure!(
        ran.output.status.success(),
        "{} fails unhurt: {}",
        deed.name,
        ran.words()
    );
    Ok((hurt::points(&ran.trace, &CALLS), longest(&ran.trace)))
}

/// The furthest byte that a write reached: `pwrite64(3, "…", 4096, 12288) = 4096`.
fn longest(trace: &str) -> u64 {
    let ends = trace
        .lines()
        .filter(|line| line.contains("pwrite64("))
        .filter_map(|line| {
            let (call, wrote) = line.rsplit_once(") = ")?;
            let place: u64 = call.rsplit(", ").next()?.parse().ok()?;
            place.checked_add(wrote.trim().parse().ok()?)
        });
    ends.max().unwrap_or(0).min(MOST_FILE_BYTES)
}

/// Whether the blow fell, and whether anything that moves money left the till.
async fn once(deed: Deed, point: Point, blow: Blow) -> Result<(bool, bool)> {
    let ordeal = Ordeal::prepare(deed).await?;
    let watched: Vec<&str> = CALLS.into_iter().chain(SENDING).collect();
    let ran = ordeal.suffer(&watched, Some((&point, blow))).await?;
    let verdict = nothing_unrecorded(deed, &ran, &point, blow);
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

/// Without the folder's lock nothing may be done at all, and what leaves after the disk failed must have been recorded
/// after it too: strace fails the n-th call of a thread, so another thread may still write. Where several tabs are
/// acted on at once, what was recorded for one may leave while the disk refuses another: there the judge finds the row
/// of each request that Dojo had, and no row was written after the disk had failed.
fn nothing_unrecorded(deed: Deed, ran: &Ran, point: &Point, blow: Blow) -> Result<()> {
    let is_final =
        matches!(blow, Blow::Lasting(_)) && matches!(point.call, "pwrite64" | "fsync" | "fdatasync");
    let may_cross = is_final && matches!(deed.way, Way::All(..));
    if !ran.was_hit || may_cross || !(is_final || point.call == "flock") {
        return Ok(());
    }
    let lines = ran.trace.lines().skip_while(|line| !line.contains("(INJECTED)"));
    let after: Vec<&str> = lines.collect();
    let is_unrecorded = |place: &usize| point.call == "flock" || !has_recorded(&after[..*place]);
    let acting = (0..after.len()).filter(|place| acts(after[*place]));
    let sent: Vec<&str> = acting.filter(is_unrecorded).map(|place| after[place]).collect();
    ensure!(sent.is_empty(), "sent without a record: {sent:?}");
    Ok(())
}

/// Whether one thread wrote to a file and made that last, in these lines of the trace.
fn has_recorded(lines: &[&str]) -> bool {
    let file_of = |line: &str, call: &str| {
        let (thread, rest) = line.split_once(' ')?;
        let number = rest.trim_start().strip_prefix(call)?.strip_prefix('(')?;
        let file = number.split([',', ')']).next()?;
        let is_done = !line.contains(" = -1 ") && !line.contains("unfinished");
        is_done.then(|| (thread.to_owned(), file.to_owned()))
    };
    let mut written = Vec::new();
    for line in lines {
        written.extend(file_of(line, "pwrite64"));
        let synced = file_of(line, "fsync").or_else(|| file_of(line, "fdatasync"));
        if synced.is_some_and(|it| written.contains(&it)) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_recorded;

    #[test]
    fn a_write_is_a_record_once_its_own_file_is_synced() {
        let wrote = r#"7 pwrite64(12, "row", 3, 0) = 3"#;
        assert!(has_recorded(&[wrote, "7 fsync(12) = 0"]));
        assert!(has_recorded(&[wrote, "7  fdatasync(12)   = 0"]));
        for sync in [
            "7 fsync(12) = -1 ENOSPC (No space left on device) (INJECTED)",
            "7 fsync(14) = 0",
            "8 fsync(12) = 0",
        ] {
            assert!(!has_recorded(&[wrote, sync]), "{sync}");
        }
        let refused = r#"7 pwrite64(12, "row", 3, 0) = -1 EIO (Input/output error) (INJECTED)"#;
        assert!(!has_recorded(&[refused, "7 fsync(12) = 0"]));
        assert!(!has_recorded(&["7 fsync(12) = 0", wrote]));
    }
}
