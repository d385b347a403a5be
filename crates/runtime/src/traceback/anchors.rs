//! Which part of an expression the carets stand under: the operator of a binary operation, the
//! brackets of a subscript, the parentheses of a call.
//!
//! The text is known to be one expression, so a scan over its tokens outside of brackets is enough:
//! the loosest operator decides what the expression is.

/// The part under the carets, in lines of the segment and bytes of each line; the first line counts
/// from the segment's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Anchors {
    pub(super) left_line: usize,
    left: usize,
    pub(super) right_line: usize,
    right: usize,
}

impl Anchors {
    /// Tells whether a place is under the carets; `start` is where the segment begins in line 0.
    pub(super) fn covers(&self, line: usize, offset: usize, start: usize) -> bool {
        let shift = |line: usize| if line == 0 { start } else { 0 };
        let after_left = line > self.left_line
            || line == self.left_line && offset >= self.left + shift(self.left_line);
        let before_right = line < self.right_line
            || line == self.right_line && offset < self.right + shift(self.right_line);
        after_left && before_right
    }
}

/// A token outside of brackets, by byte offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// A name, a number, a string or a keyword.
    Word(usize, usize),
    /// A pair of brackets with what is inside.
    Group(u8, usize, usize),
    /// An operator.
    Sign(usize, usize),
}

// std: the tokens of one expression, for a message

/// The place of the carets; `None` where all of the expression is marked alike.
pub(super) fn find(segment: &str) -> Option<Anchors> {
    let (from, to) = decisive(segment)?;
    let place = |offset: usize| {
        let before = &segment[..offset];
        let line = before.matches('\n').count();
        (
            line,
            offset - before.rfind('\n').map_or(0, |newline| newline + 1),
        )
    };
    let ((left_line, left), (right_line, right)) = (place(from), place(to));
    Some(Anchors {
        left_line,
        left,
        right_line,
        right,
    })
}

/// What is called, where the segment is a call.
pub(super) fn callee(segment: &str) -> Option<&str> {
    let (from, _) = decisive(segment)?;
    (segment.as_bytes()[from] == b'(').then(|| &segment[..from])
}

/// The bytes of the operator, the subscript or the call's parentheses.
fn decisive(segment: &str) -> Option<(usize, usize)> {
    let tokens = tokens(segment)?;
    let word = |token: &Token| match *token {
        Token::Word(from, to) => &segment[from..to],
        _ => "",
    };
    const LOOSER: [&str; 21] = [
        "lambda", "if", "else", "or", "and", "not", "in", "is", "await", "yield", "for", "from",
        // Statements, which are no expressions at all.
        "raise", "return", "assert", "del", "import", "with", "while", "class", "def",
    ];
    // A statement is no expression: it is marked as a whole.
    const STATEMENT: [&str; 9] = [
        "raise", "return", "assert", "del", "import", "with", "while", "class", "def",
    ];
    let starts_statement = |token: &Token| STATEMENT.contains(&word(token));
    if tokens.first().is_some_and(starts_statement)
        || tokens.iter().any(|token| LOOSER.contains(&word(token)))
    {
        return None;
    }
    let mut best: Option<(u8, usize, usize)> = None;
    let mut operand_before = false;
    let mut unary_first = false;
    for (index, token) in tokens.iter().enumerate() {
        let Token::Sign(from, to) = *token else {
            operand_before = true;
            continue;
        };
        let sign = &segment[from..to];
        if sign == "." {
            continue;
        }
        if !operand_before {
            // A sign before its operand.
            unary_first |= index == 0;
            continue;
        }
        let strength = match sign {
            "|" => 1,
            "^" => 2,
            "&" => 3,
            "<<" | ">>" => 4,
            "+" | "-" => 5,
            "*" | "/" | "//" | "%" | "@" => 6,
            "**" => 8,
            // A comparison, a comma, an assignment.
            _ => return None,
        };
        // From the left, the last of the loosest; powers from the right, so the first.
        let replaces = match best {
            Some((known, ..)) => strength < known || strength == known && strength != 8,
            None => true,
        };
        if replaces {
            best = Some((strength, from, to));
        }
        operand_before = false;
    }
    match best {
        Some((8, ..)) if unary_first => None,
        Some((_, from, to)) => Some((from, to)),
        None if unary_first => None,
        None => match tokens.as_slice() {
            [_, .., Token::Group(b'(' | b'[', from, to)] => Some((*from, *to)),
            _ => None,
        },
    }
}

/// The tokens outside of brackets; `None` for what is no whole expression.
fn tokens(segment: &str) -> Option<Vec<Token>> {
    let bytes = segment.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'\\' => at += 1,
            b'#' => at = line_end(bytes, at),
            b'(' | b'[' | b'{' => {
                let end = group_end(bytes, at)?;
                tokens.push(Token::Group(byte, at, end));
                at = end;
            }
            b'"' | b'\'' => {
                let end = string_end(bytes, at)?;
                // A prefix belongs to its string.
                match tokens.last_mut() {
                    Some(Token::Word(_, to)) if *to == at => *to = end,
                    _ => tokens.push(Token::Word(at, end)),
                }
                at = end;
            }
            _ if is_word(byte) => {
                let start = at;
                while at < bytes.len() && is_word_part(bytes, start, at) {
                    at += 1;
                }
                tokens.push(Token::Word(start, at));
            }
            b')' | b']' | b'}' => return None,
            _ => {
                let length = sign_length(&bytes[at..]);
                tokens.push(Token::Sign(at, at + length));
                at += length;
            }
        }
    }
    Some(tokens)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Tells whether the byte at `at` continues the word that began at `start`; numbers take their dot,
/// and the sign of their exponent.
fn is_word_part(bytes: &[u8], start: usize, at: usize) -> bool {
    if is_word(bytes[at]) {
        return true;
    }
    let number = bytes[start].is_ascii_digit();
    let hexadecimal = bytes[start..at].starts_with(b"0x") || bytes[start..at].starts_with(b"0X");
    match bytes[at] {
        b'.' => number,
        b'+' | b'-' => number && !hexadecimal && matches!(bytes[at - 1], b'e' | b'E'),
        _ => false,
    }
}

fn sign_length(rest: &[u8]) -> usize {
    const DOUBLE: [&[u8]; 10] = [
        b"**", b"//", b"<<", b">>", b"<=", b">=", b"==", b"!=", b":=", b"->",
    ];
    if DOUBLE.iter().any(|sign| rest.starts_with(sign)) {
        2
    } else {
        1
    }
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..]
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(bytes.len(), |length| from + length)
}

/// Behind the string that begins at `from`.
fn string_end(bytes: &[u8], from: usize) -> Option<usize> {
    let quote = bytes[from];
    let triple = bytes[from..].starts_with(&[quote; 3]);
    let mut at = from + if triple { 3 } else { 1 };
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            at += 2;
        } else if triple && bytes[at..].starts_with(&[quote; 3]) {
            return Some(at + 3);
        } else if !triple && bytes[at] == quote {
            return Some(at + 1);
        } else {
            at += 1;
        }
    }
    None
}

/// Behind the bracket that closes the one at `from`.
fn group_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'#' => {
                at = line_end(bytes, at);
                continue;
            }
            b'"' | b'\'' => {
                at = string_end(bytes, at)?;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(segment: &str) -> &str {
        decisive(segment).map_or("", |(from, to)| &segment[from..to])
    }

    #[test]
    fn the_loosest_operator_decides() {
        assert_eq!(marked("a + b * c"), "+");
        assert_eq!(marked("a * b + c - d"), "-");
        assert_eq!(marked("a ** b ** c"), "**");
        assert_eq!(decisive("a ** b ** c"), Some((2, 4)));
        assert_eq!(marked("-a * b"), "*");
        assert_eq!(marked("-a ** b"), "");
        assert_eq!(marked("a // -b"), "//");
        assert_eq!(marked("1e-5 / 0"), "/");
    }

    #[test]
    fn brackets_decide_where_no_operator_does() {
        assert_eq!(marked("f(a + b)"), "(a + b)");
        assert_eq!(marked("a.b[c](d)[\"]\"]"), "[\"]\"]");
        assert_eq!(marked("f\"{x}\"(1)"), "(1)");
        assert_eq!(marked("(a + b)"), "");
        assert_eq!(marked("a.b"), "");
    }

    #[test]
    fn looser_expressions_have_no_anchor() {
        for segment in [
            "raise f()",
            "a < b",
            "a and b()",
            "not f()",
            "lambda: f()",
            "a if b else c()",
            "raise f(a)",
            "assert f(a)",
        ] {
            assert_eq!(marked(segment), "", "{segment}");
        }
    }
}
