//! Declarations become rows of the table.

use std::ops::Range;
use std::rc::Rc;

use super::{Declared, Head, Layout, Locals, MOST_DEPTH, Name, Struct, Type, View};
use crate::prepare::Prepared;
use crate::tree::{Node, Syntax, named_children};

/// A name that a declaration declares.
#[derive(Clone, Debug)]
pub struct Declarator<'t> {
    /// The node of the name.
    pub name: Node<'t>,
    /// Its type; for a function, what it returns.
    pub kind: Type,
    /// Whether it is a function.
    pub function: bool,
    /// Its initial value.
    pub value: Option<Node<'t>>,
}

impl Declared {
    /// Collects all declarations outside functions.
    pub fn collect(&mut self, view: View<'_>, prepared: &Prepared) {
        self.collect_in(view, prepared, view.tree.root(), 0);
    }

    fn collect_in(&mut self, view: View<'_>, prepared: &Prepared, parent: Node<'_>, depth: u32) {
        if depth > MOST_DEPTH {
            return;
        }
        for node in named_children(parent) {
            match view.tree.syntax(node) {
                Syntax::Declaration | Syntax::TypeDefinition | Syntax::FunctionDefinition => {
                    self.collect_one(view, prepared, node);
                }
                Syntax::Struct | Syntax::Union | Syntax::Class | Syntax::AliasDeclaration => {
                    self.collect_one(view, prepared, node);
                }
                Syntax::Linkage
                | Syntax::DeclarationList
                | Syntax::Namespace
                | Syntax::Template
                | Syntax::Error => self.collect_in(view, prepared, node, depth + 1),
                _ => {}
            }
        }
    }

    /// Adds what one declaration declares at the top of a file. Types are added wherever they are declared.
    pub fn collect_one(&mut self, view: View<'_>, prepared: &Prepared, node: Node<'_>) {
        match view.tree.syntax(node) {
            Syntax::TypeDefinition => self.collect_typedef(view, prepared, node),
            Syntax::AliasDeclaration => {
                let (name, kind) = (view.tree.name(node), view.tree.type_(node));
                if let (Some(name), Some(kind)) = (name, kind) {
                    let kind = self.descriptor(view, kind);
                    if let Some(own) = self.filled() {
                        own.typedefs.insert(view.text(name).into(), kind);
                    }
                }
            }
            Syntax::Struct | Syntax::Union | Syntax::Class => {
                self.add_struct(view, Some(prepared), node, None, node.byte_range(), 0);
            }
            Syntax::Declaration | Syntax::FunctionDefinition => {
                if let Some(kind) = view.tree.type_(node) {
                    self.add_struct(view, Some(prepared), kind, None, node.byte_range(), 0);
                }
                for declarator in self.declarators(view, node) {
                    let name = view.text(declarator.name).into();
                    if let Some(own) = self.filled() {
                        match declarator.function {
                            true => own.functions.insert(name, declarator.kind),
                            false => own.variables.insert(name, declarator.kind),
                        };
                    }
                }
            }
            _ => {}
        }
    }

    fn collect_typedef(&mut self, view: View<'_>, prepared: &Prepared, node: Node<'_>) {
        let Some(kind) = view.tree.type_(node) else {
            return;
        };
        let first = declarator_nodes(view, node).find_map(|declarator| {
            let found = unwind(view, declarator, Type::named("", 0), 0)?;
            let plain = found.kind.pointers == 0 && !found.function && !found.kind.function;
            plain.then(|| Name::from(view.text(found.name)))
        });
        self.add_struct(view, Some(prepared), kind, first, node.byte_range(), 0);
        for declarator in self.declarators(view, node) {
            let name: Name = view.text(declarator.name).into();
            let mut kind = declarator.kind;
            kind.function |= declarator.function;
            // An anonymous struct is called by its typedef itself.
            let itself = kind.name.as_ref() == Some(&name) && kind.pointers == 0;
            if let Some(own) = self.filled().filter(|_| !itself) {
                own.typedefs.insert(name, kind);
            }
        }
    }

    /// The names that a declaration, a parameter or a field declares.
    pub fn declarators<'t>(&self, view: View<'t>, node: Node<'t>) -> Vec<Declarator<'t>> {
        let base = match view.tree.type_(node) {
            Some(kind) => self.base(view, kind, node),
            None => Type::unknown(),
        };
        declarator_nodes(view, node)
            .filter_map(|declarator| unwind(view, declarator, base.clone(), 0))
            .collect()
    }

    /// Declares the names of a declaration or a parameter inside a function.
    pub fn declare(&self, view: View<'_>, node: Node<'_>, locals: &mut Locals) {
        for declarator in self.declarators(view, node) {
            let mut kind = declarator.kind;
            if kind.is_unknown()
                && let Some(value) = declarator.value
            {
                kind = self.type_of(view, locals, value);
            }
            kind.function |= declarator.function;
            locals.declare(view.text(declarator.name).into(), kind);
        }
    }

    /// The parameters of a function, declared.
    pub fn declare_parameters(&self, view: View<'_>, function: Node<'_>, locals: &mut Locals) {
        let mut declarator = view.tree.declarator(function);
        while let Some(node) = declarator {
            if let Some(list) = view.tree.parameters(node) {
                for parameter in named_children(list) {
                    self.declare(view, parameter, locals);
                }
                self.declare_old_parameters(view, function, locals);
                return;
            }
            declarator = inner(view, node);
        }
    }

    /// The parameters of a function of the old style, between its list and its body.
    fn declare_old_parameters(&self, view: View<'_>, function: Node<'_>, locals: &mut Locals) {
        for declaration in view.tree.children(function, Syntax::Declaration) {
            self.declare(view, declaration, locals);
        }
    }

    /// The type of a cast or of `sizeof`.
    pub fn descriptor(&self, view: View<'_>, node: Node<'_>) -> Type {
        let Some(kind) = view.tree.type_(node) else {
            return self.base(view, node, node);
        };
        let mut found = self.base(view, kind, node);
        let mut declarator = view.tree.declarator(node);
        while let Some(node) = declarator {
            match view.tree.syntax(node) {
                Syntax::AbstractPointer | Syntax::AbstractArray | Syntax::PointerDeclarator => {
                    found = found.pointer();
                }
                Syntax::AbstractFunction => found.function = true,
                _ => {}
            }
            declarator = inner(view, node);
        }
        found
    }

    /// The type that a specifier names, without stars.
    fn base(&self, view: View<'_>, node: Node<'_>, whole: Node<'_>) -> Type {
        match view.tree.syntax(node) {
            Syntax::TypeIdentifier => self.resolve(view.text(node)),
            Syntax::PrimitiveType => Type::named(view.text(node), 0),
            Syntax::SizedType | Syntax::Enum => Type::named("int", 0),
            Syntax::Struct | Syntax::Union | Syntax::Class => match view.tree.name(node) {
                Some(name) => {
                    let prefix = match view.tree.syntax(node) {
                        Syntax::Union => "union",
                        _ => "struct",
                    };
                    self.of_tag(&format!("{prefix} {}", view.text(name)))
                }
                None => match anonymous(view, whole) {
                    Some(name) => Type::named(name, 0),
                    None => Type::named(&unnamed(node.start_byte()), 0),
                },
            },
            Syntax::Qualified => match view.tree.name(node) {
                Some(name) => self.base(view, name, whole),
                None => Type::unknown(),
            },
            Syntax::TemplateType => match view.tree.name(node) {
                Some(name) => Type::named(view.text(name), 0),
                None => Type::unknown(),
            },
            _ => Type::unknown(),
        }
    }

    /// Adds a struct if the specifier has a body; `typedef` is the name that it gets.
    fn add_struct(
        &mut self,
        view: View<'_>,
        prepared: Option<&Prepared>,
        node: Node<'_>,
        typedef: Option<Name>,
        range: Range<usize>,
        depth: u32,
    ) {
        if depth > MOST_DEPTH {
            return;
        }
        let prefix = match view.tree.syntax(node) {
            Syntax::Struct | Syntax::Class => "struct",
            Syntax::Union => "union",
            _ => return,
        };
        let Some(body) = view.tree.body(node) else {
            return;
        };
        let tag = view.tree.name(node).map(|name| view.text(name));
        let name: Name = match (tag, &typedef) {
            (Some(tag), _) => format!("{prefix} {tag}").into(),
            (None, Some(typedef)) => typedef.clone(),
            (None, None) => unnamed(node.start_byte()).into(),
        };
        let shown = typedef
            .or_else(|| tag.map(Name::from))
            .unwrap_or_else(|| name.clone());
        let mut found = Struct {
            name: name.clone(),
            shown,
            head: None,
            fields: Vec::new(),
            range,
            body_start: body.start_byte(),
            base: self.base_class(view, node),
        };
        // Known before its fields are, since they may point to it.
        if let Some(own) = self.filled() {
            own.structs.insert(name.clone(), Rc::new(found.clone()));
        }
        if let Some(prepared) = prepared
            && prefix == "struct"
        {
            self.add_head(view, prepared, body, &mut found);
        }
        self.add_fields(view, prepared, body, &mut found, depth);
        if let Some(own) = self.filled() {
            own.structs.insert(name, Rc::new(found));
        }
    }

    fn base_class(&self, view: View<'_>, node: Node<'_>) -> Option<Name> {
        let clause = view.tree.child(node, Syntax::BaseClasses)?;
        let mut names = named_children(clause);
        let name = names.find(|&child| {
            matches!(
                view.tree.syntax(child),
                Syntax::TypeIdentifier | Syntax::Qualified
            )
        })?;
        self.base(view, name, name).name
    }

    fn add_fields(
        &mut self,
        view: View<'_>,
        prepared: Option<&Prepared>,
        body: Node<'_>,
        found: &mut Struct,
        depth: u32,
    ) {
        if depth > MOST_DEPTH {
            return;
        }
        for field in named_children(body) {
            match view.tree.syntax(field) {
                Syntax::FieldDeclaration => {
                    let kind = view.tree.type_(field);
                    let inner = kind.and_then(|kind| view.tree.body(kind));
                    let declarators = self.declarators(view, field);
                    if let (Some(kind), Some(inner)) = (kind, inner) {
                        let record = view.tree.syntax(kind) != Syntax::Enum;
                        if record && declarators.is_empty() && view.tree.name(kind).is_none() {
                            self.add_fields(view, prepared, inner, found, depth + 1);
                        } else {
                            let range = field.byte_range();
                            self.add_struct(view, prepared, kind, None, range, depth + 1);
                        }
                    }
                    for declarator in declarators {
                        let mut kind = declarator.kind;
                        kind.function |= declarator.function;
                        let name: Name = view.text(declarator.name).into();
                        found.fields.push((name, kind));
                    }
                }
                Syntax::Error => self.add_fields(view, prepared, field, found, depth + 1),
                _ => {}
            }
        }
    }

    /// Finds out what a struct begins with.
    fn add_head(
        &mut self,
        view: View<'_>,
        prepared: &Prepared,
        body: Node<'_>,
        found: &mut Struct,
    ) {
        let first = named_children(body).next();
        let until = first.map_or(body.end_byte(), |field| field.start_byte());
        if let Some(head) = prepared.head_in(body.start_byte()..until) {
            found.head = Some(match head.variable {
                true => Head::Variable,
                false => Head::Object,
            });
            if let Some(own) = head.own.clone() {
                self.add_macro_fields(&own, &head.arguments, found);
            }
            return;
        }
        let Some(first) = first else { return };
        // `PyObject_HEAD` written out, or another struct by value.
        let Some(declarator) = self.declarators(view, first).into_iter().next() else {
            return;
        };
        if declarator.kind.pointers > 0 || declarator.function {
            return;
        }
        found.head = match self.layout(&declarator.kind) {
            Layout::Object if declarator.kind.is("PyVarObject", 0) => Some(Head::Variable),
            Layout::Object => Some(Head::Object),
            Layout::TypeObject => Some(Head::Variable),
            Layout::Api(name) if self.is_object_of_api(&name) => Some(Head::Embedded(name)),
            Layout::Instance(inner) => Some(Head::Embedded(inner.name.clone())),
            _ => None,
        };
    }

    /// Tells whether a struct of CPython's begins with an object's head.
    pub fn is_object_of_api(&self, name: &str) -> bool {
        let has = |member| self.api().member(name, member).is_some();
        has("ob_base") || has("ob_type") || matches!(name, "PyListObject" | "PyHeapTypeObject")
    }

    /// Adds the fields that a macro with an object's head has behind it.
    fn add_macro_fields(&mut self, name: &str, arguments: &[String], found: &mut Struct) {
        let Some(definition) = self.macros.of(name).first().cloned() else {
            return;
        };
        let parsers = self.parsers.clone();
        let Some(parsed) = definition.fields(arguments, &parsers) else {
            return;
        };
        let view = View {
            tree: &parsed.tree,
            text: &parsed.text,
        };
        let mut declarations = named_children(view.tree.root());
        if let Some(declaration) = declarations.next()
            && let Some(body) = view.tree.body(declaration)
        {
            self.add_fields(view, None, body, found, 0);
        }
    }
}

/// The name that a declaration gives to the anonymous struct that it holds.
fn anonymous<'t>(view: View<'t>, whole: Node<'t>) -> Option<&'t str> {
    if view.tree.syntax(whole) != Syntax::TypeDefinition {
        return None;
    }
    declarator_nodes(view, whole).find_map(|declarator| {
        let found = unwind(view, declarator, Type::named("", 0), 0)?;
        (found.kind.pointers == 0 && !found.function).then(|| view.text(found.name))
    })
}

/// The name of an anonymous struct.
fn unnamed(at: usize) -> String {
    format!("struct at byte {at}")
}

/// The declarators of a declaration, or what stands for one.
fn declarator_nodes<'t>(view: View<'t>, node: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    let mut cursor = node.walk();
    let found: Vec<Node<'t>> = node
        .children_by_field_name("declarator", &mut cursor)
        .collect();
    let _ = view;
    found.into_iter()
}

/// The declarator inside another one.
fn inner<'t>(view: View<'t>, node: Node<'t>) -> Option<Node<'t>> {
    if let Some(inner) = view.tree.declarator(node) {
        return Some(inner);
    }
    let nested = matches!(
        view.tree.syntax(node),
        Syntax::ParenthesizedDeclarator
            | Syntax::AttributedDeclarator
            | Syntax::ReferenceDeclarator
            | Syntax::AbstractParenthesized
            | Syntax::AbstractReference
    );
    match nested {
        true => named_children(node).last(),
        false => None,
    }
}

/// Follows a declarator to its name.
fn unwind<'t>(
    view: View<'t>,
    node: Node<'t>,
    mut kind: Type,
    depth: u32,
) -> Option<Declarator<'t>> {
    let mut node = node;
    let mut function = false;
    let mut value = None;
    for _ in depth..MOST_DEPTH * 4 {
        match view.tree.syntax(node) {
            Syntax::Identifier | Syntax::FieldIdentifier | Syntax::TypeIdentifier => {
                return Some(Declarator {
                    name: node,
                    kind,
                    function,
                    value,
                });
            }
            Syntax::PrimitiveType => {
                return Some(Declarator {
                    name: node,
                    kind,
                    function,
                    value,
                });
            }
            Syntax::Qualified => {
                node = view.tree.name(node)?;
                continue;
            }
            Syntax::InitDeclarator => value = view.tree.value(node),
            // A star outside a function belongs to what it returns; one inside makes it a pointer to a function.
            Syntax::PointerDeclarator if function => {
                kind.function = true;
                function = false;
            }
            Syntax::PointerDeclarator => kind = kind.pointer(),
            Syntax::ArrayDeclarator if !kind.function => kind = kind.pointer(),
            Syntax::FunctionDeclarator => function = true,
            _ => {}
        }
        node = inner(view, node)?;
    }
    None
}
