//! Splits Rust source into code and comments, line by line.
//!
//! The rules look for words, and a word in a string or a comment is not code. This is no parser: it follows
//! strings, raw strings, characters, line comments and nested block comments, and it finds the extent of items
//! under `#[cfg(test)]` by counting braces.

/// One line of a Rust file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The code, with the contents of strings and characters left out.
    pub code: String,
    /// The text of comments, with their slashes.
    pub comment: String,
    /// Whether the line belongs to test code.
    pub test: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    /// In a block comment of this depth.
    Block(usize),
    /// In a string; with `Some(n)`, a raw one that ends with a quote and `n` hashes.
    Text(Option<usize>),
}

/// Splits a file into lines of code and comment, and marks test code.
pub fn split(text: &str) -> Vec<Line> {
    let mut state = State::Code;
    let mut lines: Vec<Line> = text
        .lines()
        .map(|line| {
            let (split, after) = split_line(line, state);
            state = after;
            split
        })
        .collect();
    mark_tests(&mut lines);
    lines
}

fn split_line(line: &str, mut state: State) -> (Line, State) {
    let chars: Vec<char> = line.chars().collect();
    let mut split = Line::default();
    let mut at = 0;
    let starts = |at: usize, what: &str| {
        what.chars()
            .enumerate()
            .all(|(i, c)| chars.get(at + i) == Some(&c))
    };
    while at < chars.len() {
        match state {
            State::Block(depth) => {
                let (step, after) = if starts(at, "*/") && depth == 1 {
                    (2, State::Code)
                } else if starts(at, "*/") {
                    (2, State::Block(depth - 1))
                } else if starts(at, "/*") {
                    (2, State::Block(depth + 1))
                } else {
                    (1, state)
                };
                split.comment.extend(&chars[at..at + step]);
                (at, state) = (at + step, after);
            }
            State::Text(None) if chars[at] == '\\' => at += 2,
            State::Text(hashes) => {
                let count = hashes.unwrap_or(0);
                let ends = chars[at] == '"' && (1..=count).all(|i| chars.get(at + i) == Some(&'#'));
                if ends {
                    split.code.push('"');
                    at += count;
                    state = State::Code;
                }
                at += 1;
            }
            State::Code if starts(at, "//") => {
                split.comment.extend(&chars[at..]);
                break;
            }
            State::Code if starts(at, "/*") => {
                split.comment.push_str("/*");
                (at, state) = (at + 2, State::Block(1));
            }
            State::Code => {
                let word_before = at > 0 && is_word(chars[at - 1]);
                if let Some(hashes) = raw_string(&chars[at..]).filter(|_| !word_before) {
                    split.code.push('"');
                    at += chars[at..].iter().position(|c| *c == '"').unwrap_or(0) + 1;
                    state = State::Text(Some(hashes));
                } else if chars[at] == '"' {
                    split.code.push('"');
                    (at, state) = (at + 1, State::Text(None));
                } else if let Some(length) = character(&chars[at..]) {
                    split.code.push_str("' '");
                    at += length;
                } else {
                    split.code.push(chars[at]);
                    at += 1;
                }
            }
        }
    }
    (split, state)
}

/// The number of hashes, if a raw string begins here.
fn raw_string(chars: &[char]) -> Option<usize> {
    let rest = match chars {
        ['r', rest @ ..] | ['b' | 'c', 'r', rest @ ..] => rest,
        _ => return None,
    };
    let hashes = rest.iter().take_while(|c| **c == '#').count();
    (rest.get(hashes) == Some(&'"')).then_some(hashes)
}

/// The length of a character literal, if one begins here rather than a lifetime.
fn character(chars: &[char]) -> Option<usize> {
    match chars {
        ['\'', '\\', _, rest @ ..] => rest.iter().position(|c| *c == '\'').map(|at| at + 4),
        ['\'', _, '\'', ..] => Some(3),
        _ => None,
    }
}

/// Tells whether the character can be part of a name.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Finds `word` in the code where no longer name contains it.
pub fn has_word(code: &str, word: &str) -> bool {
    let first_is_word = word.starts_with(is_word);
    let last_is_word = word.ends_with(is_word);
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let longer = (first_is_word && before.is_some_and(is_word))
            || (last_is_word && after.is_some_and(is_word));
        !longer
    })
}

fn mark_tests(lines: &mut [Line]) {
    let mut at = 0;
    while at < lines.len() {
        let code = lines[at].code.trim_start();
        if !(code.starts_with("#[cfg(test)]") || code.starts_with("#[cfg(all(test")) {
            at += 1;
            continue;
        }
        let end = item_end(lines, at);
        lines[at..=end].iter_mut().for_each(|line| line.test = true);
        at = end + 1;
    }
}

/// The last line of the item whose first attribute stands on the line `from`.
fn item_end(lines: &[Line], from: usize) -> usize {
    let mut depth = 0usize;
    for (at, line) in lines.iter().enumerate().skip(from) {
        let mut code = line.code.as_str();
        if at == from {
            code = code.split_once(']').map_or("", |(_, rest)| rest);
        }
        if depth == 0 && code.trim_start().starts_with("#[") {
            continue;
        }
        for c in code.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth <= 1 => return at,
                '}' => depth -= 1,
                ';' if depth == 0 => return at,
                _ => {}
            }
        }
    }
    lines.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Vec<String> {
        split(text).into_iter().map(|line| line.code).collect()
    }

    #[test]
    fn strings_and_comments_are_no_code() {
        let text =
            "let a = \"unsafe // \\\" x\"; // unsafe\n/* a /* b */\nunsafe */ let b = 'x';\n";
        assert_eq!(code(text), ["let a = \"\"; ", "", " let b = ' ';"]);
        assert_eq!(split(text)[0].comment, "// unsafe");
    }

    #[test]
    fn raw_strings_run_over_lines_and_lifetimes_are_code() {
        let text = "let a = r#\"x\" y\nunsafe\"#; fn f<'a>(c: &'a str) -> char { '\\'' }\n";
        let want = ["let a = \"", "\"; fn f<'a>(c: &'a str) -> char { ' ' }"];
        assert_eq!(code(text), want);
    }

    #[test]
    fn items_under_cfg_test_are_marked_to_their_end() {
        let text = "fn a() {}\n#[cfg(test)]\n#[derive(Debug)]\nmod tests {\n fn b() {}\n}\nfn c() {}\n\
                    #[cfg(test)]\nuse d;\nfn e() {}\n";
        let marks: Vec<bool> = split(text).iter().map(|line| line.test).collect();
        let want = [
            false, true, true, true, true, true, false, true, true, false,
        ];
        assert_eq!(marks, want);
    }

    #[test]
    fn a_word_is_not_found_in_a_longer_name() {
        assert!(has_word("unsafe {", "unsafe"));
        assert!(!has_word("forbid(unsafe_code)", "unsafe"));
        assert!(has_word("x = Vec::new();", "Vec::new("));
        assert!(!has_word("x = MyVec::new();", "Vec::new("));
        assert!(!has_word("x = Vec::new_in(a);", "Vec::new("));
        assert!(has_word("x.to_string()", ".to_string()"));
    }
}
