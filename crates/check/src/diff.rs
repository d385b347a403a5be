//! What a change of a file looks like: a unified diff.

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use similar::{Algorithm, ChangeTag, capture_diff_slices, group_diff_ops};

/// The escapes around the parts of a diff.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    header: &'static str,
    place: &'static str,
    removed: &'static str,
    added: &'static str,
    end: &'static str,
}

impl Style {
    /// No colours.
    pub const PLAIN: Self = Self {
        header: "",
        place: "",
        removed: "",
        added: "",
        end: "",
    };

    /// For a terminal.
    pub const COLOUR: Self = Self {
        header: "\x1b[1m",
        place: "\x1b[36m",
        removed: "\x1b[31m",
        added: "\x1b[32m",
        end: "\x1b[0m",
    };
}

/// The lines that are shown around a change.
const CONTEXT_LINES: usize = 3;

/// Writes the difference between two texts of a file; nothing if they are the same.
///
/// # Errors
///
/// It cannot be written.
pub fn write(
    out: &mut impl Write,
    path: &Path,
    before: &[u8],
    after: &[u8],
    style: Style,
) -> io::Result<()> {
    if before == after {
        return Ok(());
    }
    // A path from the root would have two slashes behind the letter.
    let name = path.strip_prefix("/").unwrap_or(path).display();
    let (header, end) = (style.header, style.end);
    writeln!(out, "{header}--- a/{name}{end}")?;
    writeln!(out, "{header}+++ b/{name}{end}")?;
    let old: Vec<&[u8]> = before.split_inclusive(|&byte| byte == b'\n').collect();
    let new: Vec<&[u8]> = after.split_inclusive(|&byte| byte == b'\n').collect();
    let operations = capture_diff_slices(Algorithm::Myers, &old, &new);
    for hunk in group_diff_ops(operations, CONTEXT_LINES) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else {
            continue;
        };
        let removed = lines(first.old_range().start..last.old_range().end);
        let added = lines(first.new_range().start..last.new_range().end);
        writeln!(out, "{}@@ -{removed} +{added} @@{end}", style.place)?;
        for change in hunk.iter().flat_map(|part| part.iter_changes(&old, &new)) {
            let (sign, colour) = match change.tag() {
                ChangeTag::Delete => ("-", style.removed),
                ChangeTag::Insert => ("+", style.added),
                ChangeTag::Equal => (" ", ""),
            };
            let line = change.value();
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let close = if colour.is_empty() { "" } else { end };
            write!(out, "{colour}{sign}")?;
            out.write_all(text)?;
            writeln!(out, "{close}")?;
            if text.len() == line.len() {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

/// Lines as a hunk's header tells them: the first one, counted from 1, and how many.
fn lines(range: Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        count => format!("{},{count}", range.start + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(before: &[u8], after: &[u8], style: Style) -> String {
        let mut out = Vec::new();
        write(&mut out, Path::new("a.c"), before, after, style).unwrap();
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn lines_have_their_signs() {
        let before = b"1\n2\n3\n4\n5\n6\n7\n8\nlast";
        let after = b"1\n2\n3\n4\n5\nsix\n7\n8\nlast";
        let expected = "--- a/a.c\n+++ b/a.c\n@@ -3,7 +3,7 @@\n 3\n 4\n 5\n-6\n+six\n 7\n 8\n last\n\
                        \\ No newline at end of file\n";
        assert_eq!(diff(before, after, Style::PLAIN), expected);
        assert_eq!(diff(before, before, Style::PLAIN), "");
    }

    #[test]
    fn colours_end_with_their_line() {
        let text = diff(b"a\n", b"b\n", Style::COLOUR);
        assert!(
            text.contains("\x1b[31m-a\x1b[0m\n\x1b[32m+b\x1b[0m\n"),
            "{text:?}"
        );
    }
}
