//! B6: scrolling and filtering in the real window.

use crate::Bench;
use crate::programs::{Data, Programs};
use crate::sample::{Samples, Spread};
use crate::screen::{Screen, Window};
use crate::table::Row;
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// Open all the time.
const OPEN: u32 = 500;

/// Scrolls whatever scrolls in the list, up and down, and says how long each frame was on the screen.
const SCROLL: &str = "
  const row = document.querySelector('[data-testid=row], [data-testid=closed-list] > *');
  let list = row;
  const scrolls = (it) =>
    /auto|scroll/.test(getComputedStyle(it).overflowY) && it.scrollHeight > it.clientHeight + 100;
  while (list && !scrolls(list)) list = list.parentElement;
  if (given[1] && !list) throw new Error('nothing scrolls');
  const frames = [];
  let before = 0, step = 30;
  await new Promise((end) => {
    const frame = (now) => {
      if (before) frames.push(now - before);
      before = now;
      if (given[1]) {
        if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) step = -30;
        if (list.scrollTop <= 0) step = 30;
        list.scrollTop += step;
      }
      frames.reduce((sum, frame) => sum + frame, 0) < given[0] ? requestAnimationFrame(frame) : end();
    };
    requestAnimationFrame(frame);
  });
  return frames";

/// Notes for each key pressed when what it changes has been painted.
const LISTEN: &str = "
  const painted = window.painted = [];
  let pressed = null;
  addEventListener('keydown', () => (pressed = performance.now()), true);
  new MutationObserver(() => {
    if (pressed === null) return;
    const since = pressed;
    pressed = null;
    requestAnimationFrame(() => setTimeout(() => painted.push(performance.now() - since)));
  }).observe(document.querySelector('main.floor'), {
    subtree: true, childList: true, characterData: true, attributes: true
  });
  document.querySelector('[data-testid=search]').focus()";

fn numbers(value: &Value) -> Result<Samples> {
    let list = value.as_array().context("no list")?;
    Ok(Samples(list.iter().filter_map(Value::as_f64).collect()))
}

async fn scrolled(window: &Window, what: &str, ms: usize, base: &Spread) -> Result<Row> {
    let frames = numbers(&window.script(SCROLL, json!([ms, true])).await?)?;
    // One that stays for two ticks of the screen is one that was not shown.
    let missed: f64 = frames
        .0
        .iter()
        .map(|frame| (frame / (1_000.0 / 60.0)).round() - 1.0)
        .sum();
    let shown = frames.0.len() as f64;
    Ok(Row::figures("B6", what, "ms", frames.spread()?)
        .against("the same window’s idle frames in an empty Tauri window", *base)
        .at_least(
            "frames on time",
            shown / (shown + missed.max(0.0)) * 100.0,
            " %",
            99.0,
        ))
}

async fn typed(window: &Window, times: usize) -> Result<Samples> {
    window.script(LISTEN, json!([])).await?;
    for number in 0..times {
        for key in [
            "g",
            "u",
            "e",
            "s",
            &(number % 10).to_string(),
            "\u{e003}",
            "\u{e003}",
            "\u{e003}",
            "\u{e003}",
            "\u{e003}",
        ] {
            window.keys(key).await?;
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        }
    }
    numbers(&window.script("return window.painted", json!([])).await?)
}

/// B6.
///
/// # Errors
/// When something does not work.
pub(crate) async fn rows(bench: &Bench, programs: &Programs) -> Result<Vec<Row>> {
    let screen = Screen::start()?;
    let ms = bench.times(10_000, 2_000);
    let empty = screen.open(&programs.empty, &[]).await?;
    empty.painted().await?;
    let base = numbers(&empty.script(SCROLL, json!([ms, false])).await?)?.spread()?;
    drop(empty);
    let data = Data::of(bench, bench.tabs(), OPEN).await?;
    let arguments = data.arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let window = screen.open(&programs.app, &arguments).await?;
    window.painted().await?;
    tokio::time::sleep(bench.settling(bench.tabs())).await;
    let mut rows = vec![scrolled(&window, &format!("scrolling a floor of {OPEN}"), ms, &base).await?];
    let keys = typed(&window, bench.times(10, 2)).await?.spread()?;
    rows.push(
        Row::figures(
            "B6",
            &format!("key to paint, searching in a floor of {OPEN}"),
            "ms",
            keys,
        )
        .judge("p95", keys.p95, " ms", Some(50.0)),
    );
    window
        .script(
            "document.querySelector('[data-testid=screen-history]').click()",
            json!([]),
        )
        .await?;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    rows.push(
        scrolled(
            &window,
            &format!("scrolling the history of {}", bench.tabs()),
            ms,
            &base,
        )
        .await?,
    );
    drop(window);
    Ok(rows)
}
