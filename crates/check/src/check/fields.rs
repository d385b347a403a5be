//! Fields of objects, types and other structs that a target keeps opaque.

use super::{Saying, Walk};
use crate::api::{Api, Kind};
use crate::declared::{Layout, Struct};
use crate::finding::Rule;
use crate::source::Language;
use crate::target::Target;
use crate::tree::{Node, Syntax};

/// The fields of an object's head.
const HEAD_FIELDS: [&str; 4] = ["ob_type", "ob_refcnt", "ob_size", "ob_base"];

impl<'u> Walk<'u> {
    /// `x->field` and `x.field`.
    pub fn field_access(&mut self, node: Node<'u>) {
        let Some(field) = self.view.tree.field(node) else {
            return;
        };
        let name = self.text(field);
        if name.is_empty() {
            return;
        }
        let declared = self.declared();
        let (owner, layout) = declared.owner(self.view, &self.locals, node);
        let shown = self
            .view
            .tree
            .argument(node)
            .map_or("", |owner| self.text(owner));
        let range = field.byte_range();
        match layout {
            Layout::Object => self.object_field(range, name, shown),
            Layout::TypeObject => self.type_field(range, name, shown),
            Layout::Api(owner) => {
                if is_opaque(self.api(), &owner, self.target) {
                    self.opaque_field(range, name, &owner);
                }
            }
            Layout::Instance(found) => {
                let of_head = HEAD_FIELDS.contains(&name) || self.is_head_field(&found, name);
                if of_head {
                    // Without `ob_base`, the head has no such field in any Python 3.
                    let layout = Layout::Instance(found.clone());
                    let own = name == "ob_base" || declared.field(&layout, name).is_some();
                    if self.target.hides_objects() || !own {
                        self.head_field(range, name, shown);
                    }
                } else if self.hides_fields(&found) && self.is_field_of(&found, name) {
                    self.instance_field(range, name, &found);
                }
            }
            Layout::Own(_) => {}
            Layout::Unknown if owner.is_unknown() => self.unknown_field(range, name, shown),
            Layout::Unknown => {}
        }
    }

    /// Tells whether a name is a field, and not a method or one of another struct of that name in another namespace.
    fn is_field_of(&self, found: &std::rc::Rc<Struct>, name: &str) -> bool {
        self.unit.language == Language::C
            || self
                .declared()
                .field(&Layout::Instance(found.clone()), name)
                .is_some()
    }

    /// Tells whether a field is the struct's written head.
    fn is_head_field(&self, found: &Struct, name: &str) -> bool {
        let first = found.fields.first();
        let is_first = first.is_some_and(|(first, _)| **first == *name);
        let written =
            first.is_some_and(|(_, kind)| kind.is("PyObject", 0) || kind.is("PyVarObject", 0));
        is_first && written
    }

    /// Tells whether a struct with an object's head cannot be compiled for the target.
    pub fn hides_fields(&self, found: &Struct) -> bool {
        if self.target.hides_objects() {
            return true;
        }
        let mut head = found.head.clone();
        for _ in 0..24 {
            let Some(crate::declared::Head::Embedded(name)) = head else {
                return false;
            };
            match self.declared().struct_named(&name) {
                Some(inner) => head = inner.head.clone(),
                None => return is_opaque(self.api(), &name, self.target),
            }
        }
        false
    }

    /// A field of an owner whose type is not known: only names that nothing else has.
    fn unknown_field(&mut self, range: std::ops::Range<usize>, name: &str, shown: &str) {
        let of_head = HEAD_FIELDS.contains(&name);
        let of_type = name.starts_with("tp_") && self.api().member("PyTypeObject", name).is_some();
        if !of_head && !of_type {
            return;
        }
        if self.names.is_own_field(name) {
            return;
        }
        match of_head {
            true => self.object_field(range, name, shown),
            false => self.type_field(range, name, shown),
        }
    }

    fn object_field(&mut self, range: std::ops::Range<usize>, name: &str, shown: &str) {
        if self.target.hides_objects() {
            self.head_field(range, name, shown);
        }
    }

    fn head_field(&mut self, range: std::ops::Range<usize>, name: &str, shown: &str) {
        let (read, write) = match name {
            "ob_type" => ("Py_TYPE", "Py_SET_TYPE"),
            "ob_refcnt" => ("Py_REFCNT", "Py_SET_REFCNT"),
            "ob_size" => ("Py_SIZE", "Py_SET_SIZE"),
            _ => {
                self.say(
                    range,
                    Saying {
                        rule: Rule::ObjectField,
                        name: name.to_owned(),
                        message: format!("`{name}` of an object is opaque"),
                        replacement: None,
                        mechanical: false,
                    },
                );
                return;
            }
        };
        let written = self.is_written();
        let shown = one_line(shown);
        let hidden = self.api().visible(write, self.target) == Some(false);
        let (replacement, mechanical) = match (written, hidden) {
            (true, true) => (
                "the type is given when the object is made".to_owned(),
                false,
            ),
            (true, false) => (format!("{write}({shown}, …)"), true),
            (false, _) => (format!("{read}({shown})"), true),
        };
        self.say(
            range,
            Saying {
                rule: Rule::ObjectField,
                name: name.to_owned(),
                message: format!("`{name}` of an object is opaque"),
                replacement: Some(replacement),
                mechanical,
            },
        );
    }

    fn type_field(&mut self, range: std::ops::Range<usize>, name: &str, shown: &str) {
        let visible = self.api().member("PyTypeObject", name);
        if visible.is_some_and(|member| member.visible(self.target)) {
            return;
        }
        if HEAD_FIELDS.contains(&name) {
            self.object_field(range, name, shown);
            return;
        }
        let shown = one_line(shown);
        let written = self.is_written();
        let (replacement, mechanical) = match name {
            "tp_name" => (format!("PyType_GetName({shown})"), false),
            "tp_flags" => (format!("PyType_GetFlags({shown})"), true),
            "tp_dict" => (
                format!("PyObject_GetAttrString((PyObject *){shown}, \"__dict__\")"),
                false,
            ),
            "tp_mro" => (
                format!("PyObject_GetAttrString((PyObject *){shown}, \"__mro__\")"),
                false,
            ),
            "tp_basicsize" => (
                format!("PyObject_GetAttrString((PyObject *){shown}, \"__basicsize__\")"),
                false,
            ),
            _ => {
                let slot = format!("Py_{name}");
                match self.api().visible(&slot, self.target) {
                    Some(true) => (format!("PyType_GetSlot({shown}, {slot})"), true),
                    _ => ("an attribute of the type".to_owned(), false),
                }
            }
        };
        let replacement = match written {
            true => "a slot of the type's specification".to_owned(),
            false => replacement,
        };
        self.say(
            range,
            Saying {
                rule: Rule::TypeField,
                name: name.to_owned(),
                message: format!("`{name}` of a type is opaque"),
                replacement: Some(replacement),
                mechanical: mechanical && !written,
            },
        );
    }

    fn opaque_field(&mut self, range: std::ops::Range<usize>, name: &str, owner: &str) {
        let slot = format!("Py_{name}");
        let is_slot = owner.ends_with("Methods") || owner == "PyBufferProcs";
        let replacement = match (owner, name) {
            _ if is_slot && self.api().visible(&slot, self.target) == Some(true) => {
                Some(format!("PyType_GetSlot(type, {slot})"))
            }
            ("PyThreadState", "interp") => Some("PyThreadState_GetInterpreter".to_owned()),
            ("PyThreadState", "frame") => Some("PyThreadState_GetFrame".to_owned()),
            ("PyFrameObject", "f_code") => Some("PyFrame_GetCode".to_owned()),
            ("PyFrameObject", "f_lineno") => Some("PyFrame_GetLineNumber".to_owned()),
            ("PyHeapTypeObject", _) => {
                Some("PyType_GetSlot or an attribute of the type".to_owned())
            }
            _ => None,
        };
        self.say(
            range,
            Saying {
                rule: Rule::OpaqueField,
                name: name.to_owned(),
                message: format!("`{name}` of {owner} is opaque"),
                mechanical: matches!(name, "interp" | "f_code" | "f_lineno"),
                replacement,
            },
        );
    }

    pub fn instance_field(&mut self, range: std::ops::Range<usize>, name: &str, found: &Struct) {
        let shown = &found.shown;
        self.say(
            range,
            Saying {
                rule: Rule::InstanceField,
                name: name.to_owned(),
                message: format!(
                    "`{name}` lies behind the head of {shown}, whose size is not known"
                ),
                replacement: Some(format!(
                    "PyObject_GetTypeData(object, type), then `{name}` of it"
                )),
                mechanical: true,
            },
        );
    }

    /// Tells whether the expression that is looked at is stored into.
    fn is_written(&self) -> bool {
        match self.parent() {
            Some((parent, Syntax::Assignment)) => {
                let left = self.view.tree.left(parent);
                left.is_some_and(|left| self.cursor_at == left.id())
            }
            Some((_, Syntax::Update)) => true,
            _ => false,
        }
    }
}

/// Tells whether a struct of CPython's shows none of its fields in the target.
pub fn is_opaque(api: &Api, name: &str, target: Target) -> bool {
    let rows = api.rows(name);
    let Some(row) = rows.iter().find(|row| row.kind == Kind::Type) else {
        return false;
    };
    let mut members = api.members(name).peekable();
    if members.peek().is_none() {
        // Known by its name alone in all headers.
        return row.type_text.starts_with("struct ") && !row.type_text.ends_with('*');
    }
    !members.any(|member| member.visible(target))
}

/// An expression as a report shows it: on one line, and short.
pub fn one_line(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    match line.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
