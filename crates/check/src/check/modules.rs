//! How a module is found and made: its hook, its slots, and the macro that formats need.

use std::ops::Range;

use super::{Saying, Walk};
use crate::finding::Rule;
use crate::target::Target;
use crate::tree::{Node, Syntax, named_children};

/// The hooks of a file.
#[derive(Default)]
pub struct Hooks {
    /// `PyInit_` with a body, and its name.
    old: Vec<(Range<usize>, String)>,
    /// `PyModExport_` with a body.
    new: Vec<(Range<usize>, String)>,
}

impl<'u> Walk<'u> {
    /// A function that may be a module's hook.
    pub fn module_hook(&mut self, function: Node<'u>) {
        let declared = self.declared();
        let declarators = declared.declarators(self.view, function);
        let Some(declarator) = declarators.into_iter().next() else {
            return;
        };
        let name = self.text(declarator.name);
        let Some(range) = self.place(declarator.name.byte_range()) else {
            return;
        };
        if name.starts_with("PyInit_") {
            self.modules.old.push((range, name.to_owned()));
        } else if name.starts_with("PyModExport_") {
            self.modules.new.push((range, name.to_owned()));
        }
    }

    /// Judges the hooks at the end of the file.
    pub fn finish_modules(&mut self) {
        self.origin = super::Origin::File;
        let hooks = std::mem::take(&mut self.modules);
        if self.target == Target::Abi3t && hooks.new.is_empty() {
            for (range, name) in hooks.old {
                let module = name.trim_start_matches("PyInit_");
                let saying = Saying {
                    rule: Rule::ModuleHook,
                    message: format!(
                        "`{name}` makes the module, and there is no PyModExport_{module}"
                    ),
                    replacement: Some(format!("PySlot *PyModExport_{module}(void)")),
                    mechanical: true,
                    name,
                };
                self.say(range, saying);
            }
        }
        let has_abi = || {
            let mut text = self
                .unit
                .prepared
                .text
                .split(|&byte| !crate::prepare::is_word(byte));
            text.any(|word| word == b"Py_mod_abi")
        };
        if !hooks.new.is_empty() && !has_abi() {
            for (range, name) in hooks.new {
                let saying = Saying {
                    rule: Rule::ModuleAbi,
                    message: format!("the slots of `{name}` have no Py_mod_abi"),
                    replacement: Some(
                        "PyABIInfo_VAR(abi), and a slot Py_mod_abi with its address".to_owned(),
                    ),
                    mechanical: true,
                    name,
                };
                self.say(range, saying);
            }
        }
    }

    /// A call that may take a format with `#`.
    pub fn format_call(&mut self, node: Node<'u>) {
        // Since 3.13, such formats take a Py_ssize_t in any case.
        if self.target.minor() >= 13 {
            return;
        }
        let tree = self.view.tree;
        let Some(function) = tree.function(node) else {
            return;
        };
        let name = self.text(function);
        let takes_format = [
            "PyArg_Parse",
            "Py_BuildValue",
            "Py_VaBuildValue",
            "PyObject_CallFunction",
            "PyObject_CallMethod",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix));
        if !takes_format || !self.declared().macros().of("PY_SSIZE_T_CLEAN").is_empty() {
            return;
        }
        let Some(list) = tree.arguments(node) else {
            return;
        };
        let format = named_children(list).find(|&argument| {
            matches!(tree.syntax(argument), Syntax::String | Syntax::Concatenated)
                && self
                    .text(argument)
                    .split(':')
                    .next()
                    .is_some_and(|format| format.contains('#'))
        });
        if let Some(format) = format {
            let saying = Saying {
                rule: Rule::SsizeTClean,
                name: name.to_owned(),
                message: format!(
                    "a format of `{name}` has a #, and PY_SSIZE_T_CLEAN is not defined"
                ),
                replacement: Some(
                    "#define PY_SSIZE_T_CLEAN before Python.h is included".to_owned(),
                ),
                mechanical: true,
            };
            self.say(format.byte_range(), saying);
        }
    }
}
