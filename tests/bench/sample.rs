//! Samples of two things that are done in turn, and what they come to.

use anyhow::{Context, Result};
use serde::Serialize;
use std::time::{Duration, Instant};

/// What many samples of one thing came to. Times are in milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Spread {
    pub(crate) count: usize,
    pub(crate) median: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// Of something that was measured once.
    pub(crate) fn once(value: f64) -> Self {
        Self {
            count: 1,
            median: value,
            p95: value,
            p99: value,
            least: value,
            most: value,
        }
    }
}

/// Samples in the order in which they were taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(pub(crate) Vec<f64>);

impl Samples {
    pub(crate) fn add(&mut self, took: Duration) {
        self.0.push(milliseconds(took));
    }

    /// # Errors
    /// When there are none.
    pub(crate) fn spread(&self) -> Result<Spread> {
        spread(&self.0)
    }

    /// Each half by itself: two runs that were taken a while apart.
    fn halves(&self) -> Result<(Spread, Spread)> {
        let (first, second) = self.0.split_at(self.0.len() / 2);
        Ok((spread(first)?, spread(second)?))
    }
}

fn spread(samples: &[f64]) -> Result<Spread> {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |hundredths: usize| {
        // The nearest rank: a value that was there.
        let rank = (sorted.len() * hundredths).div_ceil(100).max(1) - 1;
        sorted.get(rank).copied().context("no samples")
    };
    Ok(Spread {
        count: sorted.len(),
        median: at(50)?,
        p95: at(95)?,
        p99: at(99)?,
        least: at(0)?,
        most: at(100)?,
    })
}

/// What is measured, and what it is held against, done in turn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pair {
    pub(crate) ours: Samples,
    pub(crate) baseline: Samples,
}

impl Pair {
    /// By how much the ratio of the medians differs between the first half of the samples and the second.
    /// None where there are too few to say.
    pub(crate) fn noise(&self) -> Option<f64> {
        if self.ours.0.len().min(self.baseline.0.len()) < 8 {
            return None;
        }
        let (ours, baseline) = (self.ours.halves().ok()?, self.baseline.halves().ok()?);
        let (first, second) = (
            ours.0.median / baseline.0.median,
            ours.1.median / baseline.1.median,
        );
        Some((first / second - 1.0).abs())
    }
}

pub(crate) fn milliseconds(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}

/// Does `work` and says how long it took.
///
/// # Errors
/// Those of the work.
pub(crate) async fn timed<T>(work: impl Future<Output = Result<T>>) -> Result<(Duration, T)> {
    let begun = Instant::now();
    let done = work.await?;
    Ok((begun.elapsed(), done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_edges() -> Result<()> {
        let samples = Samples((1..=200).rev().map(f64::from).collect());
        let spread = samples.spread()?;
        let all = (spread.median, spread.p95, spread.p99, spread.least, spread.most);
        assert_eq!(all, (100.0, 190.0, 198.0, 1.0, 200.0));
        assert!(Samples::default().spread().is_err());
        Ok(())
    }

    #[test]
    fn a_machine_that_slows_down_for_both_is_no_noise_and_for_one_it_is() {
        let half = |first: f64, second: f64| Samples([[first; 4], [second; 4]].concat());
        let pair = |ours, baseline| Pair { ours, baseline };
        assert_eq!(pair(half(2.0, 4.0), half(1.0, 2.0)).noise(), Some(0.0));
        assert_eq!(pair(half(2.0, 4.0), half(1.0, 1.0)).noise(), Some(0.5));
        assert_eq!(pair(half(2.0, 4.0), Samples(vec![1.0])).noise(), None);
    }
}
