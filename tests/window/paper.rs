//! Paper as it comes out: PDFs that the real window's print operation makes, on a roll and on A4, read by poppler.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::killed::KEY;
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Desk, Mode, OpenTab, SystemClock, TakeTyped};
use holdfast_dojo::{ApiKey, Client, HttpTransport};
use holdfast_domain::{Currency, Kind, OperationKind};
use holdfast_ledger::prelude::*;
use holdfast_ledger_sqlite::SqliteLedger;
use holdfast_simulator::{Options, Running, serve};
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, decide};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// As long as a bill gets when a party orders by the glass.
const LINES: usize = 70;

/// Tabs that the report carries forward: more than a sheet of A4 has room for.
const CARRIED: usize = 60;

/// A PDF's points in a millimetre.
const POINTS_A_MM: f64 = 72.0 / 25.4;

/// Writes a world with a guest for each paper, and a report.
async fn evening(data: &Path, dojo: &Running) -> Result<()> {
    let key = ApiKey::parse(KEY)?;
    let ledger = Arc::new(SqliteLedger::open(&Mode::of(&key).folder(data))?);
    let transport =
        HttpTransport::new(&dojo.base_url(), Duration::from_secs(30)).map_err(anyhow::Error::msg)?;
    let desk = Desk::new(
        ledger.clone(),
        Client::new(Arc::new(transport), key),
        Arc::new(SystemClock),
    );
    let open = async |name: &str| {
        let tab = desk
            .open_tab(OpenTab::of(Kind::Tab, name, "200", Currency::Gbp))
            .await?;
        let hold = desk.tab(tab).await?.holds.into_iter().next().context("no hold")?;
        dojo.pay(hold.intent_id.as_deref().context("no intent")?, GOOD)?;
        anyhow::Ok((tab, hold.id))
    };
    let (receipt, _) = open("Paid Party").await?;
    for line in 1..=LINES {
        desk.add_line(receipt, Some(format!("Glass number {line:02}")), 1, "1.25")
            .await?;
    }
    open("Held Hannah").await?;
    let (_, released) = open("Let-go Lee").await?;
    for number in 1..=CARRIED {
        let tab = desk
            .open_tab(OpenTab::of(
                Kind::Tab,
                &format!("Carried {number:02}"),
                "50",
                Currency::Gbp,
            ))
            .await?;
        ensure!(desk.tab(tab).await?.holds.len() == 1, "each has its request");
    }
    desk.sweep().await?;
    desk.press_take(receipt, TakeTyped::default()).await?;
    let released = ledger.hold(released).await?;
    desk.press(decide(&released, OperationKind::Reversal, 0)).await?;
    desk.make_report().await?;
    Ok(())
}

/// A PDF that the window made, read by poppler.
struct Pdf(PathBuf);

/// A page of it, in points, and its words with where they stand: left, top, right, bottom.
#[derive(Default)]
struct PdfPage {
    width: f64,
    height: f64,
    words: Vec<(String, [f64; 4])>,
}

fn poppler(program: &str, arguments: &[&str]) -> Result<String> {
    let out = Command::new(program).args(arguments).output();
    let out = out.with_context(|| format!("{program} could not be started; is poppler-utils installed?"))?;
    ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// The value of an attribute in a line of XML.
fn of<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, from) = line.split_once(&format!("{name}=\""))?;
    from.split_once('"').map(|(value, _)| value)
}

impl Pdf {
    /// Where the window says that it saved it, in a file whose name has `named` in it.
    async fn saved(window: &Window, on: &str, named: &str) -> Result<Self> {
        window.press(&id(on)).await?;
        window.press(&id("paper-save")).await?;
        window.reads(&id("toast"), named).await?;
        let toast = window.text(&id("toast")).await?;
        let (_, path) = toast.trim().split_once("Saved to ").context("no path")?;
        Ok(Self(path.into()))
    }

    fn path(&self) -> Result<&str> {
        self.0.to_str().context("a path that is no text")
    }

    fn pages(&self) -> Result<Vec<PdfPage>> {
        let mut pages: Vec<PdfPage> = Vec::new();
        for line in poppler("pdftotext", &["-bbox", self.path()?, "-"])?.lines() {
            let at = |name| anyhow::Ok(of(line, name).context("no number")?.parse::<f64>()?);
            let line = line.trim();
            if line.starts_with("<page ") {
                let (width, height) = (at("width")?, at("height")?);
                pages.push(PdfPage {
                    width,
                    height,
                    words: Vec::new(),
                });
            } else if line.starts_with("<word ") {
                let sides = [at("xMin")?, at("yMin")?, at("xMax")?, at("yMax")?];
                let (_, word) = line.split_once('>').context("no word")?;
                let word = word.trim_end_matches("</word>").to_owned();
                pages.last_mut().context("no page")?.words.push((word, sides));
            }
        }
        Ok(pages)
    }

    /// Its text, in the order in which it was written.
    fn text(&self) -> Result<String> {
        poppler("pdftotext", &["-raw", self.path()?, "-"])
    }

    /// Checks that the page is `width` mm wide and nothing stands outside its margins, and that there are `pages`.
    /// Leaves pictures where HOLDFAST_SHOTS says.
    fn is_whole(&self, name: &str, width: f64, pages: usize) -> Result<String> {
        if let Some(folder) = std::env::var_os("HOLDFAST_SHOTS") {
            let to = Path::new(&folder).join(name);
            let to = to.to_str().context("a path that is no text")?;
            poppler("pdftoppm", &["-r", "100", "-png", self.path()?, to])?;
        }
        let read = self.pages()?;
        ensure!(
            read.len() == pages,
            "{name} has {} pages, not {pages}",
            read.len()
        );
        for page in &read {
            let mm = page.width / POINTS_A_MM;
            ensure!((mm - width).abs() < 0.5, "{name} is {mm} mm wide, not {width}");
            ensure!(!page.words.is_empty(), "{name} has an empty page");
            let margin = 3.0 * POINTS_A_MM;
            for (word, [left, top, right, bottom]) in &page.words {
                ensure!(
                    *left >= margin
                        && *top >= margin
                        && *right <= page.width - margin
                        && *bottom <= page.height - margin,
                    "{name}: “{word}” at {left}, {top} to {right}, {bottom} leaves {} × {}",
                    page.width,
                    page.height
                );
            }
        }
        self.text()
    }
}

impl Drop for Pdf {
    fn drop(&mut self) {
        // A failed story may leave one behind, in nobody's way.
        let _removed = std::fs::remove_file(&self.0);
    }
}

/// Opens the holds of a tab.
async fn holds_of(window: &Window, name: &str) -> Result<()> {
    window.fill(&id("search"), name).await?;
    window
        .press(&format!("[data-testid='row'][data-name='{name}']"))
        .await?;
    window.press(&id("part-holds")).await
}

/// Opens a paper of the tab on show, makes it on a roll and on A4, and hands back what was read on each.
async fn both(window: &Window, paper: &str, name: &str, a4_pages: usize) -> Result<[String; 2]> {
    window.press(&id(paper)).await?;
    window.see(&format!("{}:enabled", id("paper-save"))).await?;
    let roll = Pdf::saved(window, "paper-slip", &format!("{name}-")).await?;
    // Never over another file.
    let a4 = Pdf::saved(window, "paper-a4", " (2).pdf").await?;
    let roll = roll.is_whole(&format!("pdf-{name}-roll"), 80.0, 1)?;
    let a4 = a4.is_whole(&format!("pdf-{name}-a4"), 210.0, a4_pages)?;
    window.press(&id("paper-close")).await?;
    window.gone(&id("paper")).await?;
    Ok([roll, a4])
}

/// Blanks left out: poppler guesses them from gaps.
fn says(texts: &[String; 2], words: &[&str]) -> Result<()> {
    let close = |text: &str| text.split_whitespace().collect::<String>();
    for text in texts {
        for words in words {
            ensure!(close(text).contains(&close(words)), "no “{words}” in:\n{text}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_paper_comes_out_whole_on_a_roll_and_on_a4() -> Result<()> {
    let desktop = Desktop::start().await?;
    let dojo = serve(Options {
        address: ([127, 0, 0, 1], 0).into(),
        public_url: None,
        data: None,
        seed: None,
    })
    .await?;
    let address = dojo.base_url();
    let environment = [desktop.environment(), ("HOLDFAST_DOJO_URL", address.as_str())];
    let window = Window::open_prepared(&environment, async |data| evening(data, &dojo).await).await?;
    window.fill(&id("field-key"), KEY).await?;
    window.press(&id("keep-key")).await?;
    window.reads(&id("mode-badge"), "SANDBOX").await?;
    window.reads(&id("toast"), "Dojo answers").await?;
    window.press(&id("screen-floor")).await?;

    holds_of(&window, "Paid Party").await?;
    let receipt = both(&window, "print-receipt", "receipt", 2).await?;
    for line in 1..=LINES {
        says(&receipt, &[&format!("Glass number {line:02} £1.25")])?;
    }
    says(&receipt, &["Taken from the card £87.50", "Thank you."])?;
    holds_of(&window, "Held Hannah").await?;
    let slip = both(&window, "print-slip", "slip", 1).await?;
    says(&slip, &["This is not a charge", "£200.00", "Printed"])?;
    holds_of(&window, "Let-go Lee").await?;
    let letter = both(&window, "print-letter", "letter", 1).await?;
    says(
        &letter,
        &[
            "held £200.00 on your card ending 1005",
            "give your bank this letter",
        ],
    )?;
    window.press(&id("screen-reports")).await?;
    window.press(&id("part-nights")).await?;
    let report = both(&window, "report", "report", 5).await?;
    for number in 1..=CARRIED {
        says(&report, &[&format!("Carried {number:02}")])?;
    }
    says(&report, &["Night report 1", "Net takings", "sealed"])
}
