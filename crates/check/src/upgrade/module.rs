//! `PyInit_` with a module definition becomes `PyModExport_` with an array of slots.
//!
//! A module that was made in one phase by `PyModule_Create` has code before and behind that call. All of it runs when
//! the new module is executed: the function gets the module, and `PyModule_Create(&definition)` becomes a new
//! reference to it. So returns, error paths and the references that they release stay as they are.
//!
//! ```c
//! PyMODINIT_FUNC PyInit_a(void)             static PyObject *a_make(PyObject *module)
//! {                                         {
//!     PyObject *m =                  ─►         PyObject *m =
//!         PyModule_Create(&def);                    Py_NewRef(module);
//! ```
//!
//! `PyInit_` and the definition stay for builds that are not for abi3t.

use std::ops::Range;

use super::Rewrite;
use super::places::walk;
use super::plan::{has_word, is_divided, is_zero};
use crate::tree::{Node, Syntax, named_children};
use crate::unit::Unit;

/// The rule.
pub const RULE: &str = "module-slots";

/// The fields of a module definition, in order.
const FIELDS: [&str; 9] = [
    "m_base",
    "m_name",
    "m_doc",
    "m_size",
    "m_methods",
    "m_slots",
    "m_traverse",
    "m_clear",
    "m_free",
];

/// A module definition.
struct Definition<'u> {
    name: &'u str,
    node: Node<'u>,
    fields: Vec<(&'static str, Node<'u>)>,
}

/// A function with a body.
#[derive(Clone, Copy)]
struct Function<'u> {
    name: &'u str,
    node: Node<'u>,
    body: Node<'u>,
    parameters: Node<'u>,
    conditional: bool,
}

type Refusal = (usize, String);

/// Changes the module of a source, if it has one.
pub fn rewrite(unit: &Unit, rewrite: &mut Rewrite<'_>) {
    for definition in definitions(unit) {
        if let Err((byte, reason)) = change(unit, &definition, rewrite) {
            let reason = format!("module definition `{}` stays: {reason}", definition.name);
            rewrite.leave(byte, RULE, reason);
        }
    }
}

fn definitions(unit: &Unit) -> Vec<Definition<'_>> {
    let mut found = Vec::new();
    for node in tops(unit) {
        if unit.tree.syntax(node) != Syntax::Declaration {
            continue;
        }
        let declarators = unit.declared.declarators(unit.view(), node);
        let [only] = &declarators[..] else { continue };
        if !only.kind.is("PyModuleDef", 0) || only.function {
            continue;
        }
        let Some(list) = only.value else { continue };
        let mut fields = Vec::new();
        let mut number = 0;
        for item in named_children(list) {
            let (at, value) = match unit.tree.syntax(item) {
                Syntax::Comment => continue,
                Syntax::InitializerPair => {
                    let name = unit
                        .tree
                        .designator(item)
                        .map_or("", |name| unit.text(name));
                    let name = name.trim_start_matches('.').trim();
                    let at = FIELDS.iter().position(|known| *known == name);
                    (at.unwrap_or(FIELDS.len()), unit.tree.value(item))
                }
                _ => (number, Some(item)),
            };
            number = at + 1;
            if let (Some(name), Some(value)) = (FIELDS.get(at), value)
                && !is_zero(unit, value)
            {
                fields.push((*name, value));
            }
        }
        found.push(Definition {
            name: unit.text(only.name),
            node,
            fields,
        });
    }
    found
}

/// The declarations at the top, also those in `extern "C"`.
fn tops(unit: &Unit) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut open = vec![unit.tree.root()];
    while let Some(node) = open.pop() {
        for child in named_children(node) {
            match unit.tree.syntax(child) {
                Syntax::Linkage | Syntax::DeclarationList | Syntax::Namespace => open.push(child),
                _ => found.push(child),
            }
        }
    }
    found.sort_by_key(|node| node.start_byte());
    found
}

fn functions(unit: &Unit) -> Vec<Function<'_>> {
    let mut found = Vec::new();
    for node in tops(unit) {
        if unit.tree.syntax(node) != Syntax::FunctionDefinition {
            continue;
        }
        let declarators = unit.declared.declarators(unit.view(), node);
        let mut declarator = unit.tree.declarator(node);
        let mut parameters = None;
        while let Some(inner) = declarator {
            parameters = unit.tree.parameters(inner);
            if parameters.is_some() {
                break;
            }
            declarator = unit.tree.declarator(inner);
        }
        if let (Some(first), Some(body), Some(parameters)) =
            (declarators.first(), unit.tree.body(node), parameters)
        {
            found.push(Function {
                name: unit.text(first.name),
                node,
                body,
                parameters,
                conditional: unit.prepared.is_conditional(node.start_byte()),
            });
        }
    }
    found
}

/// A call of the definition's: its function's name, its place, and the function around.
struct Made<'u> {
    called: &'u str,
    range: Range<usize>,
    around: usize,
}

fn change(
    unit: &Unit,
    definition: &Definition<'_>,
    rewrite: &mut Rewrite<'_>,
) -> Result<(), Refusal> {
    let start = definition.node.start_byte();
    let no = |byte: usize, reason: &str| Err((byte, reason.to_owned()));
    if definition.node.has_error() || is_divided(unit, &definition.node.byte_range()) {
        return no(start, "its initial values are divided by conditionals");
    }
    if unit.prepared.is_conditional(start) {
        return no(start, "it lies under a conditional");
    }
    let functions = functions(unit);
    let made = made(unit, definition.name)?;
    let around = functions
        .iter()
        .find(|found| found.node.start_byte() == made.around);
    let Some(maker) = around.copied() else {
        return no(made.range.start, "it is used outside functions");
    };
    let hook = match maker.name.starts_with("PyInit_") {
        true => maker,
        false => caller(unit, &functions, maker)?,
    };
    if hook.conditional || maker.conditional {
        return no(hook.node.start_byte(), "its hook lies under a conditional");
    }
    for function in [maker, hook] {
        let parameters = unit.text(function.parameters);
        let parameters: String = parameters.split_whitespace().collect();
        if !matches!(parameters.as_str(), "(void)" | "()") {
            return no(function.node.start_byte(), "its function has parameters");
        }
    }
    let mut module = hook.name.trim_start_matches("PyInit_");
    let shown = module;
    module = module.trim_start_matches('_');
    let prefix = [module.to_owned(), format!("{module}_module")];
    let free = |prefix: &&String| {
        ["make", "exec", "abi", "slots"].iter().all(|end| {
            let word = format!("{prefix}_{end}");
            !has_word(&unit.prepared.text, &word) && unit.declared.macros().of(&word).is_empty()
        })
    };
    let Some(prefix) = prefix.iter().find(free) else {
        return no(start, "the names of its slots are those of something else");
    };
    let mut exec = String::new();
    let one_phase = made.called.starts_with("PyModule_Create");
    let single = match one_phase {
        true => {
            if definition
                .fields
                .iter()
                .any(|(field, _)| *field == "m_slots")
            {
                return no(start, "it has slots, and is made in one phase");
            }
            one_phase_edits(unit, maker, hook, &made, prefix, rewrite)?;
            exec = format!(
                "static int\n{prefix}_exec(PyObject *module)\n{{\n    \
                 PyObject *made = {prefix}_make(module);\n    Py_XDECREF(made);\n    \
                 return made == NULL ? -1 : 0;\n}}\n\n"
            );
            Some(format!(
                "#else\n\nPyMODINIT_FUNC\n{}(void)\n{{\n    \
                 PyObject *module = PyModule_Create(&{});\n    \
                 PyObject *made = module == NULL ? NULL : {prefix}_make(module);\n    \
                 Py_XDECREF(module);\n    return made;\n}}\n\n",
                hook.name, definition.name
            ))
        }
        false => {
            let mut statements = named_children(hook.body);
            let first = statements.next();
            let plain = first.is_some_and(|first| unit.tree.syntax(first) == Syntax::Return)
                && statements.next().is_none()
                && maker.node == hook.node;
            if !plain {
                return no(
                    hook.node.start_byte(),
                    "its hook does more than to return it",
                );
            }
            None
        }
    };
    let text = unit.source.bytes();
    let slots = slots(unit, definition, prefix, shown, one_phase);
    let export = format!(
        "{exec}PyABIInfo_VAR({prefix}_abi);\n\n{slots}\nPyMODEXPORT_FUNC\n\
         PyModExport_{shown}(void)\n{{\n    return {prefix}_slots;\n}}\n\n"
    );
    let edits = &mut rewrite.edits;
    let end = line_end(text, hook.node.end_byte());
    let lead = if text.get(end.wrapping_sub(1)) == Some(&b'\n') {
        ""
    } else {
        "\n"
    };
    match single {
        Some(old) => {
            let all = format!("{lead}\n#ifdef Py_TARGET_ABI3T\n\n{export}{old}#endif\n");
            edits.insert(end, all, RULE);
        }
        None => {
            let begin = line_start(text, hook.node.start_byte());
            edits.insert(begin, "#ifndef Py_TARGET_ABI3T\n", RULE);
            edits.insert(end, format!("{lead}#else\n\n{export}#endif\n"), RULE);
        }
    }
    let begin = line_start(text, start);
    edits.insert(begin, "#ifndef Py_TARGET_ABI3T\n", RULE);
    let end = line_end(text, definition.node.end_byte());
    edits.insert(end, "#endif\n", RULE);
    Ok(())
}

/// The one call that the definition is given to.
fn made<'u>(unit: &'u Unit, name: &str) -> Result<Made<'u>, Refusal> {
    let mut found: Option<Made<'u>> = None;
    let mut refused: Option<Refusal> = None;
    let mut refuse = |byte: usize, reason: &str| {
        refused.get_or_insert((byte, reason.to_owned()));
    };
    walk(unit, &mut |place| {
        if place.kind != Syntax::Identifier || place.text(place.node) != name {
            return;
        }
        let byte = place.range(place.node).start;
        let tree = place.view.tree;
        let Some(parent) = place.parent() else { return };
        let declares = matches!(parent.kind, Syntax::Declaration | Syntax::InitDeclarator);
        if declares && place.function().is_none() && place.definition.is_none() {
            // A declaration without a value is one of something opaque, too.
            if parent.kind == Syntax::Declaration {
                refuse(byte, "it is also declared elsewhere");
            }
            return;
        }
        let mut above = place.above.iter().rev();
        let call = above.find(|above| above.kind == Syntax::Call);
        let called = call.and_then(|call| tree.function(call.node));
        let called = called.map_or("", |called| place.text(called));
        let known = matches!(called, "PyModule_Create" | "PyModuleDef_Init");
        match (place.function(), call, &found) {
            (Some(function), Some(call), None) if known && parent.kind == Syntax::Pointer => {
                found = Some(Made {
                    called,
                    range: place.range(call.node),
                    around: function.start_byte(),
                });
            }
            _ => refuse(byte, "it is used for more than to make the module"),
        }
    });
    match (refused, found) {
        (Some(refused), _) => Err(refused),
        (None, Some(found)) => Ok(found),
        (None, None) => Err((0, "nothing makes a module of it".to_owned())),
    }
}

/// The hook that calls a function.
fn caller<'u>(
    unit: &'u Unit,
    functions: &[Function<'u>],
    maker: Function<'u>,
) -> Result<Function<'u>, Refusal> {
    let byte = maker.node.start_byte();
    let mut places = Vec::new();
    walk(unit, &mut |place| {
        if place.kind == Syntax::Identifier && place.text(place.node) == maker.name {
            let above = place.parent().map(|above| above.kind);
            let function = place.function().map(|node| node.start_byte());
            if above == Some(Syntax::FunctionDeclarator) && function == Some(byte) {
                return;
            }
            places.push(function.filter(|_| above == Some(Syntax::Call)));
        }
    });
    let [Some(around)] = places[..] else {
        return Err((byte, "its function is used more than once".to_owned()));
    };
    let mut functions = functions.iter();
    let hook = functions.find(|found| found.node.start_byte() == around);
    match hook {
        Some(hook) if hook.name.starts_with("PyInit_") => Ok(*hook),
        _ => Err((byte, "no PyInit_ calls its function".to_owned())),
    }
}

/// The functions of a module made in one phase get the module.
fn one_phase_edits(
    unit: &Unit,
    maker: Function<'_>,
    hook: Function<'_>,
    made: &Made<'_>,
    prefix: &str,
    rewrite: &mut Rewrite<'_>,
) -> Result<(), Refusal> {
    let byte = hook.node.start_byte();
    let linked = hook
        .node
        .parent()
        .is_some_and(|above| unit.tree.syntax(above) == Syntax::Linkage);
    if linked {
        return Err((byte, "its hook is declared extern \"C\" alone".to_owned()));
    }
    for function in [maker, hook] {
        if has_word(unit.text(function.node).as_bytes(), "module") {
            let reason = "its function has a name `module` already".to_owned();
            return Err((function.node.start_byte(), reason));
        }
    }
    let edits = &mut rewrite.edits;
    edits.replace(made.range.clone(), "Py_NewRef(module)", RULE);
    let header = hook.node.start_byte()..hook.body.start_byte();
    let text = unit.source.bytes();
    let line = line_start(text, header.start)..header.start;
    let indent = match unit.source.bytes()[line.clone()].trim_ascii().is_empty() {
        true => edits.read(line),
        false => String::new(),
    };
    let header_text =
        format!("static PyObject *\n{indent}{prefix}_make(PyObject *module)\n{indent}");
    edits.replace(header, header_text, RULE);
    if maker.node != hook.node {
        edits.replace(maker.parameters.byte_range(), "(PyObject *module)", RULE);
        let mut open = vec![hook.body];
        while let Some(node) = open.pop() {
            if unit.tree.syntax(node) == Syntax::Call
                && let (Some(called), Some(list)) =
                    (unit.tree.function(node), unit.tree.arguments(node))
                && unit.text(called) == maker.name
            {
                edits.replace(list.byte_range(), "(module)", RULE);
            }
            open.extend(named_children(node));
        }
    }
    Ok(())
}

/// The array of slots.
fn slots(
    unit: &Unit,
    definition: &Definition<'_>,
    prefix: &str,
    shown: &str,
    one_phase: bool,
) -> String {
    let mut text = format!("static PySlot {prefix}_slots[] = {{\n");
    let mut slot = |kind: &str, name: &str, value: &str| {
        text.push_str(&format!("    {kind}({name}, {value}),\n"));
    };
    slot("PySlot_PTR_STATIC", "Py_mod_abi", &format!("&{prefix}_abi"));
    let value = |field: &str| {
        let mut fields = definition.fields.iter();
        let found = fields.find(|(known, _)| *known == field);
        found.map(|(_, value)| unit.text(*value))
    };
    let name = format!("\"{shown}\"");
    slot(
        "PySlot_PTR_STATIC",
        "Py_mod_name",
        value("m_name").unwrap_or(&name),
    );
    let rows = [
        ("m_doc", "PySlot_PTR_STATIC", "Py_mod_doc"),
        ("m_methods", "PySlot_PTR_STATIC", "Py_mod_methods"),
        ("m_traverse", "PySlot_PTR", "Py_mod_state_traverse"),
        ("m_clear", "PySlot_PTR", "Py_mod_state_clear"),
        ("m_free", "PySlot_PTR", "Py_mod_state_free"),
        ("m_slots", "PySlot_PTR_STATIC", "Py_mod_slots"),
    ];
    for (field, kind, name) in rows {
        if let Some(value) = value(field) {
            slot(kind, name, value);
        }
    }
    if let Some(size) = value("m_size").filter(|size| !size.starts_with('-')) {
        slot("PySlot_PTR", "Py_mod_state_size", size);
    }
    if one_phase {
        slot("PySlot_PTR", "Py_mod_exec", &format!("{prefix}_exec"));
        let interpreters = "Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED";
        slot("PySlot_PTR", "Py_mod_multiple_interpreters", interpreters);
        slot("PySlot_PTR", "Py_mod_gil", "Py_MOD_GIL_USED");
    }
    text.push_str("    PySlot_END,\n};\n");
    text
}

/// The beginning of a byte's line.
fn line_start(text: &[u8], byte: usize) -> usize {
    let before = &text[..byte.min(text.len())];
    before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1)
}

/// The beginning of the line behind a byte's.
fn line_end(text: &[u8], byte: usize) -> usize {
    let rest = text.get(byte..).unwrap_or_default();
    let end = rest.iter().position(|&byte| byte == b'\n');
    end.map_or(text.len(), |at| byte + at + 1)
}

#[cfg(test)]
mod tests {
    use super::super::Goal;
    use super::super::tests::upgraded;

    fn run(text: &str) -> (String, Vec<String>) {
        upgraded("a.c", text, Goal::Abi3t)
    }

    const DEFINITION: &str = "#include <Python.h>\nstatic struct PyModuleDef def = {\n    PyModuleDef_HEAD_INIT,\n    \
                              \"a\",\n    NULL,\n    -1,\n    methods,\n};\n";

    #[test]
    fn a_module_of_one_phase_is_made_when_it_is_executed() {
        let text = format!(
            "{DEFINITION}static PyObject *make(void)\n{{\n    PyObject *m = PyModule_Create(&def);\n    return m;\n}}\n\
             PyMODINIT_FUNC\nPyInit_a(void)\n{{\n    return make();\n}}\n"
        );
        let (text, left) = run(&text);
        assert_eq!(left, Vec::<String>::new());
        let wanted = [
            "#ifndef Py_TARGET_ABI3T\nstatic struct PyModuleDef def",
            "make(PyObject *module)\n{\n    PyObject *m = Py_NewRef(module);",
            "static PyObject *\na_make(PyObject *module)\n{\n    return make(module);",
            "PySlot_PTR_STATIC(Py_mod_methods, methods),\n    PySlot_PTR(Py_mod_exec, a_exec),",
            "PyModExport_a(void)\n{\n    return a_slots;",
            "#else\n\nPyMODINIT_FUNC\nPyInit_a(void)",
        ];
        for wanted in wanted {
            assert!(text.contains(wanted), "{wanted}\n{text}");
        }
    }

    #[test]
    fn a_module_of_two_phases_keeps_its_slots() {
        let text = "#include <Python.h>\nstatic struct PyModuleDef def = { .m_base = PyModuleDef_HEAD_INIT, .m_slots = all };\n\
                    PyMODINIT_FUNC PyInit__a(void)\n{\n    return PyModuleDef_Init(&def);\n}\n";
        let (text, left) = run(text);
        assert_eq!(left, Vec::<String>::new());
        assert!(
            text.contains(
                "PySlot_PTR_STATIC(Py_mod_name, \"_a\"),\n    PySlot_PTR_STATIC(Py_mod_slots, all),"
            ),
            "{text}"
        );
        assert!(!text.contains("Py_mod_exec"));
    }

    #[test]
    fn other_uses_of_the_definition_leave_the_module() {
        let hook = "PyMODINIT_FUNC PyInit_a(void) { return PyModule_Create(&def); }\n";
        let texts = [
            format!("{DEFINITION}{hook}PyObject *f(void) {{ return PyState_FindModule(&def); }}\n"),
            format!(
                "{DEFINITION}PyMODINIT_FUNC PyInit_a(void) {{ go(); return PyModuleDef_Init(&def); }}\n"
            ),
            format!("{DEFINITION}static PyObject *f(int x) {{ return PyModule_Create(&def); }}\n"),
            format!(
                "{DEFINITION}{}",
                hook.replace("return", "int module; return")
            ),
        ];
        for text in texts {
            let (changed, left) = run(&text);
            assert_eq!(changed, text);
            // What check finds stays as well.
            let mut left = left.iter();
            assert!(
                left.any(|left| left.contains("module definition `def` stays")),
                "{left:?}"
            );
        }
    }
}
