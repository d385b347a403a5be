//! Which lines of a C source are one statement.
//!
//! A compiler names one line of a statement and a finding may name another. Statements end at a semicolon outside
//! brackets, at the brace that opens a block, and at one that closes it; what stands in the braces of an initializer
//! belongs to its declaration. A directive of the preprocessor with its continued lines is one statement.

/// The extents of a source's statements.
#[derive(Debug)]
pub struct Statements {
    /// For each line, counted from 0, the first and the last line of the statements on it, counted from 1.
    extents: Vec<(usize, usize)>,
    /// Whether a line belongs to a directive.
    directive: Vec<bool>,
}

impl Statements {
    /// Reads a source.
    pub fn new(text: &str) -> Self {
        let count = text.lines().count() + 1;
        let mut reader = Reader {
            all: Self {
                extents: (1..=count).map(|line| (line, line)).collect(),
                directive: vec![false; count],
            },
            start: None,
            line: 0,
            parens: 0,
            braces: Vec::new(),
            last: b';',
        };
        reader.read(text.as_bytes());
        reader.all
    }

    /// The first and the last line of what stands on a line.
    pub fn extent(&self, line: usize) -> (usize, usize) {
        let found = line.checked_sub(1).and_then(|at| self.extents.get(at));
        found.copied().unwrap_or((line, line))
    }

    /// Whether a line belongs to a directive.
    pub fn is_directive(&self, line: usize) -> bool {
        let found = line.checked_sub(1).and_then(|at| self.directive.get(at));
        found.copied().unwrap_or(false)
    }
}

struct Reader {
    all: Statements,
    /// Where the statement began that is being read, counted from 0.
    start: Option<usize>,
    line: usize,
    parens: usize,
    /// Whether each open brace belongs to an initializer.
    braces: Vec<bool>,
    /// The last byte of code.
    last: u8,
}

impl Reader {
    fn read(&mut self, bytes: &[u8]) {
        let mut at = 0;
        let mut fresh = true;
        while at < bytes.len() {
            let byte = bytes[at];
            let rest = &bytes[at..];
            match byte {
                b'\n' => {
                    self.line += 1;
                    fresh = true;
                    at += 1;
                    continue;
                }
                b' ' | b'\t' | b'\r' | 0x0c => {}
                b'/' if rest.starts_with(b"//") => {
                    at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
                    continue;
                }
                b'/' if rest.starts_with(b"/*") => {
                    let body = &rest[2..];
                    let end = body.windows(2).position(|pair| pair == b"*/");
                    let length = end.map_or(rest.len(), |end| end + 4);
                    self.line += count_lines(&rest[..length]);
                    at += length;
                    continue;
                }
                b'#' if fresh => {
                    at += self.directive(rest);
                    continue;
                }
                b'"' | b'\'' => {
                    self.code(byte);
                    let length = literal(rest);
                    self.line += count_lines(&rest[..length]);
                    at += length;
                    fresh = false;
                    continue;
                }
                _ => self.code(byte),
            }
            fresh &= byte.is_ascii_whitespace();
            at += 1;
        }
        self.end();
    }

    /// Takes a directive whole; gives its length in bytes.
    fn directive(&mut self, rest: &[u8]) -> usize {
        let first = self.line;
        let mut at = 0;
        let mut in_comment = false;
        while at < rest.len() {
            if in_comment && rest[at..].starts_with(b"*/") {
                in_comment = false;
            } else if !in_comment && rest[at..].starts_with(b"/*") {
                in_comment = true;
                at += 1;
            }
            if rest[at] == b'\n' {
                let line = rest[..at].strip_suffix(b"\r").unwrap_or(&rest[..at]);
                if !line.ends_with(b"\\") && !in_comment {
                    break;
                }
                self.line += 1;
            }
            at += 1;
        }
        for line in first..=self.line {
            self.set(line, first, self.line);
            if let Some(directive) = self.all.directive.get_mut(line) {
                *directive = true;
            }
        }
        at
    }

    fn code(&mut self, byte: u8) {
        self.start.get_or_insert(self.line);
        let in_initializer = self.braces.last() == Some(&true);
        match byte {
            b'(' | b'[' => self.parens += 1,
            b')' | b']' => self.parens = self.parens.saturating_sub(1),
            b'{' => {
                let initializer =
                    in_initializer || self.parens > 0 || matches!(self.last, b'=' | b',');
                self.braces.push(initializer);
                if !initializer {
                    self.end();
                }
            }
            b'}' if self.braces.pop() != Some(true) => {
                self.parens = 0;
                self.end();
            }
            b';' if self.parens == 0 && !in_initializer => self.end(),
            _ => {}
        }
        self.last = byte;
    }

    fn end(&mut self) {
        if let Some(start) = self.start.take() {
            for line in start..=self.line {
                self.set(line, start, self.line);
            }
        }
    }

    /// Widens a line's extent.
    fn set(&mut self, line: usize, start: usize, end: usize) {
        if let Some(extent) = self.all.extents.get_mut(line) {
            *extent = (extent.0.min(start + 1), extent.1.max(end + 1));
        }
    }
}

fn count_lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

/// The length of a literal with its quotes; one that is not closed ends with its line.
fn literal(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != rest[0] && rest[at] != b'\n' {
        at += 1 + usize::from(rest[at] == b'\\');
    }
    (at + usize::from(rest.get(at) == rest.first())).min(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extents(text: &str) -> Vec<(usize, usize)> {
        let statements = Statements::new(text);
        (1..=text.lines().count())
            .map(|line| statements.extent(line))
            .collect()
    }

    #[test]
    fn a_call_over_lines_is_one_statement_and_its_block_is_another() {
        let text = "if (f(a,\n      b)) {\n  x = 1; /* ;\n */ y =\n 2;\n}\n";
        assert_eq!(
            extents(text),
            [(1, 2), (1, 2), (3, 3), (4, 5), (4, 5), (6, 6)]
        );
    }

    #[test]
    fn an_initializer_belongs_to_its_declaration() {
        let text = "static T t = {\n  {1, 2},\n  \"};\",\n};\nint z;\n";
        assert_eq!(extents(text), [(1, 4), (1, 4), (1, 4), (1, 4), (5, 5)]);
    }

    #[test]
    fn a_struct_has_a_statement_for_each_field() {
        assert_eq!(
            extents("struct s {\n int a;\n int b;\n};"),
            [(1, 1), (2, 2), (3, 3), (4, 4)]
        );
    }

    #[test]
    fn a_directive_goes_on_behind_a_backslash() {
        let text = "#define F(x) \\\n  g(x); \\\n  h\nint a\n#if 1\n;\n#endif\n";
        let read = Statements::new(text);
        assert_eq!((read.extent(1), read.extent(2)), ((1, 3), (1, 3)));
        assert!(read.is_directive(3) && !read.is_directive(4));
    }
}
