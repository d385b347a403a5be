//! `Py_TYPE(x) = y` and its kin, and accessors that were macros with a cast.

use super::fields::one_line;
use super::{Saying, Walk};
use crate::api::Kind;
use crate::declared::Layout;
use crate::finding::Rule;
use crate::source::Language;
use crate::tree::{Node, Syntax, named_children};

impl<'u> Walk<'u> {
    /// An assignment, simple or compound.
    pub fn assignment(&mut self, node: Node<'u>) {
        if let Some(left) = self.view.tree.left(node) {
            self.stored(left);
        }
    }

    /// `++` and `--`.
    pub fn updated(&mut self, node: Node<'u>) {
        if let Some(argument) = self.view.tree.argument(node) {
            self.stored(argument);
        }
    }

    /// A call of an accessor whose argument is no `PyObject *`. As macros, accessors had a cast of their own; C++ does
    /// not convert for a function, and C warns.
    pub fn accessor_call(&mut self, node: Node<'u>) {
        let tree = self.view.tree;
        if self.unit.language == Language::C {
            return;
        }
        let name = tree
            .function(node)
            .map_or("", |function| self.text(function));
        let rows = self.api().rows(name);
        let function = matches!(
            name,
            "Py_TYPE" | "Py_SIZE" | "Py_REFCNT" | "Py_SET_SIZE" | "Py_SET_TYPE"
        ) && rows
            .iter()
            .any(|row| row.kind == Kind::Function && row.visible(self.target))
            && !rows
                .iter()
                .any(|row| row.kind == Kind::Macro && row.visible(self.target));
        if !function || self.declared().declares(name) {
            return;
        }
        let Some(argument) = tree
            .arguments(node)
            .and_then(|list| named_children(list).next())
        else {
            return;
        };
        let kind = self.declared().type_of(self.view, &self.locals, argument);
        let Layout::Instance(found) = self.declared().layout(&kind) else {
            return;
        };
        if kind.pointers != 1 {
            return;
        }
        let shown = one_line(self.text(argument));
        let saying = Saying {
            rule: Rule::MissingCast,
            name: name.to_owned(),
            message: format!(
                "`{name}` is a function, and `{shown}` is a {} *",
                found.shown
            ),
            replacement: Some(format!("{name}(reinterpret_cast<PyObject *>({shown}))")),
            mechanical: true,
        };
        self.say(node.byte_range(), saying);
    }

    fn stored(&mut self, place: Node<'u>) {
        let tree = self.view.tree;
        let place = tree.bare(place);
        if tree.syntax(place) != Syntax::Call {
            return;
        }
        let Some(function) = tree.function(place) else {
            return;
        };
        let name = self.text(function);
        let setter = match name {
            "Py_TYPE" => "Py_SET_TYPE",
            "Py_SIZE" => "Py_SET_SIZE",
            "Py_REFCNT" => "Py_SET_REFCNT",
            _ => return,
        };
        if self.declared().declares(name) {
            return;
        }
        let object = tree
            .arguments(place)
            .and_then(|list| named_children(list).next());
        let object = object.map_or_else(String::new, |object| one_line(self.text(object)));
        let shown = self.api().visible(setter, self.target) == Some(true);
        let replacement = match shown {
            true => format!("{setter}({object}, …)"),
            false => "the type is given when the object is made".to_owned(),
        };
        let saying = Saying {
            rule: Rule::AccessorAssignment,
            name: name.to_owned(),
            message: format!("`{name}({object})` is assigned to"),
            replacement: Some(replacement),
            mechanical: shown,
        };
        self.say(place.byte_range(), saying);
    }
}
