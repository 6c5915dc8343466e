//! Two people at the till: one who has a keyboard and nothing else, and one who has a finger.

use crate::browser::Window;
use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use std::time::{Duration, Instant};

/// Keys, as the driver calls them.
pub(crate) mod key {
    pub(crate) const TAB: &str = "\u{e004}";
    pub(crate) const ENTER: &str = "\u{e007}";
    pub(crate) const SHIFT: &str = "\u{e008}";
    pub(crate) const ESCAPE: &str = "\u{e00c}";
    pub(crate) const SPACE: &str = " ";
    pub(crate) const DOWN: &str = "\u{e015}";
    pub(crate) const F2: &str = "\u{e032}";
    pub(crate) const F4: &str = "\u{e034}";
    pub(crate) const F6: &str = "\u{e036}";
    pub(crate) const F8: &str = "\u{e038}";
}

/// Somebody who presses keys and nothing else, and who always stands somewhere.
pub(crate) struct Keyboard<'a>(pub(crate) &'a Window);

impl Keyboard<'_> {
    /// Presses keys, wherever the focus is, and has it somewhere afterwards.
    pub(crate) async fn press(&self, keys: &str) -> Result<()> {
        self.0.keys(keys).await?;
        self.stands().await
    }

    /// Presses a key while Shift is held down.
    pub(crate) async fn shift(&self, key: &str) -> Result<()> {
        self.0.chord(key::SHIFT, key).await?;
        self.stands().await
    }

    /// Goes on with Tab until it stands on something, and presses a key there.
    pub(crate) async fn on(&self, selector: &str, key: &str) -> Result<()> {
        self.to(selector).await?;
        self.press(key).await
    }

    /// Goes on with Tab until it stands on something.
    pub(crate) async fn to(&self, selector: &str) -> Result<()> {
        self.0.see(selector).await?;
        let mut passed = Vec::new();
        for _ in 0..80 {
            let script = "const has = document.activeElement; \
                          return [has?.matches(arguments[0]) ?? false, \
                          has?.dataset.testid ?? has?.outerHTML.slice(0, 60)]";
            let seen = self.0.script(script, json!([selector])).await?;
            if seen[0] == true {
                return Ok(());
            }
            passed.push(seen[1].to_string());
            self.press(key::TAB).await?;
        }
        bail!("Tab never came to {selector}; it passed {}", passed.join(", "))
    }

    /// What had the focus may be busy for a moment; then it is somewhere.
    async fn stands(&self) -> Result<()> {
        let begun = Instant::now();
        loop {
            let script = "const has = document.activeElement; \
                          return has !== null && has !== document.body && !has.matches(':disabled')";
            if self.0.script(script, json!([])).await? == true {
                return Ok(());
            }
            ensure!(begun.elapsed() < Duration::from_secs(3), "the focus is lost");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// The least that a finger hits, in CSS pixels each way.
const FINGER: f64 = 44.0;

/// Somebody who taps, and types only where a field was tapped.
pub(crate) struct Finger<'a>(pub(crate) &'a Window);

impl Finger<'_> {
    /// Taps on something that is large enough, in sight, and under nothing else.
    pub(crate) async fn tap(&self, selector: &str) -> Result<()> {
        self.0.see(selector).await?;
        let script = "const it = document.querySelector(arguments[0]); it.scrollIntoView({ block: 'nearest' }); \
                      const at = it.getBoundingClientRect(); \
                      const top = document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2); \
                      return [at.width, at.height, top !== null && (it.contains(top) || top.contains(it))]";
        let seen = self.0.script(script, json!([selector])).await?;
        let side = |n: usize| seen[n].as_f64().context("no size");
        let (width, height) = (side(0)?, side(1)?);
        ensure!(
            width >= FINGER && height >= FINGER,
            "{selector} is {width} × {height}, too small for a finger"
        );
        ensure!(seen[2] == true, "{selector} is under something else");
        self.0.press(selector).await
    }

    /// Comes down on something and stays there.
    pub(crate) async fn rest_on(&self, selector: &str) -> Result<()> {
        self.0.bring(selector).await?;
        let there = json!({ "element-6066-11e4-a52e-4f735466cecf": self.0.element(selector).await? });
        let moves = json!({ "type": "pointerMove", "duration": 0, "origin": there, "x": 0, "y": 0 });
        self.act(json!([moves, { "type": "pointerDown", "button": 0 }]))
            .await
    }

    /// Lifts, wherever it is.
    pub(crate) async fn lift(&self) -> Result<()> {
        self.act(json!([{ "type": "pointerUp", "button": 0 }])).await
    }

    async fn act(&self, actions: serde_json::Value) -> Result<()> {
        let body = json!({ "actions": [{ "type": "pointer", "id": "finger", "actions": actions }] });
        self.0
            .call(reqwest::Method::POST, "/actions", body)
            .await
            .map(drop)
    }

    /// Taps into a field and types over what it has.
    pub(crate) async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        self.tap(selector).await?;
        self.0.fill(selector, text).await
    }
}
