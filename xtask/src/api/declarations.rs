//! The declarations of preprocessed C, as far as the names in them go.
//!
//! Headers declare one thing after another: tokens up to a semicolon, or up to the brace that ends a function's body.
//! In each, what the name is follows from what stands around it, so that no table of types is needed.

use super::tokens::Token;

/// What a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Constant,
    Data,
    Function,
    Macro,
    Member,
    Type,
}

impl Kind {
    /// Its word in the table.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Data => "data",
            Kind::Constant => "constant",
            Kind::Function => "function",
            Kind::Macro => "macro",
            Kind::Member => "member",
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
    /// What a function returns, what data and members are, what a type stands for; empty where that has no name.
    pub of: String,
    /// The struct that a member belongs to.
    owner: String,
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

    fn add(&mut self, token: &Token<'_>, kind: Kind, of: String) {
        self.names.push(Name {
            name: token.text.to_string(),
            kind,
            from: token.from,
            of,
            owner: String::new(),
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
        let (base, rest) = self.specifier(tokens, is_typedef);
        if is_typedef {
            for each in declarators(rest) {
                self.add(each.name, Kind::Type, each.type_of(base.as_deref(), rest));
            }
        } else if let Some(open) = outer(rest, "(") {
            match rest.get(open + 1) {
                Some(mark) if mark.text == "*" => {
                    if let Some(name) = rest.get(open + 2).filter(|name| name.is_word()) {
                        self.add(name, Kind::Data, String::new());
                    }
                }
                _ => {
                    let before = &rest[..open];
                    if let Some(each) = declarators(before).first()
                        && (base.is_some() || before.len() > 1)
                    {
                        self.add(
                            each.name,
                            Kind::Function,
                            each.type_of(base.as_deref(), before),
                        );
                    }
                }
            }
        } else {
            for each in declarators(rest) {
                self.add(each.name, Kind::Data, each.type_of(base.as_deref(), rest));
            }
        }
    }

    /// Reads a struct, union or enum where one begins; gives what it is called, if it is one, and what follows it.
    fn specifier<'a, 't>(
        &mut self,
        tokens: &'a [Token<'t>],
        is_typedef: bool,
    ) -> (Option<String>, &'a [Token<'t>]) {
        let skipped = tokens
            .iter()
            .take_while(|token| ["const", "volatile", "extern", "static"].contains(&token.text))
            .count();
        let Some(keyword) = tokens
            .get(skipped)
            .map(|token| token.text)
            .filter(|text| ["struct", "union", "enum"].contains(text))
        else {
            return (None, tokens);
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
        let called = tag.map(|tag| format!("{keyword} {}", tag.text));
        let alias = declarators(rest).first().map(|each| each.name);
        let alias = alias.filter(|_| is_typedef && rest.len() == 1);
        if let (Some(called), Some(alias)) = (&called, alias) {
            let pair = (called.clone(), alias.text.to_string());
            self.aliases.push(pair);
        }
        if let (Some(tag), Some(called), true) = (tag, &called, body.is_some()) {
            self.names.push(Name {
                name: called.clone(),
                kind: Kind::Type,
                from: tag.from,
                of: String::new(),
                owner: called.clone(),
            });
        }
        let owner = called.clone().or(alias.map(|token| token.text.to_string()));
        match (body, owner) {
            (Some(body), _) if keyword == "enum" => self.enumerators(body),
            (Some(body), Some(owner)) => self.members(body, &owner),
            _ => {}
        }
        let constant = tokens[..skipped].iter().any(|token| token.text == "const");
        let called = called.map(|called| match constant {
            true => format!("const {called}"),
            false => called,
        });
        (Some(called.unwrap_or_default()), rest)
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
                    self.add(token, Kind::Constant, String::new());
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
            let (base, _) = match open {
                Some(_) => (Some(String::new()), rest),
                None => Self::default().specifier(member, false),
            };
            let rest = match (&base, open) {
                (Some(_), None) => &rest[rest.len().min(2)..],
                _ => rest,
            };
            for each in declarators(rest) {
                self.names.push(Name {
                    name: format!("{owner}.{}", each.name.text),
                    kind: Kind::Member,
                    from: each.name.from,
                    of: each.type_of(base.as_deref(), rest),
                    owner: owner.to_string(),
                });
            }
        }
    }

    /// Calls members by the name of their type, where it has one, and leaves its tag out.
    fn name_by_types(&mut self) {
        let aliases = &self.aliases;
        let alias = |owner: &str| aliases.iter().find(|(tag, _)| tag == owner);
        self.names
            .retain(|name| name.kind != Kind::Type || alias(&name.owner).is_none());
        for name in &mut self.names {
            if let Some((_, alias)) = alias(&name.owner) {
                let field = name.name.rsplit('.').next().unwrap_or_default();
                name.name = format!("{alias}.{field}");
            }
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

/// One declared name with what stands around it: `*a`, `b[2]`, `(*c)(int)`, `d : 1`.
struct Declarator<'a, 't> {
    name: &'a Token<'t>,
    stars: usize,
    is_array: bool,
    is_pointer_to_function: bool,
}

impl Declarator<'_, '_> {
    /// The type, in one line: the words of the whole declaration before its first name, and stars. An array is
    /// what it decays to; a pointer to a function has no short name.
    fn type_of(&self, base: Option<&str>, declaration: &[Token<'_>]) -> String {
        let mut first: Vec<&str> = declaration
            .iter()
            .map(|token| token.text)
            .take_while(|text| super::tokens::is_word(text))
            .collect();
        // Where no star follows, the last word is the first name.
        if declaration
            .get(first.len())
            .is_none_or(|next| next.text != "*")
        {
            first.pop();
        }
        first.retain(|text| !["extern", "static", "register", "volatile"].contains(text));
        let words = base.map_or_else(|| first.join(" "), str::to_string);
        if self.is_pointer_to_function || words.is_empty() {
            return String::new();
        }
        match self.stars + usize::from(self.is_array) {
            0 => words,
            stars => format!("{words} {}", "*".repeat(stars)),
        }
    }
}

/// The names that a list of declarators declares.
fn declarators<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<Declarator<'a, 't>> {
    let mut found = Vec::new();
    let mut name = None;
    let (mut stars, mut is_array, mut is_pointer, mut fixed) = (0, false, false, false);
    let mut at = 0;
    while at <= tokens.len() {
        match tokens.get(at).map_or(",", |token| token.text) {
            "," => {
                found.extend(name.take().map(|name| Declarator {
                    name,
                    stars,
                    is_array,
                    is_pointer_to_function: is_pointer,
                }));
                (stars, is_array, is_pointer, fixed) = (0, false, false, false);
            }
            "*" if !fixed => stars += 1,
            "=" | ":" => fixed = true,
            "(" => {
                let close = closing(tokens, at).min(tokens.len());
                let inner = &tokens[at + 1..close];
                if inner.first().is_some_and(|token| token.text == "*") && !fixed {
                    name = inner.iter().find(|token| token.is_word());
                    is_pointer = true;
                }
                fixed = true;
                at = close;
            }
            mark @ ("[" | "{") => {
                is_array |= mark == "[" && !fixed;
                fixed = true;
                at = closing(tokens, at);
            }
            _ if tokens[at].is_word() && !fixed => name = Some(&tokens[at]),
            _ => {}
        }
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tokens::Preprocessed;
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let read = Preprocessed::new(text);
        let show = |name: &Name| format!("{} {}: {}", name.kind.word(), name.name, name.of);
        Declared::new(&read.tokens).names.iter().map(show).collect()
    }

    #[test]
    fn each_form_of_declaration_gives_its_name() {
        let text = "
            extern __attribute__((x(\"y\"))) const int *f(int (*g)(void), void *);
            static inline T h(T *a) { struct s { int b; } c; if (a) { k(); } return a; }
            extern struct T data, *other; extern int (*hook)(void);
            typedef int (*call)(void *, ...); typedef unsigned long word_t;
            enum e { ONE, TWO = (1, 2) };
            _Static_assert(sizeof(x) == 1, \"\");";
        assert_eq!(
            names(text),
            [
                "function f: const int *",
                "function h: T",
                "data data: struct T",
                "data other: struct T *",
                "data hook: ",
                "type call: ",
                "type word_t: unsigned long",
                "type enum e: ",
                "constant ONE: ",
                "constant TWO: ",
            ]
        );
    }

    #[test]
    fn members_are_called_by_their_type() {
        let text = "
            typedef struct _o Object;
            struct _o { long count; union { int a, *b; struct { char c; }; }; void (*end)(int d); };
            typedef struct { unsigned int bits : 3; struct { int e; } inner; struct _o *o; T *all[1]; } Plain;
            struct alone { Object one; };";
        assert_eq!(
            names(text),
            [
                "type Object: struct _o",
                "member Object.count: long",
                "member Object.a: int",
                "member Object.b: int *",
                "member Object.c: char",
                "member Object.end: ",
                "member Plain.bits: unsigned int",
                "member Plain.inner: ",
                "member Plain.o: struct _o *",
                "member Plain.all: T **",
                "type Plain: ",
                "type struct alone: ",
                "member struct alone.one: Object",
            ]
        );
    }
}
