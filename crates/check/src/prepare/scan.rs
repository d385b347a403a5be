//! Where comments, strings and words of C end.

/// Tells whether a byte may be part of a name.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The end of the word that begins at `at`.
pub fn word_end(text: &[u8], at: usize) -> usize {
    let rest = text[at..].iter();
    at + rest.take_while(|&&byte| is_word(byte)).count()
}

/// The end of the comment that begins at `at`, or nothing if none does. A line comment ends before the line does.
pub fn comment_end(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at..at + 2)? {
        b"/*" => {
            let mut end = at + 2;
            while end < text.len() {
                if text[end] == b'*' && text.get(end + 1) == Some(&b'/') {
                    return Some(end + 2);
                }
                end += 1;
            }
            Some(text.len())
        }
        b"//" => Some(line_end(text, at)),
        _ => None,
    }
}

/// The end of the logical line: the first end of line without a backslash before it.
pub fn line_end(text: &[u8], at: usize) -> usize {
    let mut end = at;
    while end < text.len() {
        if text[end] == b'\n' {
            let before = text[at..end].strip_suffix(b"\r");
            let before = before.unwrap_or(&text[at..end]);
            if !before.ends_with(b"\\") {
                return end;
            }
        }
        end += 1;
    }
    end
}

/// The end of the string or character that begins with the quote at `at`. One that is not closed ends with its line.
pub fn string_end(text: &[u8], at: usize) -> usize {
    let quote = text[at];
    let mut end = at + 1;
    while end < text.len() {
        match text[end] {
            b'\\' => end += 1 + usize::from(text.get(end + 1) == Some(&b'\r')),
            b'\n' => return end,
            byte if byte == quote => return end + 1,
            _ => {}
        }
        end += 1;
    }
    text.len()
}

/// The end of the raw string whose quote is at `at`, as in `R"x(…)x"`.
pub fn raw_string_end(text: &[u8], at: usize) -> usize {
    let Some(open) = text[at..].iter().take(20).position(|&byte| byte == b'(') else {
        return string_end(text, at);
    };
    let delimiter = &text[at + 1..at + open];
    let mut end = at + open;
    while let Some(next) = text[end..].iter().position(|&byte| byte == b')') {
        end += next + 1;
        let rest = &text[end..];
        if rest.starts_with(delimiter) && rest.get(delimiter.len()) == Some(&b'"') {
            return end + delimiter.len() + 1;
        }
    }
    text.len()
}

/// The end of the bracketed list that begins at `at`, or nothing if it is not closed. Comments are blank already.
pub fn list_end(text: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut end = at;
    while end < text.len() {
        match text[end] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(end + 1);
                }
            }
            b'"' | b'\'' => {
                end = string_end(text, end);
                continue;
            }
            _ => {}
        }
        end += 1;
    }
    None
}

/// The first byte at or behind `at` that is not blank.
pub fn skip_blanks(text: &[u8], at: usize) -> usize {
    let rest = text[at.min(text.len())..].iter();
    at + rest.take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Blanks a range; the ends of lines stay.
pub fn blank(text: &mut [u8], range: std::ops::Range<usize>) {
    for byte in &mut text[range] {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}
