//! From byte offsets to lines and columns.

use crate::code::Position;
use crate::error::Place;
use crate::tree::Span;

/// A source text with the starts of its lines.
pub(crate) struct Lines<'s> {
    pub(crate) file: &'s str,
    pub(crate) text: &'s str,
    starts: Vec<u32>,
}

impl<'s> Lines<'s> {
    /// Indexes a text whose lines end in `\n`.
    pub(crate) fn new(file: &'s str, text: &'s str) -> Lines<'s> {
        let starts = std::iter::once(0)
            .chain(
                (text.bytes().enumerate())
                    .filter(|(_, byte)| *byte == b'\n')
                    .map(|(at, _)| at as u32 + 1),
            )
            .collect();
        Lines { file, text, starts }
    }

    /// The line of an offset, counted from 1.
    pub(crate) fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset) as u32
    }

    /// The empty span at the start of a line.
    pub(crate) fn start_of(&self, line: u32) -> Span {
        let start = (line as usize)
            .checked_sub(1)
            .and_then(|line| self.starts.get(line));
        let start = start.copied().unwrap_or(0);
        Span { start, end: start }
    }

    /// The position of a span, columns in bytes.
    pub(crate) fn position(&self, span: Span) -> Position {
        if span == Span::NONE {
            return Position::NONE;
        }
        let line = self.line(span.start);
        let start = self.starts[line as usize - 1];
        // Most spans end on the line on which they start.
        let same_line = (self.starts.get(line as usize)).is_none_or(|next| span.end < *next);
        let end_line = if same_line { line } else { self.line(span.end) };
        Position {
            line,
            end_line,
            column: span.start - start,
            end_column: span.end - self.starts[end_line as usize - 1],
        }
    }

    /// The place of a span for an error, columns in characters.
    pub(crate) fn place(&self, span: Span) -> Box<Place> {
        let position = self.position(span);
        let column = |line: u32, bytes: u32| {
            let text = self.text_of(line);
            let end = (bytes as usize).min(text.len());
            let before = (0..=end).rev().find_map(|end| text.get(..end));
            before.unwrap_or("").chars().count() as u32 + 1
        };
        Box::new(Place {
            file: self.file.to_owned(),
            line: position.line,
            column: column(position.line, position.column),
            end_line: position.end_line,
            end_column: column(position.end_line, position.end_column),
            text: self.text_of(position.line).to_owned(),
        })
    }

    /// The text of a line without its end.
    pub(crate) fn text_of(&self, line: u32) -> &'s str {
        let Some(start) = (line as usize)
            .checked_sub(1)
            .and_then(|line| self.starts.get(line))
        else {
            return "";
        };
        let rest = &self.text[*start as usize..];
        rest.split('\n').next().unwrap_or("")
    }
}
