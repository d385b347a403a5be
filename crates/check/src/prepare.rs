//! A copy of the source for the parser, of the same length: what would confuse it is blank.
//!
//! Sources are not preprocessed, since findings have to be told at their own places, and since most code under a
//! conditional matters. But a parser of C that meets preprocessor conditionals in the middle of an expression, or
//! `PyObject_HEAD` without a semicolon, gives up on more than that. So the text is prepared in two passes that keep
//! every byte at its place:
//!
//! 1. [`directives`] blanks comments and all directives. Conditionals are decided for the target where that can be
//!    done ([`condition`]): branches that are never compiled are blank. Where it cannot, both branches stay and are
//!    noted as conditional, unless they exclude each other syntactically; then the one stays that a compiler takes
//!    that knows none of the unknown macros. Includes and macros are collected on the way.
//! 2. [`macros`] blanks the macros that are no expressions: heads of objects, attributes, macros around types, and
//!    those that stand for statements. Each is noted with its place, so that rules still see it.

pub mod condition;
mod directives;
mod macros;
pub(crate) mod scan;

pub use scan::is_word;

use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::api::Api;
use crate::declared::Name;
use crate::source::{Language, Source};
use crate::target::Target;
use crate::tree::{Node, Parsers, Syntax, Tree, named_children};

/// A `#define` in a part of the source that may be compiled.
#[derive(Debug)]
pub struct Macro {
    /// Its name.
    pub name: Rc<str>,
    /// Its parameters, if it has a list of them.
    pub parameters: Option<Vec<Rc<str>>>,
    /// Its body, of the same length as in the source: comments and the ends of lines are blank.
    pub body: Rc<str>,
    /// The byte where the body begins.
    pub body_start: usize,
    /// The bytes of the name.
    pub name_range: Range<usize>,
    /// Whether it lies under a conditional that cannot be decided.
    pub conditional: bool,
    /// The file that defines it.
    pub path: Rc<Path>,
    /// The body as statements, once somebody asked for it.
    statements: OnceCell<Option<Box<Body>>>,
    /// The names in the body that are no parameters, once somebody asked for them.
    words: OnceCell<Vec<Name>>,
}

/// A macro's body, parsed.
#[derive(Debug)]
pub struct Body {
    /// The text that was parsed: the body inside a function or a struct.
    pub text: Vec<u8>,
    /// Its tree.
    pub tree: Tree,
    /// Where the body begins in the text.
    pub start: usize,
}

impl Body {
    /// The expression that the body is, if it is one.
    pub fn expression(&self) -> Option<Node<'_>> {
        let function = named_children(self.tree.root()).next()?;
        let block = self.tree.body(function)?;
        let mut statements = named_children(block);
        let first = statements.next()?;
        let only = statements.next().is_none();
        let expression = self.tree.syntax(first) == Syntax::ExpressionStatement;
        (only && expression).then(|| named_children(first).next())?
    }
}

impl Macro {
    /// The body as statements of a function, parsed in C; nothing if it cannot be.
    pub fn parsed(&self, parsers: &RefCell<Parsers>) -> Option<&Body> {
        let parse = || parse(self.body.as_bytes(), ["void f(){", ";}"], parsers).map(Box::new);
        self.statements.get_or_init(parse).as_deref()
    }

    /// The body as fields of a struct, with arguments for its parameters and without its first word, the head.
    pub fn fields(&self, arguments: &[String], parsers: &RefCell<Parsers>) -> Option<Body> {
        let text = self.body.as_bytes();
        let head = scan::skip_blanks(text, 0).min(text.len());
        let head_end = scan::word_end(text, head);
        let mut at = scan::skip_blanks(text, head_end);
        if text.get(at) == Some(&b';') {
            at += 1;
        }
        let mut body = Vec::new();
        while at < text.len() && body.len() < MOST_BYTES {
            let end = scan::word_end(text, at).max(at + 1);
            let word = &text[at..end];
            let mut parameters = self.parameters.iter().flatten();
            let number = parameters.position(|name| name.as_bytes() == word);
            match number.and_then(|number| arguments.get(number)) {
                Some(argument) => body.extend_from_slice(argument.trim().as_bytes()),
                // What is put together loses the signs between.
                None if word == b"#" => {}
                None => body.extend_from_slice(word),
            }
            at = end;
        }
        parse(&body, ["struct s{", ";};"], parsers)
    }

    /// The names in the body that are no parameters, each once.
    pub fn words(&self) -> &[Name] {
        self.words.get_or_init(|| {
            let text = self.body.as_bytes();
            let mut words: Vec<Name> = Vec::new();
            let mut at = 0;
            while at < text.len() && words.len() < MOST_WORDS {
                let end = scan::word_end(text, at).max(at + 1);
                let word = self.body.get(at..end).unwrap_or_default();
                let name = text[at].is_ascii_alphabetic() || text[at] == b'_';
                let mut parameters = self.parameters.iter().flatten();
                if name
                    && !parameters.any(|known| **known == *word)
                    && !words.iter().any(|known| **known == *word)
                {
                    words.push(word.into());
                }
                at = end;
            }
            words
        })
    }
}

/// The most bytes that a macro is expanded to.
const MOST_BYTES: usize = 1 << 16;

/// The most names of a macro's body that may stand for variables where it is used.
const MOST_WORDS: usize = 64;

/// Parses a macro's body between what makes it a whole.
fn parse(body: &[u8], [before, behind]: [&str; 2], parsers: &RefCell<Parsers>) -> Option<Body> {
    let mut body = body.to_vec();
    // Names that are put together stay one name, and what becomes a string stays an expression.
    for at in 0..body.len() {
        if body[at] == b'#' {
            let pair = body.get(at + 1) == Some(&b'#');
            body[at] = if pair { b'_' } else { b' ' };
            if pair {
                body[at + 1] = b'_';
            }
        }
    }
    let text = [before.as_bytes(), &body, behind.as_bytes()].concat();
    let tree = parsers.try_borrow_mut().ok()?.parse(&text, Language::C)?;
    Some(Body {
        text,
        tree,
        start: before.len(),
    })
}

/// An `#include` in a part of the source that may be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// What stands between the quotes or brackets.
    pub name: Rc<str>,
    /// Whether it stands between quotes.
    pub quoted: bool,
    /// The bytes of the directive, without the end of the line.
    pub range: Range<usize>,
    /// Whether it lies under a conditional that cannot be decided.
    pub conditional: bool,
}

/// The head of an object at the start of a struct, which is blank in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The bytes of the macro and of a semicolon behind it.
    pub range: Range<usize>,
    /// Whether it is a head with a size.
    pub variable: bool,
    /// The macro of the source's own that stands for it.
    pub own: Option<Rc<str>>,
    /// The arguments of that macro.
    pub arguments: Vec<String>,
}

/// A name that was blanked, and that rules have to see nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The name.
    pub name: Rc<str>,
    /// The bytes of the name.
    pub range: Range<usize>,
    /// The bytes that were blanked with it: its arguments, a comma.
    pub whole: Range<usize>,
}

/// The macros that are known at a point of the source.
#[derive(Clone, Debug, Default)]
pub struct Macros {
    names: FxHashMap<Rc<str>, Definitions>,
}

/// The definitions of one name: branches of a conditional may have one each.
#[derive(Clone, Debug, Default)]
struct Definitions {
    all: Vec<Rc<Macro>>,
    /// Whether the name is surely defined now, or surely not; nothing if that depends.
    defined: Option<bool>,
}

impl Macros {
    /// The definitions of a name, in order.
    pub fn of(&self, name: &str) -> &[Rc<Macro>] {
        self.names.get(name).map_or(&[], |found| &found.all)
    }

    /// Whether the source defines the name, if it says anything of it: `Some(None)` if that depends.
    fn defined(&self, name: &str) -> Option<Option<bool>> {
        self.names.get(name).map(|found| found.defined)
    }

    /// Adds a definition.
    pub fn define(&mut self, definition: Rc<Macro>) {
        let entry = self.names.entry(definition.name.clone()).or_default();
        if !definition.conditional {
            entry.defined = Some(true);
        } else if entry.defined != Some(true) {
            entry.defined = None;
        }
        entry.all.push(definition);
    }

    /// Adds the names of others that are not known here.
    pub fn complete(&mut self, others: &Macros) {
        for (name, definitions) in &others.names {
            let entry = self.names.entry(name.clone());
            entry.or_insert_with(|| definitions.clone());
        }
    }

    fn undefine(&mut self, name: &str, conditional: bool) {
        if conditional {
            if let Some(entry) = self.names.get_mut(name) {
                entry.defined = None;
            }
            return;
        }
        let entry = self.names.entry(name.into()).or_default();
        // The definitions stay: what was used before is still a macro.
        entry.defined = Some(false);
    }

    /// All names with their definitions; a name that is only undefined has none.
    pub fn names(&self) -> impl Iterator<Item = (&Rc<str>, &[Rc<Macro>])> {
        let names = self.names.iter().filter(|(_, found)| !found.all.is_empty());
        names.map(|(name, found)| (name, &*found.all))
    }
}

/// The source as the parser sees it, and what was taken out.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    /// The text: as long as the source, with every token at its place.
    pub text: Vec<u8>,
    /// The includes, in order.
    pub includes: Vec<Include>,
    /// The file's own macros, in order.
    pub defines: Vec<Rc<Macro>>,
    /// All macros known at the end, those of included headers among them.
    pub macros: Macros,
    /// The heads of objects, in order.
    pub heads: Vec<Head>,
    /// The names that were blanked, in order.
    pub uses: Vec<Use>,
    /// What lies under conditionals that cannot be decided, in order and apart from each other.
    pub conditional: Vec<Range<usize>>,
    /// What is not compiled for the target, in order and apart from each other.
    pub dead: Vec<Range<usize>>,
}

impl Prepared {
    /// Prepares a source. `included` is asked for each include that is met, and adds the macros of that header.
    pub fn new(
        source: &Source,
        language: Language,
        api: &Api,
        target: Target,
        included: &mut dyn FnMut(&Include, &mut Macros),
    ) -> Self {
        let mut prepared = directives::blank(source, language, api, target, included);
        macros::blank(&mut prepared);
        prepared
    }

    /// Tells whether a byte lies under a conditional that cannot be decided.
    pub fn is_conditional(&self, byte: usize) -> bool {
        contains(&self.conditional, byte)
    }

    /// Tells whether a byte lies in a branch that is not compiled.
    pub fn is_dead(&self, byte: usize) -> bool {
        contains(&self.dead, byte)
    }

    /// The first head of an object that begins in the range.
    pub fn head_in(&self, range: Range<usize>) -> Option<&Head> {
        let at = self
            .heads
            .partition_point(|head| head.range.start < range.start);
        let head = self.heads.get(at)?;
        (head.range.start < range.end).then_some(head)
    }
}

fn contains(ranges: &[Range<usize>], byte: usize) -> bool {
    let at = ranges.partition_point(|range| range.end <= byte);
    ranges.get(at).is_some_and(|range| range.contains(&byte))
}

#[cfg(test)]
mod tests;
