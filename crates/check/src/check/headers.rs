//! What a file includes, and in which order.

use super::{Saying, Walk};
use crate::finding::Rule;

/// Headers of CPython's that are gone.
const GONE: [&str; 17] = [
    "longintrepr.h",
    "code.h",
    "pyarena.h",
    "eval.h",
    "asdl.h",
    "ast.h",
    "Python-ast.h",
    "symtable.h",
    "node.h",
    "parsetok.h",
    "graminit.h",
    "ucnhash.h",
    "cellobject.h",
    "classobject.h",
    "funcobject.h",
    "genobject.h",
    "pyfpe.h",
];

impl<'u> Walk<'u> {
    /// Judges the includes, and the macro that has to stand before them.
    pub fn headers(&mut self) {
        let prepared = &self.unit.prepared;
        let python = prepared
            .includes
            .iter()
            .find(|include| &*include.name == "Python.h");
        if let Some(python) = python {
            let clean = prepared.defines.iter();
            for definition in clean.filter(|found| &*found.name == "PY_SSIZE_T_CLEAN") {
                if definition.name_range.start > python.range.start {
                    let saying = Saying {
                        rule: Rule::SsizeTClean,
                        name: "PY_SSIZE_T_CLEAN".to_owned(),
                        message: "PY_SSIZE_T_CLEAN is defined after Python.h was included"
                            .to_owned(),
                        replacement: Some("the definition before the include".to_owned()),
                        mechanical: true,
                    };
                    self.say(definition.name_range.clone(), saying);
                }
            }
        }
        for include in &prepared.includes {
            let name = &*include.name;
            let internal = name.starts_with("internal/pycore_") || name.starts_with("pycore_");
            // A header of CPython's that the package has one of its own of that name is not meant.
            let gone = GONE.contains(&name) && self.unit.system_headers.contains(name);
            let inner = name.starts_with("cpython/");
            if !internal && !gone && !inner {
                continue;
            }
            let (rule, message) = match gone {
                true => (
                    Rule::Removed,
                    format!("header `{name}` is not in CPython 3.15"),
                ),
                false => (
                    Rule::NotInTarget,
                    format!("header `{name}` is not in the limited API"),
                ),
            };
            let saying = Saying {
                rule,
                name: name.to_owned(),
                message,
                replacement: None,
                mechanical: false,
            };
            self.say(include.range.clone(), saying);
        }
    }
}
