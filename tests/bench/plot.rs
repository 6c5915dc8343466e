//! How a row grows with the number of tabs, drawn.

use crate::table::Row;
use anyhow::{Context, Result};
use plotters::prelude::*;
use std::path::Path;

/// What is drawn, what staff do meanwhile, and what it grows with.
const DRAWN: [(&str, &str, &str); 5] = [
    ("B4", "Start to a usable floor: staff wait", "tabs"),
    ("B5", "Search as you type: staff wait", "tabs"),
    ("B7", "Memory of the core", "tabs"),
    ("B10", "Checking the journal: nobody waits", "tabs"),
    (
        "N8",
        "A commit of a shared ledger: staff wait",
        "entries in its journal",
    ),
];

/// A picture for each of the rows that were measured at several sizes.
///
/// # Errors
/// When one can't be drawn or written.
pub(crate) fn draw(out: &Path, rows: &[Row]) -> Result<()> {
    for (id, title, with) in DRAWN {
        let sized: Vec<_> = rows
            .iter()
            .filter(|row| row.id == id)
            .filter_map(Row::sized)
            .collect();
        if sized.len() > 1 {
            picture(
                &out.join(format!("growth-{}.svg", id.to_lowercase())),
                title,
                with,
                &sized,
            )?;
        }
    }
    Ok(())
}

/// A size, the unit, the median and the p99 there.
pub(crate) type Sized = (u32, &'static str, f64, f64);

fn picture(path: &Path, title: &str, with: &str, points: &[Sized]) -> Result<()> {
    let (first, last) = (
        points.first().context("no points")?,
        points.last().context("no points")?,
    );
    let values = || {
        points
            .iter()
            .flat_map(|point| [point.2, point.3])
            .filter(|value| *value > 0.0)
    };
    let (least, most) = (values().fold(f64::MAX, f64::min), values().fold(0.0, f64::max));
    let area = SVGBackend::new(path, (720, 400)).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(64)
        .build_cartesian_2d(
            (f64::from(first.0)..f64::from(last.0)).log_scale(),
            (least / 2.0..most * 2.0).log_scale(),
        )?;
    chart
        .configure_mesh()
        .x_desc(with)
        .y_desc(first.1)
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (name, colour, of) in [
        ("median", BLUE, (|point: &Sized| point.2) as fn(&Sized) -> f64),
        ("p99", RED, |point| point.3),
    ] {
        let line = points.iter().map(|point| (f64::from(point.0), of(point)));
        let series = LineSeries::new(line, colour.stroke_width(2)).point_size(3);
        let drawn = chart.draw_series(series)?.label(name);
        drawn.legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .border_style(BLACK)
        .background_style(WHITE)
        .draw()?;
    area.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Spread;

    #[test]
    fn what_has_several_sizes_is_drawn_and_nothing_else() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let row = |id, tabs, value| Row::figures(id, "a row", "ms", Spread::once(value)).at(tabs);
        draw(
            folder.path(),
            &[
                row("B5", 1_000, 0.4),
                row("B5", 100_000, 3.0),
                row("B10", 1_000, 7.0),
            ],
        )?;
        let text = std::fs::read_to_string(folder.path().join("growth-b5.svg"))?;
        assert!(text.contains("Search as you type"), "{text}");
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }
}
