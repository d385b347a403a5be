//! The declarations of preprocessed C, as far as the names in them go.
//!
//! Headers declare one thing after another: tokens up to a semicolon, or up to the brace that ends a function's body.
//! In each, what the name is follows from what stands around it, so that no table of types is needed.

use super::tokens::Token;

/// What a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Data,
    Enum,
    Function,
    Include,
    Macro,
    Member,
    Tag,
    Type,
}

impl Kind {
    /// Its word in the table.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Data => "data",
            Kind::Enum => "enum",
            Kind::Function => "function",
            Kind::Include => "include",
            Kind::Macro => "macro",
            Kind::Member => "member",
            Kind::Tag => "tag",
            Kind::Type => "type",
        }
    }
}

/// One declared name.
#[derive(Clone, Debug)]
pub struct Name {
    pub name: String,
    pub kind: Kind,
    /// The file of the token.
    pub from: usize,
    /// What it belongs to, as in the table's last column.
    pub of: String,
}

/// Everything that a text declares.
#[derive(Debug, Default)]
pub struct Declared {
    pub names: Vec<Name>,
    /// Tags of types that have a name of their own.
    aliases: Vec<(String, String)>,
}

impl Declared {
    /// Reads the tokens of a text.
    pub fn new(tokens: &[Token<'_>]) -> Self {
        let mut all = Self::default();
        let mut at = 0;
        while at < tokens.len() {
            let end = end(tokens, at);
            all.declaration(&without_attributes(&tokens[at..end]));
            at = end + 1;
        }
        all.name_by_types();
        all
    }

    fn add(&mut self, token: &Token<'_>, kind: Kind, of: &str) {
        self.names.push(Name {
            name: token.text.to_string(),
            kind,
            from: token.from,
            of: of.to_string(),
        });
    }

    fn declaration(&mut self, tokens: &[Token<'_>]) {
        let Some(first) = tokens.first() else {
            return;
        };
        if first.text.starts_with("_Static_assert") || first.text.starts_with("static_assert") {
            return;
        }
        let is_typedef = first.text == "typedef";
        let tokens = &tokens[usize::from(is_typedef)..];
        let (kind, rest) = self.specifier(tokens, is_typedef);
        if is_typedef {
            for name in declarators(rest) {
                let of = if is_pointer_to_function(rest) {
                    "function"
                } else {
                    kind
                };
                self.add(name, Kind::Type, of);
            }
        } else if let Some(open) = outer(rest, "(") {
            match rest.get(open + 1) {
                Some(mark) if mark.text == "*" => {
                    if let Some(name) = rest.get(open + 2).filter(|name| name.is_word()) {
                        self.add(name, Kind::Data, "-");
                    }
                }
                _ => {
                    if let Some(name) = open.checked_sub(1).map(|at| &rest[at])
                        && open > 1 - usize::from(kind != "other")
                    {
                        self.add(name, Kind::Function, "-");
                    }
                }
            }
        } else {
            for name in declarators(rest) {
                self.add(name, Kind::Data, "-");
            }
        }
    }

    /// Reads a struct, union or enum where one begins; gives its keyword and what follows it.
    fn specifier<'a, 't>(
        &mut self,
        tokens: &'a [Token<'t>],
        is_typedef: bool,
    ) -> (&'static str, &'a [Token<'t>]) {
        let skipped = tokens
            .iter()
            .take_while(|token| ["const", "volatile", "extern", "static"].contains(&token.text))
            .count();
        let keyword = match tokens.get(skipped).map(|token| token.text) {
            Some("struct") => "struct",
            Some("union") => "union",
            Some("enum") => "enum",
            _ => return ("other", tokens),
        };
        let mut at = skipped + 1;
        let tag = tokens.get(at).filter(|token| token.is_word());
        at += usize::from(tag.is_some());
        let mut body = None;
        if tokens.get(at).is_some_and(|token| token.text == "{") {
            let close = closing(tokens, at);
            body = Some(&tokens[at + 1..close]);
            at = (close + 1).min(tokens.len());
        }
        let rest = &tokens[at..];
        let alias = declarators(rest).first().copied();
        let plain = rest.len() == 1;
        if let Some(tag) = tag {
            if body.is_some() {
                self.add(tag, Kind::Tag, "-");
            }
            if let Some(alias) = alias.filter(|_| is_typedef && plain) {
                let pair = (tag.text.to_string(), alias.text.to_string());
                self.aliases.push(pair);
            }
        }
        let owner = tag.or(alias.filter(|_| is_typedef)).map(|token| token.text);
        match (body, owner) {
            (Some(body), _) if keyword == "enum" => self.enumerators(body),
            (Some(body), Some(owner)) => self.members(body, owner),
            _ => {}
        }
        (keyword, rest)
    }

    fn enumerators(&mut self, body: &[Token<'_>]) {
        let mut depth = 0;
        let mut first = true;
        for token in body {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                "," if depth == 0 => first = true,
                _ if first && token.is_word() => {
                    self.add(token, Kind::Enum, "-");
                    first = false;
                }
                _ => {}
            }
        }
    }

    /// Reads the members of a struct; those of a struct without a name inside belong to the outer one.
    fn members(&mut self, body: &[Token<'_>], owner: &str) {
        let mut at = 0;
        while at < body.len() {
            let mut depth = 0;
            let length = body[at..].iter().take_while(|token| {
                match token.text {
                    "{" | "(" => depth += 1,
                    "}" | ")" => depth -= 1,
                    _ => {}
                }
                token.text != ";" || depth > 0
            });
            let end = at + length.count();
            let member = &body[at..end];
            at = end + 1;
            let open = member.iter().position(|token| token.text == "{");
            let rest = match open {
                Some(open) => &member[(closing(member, open) + 1).min(member.len())..],
                None => member,
            };
            if let (Some(open), true) = (open, rest.is_empty()) {
                self.members(&member[open + 1..closing(member, open)], owner);
                continue;
            }
            for token in declarators(rest) {
                self.names.push(Name {
                    name: format!("{owner}.{}", token.text),
                    kind: Kind::Member,
                    from: token.from,
                    of: owner.to_string(),
                });
            }
        }
    }

    /// Calls members and tags by the name of their type, where it has one.
    fn name_by_types(&mut self) {
        for name in &mut self.names {
            let tag = match name.kind {
                Kind::Tag => name.name.as_str(),
                Kind::Member => name.of.as_str(),
                _ => continue,
            };
            let Some((_, alias)) = self.aliases.iter().find(|(each, _)| each == tag) else {
                continue;
            };
            if name.kind == Kind::Member {
                let field = name.name.rsplit('.').next().unwrap_or_default();
                name.name = format!("{alias}.{field}");
            }
            name.of = alias.clone();
        }
    }
}

/// Where the declaration that begins at `start` ends: at its semicolon, or at the brace that ends a function.
fn end(tokens: &[Token<'_>], start: usize) -> usize {
    let mut at = start;
    let mut is_function = false;
    while at < tokens.len() {
        match tokens[at].text {
            ";" => return at,
            "(" => {
                is_function = true;
                at = closing(tokens, at);
            }
            "=" => is_function = false,
            "{" => {
                at = closing(tokens, at);
                // A struct's body is followed by a semicolon, a function's by nothing.
                if is_function
                    && !tokens[start..at]
                        .iter()
                        .any(|token| token.text == "typedef")
                {
                    let next = tokens.get(at + 1).map(|token| token.text);
                    let is_struct = tokens[start..]
                        .iter()
                        .find(|token| ["{", "("].contains(&token.text))
                        .is_some_and(|token| token.text == "{");
                    if !is_struct || next != Some(";") {
                        return at;
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    at
}

/// The index of the mark that closes the one at `open`.
fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" | "{" | "[" => depth += 1,
            ")" | "}" | "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// The tokens without what compilers add to the language.
fn without_attributes<'t>(tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text {
            "__attribute__" | "__asm__" | "asm" | "_Alignas" | "alignas" => {
                at = closing(tokens, at);
            }
            "__extension__" | "_Noreturn" | "inline" | "__inline" | "__inline__" => {}
            _ => kept.push(tokens[at].clone()),
        }
        at += 1;
    }
    kept
}

/// The index of a mark outside brackets.
fn outer(tokens: &[Token<'_>], mark: &str) -> Option<usize> {
    let end = tokens
        .iter()
        .position(|token| ["=", "{"].contains(&token.text));
    tokens[..end.unwrap_or(tokens.len())]
        .iter()
        .position(|token| token.text == mark)
}

fn is_pointer_to_function(tokens: &[Token<'_>]) -> bool {
    outer(tokens, "(").is_some()
}

/// The names that a list of declarators declares: `*a, b[2], (*c)(int), d : 1`.
fn declarators<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<&'a Token<'t>> {
    let mut names = Vec::new();
    let mut name = None;
    let mut fixed = false;
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].text {
            "," => {
                names.extend(name.take());
                fixed = false;
            }
            "=" | ":" => fixed = true,
            "(" => {
                let close = closing(tokens, at).min(tokens.len());
                let inner = &tokens[at + 1..close];
                let pointer = inner.first().is_some_and(|token| token.text == "*");
                if pointer && !fixed {
                    name = inner.iter().find(|token| token.is_word());
                }
                fixed = true;
                at = close;
            }
            "[" | "{" => {
                fixed = true;
                at = closing(tokens, at);
            }
            _ if tokens[at].is_word() && !fixed => name = Some(&tokens[at]),
            _ => {}
        }
        at += 1;
    }
    names.extend(name);
    names
}

#[cfg(test)]
mod tests {
    use super::super::tokens::Preprocessed;
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let read = Preprocessed::new(text);
        let show = |name: &Name| format!("{} {} {}", name.kind.word(), name.name, name.of);
        Declared::new(&read.tokens).names.iter().map(show).collect()
    }

    #[test]
    fn each_form_of_declaration_gives_its_name() {
        let text = "
            extern __attribute__((x(\"y\"))) int f(int (*g)(void), void *);
            static inline T *h(T *a) { struct s { int b; } c; if (a) { k(); } return a; }
            extern struct T data, *other; extern int (*hook)(void);
            typedef int (*call)(void *, ...); typedef unsigned long word_t;
            enum e { ONE, TWO = (1, 2) };
            _Static_assert(sizeof(x) == 1, \"\");";
        assert_eq!(
            names(text),
            [
                "function f -",
                "function h -",
                "data data -",
                "data other -",
                "data hook -",
                "type call function",
                "type word_t other",
                "tag e -",
                "enum ONE -",
                "enum TWO -",
            ]
        );
    }

    #[test]
    fn members_are_called_by_their_type() {
        let text = "
            typedef struct _o Object;
            struct _o { long count; union { int a, *b; struct { char c; }; }; void (*end)(int d); };
            typedef struct { int bits : 3; struct { int e; } inner; } Plain;";
        assert_eq!(
            names(text),
            [
                "type Object struct",
                "tag _o Object",
                "member Object.count Object",
                "member Object.a Object",
                "member Object.b Object",
                "member Object.c Object",
                "member Object.end Object",
                "member Plain.bits Plain",
                "member Plain.inner Plain",
                "type Plain struct",
            ]
        );
    }
}
