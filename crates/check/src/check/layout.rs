//! Structs that hold objects, variables of opaque structs, and their sizes.

use super::fields::is_opaque;
use super::{Origin, Saying, Walk};
use crate::api::Kind;
use crate::declared::{Layout, Type};
use crate::finding::Rule;
use crate::tree::{Node, Syntax, named_children};

impl<'u> Walk<'u> {
    /// A struct with a body.
    pub fn object_struct(&mut self, node: Node<'u>) {
        let Some(body) = self.view.tree.body(node) else {
            return;
        };
        let declared = self.declared();
        let found = match self.origin {
            Origin::File => self.structs.get(&body.start_byte()).cloned(),
            _ => None,
        };
        let Some(found) = found else { return };
        if !declared.is_instance(&found) || !self.hides_fields(&found) {
            return;
        }
        let shown = found.shown.clone();
        let saying = Saying {
            rule: Rule::ObjectStruct,
            name: shown.to_string(),
            message: format!("`{shown}` begins with an object's head"),
            replacement: Some(
                "a struct of its own fields, and a negative basicsize in the type's specification"
                    .to_owned(),
            ),
            mechanical: matches!(found.head, Some(crate::declared::Head::Object)),
        };
        self.say(found.range.clone(), saying);
    }

    /// A field of a struct.
    pub fn field_by_value(&mut self, node: Node<'u>) {
        let declared = self.declared();
        for declarator in declared.declarators(self.view, node) {
            let kind = &declarator.kind;
            if declarator.function || kind.pointers > 0 || kind.function {
                continue;
            }
            let Some((struct_, _)) = self.opaque(kind) else {
                continue;
            };
            let name = self.text(declarator.name).to_owned();
            let saying = Saying {
                rule: Rule::ObjectStruct,
                message: format!("`{name}` holds an opaque {struct_}"),
                name,
                replacement: Some(format!("a {struct_} *")),
                mechanical: false,
            };
            self.say(node.byte_range(), saying);
        }
    }

    /// A variable, at the top or in a function.
    pub fn variable(&mut self, node: Node<'u>) {
        let tree = self.view.tree;
        let declared = self.declared();
        let declarators = declared.declarators(self.view, node);
        let view = self.view;
        let is_extern = || {
            let mut classes = tree.children(node, Syntax::StorageClass);
            classes.any(|class| view.text(class) == "extern")
        };
        for declarator in declarators {
            let kind = &declarator.kind;
            if declarator.function || kind.function {
                continue;
            }
            // The dimensions of an array count as stars, so an initial list tells it apart from a pointer.
            let listed = declarator
                .value
                .is_some_and(|value| tree.syntax(value) == Syntax::InitializerList);
            if kind.pointers > 0 && !(listed && kind.pointers == 1 && is_array(tree, node)) {
                continue;
            }
            if declarator.value.is_none() && is_extern() {
                continue;
            }
            let Some((struct_, rule)) = self.opaque(kind) else {
                continue;
            };
            let name = self.text(declarator.name).to_owned();
            let (message, replacement, mechanical) = match rule {
                Rule::StaticType => (
                    format!("type `{name}` is a variable"),
                    "a PyType_Spec, and PyType_FromModuleAndSpec when the module is made",
                    true,
                ),
                Rule::StaticModule => (
                    format!("module definition `{name}` is a variable"),
                    "an array of PySlot that PyModExport_ returns",
                    true,
                ),
                _ => (
                    format!("`{name}` is a variable of the opaque {struct_}"),
                    match struct_.ends_with("Methods") || struct_ == "PyBufferProcs" {
                        true => "slots of the type's specification",
                        false => "a pointer",
                    },
                    struct_.ends_with("Methods") || struct_ == "PyBufferProcs",
                ),
            };
            let saying = Saying {
                rule,
                name,
                message,
                replacement: Some(replacement.to_owned()),
                mechanical,
            };
            self.say(node.byte_range(), saying);
        }
    }

    /// The struct that a type is by value, if the target keeps it opaque, and the rule for variables of it.
    fn opaque(&self, kind: &Type) -> Option<(String, Rule)> {
        match self.declared().layout(kind) {
            Layout::Object if self.target.hides_objects() => {
                let name = kind.name.as_deref().unwrap_or("PyObject");
                Some((name.to_owned(), Rule::OpaqueVariable))
            }
            Layout::TypeObject => Some(("PyTypeObject".to_owned(), Rule::StaticType)),
            Layout::Api(name) => {
                let hidden = self.api().visible(&name, self.target) == Some(false)
                    && self.api().members(&name).next().is_some();
                let opaque = hidden || is_opaque(self.api(), &name, self.target);
                let rule = match &*name {
                    "PyModuleDef" => Rule::StaticModule,
                    _ => Rule::OpaqueVariable,
                };
                opaque.then(|| (name.to_string(), rule))
            }
            _ => None,
        }
    }

    /// `sizeof` of a type or an expression.
    pub fn size_of(&mut self, node: Node<'u>) {
        let tree = self.view.tree;
        let declared = self.declared();
        let kind = match (tree.type_(node), tree.value(node)) {
            (Some(kind), _) => declared.descriptor(self.view, kind),
            // `sizeof (T)` of a name that only we know to be a type.
            (None, Some(value)) => {
                let inner = match tree.syntax(value) {
                    Syntax::Parenthesized => named_children(value).last(),
                    _ => None,
                };
                match inner.filter(|&inner| tree.syntax(inner) == Syntax::Identifier) {
                    Some(name) if self.is_type_name(self.text(name)) => {
                        declared.resolve(self.text(name))
                    }
                    _ => declared.type_of(self.view, &self.locals, value),
                }
            }
            _ => return,
        };
        if kind.pointers > 0 || kind.function {
            return;
        }
        let (shown, own) = match declared.layout(&kind) {
            Layout::Instance(found) if self.hides_fields(&found) => (found.shown.to_string(), true),
            Layout::Instance(_) | Layout::Own(_) | Layout::Unknown => return,
            _ => match self.opaque(&kind) {
                Some((name, _)) => (name, false),
                None => return,
            },
        };
        let replacement = match own {
            true => "a negative basicsize: the size of the type's own fields",
            false => "0 in a specification, or the attribute __basicsize__ of the type",
        };
        let saying = Saying {
            rule: Rule::OpaqueSize,
            message: format!("the size of {shown} is not known at compile time"),
            name: shown,
            replacement: Some(replacement.to_owned()),
            mechanical: own,
        };
        self.say(node.byte_range(), saying);
    }

    fn is_type_name(&self, name: &str) -> bool {
        let declared = self.declared();
        if self.locals.get(name).is_some() || declared.variable(name).is_some() {
            return false;
        }
        declared.struct_named(name).is_some()
            || !declared.layout_is_unknown(name)
            || self
                .api()
                .rows(name)
                .iter()
                .any(|row| row.kind == Kind::Type)
    }

    /// `offsetof(T, field)`.
    pub fn offset_of(&mut self, node: Node<'u>) {
        let tree = self.view.tree;
        let Some(kind) = tree.type_(node) else { return };
        let kind = self.declared().descriptor(self.view, kind);
        let member = tree.child(node, Syntax::FieldIdentifier);
        self.offset(node, &kind, member.map_or("", |member| self.text(member)));
    }

    /// An offset in a struct.
    pub fn offset(&mut self, node: Node<'u>, kind: &Type, member: &str) {
        match self.declared().layout(kind) {
            Layout::Instance(found) if self.hides_fields(&found) => {
                let shown = &found.shown;
                let saying = Saying {
                    rule: Rule::InstanceField,
                    name: member.to_owned(),
                    message: format!("the offset of `{member}` in {shown} is not known"),
                    replacement: Some(
                        "the offset in the struct of the type's own fields, with Py_RELATIVE_OFFSET"
                            .to_owned(),
                    ),
                    mechanical: true,
                };
                self.say(node.byte_range(), saying);
            }
            Layout::TypeObject | Layout::Object | Layout::Api(_) => {
                if let Some((shown, _)) = self.opaque(kind) {
                    let saying = Saying {
                        rule: Rule::OpaqueField,
                        name: member.to_owned(),
                        message: format!("the offset of `{member}` in {shown} is not known"),
                        replacement: None,
                        mechanical: false,
                    };
                    self.say(node.byte_range(), saying);
                }
            }
            _ => {}
        }
    }
}

/// Tells whether a declaration declares an array.
fn is_array(tree: &crate::tree::Tree, node: Node<'_>) -> bool {
    let mut declarator = tree.declarator(node);
    while let Some(inner) = declarator {
        if tree.syntax(inner) == Syntax::ArrayDeclarator {
            return true;
        }
        declarator = tree.declarator(inner);
    }
    false
}
