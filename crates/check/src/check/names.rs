//! Names that the target does not show, or that nothing brings any more.

mod libc;

pub use libc::is_known_header;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Saying, Walk};
use crate::api::{Versions, replacement};
use crate::declared::Name;
use crate::finding::Rule;
use crate::tree::{Node, Syntax};
use crate::unit::Unit;

/// What is known of names before the walk.
pub struct Names {
    /// The fields of the package's own structs that are no objects.
    own_fields: FxHashSet<Name>,
    /// Whether the C library's names are looked at, and the headers that are included.
    libc: Option<libc::Included>,
    /// What was found out about a name of CPython's.
    judged: FxHashMap<Name, Option<Judged>>,
}

/// Why a name is not there.
#[derive(Clone, Debug)]
struct Judged {
    rule: Rule,
    message: String,
    replacement: Option<String>,
    mechanical: bool,
}

impl Names {
    /// Looks at what a file includes and declares.
    pub fn new(unit: &Unit) -> Self {
        let declared = &unit.declared;
        let structs = declared.structs();
        let own = structs.filter(|found| !declared.is_instance(found));
        let own_fields = own
            .flat_map(|found| found.fields.iter().map(|field| field.0.clone()))
            .collect();
        Self {
            own_fields,
            libc: libc::Included::of(unit),
            judged: FxHashMap::default(),
        }
    }

    /// Tells whether a struct that is no object has a field of that name.
    pub fn is_own_field(&self, name: &str) -> bool {
        self.own_fields.contains(name)
    }
}

impl<'u> Walk<'u> {
    /// The names that were blanked for the parser.
    pub fn blanked_names(&mut self) {
        for found in &self.unit.prepared.uses {
            // A type's initial value is found as a whole.
            if !found.name.ends_with("_HEAD_INIT") {
                self.name_at(&found.name, found.range.clone());
            }
        }
    }

    /// An identifier.
    pub fn name_used(&mut self, node: Node<'u>) {
        let name = self.text(node);
        if self.is_declaration(node) || self.locals.get(name).is_some() {
            return;
        }
        if !self.macro_used(node, name) {
            self.name_at(name, node.byte_range());
        }
    }

    /// The name of a type.
    pub fn type_used(&mut self, node: Node<'u>) {
        let name = self.text(node);
        if name == "PyObject" || name == "Py_ssize_t" {
            return;
        }
        if let Some((parent, kind)) = self.parent() {
            // The tag of a struct, or what a typedef defines.
            let defines = kind == Syntax::TypeDefinition
                && self
                    .view
                    .tree
                    .type_(parent)
                    .is_none_or(|kind| kind.id() != node.id());
            let tag = matches!(
                kind,
                Syntax::Struct | Syntax::Union | Syntax::Enum | Syntax::Class
            );
            if defines || tag {
                return;
            }
        }
        self.name_at(name, node.byte_range());
    }

    /// Tells whether an identifier is one that is declared here.
    fn is_declaration(&self, node: Node<'u>) -> bool {
        let Some((parent, kind)) = self.parent() else {
            return false;
        };
        match kind {
            Syntax::FunctionDeclarator
            | Syntax::PointerDeclarator
            | Syntax::InitDeclarator
            | Syntax::ArrayDeclarator
            | Syntax::Declaration
            | Syntax::ParameterDeclaration => {
                let declarator = self.view.tree.declarator(parent);
                declarator.is_some_and(|declarator| declarator.id() == node.id())
            }
            Syntax::Enumerator => {
                let name = self.view.tree.name(parent);
                name.is_some_and(|name| name.id() == node.id())
            }
            _ => false,
        }
    }

    /// Judges a name at a place.
    pub fn name_at(&mut self, name: &str, range: std::ops::Range<usize>) {
        let of_python = name.starts_with("Py") || name.starts_with("_Py") || name.starts_with("T_");
        if !of_python {
            self.library_name(name, range);
            return;
        }
        let judged = match self.names.judged.get(name) {
            Some(judged) => judged.clone(),
            None => {
                let judged = self.judge(name);
                self.names.judged.insert(name.into(), judged.clone());
                judged
            }
        };
        if let Some(judged) = judged {
            let saying = Saying {
                rule: judged.rule,
                name: name.to_owned(),
                message: judged.message,
                replacement: judged.replacement,
                mechanical: judged.mechanical,
            };
            self.say(range, saying);
        }
    }

    fn judge(&self, name: &str) -> Option<Judged> {
        if self.declared().declares(name) {
            return None;
        }
        let api = self.api();
        let target = self.target;
        let instead = replacement(name, target);
        let text = instead
            .filter(|instead| instead.text != name)
            .map(|instead| instead.text.to_owned());
        let mechanical = text.is_some() && instead.is_some_and(|instead| instead.mechanical);
        let rows = api.rows(name);
        if !rows.is_empty() {
            if rows.iter().any(|row| row.visible(target)) {
                return None;
            }
            let kind = rows.first().map_or("name", |row| row.kind.name());
            let since = rows.iter().filter_map(|row| row.limited);
            let since = since.map(|Versions { first, .. }| first).min();
            let message = match since {
                Some(first) if first > target.minor() => {
                    format!("{kind} `{name}` is in the limited API since 3.{first}")
                }
                Some(_) => format!("{kind} `{name}` is not in {target}"),
                None => format!("{kind} `{name}` is not in the limited API"),
            };
            return Some(Judged {
                rule: Rule::NotInTarget,
                message,
                replacement: text,
                mechanical,
            });
        }
        if let Some(last) = api.gone_after(name) {
            return Some(Judged {
                rule: Rule::Removed,
                message: format!("`{name}` is gone since 3.{}", u32::from(last) + 1),
                replacement: text,
                mechanical,
            });
        }
        let old = [
            "PyString_",
            "PyInt_",
            "PyCObject_",
            "PyClass_",
            "PyInstance_",
        ];
        if instead.is_some() || old.iter().any(|prefix| name.starts_with(prefix)) {
            return Some(Judged {
                rule: Rule::Removed,
                message: format!("`{name}` is not in CPython 3.15"),
                replacement: text,
                mechanical,
            });
        }
        None
    }

    /// A name that may be the C library's.
    fn library_name(&mut self, name: &str, range: std::ops::Range<usize>) {
        let Some(included) = &self.names.libc else {
            return;
        };
        let Some(header) = included.missing(name, self.target) else {
            return;
        };
        if self.declared().declares(name) {
            return;
        }
        let saying = Saying {
            rule: Rule::MissingInclude,
            name: name.to_owned(),
            message: format!("`{name}` needs <{header}>, which Python.h does not include"),
            replacement: Some(format!("#include <{header}>")),
            mechanical: true,
        };
        self.say(range, saying);
    }
}
