//! The source lines of a frame, with marks under the expression that ran.
//!
//! ```text
//!     total = first(a) + b["key"]
//!                        ~^^^^^^^
//! ```
//!
//! Tildes mark the operands, carets the operator, the subscript or the call (see `anchors`). No mark
//! is made where it would only say that the whole line ran. Of an expression over many lines the
//! first, the last and those around the operator are shown.

use super::anchors::{self, Anchors};

const INDENT: &str = "    ";

// std: the lines of one expression, for a message

/// A line without marks.
pub(super) fn plain(line: &str) -> String {
    let line = line.trim();
    if line.is_empty() {
        return String::new();
    }
    format!("{INDENT}{line}\n")
}

/// Columns that a terminal gives to a text.
fn width(text: &str) -> usize {
    text.chars().map(character_width).sum()
}

fn character_width(character: char) -> usize {
    match u32::from(character) {
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1F64F
        | 0x1F900..=0x1F9FF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// Takes the common indentation off the lines.
fn dedent<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let blank = |line: &str| line.trim().is_empty();
    let margin = lines
        .iter()
        .filter(|line| !blank(line))
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min()
        .unwrap_or(0);
    lines
        .iter()
        .map(|line| if blank(line) { "" } else { &line[margin..] })
        .collect()
}

/// A byte offset moved down to the start of a character.
fn boundary(line: &str, offset: usize) -> usize {
    let mut offset = offset.min(line.len());
    while !line.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// The lines of an expression with marks; `column` and `end_column` are bytes in the first and the
/// last of `lines`. `None` where there is nothing to show.
pub(super) fn marked(lines: &[&str], column: usize, end_column: usize) -> Option<String> {
    let (first, last) = (lines.first()?, lines.last()?);
    if first.trim().is_empty() {
        return None;
    }
    let dedented = dedent(lines);
    let margin = first.len() - dedented[0].len();
    let last_margin = if last.trim().is_empty() {
        last.len()
    } else {
        margin
    };
    let start = boundary(dedented[0], column.saturating_sub(margin));
    let last_line = dedented[dedented.len() - 1];
    let end = boundary(last_line, end_column.saturating_sub(last_margin));
    let segment = segment(&dedented, start, end)?;
    let anchors = anchors::find(&segment);
    let marks = should_mark(&dedented, start, end, anchors.is_some());
    Some(draw(&dedented, start, end, anchors.as_ref(), marks))
}

/// The text of the expression.
fn segment(lines: &[&str], start: usize, end: usize) -> Option<String> {
    if lines.len() == 1 {
        return lines[0].get(start..end).map(str::to_owned);
    }
    let mut text = lines[0].get(start..)?.to_owned();
    for line in &lines[1..lines.len() - 1] {
        text.push('\n');
        text.push_str(line);
    }
    text.push('\n');
    text.push_str(lines[lines.len() - 1].get(..end)?);
    Some(text)
}

/// Whether marks would say more than the lines themselves.
fn should_mark(lines: &[&str], start: usize, end: usize, anchored: bool) -> bool {
    let last = lines[lines.len() - 1];
    let (before, after) = (lines[0][..start].trim(), last[end..].trim());
    if anchored && !before.is_empty() && after.is_empty() {
        // `return f(…)` with a plain name, and `x = f(…)`: the whole statement ran.
        if lines[0][start..].starts_with(|character: char| !character.is_whitespace())
            && is_whole_call(lines, start, end, before)
        {
            return false;
        }
    }
    anchored || !before.is_empty() || !after.is_empty()
}

fn is_whole_call(lines: &[&str], start: usize, end: usize, before: &str) -> bool {
    let Some(segment) = segment(lines, start, end) else {
        return false;
    };
    let Some(callee) = anchors::callee(&segment) else {
        return false;
    };
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|character| character.is_alphanumeric() || character == '_')
    };
    if before == "return" {
        return is_name(callee.trim());
    }
    // An assignment: targets, then `=`, which is no comparison and no augmented one.
    before.strip_suffix('=').is_some_and(|target| {
        !target.ends_with([
            '=', '!', '<', '>', '+', '-', '*', '/', '%', '&', '|', '^', '@', ':',
        ])
    }) && !before.contains(['(', '{'])
        && !before.contains(": ")
}

fn draw(
    lines: &[&str],
    start: usize,
    end: usize,
    anchors: Option<&Anchors>,
    marks: bool,
) -> String {
    let last = lines.len() - 1;
    let mut wanted = vec![0, last];
    if let Some(anchors) = anchors {
        for line in [anchors.left_line, anchors.right_line] {
            wanted.extend(line.saturating_sub(1)..=(line + 1).min(last));
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    let mut drawn: Vec<String> = Vec::new();
    let mut previous = None;
    for line in wanted {
        match previous.map(|previous| line - previous) {
            Some(2) => draw_line(lines, line - 1, start, end, anchors, marks, &mut drawn),
            Some(gap) if gap > 2 => drawn.push(format!("...<{} lines>...", gap - 1)),
            _ => {}
        }
        draw_line(lines, line, start, end, anchors, marks, &mut drawn);
        previous = Some(line);
    }
    let drawn: Vec<&str> = drawn.iter().map(String::as_str).collect();
    let mut shown = String::new();
    for line in dedent(&drawn) {
        shown.push_str(INDENT);
        shown.push_str(line);
        shown.push('\n');
    }
    shown
}

fn draw_line(
    lines: &[&str],
    line: usize,
    start: usize,
    end: usize,
    anchors: Option<&Anchors>,
    marks: bool,
    drawn: &mut Vec<String>,
) {
    let text = lines[line];
    drawn.push(text.to_owned());
    if !marks {
        return;
    }
    let blank = text.len() - text.trim_start().len();
    let mut row = String::new();
    for (offset, character) in text.char_indices() {
        if line == lines.len() - 1 && offset >= end {
            break;
        }
        let mark = if offset < blank || (line == 0 && offset < start) {
            ' '
        } else {
            match anchors {
                Some(anchors) if anchors.covers(line, offset, start) => '^',
                Some(_) => '~',
                None => '^',
            }
        };
        for _ in 0..character_width(character) {
            row.push(mark);
        }
    }
    debug_assert!(width(&row) <= width(text));
    drawn.push(row);
}
