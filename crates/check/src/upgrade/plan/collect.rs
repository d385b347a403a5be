//! One walk that notes every struct, type and suite (`definitions.rs`), and every use of them.

mod definitions;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Access, Offset, Plan, Use};
use crate::declared::{Layout, Type};
use crate::tree::{Node, Syntax, named_children};
use crate::unit::Unit;
use crate::upgrade::places::{Place, walk};
use crate::upgrade::types::type_field;

/// Functions that only count references.
const COUNTING: [&str; 6] = [
    "Py_INCREF",
    "Py_XINCREF",
    "Py_DECREF",
    "Py_XDECREF",
    "Py_NewRef",
    "Py_XNewRef",
];

/// Collects everything.
pub fn collect(unit: &Unit) -> Plan<'_> {
    let mut collect = Collect {
        plan: Plan {
            unit,
            instances: Vec::new(),
            types: Vec::new(),
            suites: Vec::new(),
            functions: BTreeMap::new(),
        },
        others: BTreeSet::new(),
        forward: Vec::new(),
    };
    collect.tops(unit.tree.root(), 0);
    collect.forwards();
    walk(unit, &mut |place| collect.visit(place));
    collect.macros();
    collect.others();
    collect.plan
}

struct Collect<'u> {
    plan: Plan<'u>,
    /// Places in macros that were uses of fields of something else, at least once.
    others: BTreeSet<(usize, usize)>,
    /// Declarations of types without a value.
    forward: Vec<(String, Range<usize>)>,
}

impl<'u> Collect<'u> {
    fn instance_of(&self, kind: &Type, pointers: u8) -> Option<usize> {
        if kind.pointers != pointers || kind.function {
            return None;
        }
        match self.plan.unit.declared.layout(kind) {
            Layout::Instance(found) => {
                let mut instances = self.plan.instances.iter();
                instances.position(|instance| {
                    instance.found.body_start == found.body_start
                        && instance.found.name == found.name
                })
            }
            _ => None,
        }
    }

    fn refuse_instance(&mut self, number: usize, byte: usize, reason: impl Into<String>) {
        let refused = &mut self.plan.instances[number].refused;
        refused.get_or_insert((byte, reason.into()));
    }

    fn refuse_type(&mut self, number: usize, byte: usize, reason: impl Into<String>) {
        let refused = &mut self.plan.types[number].refused;
        refused.get_or_insert((byte, reason.into()));
    }

    fn visit(&mut self, place: &Place<'_, 'u>) {
        let node = place.node;
        let tree = place.view.tree;
        match place.kind {
            Syntax::Field => self.field(place),
            Syntax::Sizeof => self.size_of(place),
            Syntax::Offsetof => self.offset_of(place),
            Syntax::Pointer => self.dereferenced(place),
            Syntax::CompoundLiteral | Syntax::New => {
                let kind = place.type_of(node);
                let number = self.instance_of(&kind, 0).or(self.instance_of(&kind, 1));
                if let Some(number) = number {
                    let byte = place.range(node).start;
                    self.refuse_instance(number, byte, "an instance is made by value");
                }
            }
            Syntax::Struct => {
                let name = tree.name(node).filter(|_| tree.body(node).is_none());
                if let Some(name) = name {
                    let kind = place.unit.declared.resolve(place.text(name));
                    if let Some(number) = self.instance_of(&kind, 0) {
                        let range = place.range(node);
                        if place.is_elsewhere() {
                            self.refuse_instance(number, 0, "a macro of a header names it");
                        }
                        let known = &mut self.plan.instances[number].specifiers;
                        if !known.contains(&range) {
                            known.push(range);
                        }
                    }
                }
            }
            Syntax::Declaration | Syntax::ParameterDeclaration | Syntax::FieldDeclaration => {
                self.declaration(place);
            }
            Syntax::BaseClasses => {
                for name in named_children(node) {
                    let kind = place.unit.declared.resolve(place.text(name));
                    if let Some(number) = self.instance_of(&kind, 0) {
                        let byte = place.range(node).start;
                        self.refuse_instance(number, byte, "another one is derived from it");
                    }
                }
            }
            Syntax::Identifier => {
                self.type_name(place);
                self.suite_name(place);
                self.parameter(place);
            }
            _ => {}
        }
    }

    fn declaration(&mut self, place: &Place<'_, 'u>) {
        let declared = &place.unit.declared;
        for declarator in declared.declarators(place.view, place.node) {
            if let Some(number) = self.instance_of(&declarator.kind, 0) {
                let byte = place.range(place.node).start;
                self.refuse_instance(number, byte, "it is used by value");
            }
            // A name that hides a parameter.
            if place.kind == Syntax::Declaration
                && let Some(function) = place.function()
            {
                self.doubt(function, place.text(declarator.name));
            }
        }
    }

    fn doubt(&mut self, function: Node<'u>, name: &str) {
        let mut functions = self.plan.functions.values_mut();
        let Some(found) = functions.find(|found| found.node == function) else {
            return;
        };
        for parameter in &mut found.parameters {
            if parameter.name == name {
                parameter.doubtful = true;
            }
        }
    }

    /// `x->field`.
    fn field(&mut self, place: &Place<'_, 'u>) {
        let tree = place.view.tree;
        let (Some(field), Some(argument)) = (tree.field(place.node), tree.argument(place.node))
        else {
            return;
        };
        let name = place.text(field);
        let whole = place.range(place.node);
        let key = (whole.start, whole.end);
        let kind = place.type_of(argument);
        let pointed = self.instance_of(&kind, 1);
        let Some(number) = pointed.or_else(|| self.instance_of(&kind, 0)) else {
            if kind.is_unknown() && !place.unused {
                // It may be a field of any of them.
                for number in 0..self.plan.instances.len() {
                    let mut fields = self.plan.instances[number].found.fields.iter();
                    if fields.any(|(known, _)| **known == *name) {
                        let reason = format!("`{name}` may be a field of it");
                        self.refuse_instance(number, whole.start, reason);
                    }
                }
            } else if place.definition.is_some() && !kind.is_unknown() {
                self.others.insert(key);
            }
            return;
        };
        let known = {
            let mut fields = self.plan.instances[number].found.fields.iter();
            fields.any(|(known, _)| **known == *name)
        };
        if !known {
            let reason = format!("`{name}` is no field of its own");
            self.refuse_instance(number, whole.start, reason);
            return;
        }
        if place.is_elsewhere() {
            self.refuse_instance(number, 0, "a macro of a header uses its fields");
            return;
        }
        let between = place.view.text.get(argument.end_byte()..field.start_byte());
        let between = std::str::from_utf8(between.unwrap_or_default()).unwrap_or_default();
        let (owner, arrow) = match (between.trim(), pointed.is_some()) {
            ("->", true) => (argument, true),
            (".", false) => {
                let star = place.bare(argument);
                let starred = tree.operator(star).map(|sign| place.text(sign)) == Some("*");
                match tree.argument(star) {
                    Some(inner) if starred => (inner, false),
                    _ => {
                        self.refuse_instance(number, whole.start, "a field is reached by value");
                        return;
                    }
                }
            }
            _ => {
                self.refuse_instance(number, whole.start, "a field is reached in another way");
                return;
            }
        };
        let named = tree.syntax(owner) == Syntax::Identifier;
        let parameter = place.function().filter(|_| named).and_then(|function| {
            let text = place.text(owner);
            let mut functions = self.plan.functions.values();
            let found = functions.find(|found| found.node == function)?;
            let known = found.parameters.iter().any(|one| one.name == text);
            known.then(|| (function.start_byte(), text.to_owned()))
        });
        let access = Access {
            owner: place.range(owner),
            arrow,
            parenthesized: tree.syntax(owner) == Syntax::Parenthesized
                && named_children(owner).all(|inner| tree.syntax(inner) != Syntax::Comma),
            field_start: place.range(field).start,
            parameter,
            in_loop: place.in_loop(),
        };
        for other in 0..self.plan.instances.len() {
            if other != number && self.plan.instances[other].accesses.contains_key(&key) {
                let reason = "a macro is used for the fields of several structs";
                self.refuse_instance(number, whole.start, reason);
                self.refuse_instance(other, whole.start, reason);
            }
        }
        self.plan.instances[number].accesses.insert(key, access);
    }

    fn size_of(&mut self, place: &Place<'_, 'u>) {
        let tree = place.view.tree;
        let declared = &place.unit.declared;
        let kind = match (tree.type_(place.node), tree.value(place.node)) {
            (Some(kind), _) => declared.descriptor(place.view, kind),
            (None, Some(value)) => {
                let inner = place.bare(value);
                let kind = place.type_of(inner);
                match kind.is_unknown() && tree.syntax(inner) == Syntax::Identifier {
                    true => declared.resolve(place.text(inner)),
                    false => kind,
                }
            }
            _ => return,
        };
        if let Some(number) = self.instance_of(&kind, 0) {
            let range = place.range(place.node);
            self.plan.instances[number].sizes.push(range);
        }
    }

    fn offset_of(&mut self, place: &Place<'_, 'u>) {
        let tree = place.view.tree;
        let Some(kind) = tree.type_(place.node) else {
            return;
        };
        let declared = place.unit.declared.descriptor(place.view, kind);
        let Some(number) = self.instance_of(&declared, 0) else {
            return;
        };
        let whole = place.range(place.node);
        if place.definition.is_some() {
            self.refuse_instance(number, whole.start, "a macro takes the offset of a field");
            return;
        }
        let member = tree.child(place.node, Syntax::FieldIdentifier);
        let Some(member) = member else {
            self.refuse_instance(
                number,
                whole.start,
                "the offset of more than a field is taken",
            );
            return;
        };
        // `{name, type, offset, flags, doc}`.
        let list = place.above.iter().rev();
        let mut list = list.filter(|above| above.kind == Syntax::InitializerList);
        let mut flags = None;
        if let Some(list) = list.next() {
            let items: Vec<Node<'u>> = named_children(list.node).collect();
            let at = items
                .iter()
                .position(|item| item.byte_range().contains(&place.node.start_byte()));
            if at == Some(2) && items.len() >= 4 {
                flags = items.get(3).map(|item| place.range(*item));
            }
        }
        self.plan.instances[number].offsets.push(Offset {
            whole,
            type_name: place.range(kind),
            field: place.text(member).to_owned(),
            flags,
        });
    }

    /// `*x` that is not the owner of a field.
    fn dereferenced(&mut self, place: &Place<'_, 'u>) {
        let tree = place.view.tree;
        let star = tree.operator(place.node).map(|sign| place.text(sign));
        if star != Some("*") {
            return;
        }
        let kind = place.type_of(place.node);
        let Some(number) = self.instance_of(&kind, 0) else {
            return;
        };
        let fine = place
            .parent()
            .is_some_and(|above| matches!(above.kind, Syntax::Field | Syntax::Sizeof));
        if !fine {
            let byte = place.range(place.node).start;
            self.refuse_instance(number, byte, "an instance is copied");
        }
    }

    /// A name that may be that of a static type.
    fn type_name(&mut self, place: &Place<'_, 'u>) {
        let name = place.text(place.node);
        let mut types = self.plan.types.iter();
        let Some(number) = types.position(|type_| type_.name == name) else {
            return;
        };
        if place.locals.get(name).is_some() {
            return;
        }
        let range = place.range(place.node);
        let Some(parent) = place.parent() else { return };
        let declares = matches!(parent.kind, Syntax::Declaration | Syntax::InitDeclarator)
            && place.function().is_none()
            && place.definition.is_none()
            && place.view.tree.value(parent.node) != Some(place.node);
        if declares {
            return;
        }
        if place.is_elsewhere() {
            self.refuse_type(number, 0, "a macro of a header uses it");
            return;
        }
        let tree = place.view.tree;
        if parent.kind == Syntax::Field {
            self.set_field(place, number, parent.node);
            return;
        }
        let sign = tree.operator(parent.node).map(|sign| place.text(sign));
        if parent.kind != Syntax::Pointer || sign != Some("&") {
            self.refuse_type(number, range.start, "it is used by value");
            return;
        }
        let address = place.range(parent.node);
        // What stands around the address, behind casts and parentheses.
        let mut around = place
            .above
            .iter()
            .rev()
            .skip_while(|above| above.node != parent.node)
            .skip(1)
            .filter(|above| !matches!(above.kind, Syntax::Parenthesized | Syntax::Cast));
        let first = around.next();
        let second = around.next();
        let call = match (first, second) {
            (Some(list), Some(call))
                if list.kind == Syntax::Arguments && call.kind == Syntax::Call =>
            {
                Some(call.node)
            }
            _ => None,
        };
        let called = call.and_then(|call| tree.function(call));
        let called = called.map_or("", |function| place.text(function));
        let used = if called == "PyType_Ready" {
            match (place.definition, call) {
                (None, Some(call)) => Use::Ready(place.range(call)),
                _ => {
                    self.refuse_type(number, range.start, "a macro makes it ready");
                    return;
                }
            }
        } else if place.definition.is_none() && place.function().is_none() {
            match self.initial_of(place.node) {
                Some(other) => Use::Base(other),
                None => {
                    let reason = "its address is an initial value";
                    self.refuse_type(number, range.start, reason);
                    return;
                }
            }
        } else if COUNTING.contains(&called) && !self.is_cast(place, parent.node) {
            Use::Counted
        } else {
            Use::Value
        };
        let uses = &mut self.plan.types[number].uses;
        if !uses.iter().any(|(known, _)| *known == address) {
            uses.push((address, used));
        }
    }

    fn is_cast(&self, place: &Place<'_, 'u>, node: Node<'u>) -> bool {
        let mut above = place.above.iter().rev();
        above.find(|above| above.node == node);
        above
            .find(|above| above.kind != Syntax::Parenthesized)
            .is_some_and(|above| above.kind == Syntax::Cast)
    }

    /// The type in whose initial values `tp_base` is this.
    fn initial_of(&self, node: Node<'u>) -> Option<usize> {
        self.plan.types.iter().position(|type_| {
            let mut fields = type_.fields.iter();
            fields.any(|(field, value)| {
                *field == "tp_base" && value.byte_range().contains(&node.start_byte())
            })
        })
    }

    /// `T.tp_field = value;` before the type is made ready.
    fn set_field(&mut self, place: &Place<'_, 'u>, number: usize, field: Node<'u>) {
        let byte = place.range(place.node).start;
        let tree = place.view.tree;
        let name = tree.field(field).map_or("", |field| place.text(field));
        let mut above = place.above.iter().rev();
        above.find(|above| above.node == field);
        let (assignment, statement) = (above.next(), above.next());
        let set = match (assignment, statement, type_field(name)) {
            (Some(assignment), Some(statement), Some((name, _)))
                if assignment.kind == Syntax::Assignment
                    && statement.kind == Syntax::ExpressionStatement
                    && place.definition.is_none()
                    && tree.left(assignment.node) == Some(field) =>
            {
                let sign = tree.operator(assignment.node).map(|sign| place.text(sign));
                let value = tree.right(assignment.node);
                value
                    .filter(|_| sign == Some("="))
                    .map(|value| (place.range(statement.node), name, value))
            }
            _ => None,
        };
        match set {
            Some(set) => self.plan.types[number].set.push(set),
            None => self.refuse_type(number, byte, format!("its field `{name}` is used")),
        }
    }

    fn suite_name(&mut self, place: &Place<'_, 'u>) {
        let name = place.text(place.node);
        if place.locals.get(name).is_some() {
            return;
        }
        let mut suites = self.plan.suites.iter_mut();
        if let Some(suite) = suites.find(|suite| suite.name == name) {
            suite.uses += 1;
        }
    }

    /// A parameter that is asked what it is, or changed.
    fn parameter(&mut self, place: &Place<'_, 'u>) {
        let Some(function) = place.function() else {
            return;
        };
        let name = place.text(place.node);
        let tree = place.view.tree;
        let mut around = place
            .above
            .iter()
            .rev()
            .filter(|above| !matches!(above.kind, Syntax::Parenthesized | Syntax::Cast));
        let (Some(first), second) = (around.next(), around.next()) else {
            return;
        };
        let doubtful = match first.kind {
            Syntax::Assignment => tree.left(first.node) == Some(place.node),
            Syntax::Update | Syntax::Unary | Syntax::Conditional | Syntax::Pointer => true,
            Syntax::Binary => {
                let sides = [tree.left(first.node), tree.right(first.node)];
                let empty = |side: Node<'u>| {
                    matches!(
                        place.text(side).trim(),
                        "0" | "NULL" | "nullptr" | "Py_None"
                    )
                };
                let sign = tree.operator(first.node).map(|sign| place.text(sign));
                matches!(sign, Some("&&" | "||")) || sides.into_iter().flatten().any(empty)
            }
            Syntax::If | Syntax::While | Syntax::Do | Syntax::For | Syntax::Switch => true,
            Syntax::Arguments => {
                let called = second.and_then(|call| tree.function(call.node));
                let called = called.map_or("", |function| place.text(function));
                // `Py_TYPE(x) == t`, but not `Py_TYPE(x)->tp_free(x)`.
                let compared = around
                    .next()
                    .is_some_and(|above| above.kind == Syntax::Binary);
                called.ends_with("Check")
                    || called.ends_with("CheckExact")
                    || matches!(called, "Py_IS_TYPE" | "PyObject_IsInstance" | "assert")
                    || called == "Py_TYPE" && compared
            }
            _ => false,
        };
        if doubtful {
            self.doubt(function, name);
        }
    }

    /// Macros that cannot be read, and what they name.
    fn macros(&mut self) {
        let unit = self.plan.unit;
        for definition in &unit.prepared.defines {
            let parsed = unit.declared.body_of(definition);
            let broken = parsed.is_none_or(|parsed| parsed.tree.root().has_error());
            if !broken {
                continue;
            }
            let body = definition.body.as_bytes();
            for number in 0..self.plan.types.len() {
                if super::has_word(body, &self.plan.types[number].name) {
                    let reason = format!("the macro `{}` uses it", definition.name);
                    self.refuse_type(number, definition.body_start, reason);
                }
            }
            for number in 0..self.plan.instances.len() {
                let found = &self.plan.instances[number].found;
                let used = found.fields.iter().any(|(field, _)| {
                    let arrow = format!("->{field}");
                    definition.body.contains(&arrow)
                });
                if used {
                    let reason = format!("the macro `{}` may use its fields", definition.name);
                    self.refuse_instance(number, definition.body_start, reason);
                }
            }
        }
    }

    /// A macro that is used for the fields of a struct and for those of something else.
    fn others(&mut self) {
        for number in 0..self.plan.instances.len() {
            let accesses = &self.plan.instances[number].accesses;
            let both = accesses.keys().find(|key| self.others.contains(key));
            if let Some(both) = both.copied() {
                let reason = "a macro is used for the fields of several structs";
                self.refuse_instance(number, both.0, reason);
            }
        }
        // The suites' own definitions are no uses.
        for suite in &mut self.plan.suites {
            suite.uses = suite.uses.saturating_sub(1);
        }
    }
}
