//! Looking at the window: pictures of it, what a printer would get, and what axe finds.

use crate::browser::Window;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

impl Window {
    /// Shows what the printer would get, until it is called with false: what holds for paper alone holds for
    /// the screen.
    pub(crate) async fn as_printed(&self, is_on: bool) -> Result<()> {
        let script = "const [from, to] = arguments[0] ? ['print', 'all'] : ['all', 'print']; \
                      for (const sheet of document.styleSheets) for (const rule of sheet.cssRules) \
                      if (rule instanceof CSSMediaRule && rule.media.mediaText === from) rule.media.mediaText = to";
        self.script(script, json!([is_on])).await.map(drop)
    }

    /// Has axe look for what a screen reader or a weak eye would stumble over.
    pub(crate) async fn is_accessible(&self) -> Result<()> {
        self.axe(json!({})).await
    }

    /// The same of colours alone: nothing else changes with the theme.
    pub(crate) async fn is_legible(&self) -> Result<()> {
        self.axe(json!({ "runOnly": ["color-contrast"] })).await
    }

    async fn axe(&self, how: serde_json::Value) -> Result<()> {
        // A page keeps it until it's loaded again: half a megabyte to read.
        if self.script("return typeof window.axe", json!([])).await? != "object" {
            let axe = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../ui/node_modules/axe-core/axe.min.js"
            );
            let axe = std::fs::read_to_string(axe).context("axe-core is not installed; run npm ci in ui")?;
            self.script(&axe, json!([])).await?;
        }
        let script = "const done = arguments[arguments.length - 1]; \
             axe.run(arguments[0]).then(found => done(found.violations.map(v => \
             v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | '))))";
        let body = json!({ "script": script, "args": [how] });
        let found = self.call(reqwest::Method::POST, "/execute/async", body).await?;
        let found = found.as_array().context("axe did not answer")?;
        ensure!(found.is_empty(), "axe found {found:#?}");
        Ok(())
    }

    /// Has axe look at a screen, and writes a picture of it into the folder that HOLDFAST_SHOTS names, if it names one.
    pub(crate) async fn shot(&self, name: &str) -> Result<()> {
        self.shot_by(name, crate::screen::picture).await
    }

    /// The same of the window of this title, which the driver is turned to.
    pub(crate) async fn shot_of(&self, title: &str, name: &str) -> Result<()> {
        self.shot_by(name, |display, path| {
            crate::screen::picture_of(display, title, path)
        })
        .await
    }

    async fn shot_by(&self, name: &str, take: impl Fn(&str, &Path) -> Result<()>) -> Result<()> {
        self.is_accessible().await.with_context(|| name.to_owned())?;
        match std::env::var_os("HOLDFAST_SHOTS") {
            Some(folder) => {
                // What was changed a moment ago is painted a moment later.
                tokio::time::sleep(Duration::from_millis(250)).await;
                take(self.display(), &Path::new(&folder).join(format!("{name}.png")))
            }
            None => Ok(()),
        }
    }

    /// Writes a picture of the window, as it is on the screen.
    pub(crate) fn picture(&self, path: &Path) -> Result<()> {
        crate::screen::picture(self.display(), path)
    }

    /// Enlarges everything to 200 %, as somebody does by Ctrl and plus.
    pub(crate) async fn zoom_to_double(&self, width: u32) -> Result<()> {
        for _ in 0..5 {
            self.chord("\u{e009}", "=").await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.until("200 %", async || {
            let seen = self.script("return innerWidth", json!([])).await?;
            Ok((seen == width).then_some(()))
        })
        .await
    }
}
