//! A summary as pictures.

use std::error::Error;

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use thiserror::Error;

use crate::summary::{FINE_LIMIT_BYTES, ROW_BYTES, Summary};

/// The size of a picture, in pixels.
const SIZE: (u32, u32) = (960, 480);
const MARGIN: u32 = 16;
const LEFT: u32 = 72;
const BOTTOM: u32 = 48;
const TITLE: (&str, u32) = ("sans-serif", 20);
const LABEL: (&str, u32) = ("sans-serif", 14);

const BARS: RGBColor = RGBColor(0x33, 0x66, 0x99);

/// A picture could not be drawn.
#[derive(Debug, Error)]
#[error("cannot draw: {0}")]
pub struct ChartError(String);

impl ChartError {
    fn of(error: impl Error) -> ChartError {
        ChartError(error.to_string())
    }
}

/// Draws how often each size is asked for, up to the sizes that pools serve at first. Gives an SVG document.
///
/// # Errors
///
/// The drawing library's.
pub fn sizes(summary: &Summary, title: &str) -> Result<String, ChartError> {
    let rows = (summary.sizes.iter()).filter(|row| row.to_bytes <= FINE_LIMIT_BYTES);
    let bars: Vec<(f64, f64)> = rows
        .map(|row| (row.to_bytes as f64, summary.share(row.count) * 100.0))
        .collect();
    let larger = 100.0 - bars.iter().map(|(_, share)| share).sum::<f64>();
    let title = match summary.allocations {
        0 => title.to_owned(),
        _ => format!("{title} ({larger:.1} % are larger than {FINE_LIMIT_BYTES} bytes)"),
    };
    let most = bars.iter().map(|&(_, share)| share).fold(1.0, f64::max);
    let bar = |&(to, share): &(f64, f64)| {
        let from = to - ROW_BYTES as f64;
        Rectangle::new([(from + 1.0, 0.0), (to - 1.0, share)], BARS.filled())
    };
    picture(&title, (FINE_LIMIT_BYTES as f64, most), |chart| {
        chart
            .configure_mesh()
            .disable_x_mesh()
            .x_desc("bytes asked for, in classes of 16")
            .y_desc("allocations, %")
            .x_labels(FINE_LIMIT_BYTES / 32)
            .x_label_formatter(&whole)
            .y_label_formatter(&whole)
            .light_line_style(TRANSPARENT)
            .label_style(LABEL)
            .draw()
            .map_err(ChartError::of)?;
        chart
            .draw_series(bars.iter().map(bar))
            .map_err(ChartError::of)?;
        Ok(())
    })
}

/// Draws the bytes alive in the course of the events. Gives an SVG document.
///
/// # Errors
///
/// The drawing library's.
pub fn live_bytes(summary: &Summary, title: &str) -> Result<String, ChartError> {
    let (unit, name) = match summary.peak_bytes {
        ..10_240 => (1.0, "bytes"),
        10_240..10_485_760 => (1024.0, "KiB"),
        _ => (1024.0 * 1024.0, "MiB"),
    };
    let points: Vec<(f64, f64)> = (summary.curve.iter())
        .map(|point| (point.events as f64, point.live_bytes as f64 / unit))
        .collect();
    let most = (summary.peak_bytes as f64 / unit).max(1.0);
    let area = AreaSeries::new(points, 0.0, BARS.mix(0.3)).border_style(BARS);
    picture(title, (summary.events.max(1) as f64, most), |chart| {
        chart
            .configure_mesh()
            .x_desc("events")
            .y_desc(format!("{name} alive"))
            .x_label_formatter(&whole)
            .y_label_formatter(&whole)
            .light_line_style(TRANSPARENT)
            .label_style(LABEL)
            .draw()
            .map_err(ChartError::of)?;
        chart.draw_series(area).map_err(ChartError::of)?;
        Ok(())
    })
}

/// The axes that a picture is drawn on.
type Axes<'p> = ChartContext<'p, SVGBackend<'p>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Makes a picture with axes from zero to `limits`, and room above.
fn picture(
    title: &str,
    limits: (f64, f64),
    draw: impl FnOnce(&mut Axes<'_>) -> Result<(), ChartError>,
) -> Result<String, ChartError> {
    let mut picture = String::new();
    {
        let root = SVGBackend::with_string(&mut picture, SIZE).into_drawing_area();
        root.fill(&WHITE).map_err(ChartError::of)?;
        let mut chart = ChartBuilder::on(&root)
            .caption(title, TITLE)
            .margin(MARGIN)
            .x_label_area_size(BOTTOM)
            .y_label_area_size(LEFT)
            .build_cartesian_2d(0.0..limits.0, 0.0..limits.1 * 1.05)
            .map_err(ChartError::of)?;
        draw(&mut chart)?;
        root.present().map_err(ChartError::of)?;
    }
    Ok(picture)
}

/// A label without decimals.
fn whole(value: &f64) -> String {
    format!("{value:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Event, Trace};

    fn summary(count: u32) -> Summary {
        let allocate = |slot| Event::Allocate {
            slot,
            bytes: 20 * slot as usize,
            domain: None,
        };
        let mut events: Vec<Event> = (0..count).map(allocate).collect();
        events.extend((0..count).map(|slot| Event::Release { slot }));
        Summary::of(&Trace::of_events(&events).unwrap())
    }

    #[test]
    fn pictures_show_a_bar_for_each_size() {
        let summary = summary(30);
        let picture = sizes(&summary, "a <b> & c").unwrap();
        let bars = picture.matches("fill=\"#336699\"").count();
        let rows = summary.sizes.iter().filter(|row| row.to_bytes <= 512);
        assert_eq!(bars, rows.count());
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>\n"));
        // A file's name may hold anything.
        assert!(picture.contains("a &lt;b&gt; &amp; c"), "{picture}");
    }

    #[test]
    fn traces_without_events_have_pictures_too() {
        for count in [0, 1] {
            let summary = summary(count);
            assert!(sizes(&summary, "nothing").unwrap().contains("nothing"));
            assert!(live_bytes(&summary, "nothing").unwrap().contains("alive"));
        }
    }
}
