//! The frames of a traceback: file, line, name, and the source line.

use super::carets;
use crate::{Context, Object, Result, TraceEntry};
use mortice_types::builtin::traceback::{entry, view};
use mortice_types::format::Text;
use mortice_types::text;

/// Frames in a row that are shown before the rest is counted.
const REPEATED_SHOWN: usize = 3;

/// Source files that were read for one traceback.
#[derive(Default)]
pub(super) struct Sources {
    // std: a handful of files, read once the program has ended or an exception is reported
    files: Vec<(String, Option<String>)>,
}

impl Sources {
    /// The text of a file; `None` where it cannot be read.
    fn text(&mut self, filename: &str) -> Option<&str> {
        let index = match self.files.iter().position(|(known, _)| known == filename) {
            Some(index) => index,
            None => {
                let is_file = !filename.starts_with('<');
                let read = is_file.then(|| std::fs::read_to_string(filename).ok());
                self.files.push((filename.to_owned(), read.flatten()));
                self.files.len() - 1
            }
        };
        self.files[index].1.as_deref()
    }

    /// Lines `first..=last` of a file, counted from 1.
    pub(super) fn lines(&mut self, filename: &str, first: u32, last: u32) -> Vec<&str> {
        let Some(text) = self.text(filename) else {
            return Vec::new();
        };
        let count = last.saturating_sub(first) as usize + 1;
        text.lines()
            .skip((first as usize).saturating_sub(1))
            .take(if first == 0 { 0 } else { count })
            .collect()
    }
}

/// Renders all entries of a traceback, those that repeat only a few times.
pub(super) fn render(
    cx: &Context,
    trace: &Object,
    out: &mut Text<'_>,
    sources: &mut Sources,
) -> Result<()> {
    let mut last: Option<TraceEntry> = None;
    let mut repeated = 0;
    let mut at = Some(trace.clone());
    while let Some(trace) = at {
        if let Some(entry) = entry(&trace) {
            let same = last.as_ref().is_some_and(|last| {
                last.line == entry.line
                    && text(&last.filename) == text(&entry.filename)
                    && text(&last.name) == text(&entry.name)
            });
            if same {
                repeated += 1;
            } else {
                render_repeated(cx, repeated, out)?;
                repeated = 1;
            }
            if repeated <= REPEATED_SHOWN {
                render_entry(cx, &entry, out, sources)?;
            }
            last = Some(entry);
        }
        at = view(&trace).and_then(|body| body.next.get());
    }
    render_repeated(cx, repeated, out)
}

fn render_repeated(cx: &Context, repeated: usize, out: &mut Text<'_>) -> Result<()> {
    if repeated <= REPEATED_SHOWN {
        return Ok(());
    }
    let more = repeated - REPEATED_SHOWN;
    let plural = if more == 1 { "" } else { "s" };
    let line = cx.format(format_args!(
        "  [Previous line repeated {more} more time{plural}]\n"
    ))?;
    cx.fallible(out.push(text(&line).unwrap_or_default()))
}

fn render_entry(
    cx: &Context,
    entry: &TraceEntry,
    out: &mut Text<'_>,
    sources: &mut Sources,
) -> Result<()> {
    let filename = text(&entry.filename).unwrap_or("?");
    let head = cx.format(format_args!(
        "  File \"{filename}\", line {}, in {}\n",
        entry.line,
        text(&entry.name).unwrap_or("?")
    ))?;
    cx.fallible(out.push(text(&head).unwrap_or_default()))?;
    let last = entry.end_line.max(entry.line);
    let lines = sources.lines(filename, entry.line, last);
    let shown = if entry.end_line == 0 {
        lines.first().map(|line| carets::plain(line))
    } else {
        carets::marked(&lines, entry.column as usize, entry.end_column as usize)
    };
    cx.fallible(out.push(&shown.unwrap_or_default()))
}
