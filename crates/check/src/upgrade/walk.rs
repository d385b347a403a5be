//! The walk that rules share: over the tree of a source, and over the bodies of its macros.
//!
//! Nodes are given to the rules when they are left, so that what stands inside is changed before what stands around.
//! The names that are declared at a node are known then.

use std::ops::Range;

use crate::declared::{Declared, Layout, Locals, Type, View};
use crate::edit::Edits;
use crate::prepare::Macro;
use crate::tree::{Node, Syntax};
use crate::unit::Unit;

/// Rules that look at nodes.
pub trait Rules<'u> {
    /// Looks at a node behind its children.
    fn leave(&mut self, site: &Site<'u, '_>, node: Node<'u>, kind: Syntax);
}

/// A node above another.
#[derive(Clone, Copy, Debug)]
pub struct Parent<'u> {
    /// The node.
    pub node: Node<'u>,
    /// Its kind.
    pub kind: Syntax,
    mark: usize,
}

/// Where a node stands.
pub struct Site<'u, 'w> {
    /// The source.
    pub unit: &'u Unit,
    /// The tree that the node is of, and its text: the source's, or a macro's body.
    pub view: View<'u>,
    /// The names that are declared here.
    pub locals: &'w Locals,
    /// The nodes above, from the top.
    pub above: &'w [Parent<'u>],
    /// The macro whose body it is, if it is one.
    pub definition: Option<&'u Macro>,
    /// Where the macro's body begins in its text.
    body: usize,
}

impl<'u> Site<'u, '_> {
    /// What is known of names.
    pub fn declared(&self) -> &'u Declared {
        &self.unit.declared
    }

    /// The bytes of a node in the file.
    pub fn range(&self, node: Node<'_>) -> Range<usize> {
        let range = node.byte_range();
        match self.definition {
            None => range,
            Some(definition) => {
                let at = |byte: usize| definition.body_start + byte.saturating_sub(self.body);
                at(range.start)..at(range.end)
            }
        }
    }

    /// The text of a node as the parser sees it.
    pub fn text(&self, node: Node<'_>) -> &'u str {
        self.view.text(node)
    }

    /// The text of a node with the changes inside it.
    pub fn rendered(&self, edits: &Edits<'_>, node: Node<'_>) -> String {
        edits.rendered(self.range(node))
    }

    /// The type of an expression.
    pub fn type_of(&self, node: Node<'_>) -> Type {
        self.declared().type_of(self.view, self.locals, node)
    }

    /// The type before a field, and what it is.
    pub fn owner(&self, field: Node<'_>) -> (Type, Layout) {
        self.declared().owner(self.view, self.locals, field)
    }

    /// The node above.
    pub fn parent(&self) -> Option<Parent<'u>> {
        self.above.last().copied()
    }

    /// The function around, unless it is a macro's body.
    pub fn function(&self) -> Option<Node<'u>> {
        if self.definition.is_some() {
            return None;
        }
        let mut above = self.above.iter().rev();
        above
            .find(|above| above.kind == Syntax::FunctionDefinition)
            .map(|above| above.node)
    }

    /// Tells whether a name is a parameter of the macro whose body this is.
    pub fn is_parameter(&self, name: &str) -> bool {
        let parameters = self.definition.and_then(|found| found.parameters.as_ref());
        parameters.is_some_and(|all| all.iter().any(|known| **known == *name))
    }
}

/// The name of a function that is defined.
pub fn function_name<'u>(view: View<'u>, function: Node<'u>) -> Option<&'u str> {
    let mut node = view.tree.declarator(function)?;
    loop {
        match view.tree.syntax(node) {
            Syntax::Identifier => return Some(view.text(node)),
            _ => node = view.tree.declarator(node)?,
        }
    }
}

/// Walks the source, then the bodies of its macros.
pub fn walk<'u>(unit: &'u Unit, rules: &mut dyn Rules<'u>) {
    let mut pass = Pass {
        unit,
        view: unit.view(),
        definition: None,
        body: 0,
        locals: Locals::default(),
        above: Vec::new(),
    };
    pass.run(unit.tree.root(), rules);
    for definition in &unit.prepared.defines {
        // What is put together from parts has no names that could be read.
        if definition.body.contains('#') {
            continue;
        }
        let Some(parsed) = unit.declared.body_of(definition) else {
            continue;
        };
        if parsed.tree.errors().is_some() {
            continue;
        }
        let mut pass = Pass {
            unit,
            view: View {
                tree: &parsed.tree,
                text: &parsed.text,
            },
            definition: Some(definition),
            body: parsed.start,
            locals: Locals::default(),
            above: Vec::new(),
        };
        pass.run(parsed.tree.root(), rules);
    }
}

struct Pass<'u> {
    unit: &'u Unit,
    view: View<'u>,
    definition: Option<&'u Macro>,
    body: usize,
    locals: Locals,
    above: Vec<Parent<'u>>,
}

impl<'u> Pass<'u> {
    /// Node by node, without recursion: sources nest as deep as they like.
    fn run(&mut self, root: Node<'u>, rules: &mut dyn Rules<'u>) {
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            if node.is_named() {
                let kind = self.view.tree.syntax(node);
                let mark = self.locals.mark();
                self.enter(node, kind);
                if cursor.goto_first_child() {
                    self.above.push(Parent { node, kind, mark });
                    continue;
                }
                self.leave(node, kind, mark, rules);
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
                if let Some(left) = self.above.pop() {
                    self.leave(left.node, left.kind, left.mark, rules);
                }
            }
        }
    }

    fn enter(&mut self, node: Node<'u>, kind: Syntax) {
        let declared = &self.unit.declared;
        match kind {
            Syntax::FunctionDefinition => {
                declared.declare_parameters(self.view, node, &mut self.locals);
            }
            Syntax::Declaration if self.in_function() => {
                declared.declare(self.view, node, &mut self.locals);
            }
            Syntax::ForRange | Syntax::Catch => {
                declared.declare(self.view, node, &mut self.locals);
            }
            _ => {}
        }
    }

    fn leave(&mut self, node: Node<'u>, kind: Syntax, mark: usize, rules: &mut dyn Rules<'u>) {
        let site = Site {
            unit: self.unit,
            view: self.view,
            locals: &self.locals,
            above: &self.above,
            definition: self.definition,
            body: self.body,
        };
        rules.leave(&site, node, kind);
        match kind {
            Syntax::FunctionDefinition
            | Syntax::Compound
            | Syntax::For
            | Syntax::ForRange
            | Syntax::Catch
            | Syntax::Lambda => self.locals.reset(mark),
            _ => {}
        }
    }

    fn in_function(&self) -> bool {
        let mut above = self.above.iter();
        above.any(|above| matches!(above.kind, Syntax::FunctionDefinition | Syntax::Lambda))
    }
}
