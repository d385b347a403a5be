//! One walk over a tree, on which all rules look at the nodes that concern them.
//!
//! The walk keeps what a rule may ask for: the names declared so far, the nodes above, and the text. Each group of
//! rules is a file; none knows of another.
//!
//! A macro of the source's own is looked into where it is used, with the types of its arguments for its parameters
//! ([`macros`]): what it hides is told at its definition, and its name where it is used.

mod fields;
mod headers;
mod layout;
mod macros;
mod memory;
mod modules;
mod names;
mod setters;

pub use names::is_known_header;

use std::ops::Range;
use std::path::PathBuf;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::api::Api;
use crate::declared::{Declared, Locals, Struct, View};
use crate::finding::{Finding, Rule};
use crate::prepare::Macro;
use crate::source::Source;
use crate::target::Target;
use crate::tree::{Node, Syntax};
use crate::unit::{Reader, Unit};

/// Finds what is in the way in one source, in the order of the text.
pub fn check(unit: &Unit, reader: &Reader) -> Vec<Finding> {
    check_all(unit, reader).0
}

/// As [`check`], with what lies in macros of other files.
pub fn check_all(unit: &Unit, reader: &Reader) -> (Vec<Finding>, Vec<Elsewhere>) {
    let own = unit.declared.own().structs.values();
    let mut walk = Walk {
        unit,
        reader,
        target: reader.target(),
        view: unit.view(),
        origin: Origin::File,
        locals: Locals::default(),
        structs: own.map(|found| (found.body_start, found.clone())).collect(),
        above: Vec::new(),
        cursor_at: 0,
        functions: 0,
        depth: 0,
        findings: Vec::new(),
        elsewhere: Vec::new(),
        macros: macros::Examined::default(),
        memory: memory::Blocks::default(),
        modules: modules::Hooks::default(),
        names: names::Names::new(unit),
    };
    walk.headers();
    walk.blanked_names();
    walk.run(unit.tree.root());
    walk.finish_modules();
    walk.finish_memory();
    walk.unused_macros();
    let (mut findings, elsewhere) = (walk.findings, walk.elsewhere);
    arrange(&mut findings);
    (findings, elsewhere)
}

/// Brings findings into the order of the text, each once.
pub fn arrange(findings: &mut Vec<Finding>) {
    findings.sort_by_key(|found| (found.start_byte, found.end_byte, found.rule));
    findings.dedup_by_key(|found| (found.start_byte, found.end_byte, found.rule));
}

/// Where the text that is walked comes from.
#[derive(Clone, Copy, Debug)]
enum Origin<'u> {
    /// The file.
    File,
    /// A macro's body, that begins at `body` in the text.
    Macro { body: usize, definition: &'u Macro },
}

/// A node above the one that is looked at, and the names that were declared before it.
struct Above<'u> {
    node: Node<'u>,
    kind: Syntax,
    mark: usize,
}

/// The walk.
struct Walk<'u> {
    unit: &'u Unit,
    reader: &'u Reader,
    target: Target,
    view: View<'u>,
    origin: Origin<'u>,
    locals: Locals,
    /// The file's own structs, by the bytes where their bodies begin.
    structs: FxHashMap<usize, Rc<Struct>>,
    above: Vec<Above<'u>>,
    /// The number of the node that is looked at.
    cursor_at: usize,
    /// How many functions are open.
    functions: u32,
    /// How many macros are open.
    depth: u32,
    findings: Vec<Finding>,
    elsewhere: Vec<Elsewhere>,
    macros: macros::Examined,
    memory: memory::Blocks,
    modules: modules::Hooks,
    names: names::Names,
}

/// What a rule says of a place.
struct Saying {
    rule: Rule,
    name: String,
    message: String,
    replacement: Option<String>,
    mechanical: bool,
}

impl<'u> Walk<'u> {
    fn declared(&self) -> &'u Declared {
        &self.unit.declared
    }

    fn api(&self) -> &'u Api {
        self.unit.declared.api()
    }

    fn text(&self, node: Node<'_>) -> &'u str {
        self.view.text(node)
    }

    /// Walks a tree, node by node, without recursion: sources nest as deep as they like.
    fn run(&mut self, root: Node<'u>) {
        let base = self.above.len();
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if node.is_named() {
                let kind = self.view.tree.syntax(node);
                let mark = self.locals.mark();
                self.cursor_at = node.id();
                let descend = self.enter(node, kind);
                if descend && cursor.goto_first_child() {
                    self.functions += u32::from(is_function(kind));
                    self.above.push(Above { node, kind, mark });
                    continue;
                }
            }
            while !cursor.goto_next_sibling() {
                if self.above.len() == base || !cursor.goto_parent() {
                    return;
                }
                if let Some(left) = self.above.pop() {
                    self.leave(&left);
                }
            }
        }
    }

    /// Looks at a node before its children; gives false if they are of no interest.
    fn enter(&mut self, node: Node<'u>, kind: Syntax) -> bool {
        match kind {
            Syntax::FunctionDefinition => {
                self.module_hook(node);
                let (declared, view) = (self.declared(), self.view);
                declared.declare_parameters(view, node, &mut self.locals);
                self.memory.enter_function();
            }
            Syntax::Declaration => {
                self.variable(node);
                if self.in_function() {
                    let (declared, view) = (self.declared(), self.view);
                    declared.declare(view, node, &mut self.locals);
                }
            }
            Syntax::FieldDeclaration => self.field_by_value(node),
            Syntax::ForRange | Syntax::Catch => {
                let (declared, view) = (self.declared(), self.view);
                declared.declare(view, node, &mut self.locals);
            }
            Syntax::Struct | Syntax::Class => self.object_struct(node),
            Syntax::Field => self.field_access(node),
            Syntax::Assignment => {
                self.assignment(node);
                self.assigned_block(node);
            }
            Syntax::InitDeclarator => self.assigned_block(node),
            Syntax::Update => self.updated(node),
            Syntax::Sizeof => self.size_of(node),
            Syntax::Offsetof => self.offset_of(node),
            Syntax::Call => {
                self.released_block(node);
                self.format_call(node);
                self.accessor_call(node);
                self.macro_call(node);
            }
            Syntax::Identifier => self.name_used(node),
            Syntax::TypeIdentifier => self.type_used(node),
            Syntax::String | Syntax::Char | Syntax::Number => return false,
            _ => {}
        }
        true
    }

    fn leave(&mut self, left: &Above<'u>) {
        self.functions -= u32::from(is_function(left.kind));
        match left.kind {
            Syntax::FunctionDefinition
            | Syntax::Compound
            | Syntax::For
            | Syntax::ForRange
            | Syntax::Catch
            | Syntax::Lambda => self.locals.reset(left.mark),
            _ => {}
        }
    }

    /// The node above.
    fn parent(&self) -> Option<(Node<'u>, Syntax)> {
        self.above.last().map(|above| (above.node, above.kind))
    }

    fn in_function(&self) -> bool {
        self.functions > 0
    }

    /// Where a range of the text lies in the file; nothing for the body of a macro.
    fn place(&self, range: Range<usize>) -> Option<Range<usize>> {
        match self.origin {
            Origin::File => Some(range),
            Origin::Macro { .. } => None,
        }
    }

    fn say(&mut self, range: Range<usize>, saying: Saying) {
        self.macros.note(saying.rule);
        let range = match self.origin {
            Origin::File => range,
            Origin::Macro { body, definition } => {
                let at = |byte: usize| definition.body_start + byte.saturating_sub(body);
                let range = at(range.start)..at(range.end);
                if *definition.path != *self.unit.source.path() {
                    self.elsewhere.push(Elsewhere {
                        path: definition.path.to_path_buf(),
                        range,
                        conditional: definition.conditional,
                        saying,
                    });
                    return;
                }
                range
            }
        };
        let conditional = self.unit.prepared.is_conditional(range.start);
        let found = saying.at(&self.unit.source, range, conditional);
        self.findings.extend(found);
    }
}

fn is_function(kind: Syntax) -> bool {
    matches!(kind, Syntax::FunctionDefinition | Syntax::Lambda)
}

/// A finding in the body of a macro that another file defines.
pub struct Elsewhere {
    /// That file.
    pub path: PathBuf,
    range: Range<usize>,
    conditional: bool,
    saying: Saying,
}

impl Elsewhere {
    /// The finding in the text of that file.
    pub fn finding(self, source: &Source) -> Option<Finding> {
        self.saying.at(source, self.range, self.conditional)
    }
}

impl Saying {
    fn at(self, source: &Source, range: Range<usize>, conditional: bool) -> Option<Finding> {
        let range = range.start..range.end.min(source.bytes().len());
        if range.is_empty() {
            return None;
        }
        let (line, column) = source.position(range.start);
        let (end_line, end_column) = source.position(range.end - 1);
        Some(Finding {
            rule: self.rule,
            line,
            column,
            end_line,
            end_column: end_column + 1,
            start_byte: range.start,
            end_byte: range.end,
            name: self.name,
            message: self.message,
            replacement: self.replacement,
            mechanical: self.mechanical,
            conditional,
        })
    }
}

#[cfg(test)]
mod tests;
