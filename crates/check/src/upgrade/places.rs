//! One walk over a source and over the bodies of its macros, with a place in the file for every node.
//!
//! A macro's body is walked for every list of types that its arguments have, with these for its parameters. What is
//! found there lies at the macro's definition, so a rule may meet one place more than once, with different types.

use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::declared::{Locals, Type, View};
use crate::prepare::Macro;
use crate::tree::{Node, Syntax, named_children};
use crate::unit::Unit;

/// How deep macros are followed into each other.
const MOST_DEPTH: u32 = 8;

/// A node above the one that is looked at.
#[derive(Clone, Copy)]
pub struct Above<'u> {
    /// The node.
    pub node: Node<'u>,
    /// Its kind.
    pub kind: Syntax,
    mark: usize,
}

/// A node, and where it lies.
#[derive(Clone, Copy)]
pub struct Place<'a, 'u> {
    /// The source.
    pub unit: &'u Unit,
    /// The tree and its text: of the file, or of a macro's body.
    pub view: View<'u>,
    /// The names that are declared here.
    pub locals: &'a Locals,
    /// The nodes above, outermost first.
    pub above: &'a [Above<'u>],
    /// The node.
    pub node: Node<'u>,
    /// Its kind.
    pub kind: Syntax,
    /// The macro in whose body it lies.
    pub definition: Option<&'u Macro>,
    /// Whether it lies in a macro that nothing is known to use.
    pub unused: bool,
    body_start: usize,
}

impl<'a, 'u> Place<'a, 'u> {
    /// The bytes of a node in the file.
    pub fn range(&self, node: Node<'_>) -> Range<usize> {
        self.file(node.byte_range())
    }

    /// The bytes of a range of the text in the file.
    pub fn file(&self, range: Range<usize>) -> Range<usize> {
        match self.definition {
            None => range,
            Some(definition) => {
                let at = |byte: usize| definition.body_start + byte.saturating_sub(self.body_start);
                at(range.start)..at(range.end)
            }
        }
    }

    /// Whether it lies in a macro that another file defines.
    pub fn is_elsewhere(&self) -> bool {
        self.definition
            .is_some_and(|definition| *definition.path != *self.unit.source.path())
    }

    /// The text of a node.
    pub fn text(&self, node: Node<'_>) -> &'u str {
        self.view.text(node)
    }

    /// The type of an expression.
    pub fn type_of(&self, node: Node<'_>) -> Type {
        self.unit.declared.type_of(self.view, self.locals, node)
    }

    /// The node above, behind parentheses.
    pub fn parent(&self) -> Option<Above<'u>> {
        let mut above = self.above.iter().rev();
        above
            .find(|above| above.kind != Syntax::Parenthesized)
            .copied()
    }

    /// The function around.
    pub fn function(&self) -> Option<Node<'u>> {
        let mut above = self.above.iter();
        let found = above.find(|above| above.kind == Syntax::FunctionDefinition);
        found
            .map(|above| above.node)
            .filter(|_| self.definition.is_none())
    }

    /// Whether a loop of its function is around.
    pub fn in_loop(&self) -> bool {
        self.above.iter().any(|above| {
            matches!(
                above.kind,
                Syntax::For | Syntax::While | Syntax::Do | Syntax::ForRange
            )
        })
    }

    /// The expression without the parentheses around it.
    pub fn bare(&self, node: Node<'u>) -> Node<'u> {
        self.view.tree.bare(node)
    }
}

/// Walks a source, and the macros that it uses or defines.
pub fn walk<'u>(unit: &'u Unit, visit: &mut dyn FnMut(&Place<'_, 'u>)) {
    let mut walk = Walk {
        unit,
        visit,
        seen: FxHashSet::default(),
        unused: false,
    };
    walk.run(unit.view(), unit.tree.root(), None, 0, Locals::default(), 0);
    walk.unused = true;
    for definition in &unit.prepared.defines {
        if !walk.is_seen(definition) {
            walk.body(definition, Vec::new(), &Locals::default(), 0);
        }
    }
}

struct Walk<'u, 'v> {
    unit: &'u Unit,
    visit: &'v mut dyn FnMut(&Place<'_, 'u>),
    /// The macros and the types of their arguments that were looked into.
    seen: FxHashSet<(*const Macro, Vec<Option<String>>)>,
    unused: bool,
}

impl<'u> Walk<'u, '_> {
    fn is_seen(&self, definition: &Rc<Macro>) -> bool {
        let pointer = Rc::as_ptr(definition);
        self.seen.iter().any(|(known, _)| *known == pointer)
    }

    fn run(
        &mut self,
        view: View<'u>,
        root: Node<'u>,
        definition: Option<&'u Macro>,
        body_start: usize,
        mut locals: Locals,
        depth: u32,
    ) {
        let unit = self.unit;
        let mut above: Vec<Above<'u>> = Vec::new();
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if node.is_named() {
                let kind = view.tree.syntax(node);
                let mark = locals.mark();
                (self.visit)(&Place {
                    unit,
                    view,
                    locals: &locals,
                    above: &above,
                    node,
                    kind,
                    definition,
                    unused: self.unused,
                    body_start,
                });
                let mut around = above.iter();
                let inside = definition.is_some()
                    || around.any(|above| above.kind == Syntax::FunctionDefinition);
                match kind {
                    Syntax::FunctionDefinition => {
                        unit.declared.declare_parameters(view, node, &mut locals);
                    }
                    Syntax::Declaration if inside => unit.declared.declare(view, node, &mut locals),
                    Syntax::ForRange | Syntax::Catch => {
                        unit.declared.declare(view, node, &mut locals);
                    }
                    Syntax::Call => self.call(view, node, &locals, depth),
                    Syntax::Identifier => self.name(view, node, &locals, depth),
                    _ => {}
                }
                if cursor.goto_first_child() {
                    above.push(Above { node, kind, mark });
                    continue;
                }
            }
            while !cursor.goto_next_sibling() {
                if above.is_empty() || !cursor.goto_parent() {
                    return;
                }
                let Some(left) = above.pop() else { return };
                if matches!(
                    left.kind,
                    Syntax::FunctionDefinition
                        | Syntax::Compound
                        | Syntax::For
                        | Syntax::ForRange
                        | Syntax::Catch
                        | Syntax::Lambda
                ) {
                    locals.reset(left.mark);
                }
            }
        }
    }

    /// A call that may be one of a macro.
    fn call(&mut self, view: View<'u>, node: Node<'u>, locals: &Locals, depth: u32) {
        let Some(function) = view.tree.function(node) else {
            return;
        };
        let unit = self.unit;
        for definition in unit.declared.macros().of(view.text(function)) {
            let Some(parameters) = &definition.parameters else {
                continue;
            };
            let arguments = view.tree.arguments(node);
            let arguments = arguments.into_iter().flat_map(named_children);
            let types = arguments
                .take(parameters.len())
                .map(|argument| unit.declared.type_of(view, locals, argument));
            self.body(definition, types.collect(), locals, depth);
        }
    }

    /// A name that may be one of a macro without parameters.
    fn name(&mut self, view: View<'u>, node: Node<'u>, locals: &Locals, depth: u32) {
        let unit = self.unit;
        for definition in unit.declared.macros().of(view.text(node)) {
            if definition.parameters.is_none() {
                self.body(definition, Vec::new(), locals, depth);
            }
        }
    }

    fn body(&mut self, definition: &'u Rc<Macro>, types: Vec<Type>, around: &Locals, depth: u32) {
        if depth > MOST_DEPTH || definition.body.trim().is_empty() {
            return;
        }
        let mut bound = Locals::default();
        let mut key = Vec::new();
        for word in definition.words() {
            if let Some(kind) = around.get(word) {
                bound.declare(word.clone(), kind.clone());
                key.push(Some(format!("{word} {kind:?}")));
            }
        }
        for (number, parameter) in definition.parameters.iter().flatten().enumerate() {
            let kind = types.get(number).cloned().unwrap_or_default();
            key.push(
                kind.name
                    .as_ref()
                    .map(|name| format!("{name} {}", kind.pointers)),
            );
            bound.declare(parameter.clone(), kind);
        }
        if !self.seen.insert((Rc::as_ptr(definition), key)) {
            return;
        }
        let Some(parsed) = self.unit.declared.body_of(definition) else {
            return;
        };
        let view = View {
            tree: &parsed.tree,
            text: &parsed.text,
        };
        let root = named_children(view.tree.root())
            .next()
            .and_then(|function| view.tree.body(function));
        if let Some(root) = root {
            let start = parsed.start;
            self.run(view, root, Some(definition), start, bound, depth + 1);
        }
    }
}
