//! A scan of the brackets and the indentation before the parser runs.
//!
//! The parser recurses for every open bracket. The scan refuses what CPython's tokenizer refuses,
//! 200 open brackets and 100 levels of indentation, and remembers which bracket stayed open, because
//! that is the better message for most of the errors at the end of a file. It knows comments and
//! strings, but reads an f-string as one string: a replacement field that holds the f-string's own
//! quotes may be misread, and deep nesting inside one passes. The parser's own growing stack and the
//! depth limit of lowering stand behind it.

use crate::tree::Span;

/// The brackets CPython's tokenizer can hold open.
const BRACKETS: usize = 200;
/// The levels of indentation CPython's tokenizer can hold.
const INDENTS: usize = 100;

/// What the scan found.
pub(super) enum Nesting {
    /// Nothing wrong, but this bracket is still open at the end.
    Open(Option<(u8, Span)>),
    /// More brackets are open than are allowed.
    Brackets(Span),
    /// More levels of indentation than are allowed.
    Indents(Span),
    /// A closing bracket without an opening one, or after another opening one.
    Unmatched {
        close: u8,
        open: Option<u8>,
        span: Span,
    },
}

struct Scan<'s> {
    bytes: &'s [u8],
    at: usize,
    open: Vec<(u8, Span)>,
    indents: Vec<usize>,
    formatted: bool,
}

/// Scans a text whose lines end in `\n`.
pub(super) fn scan(text: &str) -> Nesting {
    let mut scan = Scan {
        bytes: text.as_bytes(),
        at: 0,
        open: Vec::new(),
        indents: vec![0],
        formatted: false,
    };
    scan.run()
}

impl Scan<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn here(&self) -> Span {
        Span {
            start: self.at as u32,
            end: self.at as u32 + 1,
        }
    }

    fn run(&mut self) -> Nesting {
        if let Some(found) = self.indentation() {
            return found;
        }
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'#' => self.comment(),
                b'"' | b'\'' => self.string(),
                b'\\' => self.at += 2,
                b'\n' => {
                    self.at += 1;
                    if self.open.is_empty()
                        && let Some(found) = self.indentation()
                    {
                        return found;
                    }
                }
                open @ (b'(' | b'[' | b'{') => {
                    if self.open.len() >= BRACKETS {
                        return Nesting::Brackets(self.here());
                    }
                    self.open.push((open, self.here()));
                    self.at += 1;
                }
                close @ (b')' | b']' | b'}') => {
                    let open = self.open.pop().map(|(open, _)| open);
                    let matches = matches!(
                        (open, close),
                        (Some(b'('), b')') | (Some(b'['), b']') | (Some(b'{'), b'}')
                    );
                    if !matches && !self.formatted {
                        let span = self.here();
                        return Nesting::Unmatched { close, open, span };
                    }
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        let open = self.open.last().copied();
        Nesting::Open(if self.formatted { None } else { open })
    }

    /// Measures the indentation of the line that starts here.
    fn indentation(&mut self) -> Option<Nesting> {
        let mut column = 0;
        loop {
            match self.peek(0) {
                b' ' => column += 1,
                b'\t' => column = (column / 8 + 1) * 8,
                b'\x0c' => column = 0,
                _ => break,
            }
            self.at += 1;
        }
        if matches!(self.peek(0), b'\n' | b'#' | b'\\' | 0) {
            return None;
        }
        while self.indents.last().is_some_and(|last| *last > column) {
            self.indents.pop();
        }
        if self.indents.last().is_none_or(|last| *last < column) {
            if self.indents.len() >= INDENTS {
                return Some(Nesting::Indents(self.here()));
            }
            self.indents.push(column);
        }
        None
    }

    fn comment(&mut self) {
        while self.at < self.bytes.len() && self.bytes[self.at] != b'\n' {
            self.at += 1;
        }
    }

    fn string(&mut self) {
        let quote = self.peek(0);
        let prefix = &self.bytes[self.at.saturating_sub(2)..self.at];
        self.formatted |= prefix.iter().any(|byte| matches!(byte | 0x20, b'f' | b't'));
        let triple = self.peek(1) == quote && self.peek(2) == quote;
        self.at += if triple { 3 } else { 1 };
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            if byte == b'\\' {
                self.at += 2;
            } else if byte == quote && !triple {
                self.at += 1;
                return;
            } else if byte == quote && self.peek(1) == quote && self.peek(2) == quote {
                self.at += 3;
                return;
            } else if byte == b'\n' && !triple {
                return;
            } else {
                self.at += 1;
            }
        }
    }
}
