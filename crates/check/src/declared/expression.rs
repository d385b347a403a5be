//! The types of expressions.

use super::{Declared, Layout, Locals, MOST_DEPTH, MOST_STEPS, Type, View};
use crate::api::Kind;
use crate::prepare::Macro;
use crate::tree::{Node, Syntax, named_children};

impl Declared {
    /// The type of an expression, as far as it is known.
    pub fn type_of(&self, view: View<'_>, locals: &Locals, node: Node<'_>) -> Type {
        self.steps.set(0);
        self.expression(view, locals, node, 0)
    }

    fn expression(&self, view: View<'_>, locals: &Locals, node: Node<'_>, depth: u32) -> Type {
        let steps = self.steps.get();
        if depth > MOST_DEPTH || steps > MOST_STEPS {
            return Type::unknown();
        }
        self.steps.set(steps + 1);
        let tree = view.tree;
        let of = |node: Option<Node<'_>>| match node {
            Some(node) => self.expression(view, locals, node, depth + 1),
            None => Type::unknown(),
        };
        match tree.syntax(node) {
            Syntax::Identifier => self.of_name(view.text(node), locals, depth),
            Syntax::Parenthesized => of(named_children(node).last()),
            Syntax::Cast => match tree.type_(node) {
                Some(kind) => self.descriptor(view, kind),
                None => Type::unknown(),
            },
            Syntax::CompoundLiteral | Syntax::New => match tree.type_(node) {
                Some(kind) => {
                    let kind = self.descriptor(view, kind);
                    match tree.syntax(node) {
                        Syntax::New => kind.pointer(),
                        _ => kind,
                    }
                }
                None => Type::unknown(),
            },
            Syntax::Field => {
                let owner = of(tree.argument(node));
                let field = tree.field(node).map_or("", |field| view.text(field));
                let layout = self.layout(&owner);
                self.field(&layout, field).unwrap_or_default()
            }
            Syntax::Pointer => {
                let target = of(tree.argument(node));
                match tree.operator(node).map(|operator| view.text(operator)) {
                    Some("*") if target.function => target,
                    Some("*") => target.target(),
                    _ => target.pointer(),
                }
            }
            Syntax::Subscript => of(tree.argument(node)).target(),
            Syntax::Assignment => of(tree.left(node)),
            Syntax::Update | Syntax::Unary => of(tree.argument(node)),
            Syntax::Binary => {
                let left = of(tree.left(node));
                match left.pointers {
                    0 => of(tree.right(node)),
                    _ => left,
                }
            }
            Syntax::Conditional => {
                let yes = of(tree.consequence(node));
                match yes.is_unknown() || yes.is("void", 1) {
                    true => of(tree.alternative(node)),
                    false => yes,
                }
            }
            Syntax::Comma => of(tree.right(node)),
            Syntax::Call => self.call(view, locals, node, depth),
            Syntax::Char | Syntax::Number => Type::named("int", 0),
            Syntax::String | Syntax::Concatenated => Type::named("char", 1),
            _ => Type::unknown(),
        }
    }

    fn of_name(&self, name: &str, locals: &Locals, depth: u32) -> Type {
        if let Some(kind) = locals.get(name) {
            return kind.clone();
        }
        if let Some(kind) = self.variable(name) {
            return kind.clone();
        }
        if let Some(kind) = self.function(name) {
            let function = true;
            return Type {
                function,
                ..kind.clone()
            };
        }
        if let [only, ..] = self.macros.of(name)
            && only.parameters.is_none()
        {
            return self.of_macro(only, locals, depth);
        }
        if matches!(
            name,
            "Py_None" | "Py_True" | "Py_False" | "Py_NotImplemented" | "Py_Ellipsis"
        ) {
            return Type::named("PyObject", 1);
        }
        let rows = self.api.rows(name);
        match rows.iter().find(|row| row.kind == Kind::Data) {
            Some(row) => self.parse(row.type_text),
            None => Type::unknown(),
        }
    }

    /// What a macro's body is, if it is one expression.
    fn of_macro(&self, definition: &Macro, arguments: &Locals, depth: u32) -> Type {
        if depth > MOST_DEPTH {
            return Type::unknown();
        }
        let Some(parsed) = definition.parsed(&self.parsers) else {
            return Type::unknown();
        };
        let view = View {
            tree: &parsed.tree,
            text: &parsed.text,
        };
        let expression = parsed.expression();
        expression.map_or_else(Type::unknown, |node| {
            self.expression(view, arguments, node, depth + 2)
        })
    }

    fn call(&self, view: View<'_>, locals: &Locals, node: Node<'_>, depth: u32) -> Type {
        let tree = view.tree;
        let Some(function) = tree.function(node) else {
            return Type::unknown();
        };
        if tree.syntax(function) != Syntax::Identifier {
            if tree.syntax(function) == Syntax::TemplateFunction {
                return self.template_call(view, function);
            }
            let called = self.expression(view, locals, function, depth + 1);
            return match called.function {
                true => Type {
                    function: false,
                    ..called
                },
                false => Type::unknown(),
            };
        }
        let name = view.text(function);
        if let Some(kind) = locals.get(name).or_else(|| self.function(name)) {
            let function = false;
            return Type {
                function,
                ..kind.clone()
            };
        }
        let arguments = tree.arguments(node);
        // A macro of the source's own with that name ends in the same function.
        if name == "Py_TYPE" {
            return Type::named("PyTypeObject", 1);
        }
        if let [only, ..] = self.macros.of(name) {
            return self.macro_call(view, locals, only, arguments, depth);
        }
        let first = || arguments.and_then(|list| named_children(list).next());
        match name {
            "PyObject_New" | "PyObject_NEW" | "PyObject_GC_New" | "PyObject_NewVar"
            | "PyObject_NEW_VAR" | "PyObject_GC_NewVar" | "PyMem_New" | "PyMem_NEW" => {
                return match first() {
                    Some(kind) => self.parse(view.text(kind)).pointer(),
                    None => Type::unknown(),
                };
            }
            "_PyObject_CAST" | "Py_NewRef" | "Py_XNewRef" => return Type::named("PyObject", 1),
            "_PyType_CAST" => return Type::named("PyTypeObject", 1),
            "_PyVarObject_CAST" => return Type::named("PyVarObject", 1),
            _ => {}
        }
        let rows = self.api.rows(name);
        match rows.iter().find(|row| row.kind == Kind::Function) {
            Some(row) => self.parse(row.type_text),
            None => Type::unknown(),
        }
    }

    fn macro_call(
        &self,
        view: View<'_>,
        locals: &Locals,
        definition: &Macro,
        arguments: Option<Node<'_>>,
        depth: u32,
    ) -> Type {
        // The body also sees the variables that are declared where it is used.
        let mut bound = Locals::default();
        for word in definition.words() {
            if let Some(kind) = locals.get(word) {
                bound.declare(word.clone(), kind.clone());
            }
        }
        if let (Some(parameters), Some(list)) = (&definition.parameters, arguments) {
            for (parameter, argument) in parameters.iter().zip(named_children(list)) {
                let kind = self.expression(view, locals, argument, depth + 2);
                bound.declare(parameter.clone(), kind);
            }
        }
        self.of_macro(definition, &bound, depth + 1)
    }

    /// `static_cast<T *>(x)` and its kin.
    fn template_call(&self, view: View<'_>, function: Node<'_>) -> Type {
        let name = view.tree.name(function).map_or("", |name| view.text(name));
        if !name.ends_with("_cast") {
            return Type::unknown();
        }
        let list = view.tree.arguments(function);
        match list.and_then(|list| named_children(list).next()) {
            Some(kind) => self.descriptor(view, kind),
            None => Type::unknown(),
        }
    }

    /// What the expression before a field is.
    pub fn owner(&self, view: View<'_>, locals: &Locals, field: Node<'_>) -> (Type, Layout) {
        let owner = match view.tree.argument(field) {
            Some(argument) => self.type_of(view, locals, argument),
            None => Type::unknown(),
        };
        let layout = self.layout(&owner);
        (owner, layout)
    }
}
