//! What the names of a source stand for: its types with their fields, its functions and variables.
//!
//! The declarations at the top of a file are collected before anything is judged; those inside functions are added
//! to [`Locals`] by whoever walks them. A file also sees the tables of the headers of its own package that it
//! includes by quotes, and CPython's types from the table of the API. What a macro of the source's own stands for
//! is found in its body.
//!
//! Nothing here is exact C. A type is a name and a number of stars, and an expression whose type is not known has
//! none; every rule has to live with that.

mod collect;
mod expression;

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::api::{Api, Kind};
use crate::prepare::{Body, Macro, Macros};
use crate::tree::{Node, Parsers, Tree, text_of};

/// A name, shared.
pub type Name = Rc<str>;

/// How deep typedefs, macros and expressions are followed.
const MOST_DEPTH: u32 = 24;

/// The most steps that are taken for the type of one expression: a macro may hold another one twice.
const MOST_STEPS: u32 = 2_000;

/// A type: what its values are called, behind how many stars.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Type {
    /// The typedef or `struct tag`; of CPython's types always the typedef. Nothing if it is not known.
    pub name: Option<Name>,
    /// The stars, and the dimensions of arrays.
    pub pointers: u8,
    /// Whether it is a pointer to a function that returns this.
    pub function: bool,
}

impl Type {
    /// A type that is not known.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// A type of that name behind stars.
    pub fn named(name: &str, pointers: u8) -> Self {
        Self {
            name: Some(name.into()),
            pointers,
            function: false,
        }
    }

    /// Tells whether nothing is known of it.
    pub fn is_unknown(&self) -> bool {
        self.name.is_none()
    }

    /// Tells whether it is that type behind so many stars.
    pub fn is(&self, name: &str, pointers: u8) -> bool {
        self.pointers == pointers && self.name.as_deref() == Some(name)
    }

    /// The type behind one star more.
    pub fn pointer(mut self) -> Self {
        self.pointers = self.pointers.saturating_add(1);
        self
    }

    /// What it points to.
    pub fn target(mut self) -> Self {
        if self.pointers == 0 {
            return Self::unknown();
        }
        self.pointers -= 1;
        self
    }
}

/// What a struct begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Head {
    /// `PyObject_HEAD`, or the same written out.
    Object,
    /// `PyObject_VAR_HEAD`, or the same written out.
    Variable,
    /// Another struct that begins with a head.
    Embedded(Name),
}

/// A struct or union of the source's own.
#[derive(Clone, Debug)]
pub struct Struct {
    /// The name by which it is found: a typedef if it has no tag, otherwise `struct tag`.
    pub name: Name,
    /// The name to show: the typedef if it has one.
    pub shown: Name,
    /// What it begins with, if that is the head of an object.
    pub head: Option<Head>,
    /// The fields and their types, in order.
    pub fields: Vec<(Name, Type)>,
    /// The bytes of the whole declaration in its file.
    pub range: Range<usize>,
    /// The byte where its body begins.
    pub body_start: usize,
    /// The struct that it is derived from, in C++.
    pub base: Option<Name>,
}

/// What one file declares.
#[derive(Debug, Default)]
pub struct Table {
    /// The structs, unions and classes with a body, by name.
    pub structs: FxHashMap<Name, Rc<Struct>>,
    /// What a typedef stands for.
    pub typedefs: FxHashMap<Name, Type>,
    /// Variables at the top.
    pub variables: FxHashMap<Name, Type>,
    /// What functions return.
    pub functions: FxHashMap<Name, Type>,
}

/// What a type is to an extension.
#[derive(Clone, Debug)]
pub enum Layout {
    /// `PyObject` or `PyVarObject`.
    Object,
    /// `PyTypeObject`.
    TypeObject,
    /// Another struct of CPython's, by its name.
    Api(Name),
    /// A struct of the extension's own that begins with an object's head.
    Instance(Rc<Struct>),
    /// Any other struct of the extension's own.
    Own(Rc<Struct>),
    /// A number, a pointer to a function, or a type that is not known.
    Unknown,
}

/// The names that functions declare, innermost last.
#[derive(Clone, Debug, Default)]
pub struct Locals {
    names: Vec<(Name, Type)>,
    /// Where each name stands in `names`, innermost last.
    index: FxHashMap<Name, Vec<u32>>,
}

impl Locals {
    /// Where the names are now.
    pub fn mark(&self) -> usize {
        self.names.len()
    }

    /// Forgets the names that were declared since.
    pub fn reset(&mut self, mark: usize) {
        for (name, _) in self.names.drain(mark.min(self.names.len())..) {
            if let Some(places) = self.index.get_mut(&name) {
                places.pop();
            }
        }
    }

    /// Declares a name.
    pub fn declare(&mut self, name: Name, kind: Type) {
        let places = self.index.entry(name.clone()).or_default();
        places.push(self.names.len() as u32);
        self.names.push((name, kind));
    }

    /// The type of a name.
    pub fn get(&self, name: &str) -> Option<&Type> {
        let place = *self.index.get(name)?.last()?;
        self.names.get(place as usize).map(|row| &row.1)
    }
}

/// A tree and the text that it was made from.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The tree.
    pub tree: &'a Tree,
    /// Its text.
    pub text: &'a [u8],
}

impl<'a> View<'a> {
    /// The text of a node.
    pub fn text(&self, node: Node<'_>) -> &'a str {
        text_of(self.text, node.byte_range())
    }
}

/// What is known in one file.
pub struct Declared {
    api: Rc<Api>,
    parsers: Rc<RefCell<Parsers>>,
    own: Rc<Table>,
    headers: Vec<Rc<Table>>,
    macros: Macros,
    /// The steps that the type of the current expression took.
    steps: Cell<u32>,
}

impl Declared {
    /// Collects what the top of a file declares. `headers` are the tables of the headers that it sees, and `macros`
    /// the macros at its end.
    pub fn new(
        api: Rc<Api>,
        parsers: Rc<RefCell<Parsers>>,
        headers: Vec<Rc<Table>>,
        macros: Macros,
    ) -> Self {
        Self {
            api,
            parsers,
            own: Rc::default(),
            headers,
            macros,
            steps: Cell::new(0),
        }
    }

    /// What the file itself declares.
    pub fn own(&self) -> &Table {
        &self.own
    }

    /// The table of the file itself, to be kept.
    pub fn shared_own(&self) -> Rc<Table> {
        self.own.clone()
    }

    /// The tables of the headers, to be kept.
    pub fn shared_headers(&self) -> Vec<Rc<Table>> {
        self.headers.clone()
    }

    /// All tables, to be kept; the file's own is the last one.
    pub fn shared_tables(&self) -> Vec<Rc<Table>> {
        let own = std::iter::once(&self.own);
        self.headers.iter().chain(own).cloned().collect()
    }

    /// The table while it is filled.
    fn filled(&mut self) -> Option<&mut Table> {
        Rc::get_mut(&mut self.own)
    }

    /// The names of CPython's headers.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// A macro's body as statements, parsed; nothing if it cannot be.
    pub fn body_of<'m>(&self, definition: &'m Macro) -> Option<&'m Body> {
        definition.parsed(&self.parsers)
    }

    /// The macros that the file knows.
    pub fn macros(&self) -> &Macros {
        &self.macros
    }

    fn tables(&self) -> impl Iterator<Item = &Table> {
        let headers = self.headers.iter().rev().map(|table| &**table);
        std::iter::once(&*self.own).chain(headers)
    }

    /// A struct of the package's own.
    pub fn struct_named(&self, name: &str) -> Option<&Rc<Struct>> {
        self.tables().find_map(|table| table.structs.get(name))
    }

    /// All structs of the package's own that the file sees.
    pub fn structs(&self) -> impl Iterator<Item = &Rc<Struct>> {
        self.tables().flat_map(|table| table.structs.values())
    }

    /// The type of a variable at the top.
    pub fn variable(&self, name: &str) -> Option<&Type> {
        self.tables().find_map(|table| table.variables.get(name))
    }

    /// What a function of the package's own returns.
    pub fn function(&self, name: &str) -> Option<&Type> {
        self.tables().find_map(|table| table.functions.get(name))
    }

    /// Tells whether the package declares the name, as whatever.
    pub fn declares(&self, name: &str) -> bool {
        self.tables().any(|table| {
            table.functions.contains_key(name)
                || table.variables.contains_key(name)
                || table.typedefs.contains_key(name)
        }) || !self.macros.of(name).is_empty()
    }

    /// What a name of a type stands for, with its typedefs followed.
    pub fn resolve(&self, name: &str) -> Type {
        self.resolve_to(name, 0)
    }

    fn resolve_to(&self, name: &str, depth: u32) -> Type {
        if depth > MOST_DEPTH {
            return Type::unknown();
        }
        if let Some(kind) = self.tables().find_map(|table| table.typedefs.get(name)) {
            return kind.clone();
        }
        if self.struct_named(name).is_some() {
            return Type::named(name, 0);
        }
        let tag = format!("struct {name}");
        if self.struct_named(&tag).is_some() {
            return Type::named(&tag, 0);
        }
        let rows = self.api.rows(name);
        if let Some(row) = rows.iter().find(|row| row.kind == Kind::Type) {
            let alias = row.type_text;
            if alias.is_empty() || self.api.of_tag(alias) == Some(row.name) {
                return Type::named(name, 0);
            }
            let target = self.parse_to(alias, depth + 1);
            // A number stays what it is called.
            return match target.pointers == 0 && self.api.rows(alias).is_empty() {
                true => Type::named(name, 0),
                false => target,
            };
        }
        if let [only, ..] = self.macros.of(name)
            && only.parameters.is_none()
        {
            let body = only.body.trim();
            if body != name && is_type_text(body) {
                return self.parse_to(body, depth + 1);
            }
        }
        Type::named(name, 0)
    }

    /// The type that a text such as `const struct _ts *` stands for.
    pub fn parse(&self, text: &str) -> Type {
        self.parse_to(text, 0)
    }

    fn parse_to(&self, text: &str, depth: u32) -> Type {
        let pointers = text.bytes().filter(|&byte| byte == b'*').count();
        let words = text.split(|c: char| c.is_whitespace() || c == '*');
        let mut words = words.filter(|word| !matches!(*word, "" | "const" | "volatile"));
        let mut found = match words.next() {
            None => return Type::unknown(),
            Some(tag @ ("struct" | "union")) => {
                let name = format!("{tag} {}", words.next().unwrap_or_default());
                self.of_tag(&name)
            }
            Some("enum" | "unsigned" | "signed" | "long" | "short") => Type::named("int", 0),
            Some(word) => self.resolve_to(word, depth),
        };
        found.pointers = found.pointers.saturating_add(pointers.min(100) as u8);
        found
    }

    /// The type of `struct tag`.
    fn of_tag(&self, tag: &str) -> Type {
        if self.struct_named(tag).is_some() {
            return Type::named(tag, 0);
        }
        match self.api.of_tag(tag) {
            Some(name) => Type::named(name, 0),
            None => match tag.strip_prefix("struct ") {
                // CPython has structs whose tag is the typedef.
                Some(bare) if self.api.rows(bare).iter().any(|row| row.kind == Kind::Type) => {
                    Type::named(bare, 0)
                }
                _ => Type::named(tag, 0),
            },
        }
    }

    /// What the type's name stands for, whatever its stars.
    pub fn layout(&self, kind: &Type) -> Layout {
        let Some(name) = kind.name.as_deref() else {
            return Layout::Unknown;
        };
        if kind.function {
            return Layout::Unknown;
        }
        if let Some(found) = self.struct_named(name) {
            return match self.is_instance(found) {
                true => Layout::Instance(found.clone()),
                false => Layout::Own(found.clone()),
            };
        }
        match name {
            "PyObject" | "PyVarObject" => Layout::Object,
            "PyTypeObject" => Layout::TypeObject,
            _ => {
                let rows = self.api.rows(name);
                match rows.iter().find(|row| row.kind == Kind::Type) {
                    Some(row) => Layout::Api(row.name.into()),
                    None => Layout::Unknown,
                }
            }
        }
    }

    /// Tells whether a name is no struct that anybody knows.
    pub fn layout_is_unknown(&self, name: &str) -> bool {
        matches!(self.layout(&self.resolve(name)), Layout::Unknown)
    }

    /// Tells whether a struct begins with an object's head.
    pub fn is_instance(&self, found: &Struct) -> bool {
        let mut base = found.base.clone();
        for _ in 0..MOST_DEPTH {
            let Some(name) = base else { break };
            if matches!(&*name, "PyObject" | "PyVarObject" | "PyTypeObject") {
                return true;
            }
            let Some(parent) = self.struct_named(&name) else {
                break;
            };
            if parent.head.is_some() {
                return true;
            }
            base = parent.base.clone();
        }
        found.head.is_some()
    }

    /// The type of a struct's field; nothing if the struct is not known to have it.
    pub fn field(&self, owner: &Layout, field: &str) -> Option<Type> {
        let api = |owner: &str| {
            let row = self.api.member(owner, field)?;
            Some(self.parse(row.type_text))
        };
        match owner {
            Layout::Object => api("PyObject").or_else(|| api("PyVarObject")),
            Layout::TypeObject => api("PyTypeObject").or_else(|| api("PyVarObject")),
            Layout::Api(name) => api(name),
            Layout::Instance(found) | Layout::Own(found) => self.own_field(found, field),
            Layout::Unknown => None,
        }
    }

    fn own_field(&self, found: &Rc<Struct>, field: &str) -> Option<Type> {
        let mut found = found.clone();
        for _ in 0..MOST_DEPTH {
            let mut fields = found.fields.iter();
            if let Some((_, kind)) = fields.find(|(name, _)| **name == *field) {
                return Some(kind.clone());
            }
            let base = found.base.clone()?;
            found = self.struct_named(&base)?.clone();
        }
        None
    }
}

/// Tells whether a macro's body may be the name of a type.
fn is_type_text(body: &str) -> bool {
    let mut words = body.split_whitespace();
    let plain = body
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'*' | b' '));
    plain
        && words
            .next()
            .is_some_and(|word| !word.as_bytes()[0].is_ascii_digit())
}

#[cfg(test)]
mod tests;
