//! Static types become specifications, from which a function `T_ready` makes the type when the module is executed.
//!
//! The variable keeps its name and becomes a pointer, so that `&T` is `T`. A heap type differs from a static one, and
//! what differs is put in place:
//!
//! - every instance holds a reference to its type: `tp_dealloc` gives it back, `tp_traverse` visits it;
//! - a static type has no `tp_new` of `object`: `Py_TPFLAGS_DISALLOW_INSTANTIATION`;
//! - its attributes cannot be set: `Py_TPFLAGS_IMMUTABLETYPE`;
//! - the offsets of its dictionary and its weak references are members.

use std::ops::Range;

use super::Rewrite;
use super::data::{data_name, whole_line};
use super::plan::{Function, Offset, Plan, SPEC, StaticType, Use, has_word, is_zero};
use super::types::{Way, function_type, type_field};
use crate::tree::{Node, Syntax, named_children};

/// Functions that release an object's memory and nothing else.
const RELEASING: [&str; 7] = [
    "PyObject_Del",
    "PyObject_DEL",
    "PyObject_Free",
    "PyObject_FREE",
    "PyObject_GC_Del",
    "PyMem_Free",
    "PyMem_FREE",
];

/// The functions that a specification's type does without: its own releases the memory in the same way.
fn is_plain_release(name: &str) -> bool {
    RELEASING.contains(&name)
}

type Refusal = (usize, String);

/// Tells why a type has to stay.
pub fn can_be_made(plan: &Plan<'_>, number: usize) -> Result<(), Refusal> {
    let type_ = &plan.types[number];
    let start = type_.declaration.start_byte();
    let no = |byte: usize, reason: String| Err((byte, reason));
    if value(plan, type_, "tp_name").is_none() {
        return no(start, "it has no name".to_owned());
    }
    let ready = |used: &(Range<usize>, Use)| matches!(used.1, Use::Ready(_));
    if !type_.uses.iter().any(ready) {
        return no(start, "no PyType_Ready of it is seen".to_owned());
    }
    for (range, field, value) in &type_.set {
        let way = type_field(field).map(|row| row.1);
        let fine = match way {
            Some(Way::Slot(_)) => is_constant(plan, *value),
            Some(Way::Special) if *field == "tp_base" => base_name(plan, *value).is_some(),
            _ => is_zero(plan.unit, *value),
        };
        if !fine {
            return no(
                range.start,
                format!("`{field}` is set when the program runs"),
            );
        }
    }
    for (field, value) in &type_.fields {
        let byte = value.start_byte();
        let way = type_field(field).map_or(Way::Filled, |row| row.1);
        match way {
            Way::Filled => return no(byte, format!("`{field}` is set")),
            Way::Suite(_) => {
                let Some(suite) = plan.suite(*value) else {
                    return no(byte, format!("`{field}` is no variable of this file"));
                };
                let suite = &plan.suites[suite];
                if let Some((byte, reason)) = &suite.refused {
                    return no(*byte, format!("its suite `{}`: {reason}", suite.name));
                }
                let users = plan.types.iter().flat_map(|type_| &type_.fields);
                let users = users.filter(|(_, value)| {
                    plan.suite(*value)
                        .is_some_and(|found| plan.suites[found].name == suite.name)
                });
                if suite.uses != users.count() {
                    return no(
                        byte,
                        format!("its suite `{}` is used elsewhere", suite.name),
                    );
                }
                for (field, value) in &suite.fields {
                    if function_type(field).is_none() {
                        return no(value.start_byte(), format!("`{field}` is no slot"));
                    }
                }
            }
            Way::Special => special(plan, type_, field, *value)?,
            Way::Slot(_) => {}
        }
    }
    if let Some(value) = value(plan, type_, "tp_dealloc")
        && !is_plain_release(plan.text(plan.bare(value)))
    {
        let Some(function) = plan.function(value) else {
            let reason = "its tp_dealloc is no function of this file";
            return no(value.start_byte(), reason.to_owned());
        };
        if releases(plan, function).is_empty() {
            let reason = "its tp_dealloc releases the memory in a way that is not seen";
            return no(function.node.start_byte(), reason.to_owned());
        }
    }
    if let Some(value) = value(plan, type_, "tp_traverse") {
        let names = plan.function(value).map(|function| {
            let names = function.parameters.iter().map(|one| one.name.as_str());
            names.collect::<Vec<_>>()
        });
        let Some([_, "visit", "arg"]) = names.as_deref() else {
            let reason = "its tp_traverse is no function of this file with `visit` and `arg`";
            return no(value.start_byte(), reason.to_owned());
        };
    }
    // Each is changed for the type, once.
    for field in ["tp_dealloc", "tp_traverse"] {
        let function = |type_: &StaticType<'_>| {
            let function = plan.function(value(plan, type_, field)?)?;
            Some(function.node.start_byte())
        };
        let own = function(type_);
        let shared = |other: &&StaticType<'_>| other.name != type_.name && function(other) == own;
        if let (Some(byte), Some(other)) = (own, plan.types.iter().find(shared)) {
            return no(
                byte,
                format!("its {field} is that of `{}` as well", other.name),
            );
        }
    }
    for (range, used) in &type_.uses {
        if matches!(used, Use::Ready(_)) && range.start < start {
            return no(
                range.start,
                "it is made ready before it is defined".to_owned(),
            );
        }
    }
    for end in ["slots", "spec", "ready", "members"] {
        let word = format!("{}_{end}", type_.name);
        let needed = end != "members" || needs_members(plan, type_);
        if needed && plan.has_word(&word) {
            return no(start, format!("`{word}` is the name of something else"));
        }
    }
    Ok(())
}

fn special(
    plan: &Plan<'_>,
    type_: &StaticType<'_>,
    field: &str,
    value: Node<'_>,
) -> Result<(), Refusal> {
    let byte = value.start_byte();
    let text: String = plan.text(value).split_whitespace().collect();
    let start = type_.declaration.start_byte();
    let reason = match field {
        "tp_name" | "tp_flags" | "tp_members" => return Ok(()),
        "tp_basicsize" if type_.instance.is_some() || text.ends_with("sizeof(PyObject)") => {
            return Ok(());
        }
        "tp_basicsize" => "its size is that of no struct that begins with PyObject_HEAD".to_owned(),
        "tp_itemsize" => "its instances differ in size".to_owned(),
        "tp_dictoffset" | "tp_weaklistoffset" => {
            if offset(plan, type_, value).is_some() {
                return match members(plan, type_) {
                    Some(Err(reason)) => Err((byte, reason)),
                    _ => Ok(()),
                };
            }
            format!("`{field}` is no offset in its struct")
        }
        "tp_base" => match base_name(plan, value) {
            Some(name) => {
                let mut types = plan.types.iter();
                let base = types.find(|other| other.name == name);
                match base {
                    Some(base) if base.declaration.start_byte() > start => {
                        format!("its base `{name}` is defined behind it")
                    }
                    _ => return Ok(()),
                }
            }
            None => "its base is not the address of a variable".to_owned(),
        },
        _ => format!("`{field}` is set"),
    };
    Err((byte, reason))
}

/// A value that needs no code to run: a function's name, a number.
fn is_constant(plan: &Plan<'_>, value: Node<'_>) -> bool {
    let text = plan.text(value);
    let name = text.rsplit(')').next().unwrap_or_default().trim();
    is_zero(plan.unit, value)
        || plan.functions.contains_key(name)
        || (name.starts_with("Py") && name.bytes().all(crate::prepare::is_word))
}

/// The name of the type that a base's address is taken of.
fn base_name<'u>(plan: &Plan<'u>, value: Node<'u>) -> Option<&'u str> {
    let tree = &plan.unit.tree;
    let value = plan.bare(value);
    if tree.syntax(value) != Syntax::Pointer {
        return None;
    }
    let name = tree.argument(value)?;
    let plain = tree.syntax(name) == Syntax::Identifier;
    let name = plan.text(name);
    let known = name.starts_with("Py") || plan.types.iter().any(|other| other.name == name);
    (plain && known).then_some(name)
}

/// The value of a field, the one that it gets before the type is ready first.
fn value<'u>(plan: &Plan<'u>, type_: &StaticType<'u>, field: &str) -> Option<Node<'u>> {
    if let Some((_, _, value)) = type_.set.iter().rev().find(|(_, set, _)| *set == field) {
        return Some(*value).filter(|value| !is_zero(plan.unit, *value));
    }
    let mut fields = type_.fields.iter();
    fields.find(|(known, _)| *known == field).map(|row| row.1)
}

/// The offset that a value is.
fn offset<'p>(plan: &'p Plan<'_>, type_: &StaticType<'_>, value: Node<'_>) -> Option<&'p Offset> {
    let instance = &plan.instances[type_.instance?];
    let range = plan.unit.tree.root().byte_range();
    let range = range.start.max(value.start_byte())..range.end.min(value.end_byte());
    let mut offsets = instance.offsets.iter();
    offsets.find(|offset| range.start <= offset.whole.start && offset.whole.end == range.end)
}

/// The members that stand for offsets: name and field.
fn offset_members<'p>(
    plan: &'p Plan<'_>,
    type_: &StaticType<'_>,
) -> Vec<(&'static str, &'p Offset)> {
    let names = [
        ("tp_dictoffset", "__dictoffset__"),
        ("tp_weaklistoffset", "__weaklistoffset__"),
    ];
    let found = names.into_iter().filter_map(|(field, name)| {
        let mut fields = type_.fields.iter();
        let (_, value) = fields.find(|(known, _)| *known == field)?;
        Some((name, offset(plan, type_, *value)?))
    });
    found.collect()
}

fn needs_members(plan: &Plan<'_>, type_: &StaticType<'_>) -> bool {
    !offset_members(plan, type_).is_empty() && value(plan, type_, "tp_members").is_none()
}

/// Where members are added to those that a type has: before the last one; nothing if it has none.
fn members(plan: &Plan<'_>, type_: &StaticType<'_>) -> Option<Result<usize, String>> {
    let list = value(plan, type_, "tp_members")?;
    let name = plan.text(plan.bare(list));
    let shared = plan.types.iter().any(|other| {
        let members = value(plan, other, "tp_members");
        let same = members.is_some_and(|list| plan.text(plan.bare(list)) == name);
        same && other.name != type_.name
    });
    if shared {
        return Some(Err(
            "its members are those of another type as well".to_owned()
        ));
    }
    let unit = plan.unit;
    for node in named_children(unit.tree.root()) {
        if unit.tree.syntax(node) != Syntax::Declaration {
            continue;
        }
        for declarator in unit.declared.declarators(unit.view(), node) {
            let Some(list) = declarator.value else {
                continue;
            };
            if unit.text(declarator.name) == name
                && unit.tree.syntax(list) == Syntax::InitializerList
            {
                let last = named_children(list).last();
                return Some(match last {
                    Some(last) => Ok(last.start_byte()),
                    None => Err("its members have no end".to_owned()),
                });
            }
        }
    }
    Some(Err("its members are no variable of this file".to_owned()))
}

/// The statements of a function that release the object, each with its call.
fn releases<'u>(plan: &Plan<'u>, function: &Function<'u>) -> Vec<(Node<'u>, Node<'u>)> {
    let tree = &plan.unit.tree;
    let mut found = Vec::new();
    let mut open = vec![function.body];
    while let Some(node) = open.pop() {
        if tree.syntax(node) == Syntax::ExpressionStatement
            && let Some(call) = named_children(node).next()
            && tree.syntax(call) == Syntax::Call
            && let Some(called) = tree.function(call)
        {
            let name = plan.text(called);
            let of_type = tree.syntax(called) == Syntax::Field
                && tree
                    .field(called)
                    .is_some_and(|field| plan.text(field) == "tp_free");
            let first = tree.arguments(call);
            let first = first.and_then(|list| named_children(list).next());
            let parameter = function
                .parameters
                .first()
                .map_or("", |one| one.name.as_str());
            let of_it = first.is_some_and(|first| plan.text(plan.bare(first)) == parameter);
            if of_it && (of_type || RELEASING.contains(&name)) {
                found.push((node, call));
            }
        }
        open.extend(named_children(node));
    }
    found.sort_by_key(|(node, _)| node.start_byte());
    found
}

/// Changes the types that can be.
pub fn rewrite(plan: &Plan<'_>, rewrite: &mut Rewrite<'_>) {
    for type_ in &plan.types {
        if type_.refused.is_some() {
            continue;
        }
        let name = &type_.name;
        for range in &type_.forward {
            let text = format!("static PyTypeObject *{name};");
            rewrite.edits.replace(range.clone(), text, SPEC);
        }
        let set = |range: &Range<usize>| {
            let mut set = type_.set.iter();
            set.any(|row| row.0.start <= range.start && range.end <= row.0.end)
        };
        let other = |range: &Range<usize>| {
            plan.types
                .iter()
                .filter(|other| other.refused.is_none())
                .any(|other| {
                    other
                        .set
                        .iter()
                        .any(|row| row.0.start <= range.start && range.end <= row.0.end)
                })
        };
        for (range, used) in &type_.uses {
            if set(range) || other(range) {
                continue;
            }
            match used {
                Use::Value => rewrite.edits.replace(range.clone(), name.clone(), SPEC),
                Use::Counted => {
                    let text = format!("(PyObject *){name}");
                    rewrite.edits.replace(range.clone(), text, SPEC)
                }
                Use::Ready(call) => {
                    rewrite
                        .edits
                        .replace(call.clone(), format!("{name}_ready()"), SPEC)
                }
                Use::Base(_) => true,
            };
        }
        let text = plan.unit.source.bytes();
        for (range, _, _) in &type_.set {
            rewrite
                .edits
                .replace(whole_line(text, range.clone()), "", SPEC);
        }
        if let Some(value) = value(plan, type_, "tp_dealloc")
            && let Some(function) = plan.function(value)
        {
            release(plan, function, rewrite);
        }
        if let Some(value) = value(plan, type_, "tp_traverse")
            && let Some(function) = plan.function(value)
        {
            visit(plan, function, rewrite);
        }
        add_members(plan, type_, rewrite);
        let text = specification(plan, type_);
        let range = type_.declaration.byte_range();
        rewrite.edits.replace(range, text, SPEC);
    }
    let used: Vec<usize> = (0..plan.types.len())
        .filter(|&number| plan.types[number].refused.is_none())
        .flat_map(|number| plan.suites_of(number).collect::<Vec<_>>())
        .collect();
    for (number, suite) in plan.suites.iter().enumerate() {
        if used.contains(&number) && suite.refused.is_none() {
            let text = plan.unit.source.bytes();
            let range = whole_line(text, suite.declaration.byte_range());
            rewrite.edits.replace(range, "", SPEC);
        }
    }
}

/// `tp_dealloc` gives the type back.
fn release(plan: &Plan<'_>, function: &Function<'_>, rewrite: &mut Rewrite<'_>) {
    let tree = &plan.unit.tree;
    let name = function.parameters.first().map_or("self", |one| &one.name);
    for (statement, call) in releases(plan, function) {
        let Some(called) = tree.function(call) else {
            continue;
        };
        let indent = indentation(plan.unit.source.bytes(), statement.start_byte());
        let text = plan.unit.source.bytes();
        let whole = function.node.byte_range();
        let local = match has_word(text.get(whole).unwrap_or_default(), "type") {
            true => "own_type",
            false => "type",
        };
        let inner = format!("{indent}    ");
        let before =
            format!("{{\n{inner}PyTypeObject *{local} = Py_TYPE((PyObject *){name});\n{inner}");
        let behind = format!("\n{inner}Py_DECREF((PyObject *){local});\n{indent}}}");
        // Insertions, since the arguments may be changed as well.
        rewrite.edits.insert(statement.start_byte(), before, SPEC);
        if tree.syntax(called) == Syntax::Field {
            let text = format!("((freefunc)PyType_GetSlot({local}, Py_tp_free))");
            rewrite.edits.replace(called.byte_range(), text, SPEC);
        }
        rewrite.edits.insert(statement.end_byte(), behind, SPEC);
    }
}

/// `tp_traverse` visits the type.
fn visit(plan: &Plan<'_>, function: &Function<'_>, rewrite: &mut Rewrite<'_>) {
    let tree = &plan.unit.tree;
    let name = function.parameters.first().map_or("self", |one| &one.name);
    let mut declarations =
        named_children(function.body).take_while(|node| tree.syntax(*node) == Syntax::Declaration);
    let first = named_children(function.body).next();
    let indent = first.map_or_else(
        || "    ".to_owned(),
        |first| indentation(plan.unit.source.bytes(), first.start_byte()),
    );
    let indent = if indent.is_empty() { "    " } else { &indent };
    let at = declarations
        .by_ref()
        .last()
        .map_or(function.body.start_byte() + 1, |last| last.end_byte());
    let text = format!("\n{indent}Py_VISIT(Py_TYPE((PyObject *){name}));");
    rewrite.edits.insert(at, text, SPEC);
}

fn add_members(plan: &Plan<'_>, type_: &StaticType<'_>, rewrite: &mut Rewrite<'_>) {
    let Some(Ok(at)) = members(plan, type_) else {
        return;
    };
    let indent = indentation(plan.unit.source.bytes(), at);
    for text in member_texts(plan, type_) {
        rewrite.edits.insert(at, format!("{text},\n{indent}"), SPEC);
    }
}

fn member_texts(plan: &Plan<'_>, type_: &StaticType<'_>) -> Vec<String> {
    let Some(instance) = type_.instance else {
        return Vec::new();
    };
    let data = data_name(&plan.instances[instance]);
    let texts = offset_members(plan, type_)
        .into_iter()
        .map(|(name, offset)| {
            let field = &offset.field;
            format!(
                "{{\"{name}\", Py_T_PYSSIZET, offsetof({data}, {field}), \
             Py_READONLY | Py_RELATIVE_OFFSET, NULL}}"
            )
        });
    texts.collect()
}

/// The slots, the specification, and the function that makes the type.
fn specification(plan: &Plan<'_>, type_: &StaticType<'_>) -> String {
    let name = &type_.name;
    let mut text = String::new();
    if type_.instance.is_none() && type_.forward.is_empty() {
        text.push_str(&format!("static PyTypeObject *{name};\n\n"));
    }
    if needs_members(plan, type_) {
        text.push_str(&format!("static PyMemberDef {name}_members[] = {{\n"));
        for member in member_texts(plan, type_) {
            text.push_str(&format!("    {member},\n"));
        }
        text.push_str("    {NULL, 0, 0, 0, NULL},\n};\n\n");
    }
    text.push_str(&format!("static PyType_Slot {name}_slots[] = {{\n"));
    let mut slot = |field: &str, value: &str| {
        let field = format!("Py_{field}");
        text.push_str(&format!("    {{{field}, (void *){value}}},\n"));
    };
    for (field, way) in super::types::TYPE {
        match way {
            Way::Slot(_) => {
                let Some(value) = value(plan, type_, field) else {
                    continue;
                };
                let value = plan.text(plan.bare(value));
                if *field == "tp_dealloc" && is_plain_release(value) {
                    continue;
                }
                slot(field, value);
            }
            Way::Suite(_) => {
                let value = value(plan, type_, field);
                let Some(suite) = value.and_then(|value| plan.suite(value)) else {
                    continue;
                };
                for (field, value) in &plan.suites[suite].fields {
                    slot(field, plan.text(plan.bare(*value)));
                }
            }
            Way::Special if *field == "tp_members" => {
                if let Some(value) = value(plan, type_, field) {
                    slot(field, plan.text(plan.bare(value)));
                } else if needs_members(plan, type_) {
                    slot(field, &format!("{name}_members"));
                }
            }
            _ => {}
        }
    }
    text.push_str("    {0, NULL},\n};\n\n");
    let shown = value(plan, type_, "tp_name").map_or("NULL", |value| plan.text(value));
    // A static type without a module in its name is one of `builtins`; a heap type has to say so.
    let shown = match shown
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(name) if !name.contains(['.', '"', '\\']) => format!("\"builtins.{name}\""),
        _ => shown.to_owned(),
    };
    let size = match type_.instance {
        Some(instance) => {
            let data = data_name(&plan.instances[instance]);
            format!("-(int)sizeof({data})")
        }
        None => "0".to_owned(),
    };
    let base = value(plan, type_, "tp_base").and_then(|value| base_name(plan, value));
    let base = base.filter(|base| *base != "PyBaseObject_Type");
    let mut flags = match value(plan, type_, "tp_flags") {
        Some(value) => plan.text(value).to_owned(),
        None => "Py_TPFLAGS_DEFAULT".to_owned(),
    };
    let no_new = base.is_none() && value(plan, type_, "tp_new").is_none();
    let more = [
        ("Py_TPFLAGS_IMMUTABLETYPE", true),
        ("Py_TPFLAGS_DISALLOW_INSTANTIATION", no_new),
    ];
    for (flag, needed) in more {
        if needed && !has_word(flags.as_bytes(), flag) {
            flags.push_str(&format!(" | {flag}"));
        }
    }
    text.push_str(&format!(
        "static PyType_Spec {name}_spec = {{\n    {shown},\n    {size},\n    0,\n    {flags},\n    {name}_slots,\n}};\n\n"
    ));
    let ours = |name: &&str| {
        let mut types = plan.types.iter();
        types.any(|other| other.name == **name && other.refused.is_none())
    };
    let (before, bases) = match base {
        Some(base) if ours(&base) => (
            format!("    if ({base}_ready() < 0) {{\n        return -1;\n    }}\n"),
            format!("(PyObject *){base}"),
        ),
        Some(base) => (String::new(), format!("(PyObject *)&{base}")),
        None => (String::new(), "NULL".to_owned()),
    };
    text.push_str(&format!(
        "static int\n{name}_ready(void)\n{{\n{before}    if ({name} == NULL) {{\n        \
         {name} = (PyTypeObject *)PyType_FromSpecWithBases(&{name}_spec, {bases});\n    }}\n    \
         return {name} == NULL ? -1 : 0;\n}}"
    ));
    text
}

/// The blanks at the beginning of a byte's line.
fn indentation(text: &[u8], byte: usize) -> String {
    let before = &text[..byte.min(text.len())];
    let line = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let blank = before[line..]
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'));
    String::from_utf8_lossy(&before[line..line + blank.count()]).into_owned()
}

#[cfg(test)]
mod tests;
