//! Structs that begin with `PyObject_HEAD` become type data.
//!
//! ```c
//! typedef struct {                     typedef PyObject Counter;
//!     PyObject_HEAD             ─►
//!     long count;                      typedef struct {
//! } Counter;                               long count;
//!                                      } CounterData;
//! ```
//!
//! The struct's old name becomes one of `PyObject`, so that signatures, casts and variables stay as they are, and
//! fields are reached by a function `Counter_data`, which asks for the data of the type that is known, not of a token.
//! A parameter whose fields are used more than once, or in a loop, has its data looked up once, where the function
//! begins: its address does not change while the object lives. That is not done for a parameter that is asked what it
//! is, or that gets another value.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Rewrite;
use super::plan::{Access, DATA, Function, Instance, Plan, has_word};
use crate::source::Language;
use crate::tree::Syntax;

/// Tells why a struct has to stay.
pub fn can_be_made(plan: &Plan<'_>, number: usize) -> Result<(), (usize, String)> {
    let instance = &plan.instances[number];
    let start = instance.declaration.start_byte();
    let Some(type_) = instance.type_ else {
        return Err((start, "no static type of this file has its size".to_owned()));
    };
    let fields = &plan.types[type_].fields;
    let of_type = |name: &str, range: &Range<usize>| {
        fields.iter().any(|(field, value)| {
            let value = value.byte_range();
            *field == name && value.start <= range.start && range.end <= value.end
        })
    };
    for range in &instance.sizes {
        if !of_type("tp_basicsize", range) {
            return Err((range.start, "its size is used elsewhere".to_owned()));
        }
    }
    for offset in &instance.offsets {
        let of_type =
            of_type("tp_dictoffset", &offset.whole) || of_type("tp_weaklistoffset", &offset.whole);
        if offset.flags.is_none() && !of_type {
            let reason = format!("the offset of `{}` is used elsewhere", offset.field);
            return Err((offset.whole.start, reason));
        }
    }
    for word in [data_name(instance), accessor(instance)] {
        if plan.has_word(&word) {
            return Err((start, format!("`{word}` is the name of something else")));
        }
    }
    Ok(())
}

/// The name of the struct of the fields.
pub fn data_name(instance: &Instance<'_>) -> String {
    format!("{}Data", instance.found.shown)
}

/// The name of the function that looks them up.
fn accessor(instance: &Instance<'_>) -> String {
    format!("{}_data", instance.found.shown)
}

/// Changes the structs that can be.
pub fn rewrite(plan: &Plan<'_>, rewrite: &mut Rewrite<'_>) {
    let mut collecting = false;
    for instance in &plan.instances {
        let (Some(type_), None) = (instance.type_, &instance.refused) else {
            continue;
        };
        let traverse = traverse(plan, type_);
        let first = traverse.is_some() && !std::mem::replace(&mut collecting, traverse.is_some());
        declare(plan, instance, &plan.types[type_].name, first, rewrite);
        let hoisted = hoist(plan, instance, traverse, rewrite);
        for (key, access) in &instance.accesses {
            reach(instance, *key, access, &hoisted, rewrite);
        }
        for range in &instance.specifiers {
            rewrite.edits.replace(range.clone(), "PyObject", DATA);
        }
        for offset in &instance.offsets {
            let Some(flags) = &offset.flags else { continue };
            let name = data_name(instance);
            rewrite.edits.replace(offset.type_name.clone(), name, DATA);
            match rewrite.edits.read(flags.clone()).trim() {
                "0" => rewrite
                    .edits
                    .replace(flags.clone(), "Py_RELATIVE_OFFSET", DATA),
                _ => rewrite
                    .edits
                    .insert(flags.end, " | Py_RELATIVE_OFFSET", DATA),
            };
        }
    }
}

/// The function that visits a type's instances, if it has its own.
fn traverse<'p>(plan: &'p Plan<'_>, type_: usize) -> Option<&'p Function<'p>> {
    let mut fields = plan.types[type_].fields.iter();
    let (_, value) = fields.find(|(field, _)| *field == "tp_traverse")?;
    plan.function(*value)
}

/// The struct, its name, and the function that looks the fields up.
fn declare(
    plan: &Plan<'_>,
    instance: &Instance<'_>,
    type_: &str,
    collecting: bool,
    rewrite: &mut Rewrite<'_>,
) {
    let unit = plan.unit;
    let edits = &mut rewrite.edits;
    let text = unit.source.bytes();
    let (data, accessor) = (data_name(instance), accessor(instance));
    let shown = &instance.found.shown;
    let tag = unit.tree.name(instance.specifier);
    let start = instance.declaration.start_byte();
    let mut before = String::new();
    if collecting {
        before.push_str(
            "#if PY_VERSION_HEX < 0x030f0000 && !defined(PyObject_GetTypeData_DuringGC)\n\
             #define PyObject_GetTypeData_DuringGC PyObject_GetTypeData\n\
             #endif\n\n",
        );
    }
    if instance.typedef.is_some() || unit.language == Language::Cpp {
        before.push_str(&format!("typedef PyObject {shown};\n\n"));
    }
    edits.insert(start, before, DATA);
    if let Some(typedef) = instance.typedef {
        edits.replace(typedef.byte_range(), data.clone(), DATA);
    }
    if let Some(tag) = tag {
        let name = format!("{}Data", unit.text(tag));
        edits.replace(tag.byte_range(), name, DATA);
    }
    let body = instance.found.body_start;
    if let Some(head) = unit.prepared.head_in(body..instance.declaration.end_byte()) {
        edits.replace(whole_line(text, head.range.clone()), "", DATA);
    }
    let mut end = instance.declaration.end_byte();
    if unit.tree.syntax(instance.declaration) == Syntax::Struct {
        let rest = text.get(end..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace());
        let blank = blank.count();
        if rest.get(blank) == Some(&b';') {
            end += blank + 1;
        }
    }
    let mut behind = String::new();
    if let (None, Some(tag)) = (instance.typedef, tag) {
        behind.push_str(&format!(
            "\n\ntypedef struct {}Data {data};",
            unit.text(tag)
        ));
    }
    behind.push_str(&format!(
        "\n\nstatic PyTypeObject *{type_};\n\n\
         static inline {data} *\n\
         {accessor}(const void *self)\n\
         {{\n    \
             return ({data} *)PyObject_GetTypeData((PyObject *)self, {type_});\n\
         }}"
    ));
    edits.insert(end, behind, DATA);
}

/// The parameters whose data is looked up where the function begins, with the names of these data.
fn hoist(
    plan: &Plan<'_>,
    instance: &Instance<'_>,
    traverse: Option<&Function<'_>>,
    rewrite: &mut Rewrite<'_>,
) -> BTreeMap<(usize, String), String> {
    let mut counts: BTreeMap<(usize, String), (usize, bool)> = BTreeMap::new();
    for access in instance.accesses.values() {
        if let Some(key) = &access.parameter {
            let count = counts.entry(key.clone()).or_default();
            count.0 += 1;
            count.1 |= access.in_loop;
        }
    }
    let mut hoisted = BTreeMap::new();
    for ((function, name), (count, in_loop)) in counts {
        let mut functions = plan.functions.values();
        let Some(found) = functions.find(|found| found.node.start_byte() == function) else {
            continue;
        };
        let of_collector = traverse.is_some_and(|traverse| traverse.node == found.node);
        let mut parameters = found.parameters.iter();
        let doubtful = parameters.any(|one| one.name == name && one.doubtful);
        if doubtful || !(count > 1 || in_loop || of_collector) {
            continue;
        }
        let new = format!("{name}_data");
        let range = found.node.byte_range();
        let text = plan.unit.source.bytes().get(range).unwrap_or_default();
        if has_word(text, &new) || new == accessor(instance) {
            continue;
        }
        let data = data_name(instance);
        let value = match (of_collector, instance.type_) {
            (true, Some(type_)) => {
                let type_ = &plan.types[type_].name;
                format!("({data} *)PyObject_GetTypeData_DuringGC((PyObject *){name}, {type_})")
            }
            _ => format!("{}({name})", accessor(instance)),
        };
        let at = found.body.start_byte() + 1;
        let text = format!("{}{data} *{new} = {value};", before_statement(plan, found));
        rewrite.edits.insert(at, text, DATA);
        hoisted.insert((function, name), new);
    }
    hoisted
}

/// What stands between the brace of a function and its first statement.
fn before_statement(plan: &Plan<'_>, function: &Function<'_>) -> String {
    let text = plan.unit.source.bytes();
    let start = function.body.start_byte() + 1;
    let rest = text
        .get(start..function.body.end_byte())
        .unwrap_or_default();
    let first = rest.split(|&byte| byte == b'\n').nth(1);
    let one_line = rest
        .split(|&byte| byte == b'\n')
        .next()
        .is_some_and(|line| line.iter().any(|byte| !byte.is_ascii_whitespace()));
    match first {
        Some(line) if !one_line => {
            let blank = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
            let blank = blank.count();
            let indent = match blank {
                0 => "    ".to_owned(),
                _ => String::from_utf8_lossy(&line[..blank]).into_owned(),
            };
            format!("\n{indent}")
        }
        _ => " ".to_owned(),
    }
}

/// One use of a field.
fn reach(
    instance: &Instance<'_>,
    key: (usize, usize),
    access: &Access,
    hoisted: &BTreeMap<(usize, String), String>,
    rewrite: &mut Rewrite<'_>,
) {
    let edits = &mut rewrite.edits;
    let name = access.parameter.as_ref().and_then(|key| hoisted.get(key));
    let accessor = accessor(instance);
    match (name, access.arrow) {
        (Some(name), true) => {
            edits.replace(access.owner.clone(), name.clone(), DATA);
        }
        (Some(name), false) => {
            edits.replace(key.0..access.field_start, format!("{name}->"), DATA);
        }
        (None, true) if access.parenthesized => {
            edits.insert(access.owner.start, accessor, DATA);
        }
        (None, true) => {
            edits.insert(access.owner.start, format!("{accessor}("), DATA);
            edits.insert(access.owner.end, ")", DATA);
        }
        (None, false) => {
            edits.replace(key.0..access.owner.start, format!("{accessor}("), DATA);
            edits.replace(access.owner.end..access.field_start, ")->", DATA);
        }
    }
}

/// A range, and its line if there is nothing else in it.
pub fn whole_line(text: &[u8], range: Range<usize>) -> Range<usize> {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r');
    let before = text[..range.start]
        .iter()
        .rev()
        .take_while(is_blank)
        .count();
    let behind = text[range.end..].iter().take_while(is_blank).count();
    let (start, end) = (range.start - before, range.end + behind);
    let begins = start == 0 || text.get(start - 1) == Some(&b'\n');
    match begins && text.get(end) == Some(&b'\n') {
        true => start..end + 1,
        false => range,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Goal;
    use super::super::tests::upgraded;

    fn run(text: &str) -> (String, Vec<String>) {
        upgraded("a.c", text, Goal::Abi3t)
    }

    /// A struct and its type, around functions that use its fields.
    fn with(functions: &str) -> String {
        format!(
            "#include <Python.h>\ntypedef struct {{\n    PyObject_HEAD\n    long n;\n    PyObject *o;\n}} A;\n\
             {functions}\nstatic PyTypeObject T = {{\n    PyVarObject_HEAD_INIT(NULL, 0)\n    .tp_name = \"a.A\",\n    \
             .tp_basicsize = sizeof(A),\n    .tp_new = PyType_GenericNew,\n}};\n\
             int ready(void) {{ return PyType_Ready(&T); }}\n"
        )
    }

    #[test]
    fn fields_are_reached_by_the_data_of_the_type() {
        let (text, left) = run(&with(
            "long f(PyObject *x) { return ((A *)x)->n; }\nlong g(A **x) { return (**x).n + x[0]->n; }",
        ));
        assert_eq!(left, Vec::<String>::new());
        let wanted = [
            "typedef PyObject A;\n\ntypedef struct {\n    long n;\n    PyObject *o;\n} AData;\n",
            "static PyTypeObject *T;\n",
            "return (AData *)PyObject_GetTypeData((PyObject *)self, T);",
            "return A_data((A *)x)->n;",
            "return A_data(*x)->n + A_data(x[0])->n;",
            "-(int)sizeof(AData),",
        ];
        for wanted in wanted {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
    }

    #[test]
    fn data_is_looked_up_once_where_that_is_safe() {
        let (text, _) = run(&with(
            "void f(A *x) {\n    while (x->n)\n        g();\n}\n\
             long h(A *x) {\n    return x ? x->n + x->n : 0;\n}\n\
             long i(A *x) {\n    x = g(x);\n    return x->n + x->n;\n}",
        ));
        assert!(text.contains("{\n    AData *x_data = A_data(x);\n    while (x_data->n)"));
        assert!(
            text.contains("return x ? A_data(x)->n + A_data(x)->n : 0;"),
            "{text}"
        );
        assert!(
            text.contains("return A_data(x)->n + A_data(x)->n;\n}\nstatic"),
            "{text}"
        );
    }

    #[test]
    fn macros_reach_fields_too() {
        let (text, _) = run(&with(
            "#define N(x) ((x)->n)\nlong f(A *x) { return N(x); }",
        ));
        assert!(text.contains("#define N(x) (A_data(x)->n)\n"), "{text}");
    }

    #[test]
    fn what_is_not_understood_leaves_struct_and_type() {
        let uses = [
            ("void f(A *x, A *y) { *x = *y; }", "an instance is copied"),
            ("A a;", "it is used by value"),
            (
                "int f(void) { return sizeof(A); }",
                "its size is used elsewhere",
            ),
            ("long f(void) { return q->n; }", "`n` may be a field of it"),
            (
                "struct b { long n; };\n#define N(x) ((x)->n)\nlong f(A *x, struct b *y) { return N(x) + N(y); }",
                "a macro is used for the fields of several structs",
            ),
        ];
        for (functions, reason) in uses {
            let text = with(functions);
            let (changed, left) = run(&text);
            assert_eq!(changed, text);
            assert!(left.iter().any(|left| left.ends_with(reason)), "{left:?}");
            assert!(
                left.iter().any(|left| left.contains("type `T` stays")),
                "{left:?}"
            );
        }
    }
}
