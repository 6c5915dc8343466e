//! Paper as it comes out: PDFs that the real window's print operation makes, on a roll and on A4, read by poppler.

use crate::browser::Window;
use crate::desktop::Desktop;
use crate::id;
use crate::sandbox::{desk, dojo, till};
use anyhow::{Context, Result, ensure};
use holdfast_desk::{Desk, OpenTab, Settings, TakeTyped};
use holdfast_domain::{Currency, HoldId, Kind, OperationKind, TabId};
use holdfast_ledger::prelude::*;
use holdfast_simulator::Running;
use holdfast_tests::press::Press;
use holdfast_tests::{GOOD, decide};
use std::path::{Path, PathBuf};
use std::process::Command;

/// As long as a bill gets when a party orders by the glass.
const LINES: usize = 70;

/// Tabs that the report carries forward: more than a sheet of A4 has room for.
const CARRIED: usize = 60;

/// People who took something: a table that goes on for pages.
const PEOPLE: usize = 200;

/// Lines of a bill that fill the roll's width, each a hair wider than the one before.
const ENDS: [&str; 16] = [
    "z", "s", "k", "x", "y", "v", "c", "e", "a", "h", "u", "n", "o", "d", "b", "ll",
];

/// What may stay blank below the text of a roll, besides one part in a hundred of it: a margin and three lines.
const SPARE_MM: f64 = 22.0;

/// What a sheet of A4 leaves free on each side.
const A4_MARGIN_MM: f64 = 15.0;

/// A PDF's points in a millimetre.
const POINTS_A_MM: f64 = 72.0 / 25.4;

/// Opens a tab whose hold is paid.
async fn open(desk: &Desk, dojo: &Running, name: &str) -> Result<(TabId, HoldId)> {
    let tab = desk
        .open_tab(OpenTab::of(Kind::Tab, name, "200", Currency::Gbp))
        .await?;
    let hold = desk.tab(tab).await?.holds.into_iter().next().context("no hold")?;
    dojo.pay(hold.intent_id.as_deref().context("no intent")?, GOOD)?;
    Ok((tab, hold.id))
}

/// Writes a world with a guest for each paper, and a report.
async fn evening(data: &Path, dojo: &Running) -> Result<()> {
    let (desk, ledger) = desk(data, dojo)?;
    let open = async |name: &str| open(&desk, dojo, name).await;
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

/// Writes a world in which many people took a pound each, and its report.
async fn crowd_of_staff(data: &Path, dojo: &Running) -> Result<()> {
    let (desk, _) = desk(data, dojo)?;
    let (tab, _) = open(&desk, dojo, "All hands").await?;
    desk.sweep().await?;
    for number in 1..=PEOPLE {
        let settings = desk.settings().await?;
        desk.save_settings(Settings {
            staff_name: person(number),
            ..settings
        })
        .await?;
        desk.add_line(tab, None, 1, "1").await?;
        desk.press_take(tab, TakeTyped::default()).await?;
    }
    desk.make_report().await?;
    Ok(())
}

fn person(number: usize) -> String {
    format!("Person{number:03}")
}

/// A line of a bill.
fn full_line(end: &str) -> String {
    format!("A glass of the house’s white wine i{end}")
}

/// Writes a world with a tab for each of those lines, with that line many times on its bill.
async fn full_lines(data: &Path, dojo: &Running) -> Result<()> {
    let (desk, _) = desk(data, dojo)?;
    for end in ENDS {
        let (tab, _) = open(&desk, dojo, &format!("Wine {end}")).await?;
        for _ in 0..LINES / 3 {
            desk.add_line(tab, Some(full_line(end)), 1, "1.25").await?;
        }
        desk.sweep().await?;
        desk.press_take(tab, TakeTyped::default()).await?;
    }
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
        let before = window.text(&id("toast")).await?;
        window.press(&id("paper-save")).await?;
        let toast = window
            .until("saving a paper", async || {
                let toast = window.text(&id("toast")).await?;
                Ok((toast != before && toast.contains(named)).then_some(toast))
            })
            .await?;
        // A story's till has no folder for downloads, and Holdfast's own is named whole: few would find it.
        ensure!(
            toast.contains("Saved: “") && toast.ends_with("/exports."),
            "{toast}"
        );
        Ok(Self(window.attribute(&id("toast"), "title").await?.into()))
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
    /// A roll isn't longer than its text needs, give or take a few lines.
    /// Leaves pictures where HOLDFAST_SHOTS says.
    #[expect(clippy::float_arithmetic, reason = "places on a page are no amounts")]
    fn is_whole(&self, name: &str, width: f64, pages: usize) -> Result<String> {
        if let Some(folder) = std::env::var_os("HOLDFAST_SHOTS") {
            let to = Path::new(&folder).join(name);
            let to = to.to_str().context("a path that is no text")?;
            poppler("pdftoppm", &["-r", "100", "-png", self.path()?, to])?;
        }
        let read = self.pages()?;
        let told = |page: &PdfPage| {
            let words: Vec<&str> = page.words.iter().map(|(word, _)| word.as_str()).collect();
            format!("\n{} × {} points: {}", page.width, page.height, words.join(" "))
        };
        ensure!(
            read.len() == pages,
            "{name} has {} pages, not {pages}:{}",
            read.len(),
            read.iter().map(told).collect::<String>()
        );
        for page in &read {
            let mm = page.width / POINTS_A_MM;
            ensure!((mm - width).abs() < 0.5, "{name} is {mm} mm wide, not {width}");
            ensure!(!page.words.is_empty(), "{name} has an empty page");
            // A word's box is two millimetres higher than its letters. A line that a page's end cuts goes beyond it.
            let margin = POINTS_A_MM * if width > 100.0 { A4_MARGIN_MM - 2.2 } else { 3.0 };
            let end = page.words.iter().map(|(_, sides)| sides[3]).fold(0.0, f64::max);
            let mm_high = page.height / POINTS_A_MM;
            let blank = (page.height - end) / POINTS_A_MM;
            ensure!(
                width > 100.0 || mm_high < 61.0 || blank < SPARE_MM + mm_high / 100.0,
                "{name}: {blank} mm of the roll stay blank"
            );
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
    // Another tab is on show until this one was read.
    window.reads(&id("panel"), name).await?;
    window.press(&id("part-holds")).await
}

/// Opens a paper of the tab on show, makes it on a roll and on A4, and hands back what was read on each.
async fn both(window: &Window, paper: &str, name: &str, a4_pages: usize) -> Result<[String; 2]> {
    window.press(&id(paper)).await?;
    window.see(&format!("{}:enabled", id("paper-save"))).await?;
    let roll = Pdf::saved(window, "paper-slip", &format!("{name} ")).await?;
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
async fn a_line_that_only_just_fits_on_the_screen_costs_no_second_page() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let window = till(&desktop, &dojo, async |data| full_lines(data, &dojo).await).await?;
    for (number, end) in ENDS.into_iter().enumerate() {
        holds_of(&window, format!("Wine {end}").trim()).await?;
        window.press(&id("print-receipt")).await?;
        window.see(&format!("{}:enabled", id("paper-save"))).await?;
        let receipt = Pdf::saved(&window, "paper-slip", "receipt").await?;
        let text = receipt.is_whole(&format!("pdf-wine-{number:02}"), 80.0, 1)?;
        ensure!(
            text.matches("white").count() == LINES / 3,
            "not each line:\n{text}"
        );
        window.press(&id("paper-close")).await?;
        window.gone(&id("paper")).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_paper_comes_out_whole_on_a_roll_and_on_a4() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let window = till(&desktop, &dojo, async |data| evening(data, &dojo).await).await?;

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

/// Each page of a table begins with the head of its columns, and no line of it is cut by a page's end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_of_many_pages_has_its_head_on_each_and_cuts_no_row() -> Result<()> {
    let (desktop, dojo) = (Desktop::start().await?, dojo(0).await?);
    let window = till(&desktop, &dojo, async |data| crowd_of_staff(data, &dojo).await).await?;
    window.press(&id("screen-reports")).await?;
    window.press(&id("part-nights")).await?;
    window.press(&id("report")).await?;
    window.see(&format!("{}:enabled", id("paper-save"))).await?;
    let report = Pdf::saved(&window, "paper-a4", "report").await?;
    let pages = report.pages()?;
    report.is_whole("pdf-people-a4", 210.0, pages.len())?;
    ensure!(pages.len() > 8, "only {} pages", pages.len());
    let mut seen = 0;
    for (number, page) in pages.iter().enumerate() {
        // Who made the report stands at its head too, but not where a row begins.
        let left = page
            .words
            .iter()
            .map(|(_, [at, ..])| *at)
            .fold(f64::MAX, f64::min);
        let begins = |at: f64| (at - left).abs() < 1.0;
        let rows: Vec<[f64; 4]> = page
            .words
            .iter()
            .filter(|(word, [at, ..])| word.starts_with("Person") && begins(*at))
            .map(|(_, sides)| *sides)
            .collect();
        let Some([_, first, ..]) = rows.first().copied() else {
            continue;
        };
        seen += rows.len();
        let mut above = page
            .words
            .iter()
            .filter(|(_, [at, top, ..])| begins(*at) && *top < first);
        let head = above.any(|(word, _)| word == "Who");
        ensure!(head, "page {} has rows and no head above them", number + 1);
        // A row's figures stand beside its name: cut, they would stand on the next page.
        for [_, top, _, bottom] in rows {
            let figures = page
                .words
                .iter()
                .filter(|(word, [_, at, _, end])| word.starts_with('£') && *at < bottom && *end > top);
            ensure!(figures.count() >= 4, "a row on page {} lacks figures", number + 1);
        }
    }
    ensure!(seen == 2 * PEOPLE, "{seen} rows of two tables");
    Ok(())
}
