//! `mortice profile`: what a recorded trace says of a program's memory, and which parameters would serve it best.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use mortice_profile::score::{Scores, score};
use mortice_profile::summary::Summary;
use mortice_profile::{Trace, chart, report};
use serde::Serialize;

use crate::problem::Problem;

// What is done with a trace. Without a doc comment, so that the help is the command's.
#[derive(Args)]
pub struct Profile {
    /// Rounds that are timed; 0 counts bytes and times nothing.
    #[arg(long, default_value_t = 11, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_000))]
    rounds: u32,
    /// Draw the sizes and the live bytes: sizes.svg and live.svg in this folder, which is made if missing.
    #[arg(long, value_name = "FOLDER")]
    svg: Option<PathBuf>,
    /// Write everything that is printed, and the points of the curve, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The trace, plain or compressed by xz.
    file: PathBuf,
}

/// What the JSON file holds.
#[derive(Serialize)]
struct Everything<'r> {
    file: String,
    summary: &'r Summary,
    scores: &'r Scores,
}

/// Prints a trace's profile.
pub fn profile(options: &Profile) -> Result<i32, Problem> {
    let path = &options.file;
    let trace = Trace::read(path)?;
    let summary = Summary::of(&trace);
    let mut text = format!("{}\n\n", path.display());
    // Writing to a string does not fail.
    let _ = report::summary(&mut text, &summary);
    text.push('\n');
    if !print(&text)? {
        return Ok(0);
    }
    if let Some(folder) = &options.svg {
        draw(folder, &summary, &title(path))?;
    }

    let bar = ProgressBar::new(1).with_prefix("scores");
    if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    let scores = score(&trace, options.rounds as usize, |done, to_do| {
        bar.set_length(to_do as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let scores = scores.map_err(|error| Problem::Score {
        path: path.clone(),
        error,
    })?;
    let mut text = String::new();
    let _ = report::scores(&mut text, &scores);
    print(&text)?;
    if let Some(json) = &options.json {
        let everything = Everything {
            file: path.display().to_string(),
            summary: &summary,
            scores: &scores,
        };
        let contents = serde_json::to_string_pretty(&everything);
        let contents = contents.map_err(|error| unwritten(json, error.into()))?;
        save(json, &format!("{contents}\n"))?;
    }
    Ok(0)
}

/// Prints. Gives false if nobody reads any more.
fn print(text: &str) -> Result<bool, Problem> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Problem::Output(error)),
    }
}

fn title(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn draw(folder: &Path, summary: &Summary, title: &str) -> Result<(), Problem> {
    std::fs::create_dir_all(folder).map_err(|error| unwritten(folder, error))?;
    let sizes = chart::sizes(summary, &format!("{title}: sizes"))?;
    save(&folder.join("sizes.svg"), &sizes)?;
    let live = chart::live_bytes(summary, &format!("{title}: live bytes"))?;
    save(&folder.join("live.svg"), &live)
}

fn save(path: &Path, contents: &str) -> Result<(), Problem> {
    std::fs::write(path, contents).map_err(|error| unwritten(path, error))
}

fn unwritten(path: &Path, error: std::io::Error) -> Problem {
    Problem::Write {
        path: path.into(),
        error,
    }
}
