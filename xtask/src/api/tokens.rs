//! The output of the C preprocessor, cut into declarations' tokens and directives.

/// One token, with the file that it comes from.
#[derive(Clone, Debug)]
pub struct Token<'t> {
    /// What it says.
    pub text: &'t str,
    /// Where it comes from.
    pub from: usize,
}

impl Token<'_> {
    /// Whether this is a name or a keyword.
    pub fn is_word(&self) -> bool {
        is_word(self.text)
    }
}

/// Whether a text begins as a name does.
pub fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

/// What the preprocessor was told to keep.
#[derive(Clone, Debug)]
pub enum Directive<'t> {
    /// `#define` of this name with these parameters and this body.
    Define {
        name: &'t str,
        parameters: Option<&'t str>,
        body: &'t str,
    },
    /// `#undef`
    Undef(&'t str),
}

/// A file that was read: its path and the file below the main one by which it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct From<'t> {
    /// As the preprocessor spells it.
    pub path: &'t str,
    /// The header that the source itself includes.
    pub by: &'t str,
}

/// Preprocessed text: `gcc -E -dD`.
#[derive(Debug, Default)]
pub struct Preprocessed<'t> {
    pub froms: Vec<From<'t>>,
    pub tokens: Vec<Token<'t>>,
    pub directives: Vec<(usize, Directive<'t>)>,
}

impl<'t> Preprocessed<'t> {
    /// Cuts a text.
    pub fn new(text: &'t str) -> Self {
        let mut all = Self::default();
        let mut stack: Vec<&str> = Vec::new();
        let mut from = 0;
        for line in text.lines() {
            let Some(directive) = line.strip_prefix('#') else {
                tokens(line, |text| all.tokens.push(Token { text, from }));
                continue;
            };
            if let Some(marker) = directive.strip_prefix(' ') {
                let mut parts = marker.split('"');
                let (Some(_), Some(path), Some(flags)) = (parts.next(), parts.next(), parts.next())
                else {
                    continue;
                };
                if flags.split(' ').any(|flag| flag == "1") {
                    stack.push(path);
                } else if flags.split(' ').any(|flag| flag == "2") {
                    stack.pop();
                }
                let by = stack.first().copied().unwrap_or(path);
                let wanted = From { path, by };
                from = match all.froms.iter().position(|from| *from == wanted) {
                    Some(index) => index,
                    None => {
                        all.froms.push(wanted);
                        all.froms.len() - 1
                    }
                };
            } else if let Some(found) = Self::directive(directive) {
                all.directives.push((from, found));
            }
        }
        all
    }

    fn directive(text: &'t str) -> Option<Directive<'t>> {
        if let Some(rest) = text.strip_prefix("define ") {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let (name, rest) = rest.split_at(end);
            let (parameters, body) = match rest.strip_prefix('(') {
                Some(rest) => {
                    let (parameters, body) = rest.split_once(')')?;
                    (Some(parameters), body)
                }
                None => (None, rest),
            };
            return Some(Directive::Define {
                name,
                parameters,
                body,
            });
        }
        let name = text.strip_prefix("undef ")?;
        Some(Directive::Undef(name.trim()))
    }
}

/// Cuts one line into words, numbers, literals and single marks.
pub fn tokens<'t>(line: &'t str, mut give: impl FnMut(&'t str)) {
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let first = bytes[at];
        at += 1;
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        match first {
            b' ' | b'\t' | b'\r' | 0x0c => continue,
            b'"' | b'\'' => {
                while at < bytes.len() && bytes[at] != first {
                    at += 1 + usize::from(bytes[at] == b'\\');
                }
                at = (at + 1).min(bytes.len());
            }
            _ if word(first) => {
                while at < bytes.len() && word(bytes[at]) {
                    at += 1;
                }
            }
            // A member is looked up by what stands before its name, so the arrow is one token.
            b'-' if bytes.get(at) == Some(&b'>') => at += 1,
            _ => {
                while !line.is_char_boundary(at) {
                    at += 1;
                }
            }
        }
        give(&line[start..at]);
    }
}
