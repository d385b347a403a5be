//! What rules ask of expressions: whether they may be evaluated twice, whether their value is used, how they are
//! written as an argument.

use super::walk::Site;
use crate::source::Language;
use crate::tree::{Node, Syntax, named_children};

impl<'u> Site<'u, '_> {
    /// An expression without the parentheses around it.
    pub fn bare(&self, node: Node<'u>) -> Node<'u> {
        self.view.tree.bare(node)
    }

    /// The operator of an expression.
    pub fn operator(&self, node: Node<'u>) -> &'u str {
        let operator = self.view.tree.operator(node);
        operator.map_or("", |operator| self.text(operator))
    }

    /// The name of the function that is called, and its arguments.
    pub fn call(&self, node: Node<'u>) -> Option<(&'u str, Vec<Node<'u>>)> {
        let tree = self.view.tree;
        if tree.syntax(node) != Syntax::Call {
            return None;
        }
        let function = tree.function(node)?;
        if tree.syntax(function) != Syntax::Identifier {
            return None;
        }
        let arguments = named_children(tree.arguments(node)?).collect();
        Some((self.text(function), arguments))
    }

    /// Tells whether evaluating an expression twice does what evaluating it once does. A macro's parameter may stand
    /// for anything.
    pub fn is_pure(&self, node: Node<'u>) -> bool {
        self.is_pure_to(node, 0)
    }

    fn is_pure_to(&self, node: Node<'u>, depth: u32) -> bool {
        if depth > 40 {
            return false;
        }
        let tree = self.view.tree;
        let of = |node: Option<Node<'u>>| node.is_some_and(|node| self.is_pure_to(node, depth + 1));
        match tree.syntax(node) {
            Syntax::Identifier => !self.is_parameter(self.text(node)),
            Syntax::Number | Syntax::Char | Syntax::String | Syntax::Null | Syntax::This => true,
            Syntax::Sizeof | Syntax::Offsetof => true,
            Syntax::Parenthesized => of(named_children(node).last()),
            Syntax::Cast => of(tree.value(node)),
            Syntax::Field | Syntax::Pointer | Syntax::Unary => of(tree.argument(node)),
            Syntax::Subscript => {
                let mut parts = named_children(node);
                parts.all(|part| match tree.syntax(part) {
                    Syntax::Other => {
                        named_children(part).all(|inner| self.is_pure_to(inner, depth + 1))
                    }
                    _ => self.is_pure_to(part, depth + 1),
                })
            }
            Syntax::Binary => of(tree.left(node)) && of(tree.right(node)),
            Syntax::Call => self.call(node).is_some_and(|(name, arguments)| {
                matches!(name, "Py_TYPE" | "Py_SIZE" | "Py_REFCNT")
                    && arguments
                        .iter()
                        .all(|&argument| self.is_pure_to(argument, depth + 1))
            }),
            _ => false,
        }
    }

    /// Tells whether the value of the node that is looked at goes anywhere.
    pub fn is_value_used(&self, node: Node<'u>) -> bool {
        let tree = self.view.tree;
        let mut node = node;
        for above in self.above.iter().rev() {
            match above.kind {
                Syntax::ExpressionStatement => return false,
                Syntax::Parenthesized => {}
                Syntax::Comma => {
                    if tree.left(above.node).is_some_and(|left| left == node) {
                        return false;
                    }
                }
                Syntax::For => {
                    let condition = tree.condition(above.node);
                    return condition.is_some_and(|condition| condition == node);
                }
                Syntax::Cast => {
                    let kind = tree.type_(above.node);
                    return kind.is_none_or(|kind| self.text(kind).trim() != "void");
                }
                _ => return true,
            }
            node = above.node;
        }
        true
    }

    /// Tells whether a name is CPython's here: nothing of the source is called so.
    pub fn is_api(&self, name: &str) -> bool {
        self.locals.get(name).is_none()
            && !self.is_parameter(name)
            && !self.declared().declares(name)
    }

    /// Tells whether the file is C++.
    pub fn is_cpp(&self) -> bool {
        self.unit.language == Language::Cpp
    }

    /// Tells whether an expression binds closer than a cast and all binary operators.
    pub fn is_tight(&self, node: Node<'u>) -> bool {
        matches!(
            self.view.tree.syntax(node),
            Syntax::Identifier
                | Syntax::Call
                | Syntax::Field
                | Syntax::Subscript
                | Syntax::Number
                | Syntax::Char
                | Syntax::Parenthesized
                | Syntax::Cast
                | Syntax::Pointer
                | Syntax::This
                | Syntax::Null
        )
    }
}
