//! `x->ob_type`, `x->ob_refcnt` and `x->ob_size` are read by `Py_TYPE`, `Py_REFCNT` and `Py_SIZE`.

use super::walk::Site;
use super::{Goal, Rewrite};
use crate::declared::{Head, Layout};
use crate::tree::{Node, Syntax};

/// The rule's name.
pub const RULE: &str = "accessor";

/// A field of an object's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadField {
    /// `ob_type`.
    Type,
    /// `ob_refcnt`.
    Count,
    /// `ob_size`.
    Size,
}

impl HeadField {
    fn of_field(name: &str) -> Option<Self> {
        Some(match name {
            "ob_type" => Self::Type,
            "ob_refcnt" => Self::Count,
            "ob_size" => Self::Size,
            _ => return None,
        })
    }

    fn of_reader(name: &str) -> Option<Self> {
        let all = [Self::Type, Self::Count, Self::Size];
        all.into_iter().find(|field| field.reader() == name)
    }

    /// What reads it.
    pub fn reader(self) -> &'static str {
        match self {
            Self::Type => "Py_TYPE",
            Self::Count => "Py_REFCNT",
            Self::Size => "Py_SIZE",
        }
    }

    /// What writes it.
    pub fn writer(self) -> &'static str {
        match self {
            Self::Type => "Py_SET_TYPE",
            Self::Count => "Py_SET_REFCNT",
            Self::Size => "Py_SET_SIZE",
        }
    }

    fn object(self) -> &'static str {
        match self {
            Self::Size => "PyVarObject",
            _ => "PyObject",
        }
    }
}

/// The head field that an expression stands for, by its name or by its reader, and the object that it is of.
pub struct Access<'u> {
    /// The field.
    pub field: HeadField,
    /// The expression whose object it is.
    object: Node<'u>,
    /// How the object's address comes of it.
    way: Way,
    /// Whether it is written as a field.
    pub is_field: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It is the address.
    Address,
    /// It is the object.
    Object,
}

impl<'u> Access<'u> {
    /// Finds out whether an expression is one.
    pub fn of(site: &Site<'u, '_>, node: Node<'u>) -> Option<Self> {
        match site.view.tree.syntax(node) {
            Syntax::Field => Self::of_field(site, node),
            Syntax::Call => {
                let (name, arguments) = site.call(node)?;
                let field = HeadField::of_reader(name)?;
                match *arguments {
                    [object] if site.is_api(name) => Some(Self {
                        field,
                        object,
                        way: Way::Address,
                        is_field: false,
                    }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn of_field(site: &Site<'u, '_>, node: Node<'u>) -> Option<Self> {
        let tree = site.view.tree;
        let name = site.text(tree.field(node)?);
        let field = HeadField::of_field(name)?;
        let (owner, layout) = site.owner(node);
        match layout {
            Layout::Object | Layout::TypeObject => {}
            Layout::Instance(found) => {
                let own = found.fields.iter().any(|(own, _)| **own == *name);
                if own
                    && !matches!(found.fields.first(), Some((first, _)) if HEAD.contains(&&**first))
                {
                    return None;
                }
                // A count of the struct's own, behind a head that has none.
                if own && field == HeadField::Size && found.head == Some(Head::Object) {
                    return None;
                }
            }
            Layout::Api(name) => {
                site.declared().api().member(&name, "ob_base")?;
            }
            Layout::Own(_) => return None,
            Layout::Unknown => {
                if !owner.is_unknown() {
                    return None;
                }
                let inner = site.bare(tree.argument(node)?);
                let of_base = tree.syntax(inner) == Syntax::Field
                    && tree
                        .field(inner)
                        .is_some_and(|field| site.text(field) == "ob_base");
                let mut structs = site.declared().structs();
                if !of_base
                    && structs.any(|found| found.fields.iter().any(|(own, _)| **own == *name))
                {
                    return None;
                }
            }
        }
        let mut object = tree.argument(node)?;
        let mut arrow = site.operator(node) == "->";
        // `x->ob_base.ob_type` is of x.
        while !arrow {
            let inner = site.bare(object);
            if tree.syntax(inner) != Syntax::Field {
                break;
            }
            let name = tree.field(inner).map_or("", |field| site.text(field));
            let first = match site.owner(inner).1 {
                Layout::Instance(found) => found.fields.first().is_some_and(|(first, kind)| {
                    **first == *name && (kind.is("PyObject", 0) || kind.is("PyVarObject", 0))
                }),
                _ => false,
            };
            if name != "ob_base" && !first {
                break;
            }
            object = tree.argument(inner)?;
            arrow = site.operator(inner) == "->";
        }
        let mut way = if arrow { Way::Address } else { Way::Object };
        let bare = site.bare(object);
        if way == Way::Object && tree.syntax(bare) == Syntax::Pointer && site.operator(bare) == "*"
        {
            object = tree.argument(bare)?;
            way = Way::Address;
        }
        Some(Self {
            field,
            object,
            way,
            is_field: true,
        })
    }

    /// Tells whether the object may be evaluated twice.
    pub fn is_pure(&self, site: &Site<'u, '_>) -> bool {
        site.is_pure(self.object)
    }

    /// The object's address, as an argument.
    pub fn address(&self, site: &Site<'u, '_>, rewrite: &Rewrite<'_>, goal: Goal) -> String {
        let mut node = self.object;
        if site.view.tree.syntax(site.bare(node)) != Syntax::Comma {
            node = site.bare(node);
        }
        let text = site.rendered(&rewrite.edits, node);
        let mut kind = site.type_of(node);
        let mut tight = site.is_tight(node);
        let text = match self.way {
            Way::Address => text,
            Way::Object => {
                kind = kind.pointer();
                let simple = tight && site.view.tree.syntax(node) != Syntax::Cast;
                tight = true;
                match simple {
                    true => format!("&{text}"),
                    false => format!("&({text})"),
                }
            }
        };
        // The readers of CPython 3.12 cast what they get; those of abi3t do not, and C++ asks for it.
        let wanted = self.field.object();
        let fits = kind.is("PyObject", 1) || kind.is(wanted, 1) || kind.is_unknown();
        let strict = site.is_cpp() || goal == Goal::Abi3t;
        if fits || !strict || !self.is_field {
            return text;
        }
        let wanted = "PyObject";
        match tight {
            true => format!("({wanted} *){text}"),
            false => format!("({wanted} *)({text})"),
        }
    }
}

const HEAD: [&str; 4] = ["ob_refcnt", "ob_type", "ob_base", "_ob_next"];

/// Changes a field that is read.
pub fn field<'u>(site: &Site<'u, '_>, node: Node<'u>, goal: Goal, rewrite: &mut Rewrite<'_>) {
    let Some(access) = Access::of_field(site, node) else {
        return;
    };
    let tree = site.view.tree;
    let mut inner = node;
    for above in site.above.iter().rev() {
        match above.kind {
            Syntax::Parenthesized => inner = above.node,
            Syntax::Assignment => {
                if tree.left(above.node).is_some_and(|left| left == inner) {
                    return;
                }
                break;
            }
            Syntax::Update => return,
            Syntax::Pointer if site.operator(above.node) == "&" => {
                let reason = "the address of an object's field is taken";
                rewrite.leave(site.range(node).start, RULE, reason);
                return;
            }
            _ => break,
        }
    }
    let reader = access.field.reader();
    let text = format!("{reader}({})", access.address(site, rewrite, goal));
    rewrite.change(site.range(node), text, RULE);
}
