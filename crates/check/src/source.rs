//! A source file: its bytes, its language, and where its lines begin.
//!
//! Nothing is assumed of the bytes. The parser reads them as UTF-8 and takes a wrong byte for an error of its own, so
//! a byte that is no UTF-8 becomes a `?` in a copy for the parser ([`crate::prepare`]), and the positions stay those
//! of the file.

use std::io::Read;
use std::path::{Path, PathBuf};

/// A language that the parser knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// C.
    C,
    /// C++.
    Cpp,
}

/// The endings of files that are read, and their language; a header is C unless it says otherwise.
pub const ENDINGS: [(&str, Language); 11] = [
    ("c", Language::C),
    ("h", Language::C),
    ("inc", Language::C),
    ("cc", Language::Cpp),
    ("cpp", Language::Cpp),
    ("cxx", Language::Cpp),
    ("c++", Language::Cpp),
    ("hpp", Language::Cpp),
    ("hh", Language::Cpp),
    ("hxx", Language::Cpp),
    ("h++", Language::Cpp),
];

/// The most bytes of a file that is read.
pub const MOST_BYTES: u64 = 64 << 20;

/// Why a file was not read, or not read well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It cannot be opened or read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// It is larger than any source.
    #[error("{bytes} bytes exceed the limit of {MOST_BYTES} bytes")]
    TooLarge {
        /// Its size.
        bytes: u64,
    },
    /// It holds bytes that no text has.
    #[error("line {line}: a NUL byte, so it is no source")]
    Nul {
        /// The line.
        line: u32,
    },
    /// It is UTF-16 or UTF-32.
    #[error("it is UTF-16 or UTF-32, which no C compiler reads")]
    Wide,
    /// Bytes that are no UTF-8; it is read nevertheless.
    #[error("line {line}: not UTF-8")]
    Encoding {
        /// The first such line.
        line: u32,
    },
    /// Parts that are no C; they are read as far as possible.
    #[error("line {line}: cannot be parsed here and in {more} more places")]
    Syntax {
        /// The first line.
        line: u32,
        /// How many places follow.
        more: u32,
    },
    /// It parses so badly that nothing is said of it.
    #[error("is no {0}")]
    Foreign(&'static str),
}

impl Problem {
    /// Tells whether the file was read in spite of it.
    pub fn is_readable(&self) -> bool {
        matches!(self, Problem::Encoding { .. } | Problem::Syntax { .. })
    }
}

/// A source text.
#[derive(Clone, Debug)]
pub struct Source {
    path: PathBuf,
    bytes: Vec<u8>,
    language: Language,
    /// The byte at which each line begins.
    lines: Vec<usize>,
    problems: Vec<Problem>,
}

impl Source {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// It cannot be read, is too large, or holds no text.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let unreadable = |error: std::io::Error| Problem::Unreadable(error.to_string());
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if !metadata.is_file() {
            return Err(Problem::Unreadable("not a regular file".to_owned()));
        }
        if metadata.len() > MOST_BYTES {
            return Err(Problem::TooLarge {
                bytes: metadata.len(),
            });
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
        // What grows while it is read ends somewhere as well.
        let read = file.take(MOST_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(unreadable)?;
        if bytes.len() as u64 > MOST_BYTES {
            let bytes = bytes.len() as u64;
            return Err(Problem::TooLarge { bytes });
        }
        Self::new(path, bytes)
    }

    /// Takes a text that was read already; the path tells its language.
    ///
    /// # Errors
    ///
    /// It holds no text.
    pub fn new(path: &Path, bytes: Vec<u8>) -> Result<Self, Problem> {
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(Problem::Wide);
        }
        let mut lines = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' => lines.push(at + 1),
                0 => {
                    let line = lines.len() as u32;
                    return Err(Problem::Nul { line });
                }
                _ => {}
            }
        }
        let mut source = Self {
            path: path.to_owned(),
            language: language(path).unwrap_or(Language::C),
            bytes,
            lines,
            problems: Vec::new(),
        };
        if let Err(error) = std::str::from_utf8(&source.bytes) {
            let line = source.position(error.valid_up_to()).0;
            source.problems.push(Problem::Encoding { line });
        }
        Ok(source)
    }

    /// Where it was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its bytes, as they are in the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its language by its ending; a header counts as C.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Tells whether it is a header that may be C or C++.
    pub fn is_header(&self) -> bool {
        let ending = self.path.extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("h" | "inc"))
    }

    /// What was wrong with it, though it was read.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The number of lines.
    pub fn line_count(&self) -> usize {
        // Behind the last line's end begins no other.
        let last = self.lines.last().copied().unwrap_or(0);
        self.lines.len() - usize::from(last == self.bytes.len())
    }

    /// The line and column of a byte, both from 1; columns count bytes.
    pub fn position(&self, byte: usize) -> (u32, u32) {
        let line = self.lines.partition_point(|&start| start <= byte);
        let start = line.checked_sub(1).and_then(|at| self.lines.get(at));
        (line as u32, (byte - start.copied().unwrap_or(0)) as u32 + 1)
    }

    /// The bytes of a line, counted from 1, without its end.
    pub fn line(&self, line: u32) -> &[u8] {
        let at = line as usize;
        let Some(&start) = at.checked_sub(1).and_then(|at| self.lines.get(at)) else {
            return &[];
        };
        let end = self.lines.get(at).copied().unwrap_or(self.bytes.len());
        self.bytes[start..end].trim_ascii_end()
    }
}

/// The language of a file by its ending, or nothing for a file that is no source.
pub fn language(path: &Path) -> Option<Language> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    let mut known = ENDINGS.iter();
    known.find(|(name, _)| *name == ending).map(|row| row.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &[u8]) -> Source {
        Source::new(Path::new("a.c"), text.to_vec()).unwrap()
    }

    #[test]
    fn positions_count_from_one() {
        let source = source(b"int a;\n\nint b;");
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(4), (1, 5));
        assert_eq!(source.position(7), (2, 1));
        assert_eq!(source.position(12), (3, 5));
        assert_eq!(source.position(14), (3, 7));
        assert_eq!(source.line(3), b"int b;");
        assert_eq!(source.line(9), b"");
        assert_eq!(source.line_count(), 3);
        assert_eq!(self::source(b"int a;\n").line_count(), 1);
        assert_eq!(self::source(b"").line_count(), 0);
    }

    #[test]
    fn other_encodings_are_read_and_named() {
        let source = source(b"/* ok */\n/* caf\xe9 */ int a;\n");
        assert_eq!(source.problems(), [Problem::Encoding { line: 2 }]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let read = |bytes: &[u8]| Source::new(Path::new("a.c"), bytes.to_vec()).unwrap_err();
        assert_eq!(read(b"a\nb\0"), Problem::Nul { line: 2 });
        assert_eq!(read(b"\xff\xfei\0"), Problem::Wide);
    }

    #[test]
    fn endings_tell_the_language() {
        assert_eq!(language(Path::new("a.C")), Some(Language::C));
        assert_eq!(language(Path::new("a.hpp")), Some(Language::Cpp));
        assert_eq!(language(Path::new("a.py")), None);
        assert_eq!(language(Path::new("c")), None);
    }
}
