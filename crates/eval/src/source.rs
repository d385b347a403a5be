//! Reading a source file.
//!
//! A program is UTF-8 text, with or without a byte order mark. A coding cookie may name UTF-8 and
//! nothing else.

use std::io;
use std::path::Path;

/// Why a file is not a source text. The messages fit one line and name the file.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is no such file.
    #[error("can't open file '{file}': [Errno 2] No such file or directory")]
    Missing {
        /// The file.
        file: String,
    },
    /// The path is a directory.
    #[error("can't open file '{file}': [Errno 21] Is a directory")]
    Directory {
        /// The directory.
        file: String,
    },
    /// The file cannot be read.
    #[error("can't open file '{file}': {error}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// The file is not UTF-8.
    #[error(
        "Non-UTF-8 code starting with '\\x{byte:02x}' on line {line}, column {column} (byte {offset}) \
         of '{file}', but no encoding declared; see https://peps.python.org/pep-0263/ for details"
    )]
    NotUtf8 {
        /// The file.
        file: String,
        /// The first byte that is wrong.
        byte: u8,
        /// Its line, counted from 1.
        line: usize,
        /// Its column in bytes, counted from 1.
        column: usize,
        /// Its offset in the file, counted from 0.
        offset: usize,
    },
    /// The file declares another encoding.
    #[error("encoding '{encoding}' is not supported ({file}, line {line})")]
    Encoding {
        /// The file.
        file: String,
        /// The declared encoding.
        encoding: String,
        /// The line of the declaration.
        line: usize,
    },
    /// The file contains a NUL byte.
    #[error("source code cannot contain null bytes ({file}, line {line}, column {column})")]
    NullByte {
        /// The file.
        file: String,
        /// The line of the first one, counted from 1.
        line: usize,
        /// Its column in bytes, counted from 1.
        column: usize,
    },
}

/// Reads a source file.
///
/// # Errors
///
/// The file is missing, a directory, unreadable, or not UTF-8 text.
pub fn read(path: &Path) -> Result<String, SourceError> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => SourceError::Missing { file: file.clone() },
        io::ErrorKind::IsADirectory => SourceError::Directory { file: file.clone() },
        _ => SourceError::Unreadable {
            file: file.clone(),
            error,
        },
    })?;
    decode(bytes, &file)
}

/// Decodes the content of a source file.
///
/// # Errors
///
/// The content is not UTF-8 text, or declares to be something else.
pub fn decode(bytes: Vec<u8>, file: &str) -> Result<String, SourceError> {
    if let Some((line, encoding)) = cookie(&bytes)
        && !matches!(
            encoding.to_ascii_lowercase().replace('_', "-").as_str(),
            "utf-8" | "utf8" | "utf-8-sig" | "ascii" | "us-ascii"
        )
    {
        return Err(SourceError::Encoding {
            file: file.to_owned(),
            encoding,
            line,
        });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let (line, column) = position(error.as_bytes(), offset);
        SourceError::NotUtf8 {
            file: file.to_owned(),
            byte: error.as_bytes().get(offset).copied().unwrap_or(0),
            line,
            column,
            offset,
        }
    })?;
    if let Some(offset) = text.find('\0') {
        let (line, column) = position(text.as_bytes(), offset);
        return Err(SourceError::NullByte {
            file: file.to_owned(),
            line,
            column,
        });
    }
    match text.strip_prefix('\u{feff}') {
        Some(rest) => Ok(rest.to_owned()),
        None => Ok(text),
    }
}

/// Line and column of an offset, both counted from 1.
fn position(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = &bytes[..offset];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before
        .iter()
        .rev()
        .take_while(|byte| **byte != b'\n')
        .count()
        + 1;
    (line, column)
}

/// The encoding that a comment on one of the first two lines declares.
fn cookie(bytes: &[u8]) -> Option<(usize, String)> {
    for (index, line) in bytes.split(|byte| *byte == b'\n').take(2).enumerate() {
        let line = String::from_utf8_lossy(line);
        let text = line.trim_start_matches(['\u{feff}', ' ', '\t', '\x0c']);
        if let Some(comment) = text.strip_prefix('#') {
            if let Some(at) = comment.find("coding")
                && let Some(value) = comment[at + 6..].strip_prefix([':', '='])
            {
                let name: String = (value.trim_start_matches([' ', '\t']).chars())
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
                    .collect();
                if !name.is_empty() {
                    return Some((index + 1, name));
                }
            }
        } else if !text.trim().is_empty() {
            break;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{decode, read};

    fn message(bytes: &[u8]) -> String {
        match decode(bytes.to_vec(), "f.py") {
            Ok(text) => format!("text {text:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn text_is_utf_8_with_or_without_a_mark() {
        assert_eq!(message("é".as_bytes()), "text \"é\"");
        assert_eq!(message(b"\xef\xbb\xbfx = 1"), "text \"x = 1\"");
        assert_eq!(
            message(b"# -*- coding: UTF_8 -*-\n"),
            "text \"# -*- coding: UTF_8 -*-\\n\""
        );
        assert_eq!(
            message(b"x = 1 # coding: latin-1"),
            "text \"x = 1 # coding: latin-1\""
        );
    }

    #[test]
    fn a_wrong_byte_is_named_with_its_place() {
        assert_eq!(
            message(b"x = 1\ny = '\xff'\n"),
            "Non-UTF-8 code starting with '\\xff' on line 2, column 6 (byte 11) of 'f.py', but no \
             encoding declared; see https://peps.python.org/pep-0263/ for details"
        );
        assert_eq!(
            message(b"x = 1\n  \0"),
            "source code cannot contain null bytes (f.py, line 2, column 3)"
        );
    }

    #[test]
    fn another_encoding_is_refused() {
        for (line, text) in [
            (1, "# coding: latin-1\n"),
            (2, "\n# vim: fileencoding=latin-1"),
        ] {
            assert_eq!(
                message(text.as_bytes()),
                format!("encoding 'latin-1' is not supported (f.py, line {line})")
            );
        }
        assert!(message(b"\n\n# coding: latin-1").starts_with("text"));
    }

    #[test]
    fn what_is_no_file_is_named() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let missing = read(&folder.join("none.py")).expect_err("no such file");
        assert!(
            missing
                .to_string()
                .ends_with("none.py': [Errno 2] No such file or directory")
        );
        let directory = read(folder).expect_err("a directory");
        assert!(
            directory
                .to_string()
                .ends_with("': [Errno 21] Is a directory")
        );
    }
}
