//! What is defined: structs, static types, their suites, functions.

use std::collections::BTreeMap;

use super::super::{Function, Instance, Parameter, StaticType, Suite, is_divided, is_zero};
use super::Collect;
use crate::declared::{Head, Layout};
use crate::tree::{Node, Syntax, named_children};
use crate::upgrade::types::{TYPE, suite};

impl<'u> Collect<'u> {
    /// The declarations at the top.
    pub(super) fn tops(&mut self, parent: Node<'u>, depth: u32) {
        let unit = self.plan.unit;
        for node in named_children(parent) {
            match unit.tree.syntax(node) {
                Syntax::Declaration => {
                    self.variable(node);
                    self.structure(node);
                }
                Syntax::TypeDefinition | Syntax::Struct => self.structure(node),
                Syntax::FunctionDefinition => self.function(node),
                Syntax::Linkage | Syntax::DeclarationList if depth < 8 => {
                    self.tops(node, depth + 1);
                }
                _ => {}
            }
        }
    }

    fn variable(&mut self, node: Node<'u>) {
        let unit = self.plan.unit;
        let declarators = unit.declared.declarators(unit.view(), node);
        let [only] = &declarators[..] else { return };
        if only.function || only.kind.pointers > 0 || only.kind.function {
            return;
        }
        let name = unit.text(only.name).to_owned();
        let suite_fields = only.kind.name.as_deref().and_then(suite);
        let is_type = matches!(unit.declared.layout(&only.kind), Layout::TypeObject);
        let Some(value) = only.value else {
            if is_type {
                self.forward.push((name, node.byte_range()));
            }
            return;
        };
        if unit.tree.syntax(value) != Syntax::InitializerList {
            return;
        }
        if is_type {
            let names: Vec<&'static str> = TYPE.iter().map(|row| row.0).collect();
            let (fields, mut refused) = self.initial(node, value, &names);
            let mut classes = unit.tree.children(node, Syntax::StorageClass);
            if !classes.any(|class| unit.text(class) == "static") {
                let reason = "other files may use it";
                refused.get_or_insert((node.start_byte(), reason.to_owned()));
            }
            self.plan.types.push(StaticType {
                name,
                declaration: node,
                fields,
                forward: Vec::new(),
                instance: None,
                uses: Vec::new(),
                set: Vec::new(),
                refused,
            });
        } else if let Some(fields) = suite_fields {
            let names: Vec<&'static str> = fields.iter().map(|row| row.0).collect();
            let (fields, refused) = self.initial(node, value, &names);
            self.plan.suites.push(Suite {
                name,
                declaration: node,
                fields,
                refused,
                uses: 0,
            });
        }
    }

    /// The fields of an initial list.
    #[expect(
        clippy::type_complexity,
        reason = "the fields, and why they cannot be used"
    )]
    fn initial(
        &self,
        declaration: Node<'u>,
        list: Node<'u>,
        names: &[&'static str],
    ) -> (Vec<(&'static str, Node<'u>)>, Option<(usize, String)>) {
        let unit = self.plan.unit;
        let mut fields = Vec::new();
        let mut refused = None;
        let mut refuse = |byte: usize, reason: String| {
            refused.get_or_insert((byte, reason));
        };
        if declaration.has_error() {
            refuse(
                list.start_byte(),
                "its initial values cannot be read".to_owned(),
            );
        }
        if is_divided(unit, &list.byte_range()) {
            let reason = "a conditional divides its initial values";
            refuse(list.start_byte(), reason.to_owned());
        }
        let mut number = 0;
        let range = list.byte_range();
        // `PyObject_HEAD_INIT(NULL)` leaves the size behind it to be written.
        let mut uses = unit.prepared.uses.iter();
        let mut skip = uses
            .any(|used| &*used.name == "PyObject_HEAD_INIT" && range.contains(&used.range.start));
        for item in named_children(list) {
            if unit.tree.syntax(item) == Syntax::Comment {
                continue;
            }
            if unit.tree.syntax(item) == Syntax::InitializerPair {
                let designator = unit.tree.designator(item);
                let value = unit.tree.value(item);
                let (Some(designator), Some(value)) = (designator, value) else {
                    refuse(item.start_byte(), "a value cannot be read".to_owned());
                    continue;
                };
                let text = unit.text(designator).trim_start_matches('.').trim();
                match names.iter().position(|name| *name == text) {
                    Some(found) => {
                        number = found + 1;
                        if !is_zero(unit, value) {
                            fields.push((names[found], value));
                        }
                    }
                    None if text == "ob_base" => {}
                    None => refuse(item.start_byte(), format!("`{text}` is no known field")),
                }
                continue;
            }
            if skip {
                skip = false;
                continue;
            }
            match names.get(number) {
                Some(name) if !is_zero(unit, item) => fields.push((name, item)),
                Some(_) => {}
                None if is_zero(unit, item) => {}
                None => refuse(
                    item.start_byte(),
                    "there are more values than fields".to_owned(),
                ),
            }
            number += 1;
        }
        (fields, refused)
    }

    fn structure(&mut self, node: Node<'u>) {
        let unit = self.plan.unit;
        let specifier = match unit.tree.syntax(node) {
            Syntax::Struct => Some(node),
            _ => unit.tree.type_(node),
        };
        let Some(specifier) = specifier else { return };
        let Some(body) = unit.tree.body(specifier) else {
            return;
        };
        let mut structs = unit.declared.own().structs.values();
        let Some(found) = structs.find(|found| found.body_start == body.start_byte()) else {
            return;
        };
        if found.head.is_none() {
            return;
        }
        let mut refused = None;
        let mut refuse = |byte: usize, reason: &str| {
            refused.get_or_insert((byte, reason.to_owned()));
        };
        match &found.head {
            Some(Head::Object) => {}
            Some(Head::Variable) => refuse(node.start_byte(), "its instances differ in size"),
            _ => refuse(node.start_byte(), "it begins with another struct"),
        }
        let first = named_children(body).next();
        let until = first.map_or(body.end_byte(), |field| field.start_byte());
        match unit.prepared.head_in(body.start_byte()..until) {
            Some(head) if head.own.is_none() => {}
            Some(head) => refuse(head.range.start, "a macro of its own holds its head"),
            None => refuse(body.start_byte(), "its head is written out"),
        }
        if node.has_error() {
            refuse(node.start_byte(), "it cannot be parsed");
        }
        if is_divided(unit, &node.byte_range()) {
            refuse(node.start_byte(), "a conditional divides its fields");
        }
        if unit.prepared.is_conditional(node.start_byte()) {
            refuse(node.start_byte(), "it lies under a conditional");
        }
        if found.fields.is_empty() {
            refuse(node.start_byte(), "it has no fields of its own");
        }
        let methods = named_children(body).any(|field| {
            unit.tree.syntax(field) != Syntax::FieldDeclaration
                || unit
                    .declared
                    .declarators(unit.view(), field)
                    .iter()
                    .any(|declarator| declarator.function)
        });
        if methods {
            refuse(body.start_byte(), "it has more than fields");
        }
        let declarators = unit.declared.declarators(unit.view(), node);
        let typedef = match (unit.tree.syntax(node), &declarators[..]) {
            (Syntax::TypeDefinition, [only]) if only.kind.pointers == 0 && !only.function => {
                Some(only.name)
            }
            (Syntax::Struct | Syntax::Declaration, []) => None,
            _ => {
                refuse(node.start_byte(), "its declaration declares more than it");
                None
            }
        };
        if typedef.is_none() && unit.tree.name(specifier).is_none() {
            refuse(node.start_byte(), "it has no name");
        }
        self.plan.instances.push(Instance {
            found: found.clone(),
            declaration: node,
            specifier,
            typedef,
            type_: None,
            specifiers: Vec::new(),
            accesses: BTreeMap::new(),
            sizes: Vec::new(),
            offsets: Vec::new(),
            refused,
        });
    }

    fn function(&mut self, node: Node<'u>) {
        let unit = self.plan.unit;
        let Some(body) = unit.tree.body(node) else {
            return;
        };
        let declarators = unit.declared.declarators(unit.view(), node);
        let Some(only) = declarators.first() else {
            return;
        };
        let mut parameters = Vec::new();
        let mut declarator = unit.tree.declarator(node);
        while let Some(inner) = declarator {
            if let Some(list) = unit.tree.parameters(inner) {
                for parameter in named_children(list) {
                    let declared = unit.declared.declarators(unit.view(), parameter);
                    let name = declared.first().map_or("", |found| unit.text(found.name));
                    parameters.push(Parameter {
                        name: name.to_owned(),
                        doubtful: false,
                    });
                }
                break;
            }
            declarator = unit.tree.declarator(inner);
        }
        let function = Function {
            node,
            body,
            parameters,
        };
        let name = unit.text(only.name).to_owned();
        self.plan.functions.insert(name, function);
    }

    pub(super) fn forwards(&mut self) {
        for (name, range) in std::mem::take(&mut self.forward) {
            let mut types = self.plan.types.iter_mut();
            if let Some(type_) = types.find(|type_| type_.name == name) {
                type_.forward.push(range);
            }
        }
    }
}
