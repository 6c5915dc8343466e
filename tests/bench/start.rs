//! B4: from the program's start to a floor that is painted.

use crate::Bench;
use crate::programs::{Data, Programs};
use crate::sample::{Pair, Samples};
use crate::screen::Screen;
use crate::table::Row;
use anyhow::Result;
use std::path::Path;

/// Open all the time.
const OPEN: u32 = 300;

async fn started(screen: &Screen, program: &Path, arguments: &[String]) -> Result<f64> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let window = screen.open(program, &arguments).await?;
    let painted = window.painted().await?;
    drop(window);
    Ok(painted)
}

/// B4.
///
/// # Errors
/// When something does not work.
pub(crate) async fn rows(bench: &Bench, programs: &Programs) -> Result<Vec<Row>> {
    let screen = Screen::start()?;
    let mut rows = Vec::new();
    let nothing = Data::of(bench, 1, 0).await?;
    for closed in bench.sizes() {
        let is_asked = closed == bench.tabs();
        let full = Data::of(bench, closed, OPEN).await?;
        let (mut ours, mut small, mut empty) = (Samples::default(), Samples::default(), Samples::default());
        let times = if is_asked {
            bench.times(12, 2)
        } else {
            bench.times(4, 1)
        };
        for turn in 0..=times {
            let took = [
                started(&screen, &programs.app, &full.arguments()).await?,
                started(&screen, &programs.app, &nothing.arguments()).await?,
                started(&screen, &programs.empty, &[]).await?,
            ];
            // The first of each brings its files into memory.
            if turn > 0 {
                let [full, nothing, none] = took;
                ours.0.push(full);
                small.0.push(nothing);
                empty.0.push(none);
            }
        }
        let what = format!("start to a painted floor, {closed} tabs closed and {OPEN} open");
        let goals = if is_asked {
            (Some(1.10), Some(1.25))
        } else {
            (None, None)
        };
        let against = |baseline: Samples| Pair {
            ours: ours.clone(),
            baseline,
        };
        rows.push(
            Row::of("B4", &what, "the same on an empty ledger", &against(small))?
                .at(closed)
                .ratio(goals.0),
        );
        if is_asked {
            rows.push(Row::of("B4", &what, "an empty Tauri window", &against(empty))?.ratio(goals.1));
        }
    }
    Ok(rows)
}
