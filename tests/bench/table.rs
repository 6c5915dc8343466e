//! The table: each row with its baseline, its goal and whether it is met.

use crate::plot::Sized;
use crate::sample::{Pair, Spread};
use anyhow::Result;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What the run before found, by row, baseline and figure: how far it is to be believed shows when somebody
/// runs it again.
#[derive(Debug, Default)]
pub(crate) struct Before(BTreeMap<[String; 4], f64>);

impl Before {
    /// From a table that was kept.
    pub(crate) fn of(kept: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let mut figures = BTreeMap::new();
        for row in list(&kept["rows"]) {
            for judged in list(&row["judged"]) {
                if let Some(value) = judged["value"].as_f64() {
                    let parts = [&row["id"], &row["what"], &row["against"], &judged["what"]];
                    figures.insert(parts.map(text), value);
                }
            }
        }
        Self(figures)
    }

    /// The figure then, and by how much this one is more or less.
    fn says(&self, row: &Row, judged: &Judged) -> String {
        let key = [row.id, &row.what, &row.against, &judged.what].map(str::to_owned);
        match self.0.get(&key) {
            Some(then) if *then != 0.0 => {
                format!(
                    "{} ({:+.0} %)",
                    number(*then),
                    (judged.value / then - 1.0) * 100.0
                )
            }
            Some(then) => number(*then),
            None => "none".to_owned(),
        }
    }
}

/// What is held against a goal.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Judged {
    /// Such as `p99 ratio`.
    what: String,
    value: f64,
    unit: &'static str,
    /// The most that is allowed; none where the figure is for looking at.
    goal: Option<f64>,
    /// The goal is the least that is wanted.
    at_least: bool,
}

impl Judged {
    fn new(what: &str, value: f64, unit: &'static str, goal: Option<f64>) -> Self {
        Self {
            what: what.to_owned(),
            value,
            unit,
            goal,
            at_least: false,
        }
    }

    fn is_met(&self) -> Option<bool> {
        let goal = self.goal?;
        Some(if self.at_least {
            self.value >= goal
        } else {
            self.value <= goal
        })
    }

    fn says(&self) -> String {
        let sign = if self.at_least { "≥" } else { "≤" };
        let goal = self
            .goal
            .map_or_else(|| "none".to_owned(), |goal| format!("{sign} {}", number(goal)));
        let verdict = match self.is_met() {
            Some(true) => "met",
            Some(false) => "**missed**",
            None => "",
        };
        format!(
            "{} | {}{} | {goal}{} | {verdict}",
            self.what,
            number(self.value),
            self.unit,
            if self.goal.is_some() { self.unit } else { "" }
        )
    }
}

/// One line of the table, or a part of one.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    /// `B1` and so on.
    pub(crate) id: &'static str,
    what: String,
    unit: &'static str,
    ours: Spread,
    against: String,
    baseline: Option<Spread>,
    judged: Vec<Judged>,
    /// By how much the ratio moved within the run.
    noise: Option<f64>,
    /// In a ledger of so many tabs.
    tabs: Option<u32>,
    /// What a reader has to know beside the figures.
    note: String,
}

impl Row {
    /// Of samples in milliseconds, taken in turn.
    ///
    /// # Errors
    /// When there are none.
    pub(crate) fn of(id: &'static str, what: &str, against: &str, pair: &Pair) -> Result<Self> {
        let noise = pair.noise();
        let row = Self::figures(id, what, "ms", pair.ours.spread()?);
        Ok(Self { noise, ..row }.against(against, pair.baseline.spread()?))
    }

    pub(crate) fn figures(id: &'static str, what: &str, unit: &'static str, ours: Spread) -> Self {
        Self {
            id,
            what: what.to_owned(),
            unit,
            ours,
            against: "none".to_owned(),
            baseline: None,
            judged: Vec::new(),
            noise: None,
            tabs: None,
            note: String::new(),
        }
    }

    pub(crate) fn against(mut self, what: &str, baseline: Spread) -> Self {
        self.against = what.to_owned();
        self.baseline = Some(baseline);
        self
    }

    /// The medians' ratio.
    pub(crate) fn ratio(self, goal: Option<f64>) -> Self {
        self.ratio_of("p50 ratio", |spread| spread.median, goal)
    }

    pub(crate) fn p99_ratio(self, goal: Option<f64>) -> Self {
        self.ratio_of("p99 ratio", |spread| spread.p99, goal)
    }

    fn ratio_of(self, what: &str, of: fn(&Spread) -> f64, goal: Option<f64>) -> Self {
        match &self.baseline {
            Some(baseline) if of(baseline) > 0.0 => {
                let value = of(&self.ours) / of(baseline);
                self.judge(what, value, "", goal)
            }
            Some(_) | None => self,
        }
    }

    /// How much the medians differ.
    pub(crate) fn on_top(self, goal: Option<f64>) -> Self {
        let base = self.baseline.map_or(0.0, |baseline| baseline.median);
        let (value, unit) = (self.ours.median - base, self.unit);
        self.judge("p50 on top", value, unit, goal)
    }

    pub(crate) fn p99_on_top(self, goal: Option<f64>) -> Self {
        let base = self.baseline.map_or(0.0, |baseline| baseline.p99);
        let (value, unit) = (self.ours.p99 - base, self.unit);
        self.judge("p99 on top", value, unit, goal)
    }

    pub(crate) fn p99(self, goal: f64) -> Self {
        let (value, unit) = (self.ours.p99, self.unit);
        self.judge("p99", value, unit, Some(goal))
    }

    pub(crate) fn judge(mut self, what: &str, value: f64, unit: &'static str, goal: Option<f64>) -> Self {
        self.judged.push(Judged::new(what, value, unit, goal));
        self
    }

    pub(crate) fn at_least(mut self, what: &str, value: f64, unit: &'static str, goal: f64) -> Self {
        self.judged.push(Judged {
            at_least: true,
            ..Judged::new(what, value, unit, Some(goal))
        });
        self
    }

    /// In a ledger of so many tabs, to be drawn beside the others.
    pub(crate) fn at(mut self, tabs: u32) -> Self {
        self.tabs = Some(tabs);
        self
    }

    pub(crate) fn sized(&self) -> Option<Sized> {
        Some((self.tabs?, self.unit, self.ours.median, self.ours.p99))
    }

    pub(crate) fn note(mut self, words: &str) -> Self {
        if !self.note.is_empty() {
            self.note.push(' ');
        }
        self.note.push_str(words);
        self
    }

    /// How many goals it misses.
    pub(crate) fn missed(&self) -> usize {
        self.judged.iter().filter(|j| j.is_met() == Some(false)).count()
    }

    fn lines(&self, before: &Before) -> Vec<String> {
        let noise = self.noise.map_or_else(
            || "one run".to_owned(),
            |noise| format!("{} %", number(noise * 100.0)),
        );
        let judged = if self.judged.is_empty() {
            vec![" |  |  |  | ".to_owned()]
        } else {
            let says = |judged: &Judged| format!("{} | {}", judged.says(), before.says(self, judged));
            self.judged.iter().map(says).collect()
        };
        let (unit, ours) = (self.unit, says(&self.ours));
        let baseline = self
            .baseline
            .as_ref()
            .map_or_else(|| "none".to_owned(), |b| format!("{}: {}", self.against, says(b)));
        let first = format!("{} | {} | {ours} {unit} | {baseline}", self.id, self.what);
        let heads = std::iter::once(first).chain(std::iter::repeat("| | |".to_owned()));
        let whole = |(head, says): (String, String)| format!("| {head} | {says} | {noise} |");
        heads.zip(judged).map(whole).collect()
    }
}

fn says(spread: &Spread) -> String {
    if spread.count == 1 {
        return number(spread.median);
    }
    format!(
        "{}, p99 {} ({} to {}, n {})",
        number(spread.median),
        number(spread.p99),
        number(spread.least),
        number(spread.most),
        spread.count
    )
}

/// Three figures are enough to compare by.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 || size == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// All rows as Markdown, with what the run before found.
pub(crate) fn markdown(rows: &[Row], before: &Before) -> String {
    let mut text = "| # | Row | Here: p50, p99 (least to most) | Baseline in the same run | Figure \
                    | Value | Goal | | The run before | Noise |\n\
                    | --- | --- | --- | --- | --- | ---: | --- | --- | ---: | ---: |\n"
        .to_owned();
    for line in rows.iter().flat_map(|row| row.lines(before)) {
        text.push_str(&line);
        text.push('\n');
    }
    for row in rows.iter().filter(|row| !row.note.is_empty()) {
        // Writing to a string does not fail.
        let _ = write!(text, "\n{}, {}: {}\n", row.id, row.what, row.note);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Samples;

    fn row() -> Result<Row> {
        let pair = Pair {
            ours: Samples(vec![3.0, 3.0, 30.0]),
            baseline: Samples(vec![2.0, 2.0, 10.0]),
        };
        Row::of("B0", "a row", "its baseline", &pair)
    }

    #[test]
    fn a_goal_is_met_or_missed_and_the_row_says_so() -> Result<()> {
        assert_eq!(row()?.ratio(Some(1.5)).missed(), 0);
        assert_eq!(row()?.ratio(Some(1.4)).p99_ratio(Some(2.9)).missed(), 2);
        assert_eq!(row()?.on_top(Some(1.0)).missed(), 0);
        assert_eq!(row()?.at_least("frames", 98.0, " %", 99.0).missed(), 1);
        let rows = [row()?.ratio(Some(1.4)).p99_ratio(None).note("It waits.")];
        let kept = serde_json::json!({ "rows": [
            { "id": "B0", "what": "a row", "against": "its baseline",
              "judged": [{ "what": "p50 ratio", "value": 1.25 }] },
            { "id": "B0", "what": "a row", "against": "another", "judged": [{ "what": "p50 ratio", "value": 9.0 }] },
        ] });
        let text = markdown(&rows, &Before::of(&kept));
        for line in [
            "| p50 ratio | 1.50 | ≤ 1.40 | **missed** | 1.25 (+20 %) |",
            "| p99 ratio | 3.00 | none |  | none |",
        ] {
            assert!(text.contains(line), "{text}");
        }
        assert!(text.ends_with("B0, a row: It waits.\n"), "{text}");
        Ok(())
    }
}
