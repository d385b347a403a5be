//! A summary and scores as text.

use std::fmt::{self, Write};

use crate::candidate::{Moment, Parameters};
use crate::score::{Score, Scores, Time};
use crate::summary::{LIFETIMES, Summary};

/// The width of a histogram's longest bar.
const BAR_COLUMNS: f64 = 40.0;

/// The heads of the columns that say what a candidate is.
const COLUMNS: &str = "spacing threshold   pool  arena";

/// Writes what a trace says of its program.
///
/// # Errors
///
/// The writer's.
pub fn summary(out: &mut impl Write, summary: &Summary) -> fmt::Result {
    let Summary {
        events,
        allocations,
        reallocations,
        ..
    } = *summary;
    writeln!(out, "events           {:>14}", grouped(events as u64))?;
    writeln!(out, "allocations      {:>14}", grouped(allocations))?;
    writeln!(out, "reallocations    {:>14}", grouped(reallocations))?;
    let domains = summary.domains;
    if domains.unknown == allocations {
        writeln!(out, "domains            not recorded")?;
    } else {
        writeln!(out, "domains of allocations")?;
        let named = [
            ("raw", domains.raw),
            ("mem", domains.mem),
            ("object", domains.object),
            ("unknown", domains.unknown),
        ];
        for (name, count) in named.into_iter().filter(|(_, count)| *count > 0) {
            let share = percent(summary.share(count));
            writeln!(out, "  {name:<15}{:>14}{share}", grouped(count))?;
        }
    }
    writeln!(out, "mean size        {:>14.1} bytes", summary.mean_bytes)?;
    let (bytes, blocks) = (summary.peak_bytes as u64, summary.peak_blocks as u64);
    writeln!(out, "most alive       {:>14} bytes", grouped(bytes))?;
    writeln!(out, "                 {:>14} blocks", grouped(blocks))?;

    writeln!(
        out,
        "\nlifetimes, in allocations between a block's and its release"
    )?;
    for (limit, &count) in LIFETIMES.into_iter().zip(&summary.lifetimes) {
        let name = match limit {
            1 => "none".to_owned(),
            limit => format!("fewer than {}", grouped(limit)),
        };
        writeln!(out, "  {name:<22}{}", percent(summary.share(count)))?;
    }

    writeln!(out, "\nsizes, in bytes asked for")?;
    let most = summary.sizes.iter().map(|row| row.count).max().unwrap_or(1);
    for row in &summary.sizes {
        let range = format!("{}..{}", row.from_bytes, row.to_bytes);
        let bar = (row.count as f64 / most as f64 * BAR_COLUMNS).round() as usize;
        let line = format!(
            "  {range:>19}{:>14}{}  {}",
            grouped(row.count),
            percent(summary.share(row.count)),
            "#".repeat(bar)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Writes the scores and what follows from them.
///
/// # Errors
///
/// The writer's.
pub fn scores(out: &mut impl Write, scores: &Scores) -> fmt::Result {
    match scores.rounds {
        0 => writeln!(out, "scores, relative to the first row; nothing is timed")?,
        rounds => writeln!(
            out,
            "scores, relative to the first row: medians of {rounds} rounds; a copy of that row is {:.1} % off",
            scores.noise * 100.0
        )?,
    }
    writeln!(
        out,
        "  {:<31}{:>16}  {:>28}   cost",
        "", "time", "bytes held / live"
    )?;
    writeln!(
        out,
        "  {:<31}{:>9}{:>7}  {:>7}{:>7}{:>7}{:>7}",
        COLUMNS, "ns/event", "ratio", "at peak", "arenas", "mean", "ratio"
    )?;
    for score in &scores.scores {
        let account = &score.account;
        let live = account.peak.live_bytes as f64;
        writeln!(
            out,
            "  {}{}  {:>7.3}{:>7.3}{:>7.3}{:>7.3}{:>7.3}",
            columns(&score.parameters),
            time(&score.time),
            over(account.peak.pooled_bytes() as f64, live),
            over(account.peak.held_bytes() as f64, live),
            over(account.mean_pooled_bytes, account.mean_live_bytes),
            score.bytes_ratio,
            score.cost()
        )?;
    }
    let live = scores
        .scores
        .first()
        .map(|score| score.account.peak.live_bytes);
    for reference in &scores.references {
        let held = reference.held_peak_bytes.zip(live);
        let held = held.map(|(held, live)| format!("{:>9.3}", over(held as f64, live as f64)));
        writeln!(
            out,
            "  {:<31}{}{}",
            reference.name,
            time(&reference.time),
            held.unwrap_or_default()
        )?;
    }
    if !scores.same.is_empty() {
        let thresholds = scores
            .same
            .iter()
            .map(|same| same.threshold_bytes.to_string());
        writeln!(
            out,
            "  (threshold of {}: every request is served as by the default)",
            thresholds.collect::<Vec<_>>().join(", ")
        )?;
    }
    writeln!(
        out,
        "  at peak: without free pools; arenas: in whole arenas; mean: over all events, without free pools;\n  \
         ratio: of those at the peak, of whole arenas where their size differs"
    )?;
    writeln!(out, "\nbytes lost when most are alive, in % of those")?;
    writeln!(
        out,
        "  {:<31}{:>9}{:>9}{:>7}{:>8}{:>8}{:>7}{:>8}",
        "", "rounding", "headers", "tails", "free", "free", "align-", "system's"
    )?;
    writeln!(
        out,
        "  {:<31}{:>9}{:>9}{:>7}{:>8}{:>8}{:>7}{:>8}",
        COLUMNS, "", "", "", "blocks", "pools", "ment", "blocks"
    )?;
    for score in &scores.scores {
        writeln!(out, "  {}", lost(score))?;
    }
    writeln!(out, "\n{}", scores.recommendation)
}

/// The bytes that a candidate loses at the peak.
fn lost(score: &Score) -> String {
    let Moment {
        live_bytes,
        rounding_bytes,
        header_bytes,
        tail_bytes,
        free_block_bytes,
        free_pool_bytes,
        alignment_bytes,
        system_bytes,
    } = score.account.peak;
    let part = |bytes: usize| 100.0 * over(bytes as f64, live_bytes as f64);
    format!(
        "{}{:>9.2}{:>9.2}{:>7.2}{:>8.2}{:>8.2}{:>7.2}{:>8.2}",
        columns(&score.parameters),
        part(rounding_bytes),
        part(header_bytes),
        part(tail_bytes),
        part(free_block_bytes),
        part(free_pool_bytes),
        part(alignment_bytes),
        part(system_bytes)
    )
}

fn columns(parameters: &Parameters) -> String {
    format!(
        "{:>7}{:>10}{:>7}{:>7}",
        parameters.spacing_bytes,
        parameters.threshold_bytes,
        kib(parameters.pool_bytes),
        kib(parameters.arena_bytes)
    )
}

/// The columns of a time, without figures if it was not taken.
fn time(time: &Time) -> String {
    match time.ns_per_event {
        0.0 => format!("{:>9}{:>7}", "-", "-"),
        figure => format!("{figure:>9.2}{:>7.3}", time.ratio),
    }
}

fn kib(bytes: usize) -> String {
    match bytes >> 10 {
        kib if kib >= 1 << 10 => format!("{}M", kib >> 10),
        kib => format!("{kib}K"),
    }
}

fn over(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

fn percent(share: f64) -> String {
    format!("{:>7.1} %", share * 100.0)
}

/// A number with a comma before each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(
            [kib(4 << 10), kib(256 << 10), kib(2 << 20)],
            ["4K", "256K", "2M"]
        );
    }
}
