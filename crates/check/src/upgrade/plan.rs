//! Which structs and static types of a source can be changed, decided before anything is.
//!
//! A struct with an object's head and the type whose instances have it belong together: either both are changed, with
//! every place that uses them, or neither is. So the source is walked once and all uses are noted; whatever use is not
//! understood refuses its struct or type, with the place and the reason, and a refusal spreads to what depends on it.

mod collect;

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::Rewrite;
use crate::declared::Struct;
use crate::tree::{Node, Syntax, named_children, text_of};
use crate::unit::Unit;

/// The rule that reports structs.
pub const DATA: &str = "type-data";
/// The rule that reports types.
pub const SPEC: &str = "type-spec";

/// A struct of the source that begins with `PyObject_HEAD`.
pub struct Instance<'u> {
    /// What is declared.
    pub found: Rc<Struct>,
    /// The declaration: a typedef, or a declaration of the struct alone.
    pub declaration: Node<'u>,
    /// The specifier with the body.
    pub specifier: Node<'u>,
    /// The name of the typedef in the same declaration.
    pub typedef: Option<Node<'u>>,
    /// The type whose instances it describes.
    pub type_: Option<usize>,
    /// Where it is written `struct tag`.
    pub specifiers: Vec<Range<usize>>,
    /// Where its fields are used; the key is the place of the whole expression.
    pub accesses: BTreeMap<(usize, usize), Access>,
    /// Where its size is taken: the expression, and its start in the text.
    pub sizes: Vec<Range<usize>>,
    /// Offsets in lists of members: the name of the struct, and the flags.
    pub offsets: Vec<Offset>,
    /// Why it stays.
    pub refused: Option<(usize, String)>,
}

/// A use of a field.
pub struct Access {
    /// The expression before the field.
    pub owner: Range<usize>,
    /// Whether it is reached by an arrow; otherwise by a star and a dot.
    pub arrow: bool,
    /// Whether it has parentheses around it already.
    pub parenthesized: bool,
    /// Where the field's name begins.
    pub field_start: usize,
    /// The function and its parameter, if the owner is one.
    pub parameter: Option<(usize, String)>,
    /// Whether a loop is around.
    pub in_loop: bool,
}

/// `offsetof(T, field)`.
pub struct Offset {
    /// The whole expression.
    pub whole: Range<usize>,
    /// The name of the type in it.
    pub type_name: Range<usize>,
    /// The field.
    pub field: String,
    /// The flags of the member that it is for.
    pub flags: Option<Range<usize>>,
}

/// A static type.
pub struct StaticType<'u> {
    /// Its name.
    pub name: String,
    /// Its definition.
    pub declaration: Node<'u>,
    /// Its fields that are not 0, in order.
    pub fields: Vec<(&'static str, Node<'u>)>,
    /// Declarations without a value.
    pub forward: Vec<Range<usize>>,
    /// The struct of its instances.
    pub instance: Option<usize>,
    /// Its uses as a value: the expression `&T`, and how.
    pub uses: Vec<(Range<usize>, Use)>,
    /// Fields that are set before it is ready: the statement, the field, the value.
    pub set: Vec<(Range<usize>, &'static str, Node<'u>)>,
    /// Why it stays.
    pub refused: Option<(usize, String)>,
}

/// How a type is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Use {
    /// Its address is a value.
    Value,
    /// Its address is counted as a reference.
    Counted,
    /// It is made ready: the whole call.
    Ready(Range<usize>),
    /// Another type is derived from it.
    Base(usize),
}

/// A suite of functions: `PyNumberMethods` and its kin.
pub struct Suite<'u> {
    /// Its name.
    pub name: String,
    /// Its definition.
    pub declaration: Node<'u>,
    /// Its fields that are not 0, in order.
    pub fields: Vec<(&'static str, Node<'u>)>,
    /// Why the types that use it stay.
    pub refused: Option<(usize, String)>,
    /// How often its name is used.
    pub uses: usize,
}

/// A function with a body.
pub struct Function<'u> {
    /// The definition.
    pub node: Node<'u>,
    /// Its body.
    pub body: Node<'u>,
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
}

/// A parameter of a function.
#[derive(Clone, Debug, Default)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Whether it is asked whether it is one, or changed: its data cannot be looked up at the start.
    pub doubtful: bool,
}

/// Everything that is known.
pub struct Plan<'u> {
    /// The source.
    pub unit: &'u Unit,
    /// The structs.
    pub instances: Vec<Instance<'u>>,
    /// The types.
    pub types: Vec<StaticType<'u>>,
    /// The suites.
    pub suites: Vec<Suite<'u>>,
    /// The functions, by their names.
    pub functions: BTreeMap<String, Function<'u>>,
}

impl<'u> Plan<'u> {
    /// Finds out what can be changed.
    pub fn new(unit: &'u Unit) -> Self {
        let mut plan = collect::collect(unit);
        plan.decide();
        plan
    }

    /// Tells of everything that stays.
    pub fn report(&self, rewrite: &mut Rewrite<'_>) {
        for instance in &self.instances {
            if let Some((byte, reason)) = &instance.refused {
                let reason = format!("struct `{}` stays: {reason}", instance.found.shown);
                rewrite.leave(*byte, DATA, reason);
            }
        }
        for type_ in &self.types {
            if let Some((byte, reason)) = &type_.refused {
                let reason = format!("type `{}` stays: {reason}", type_.name);
                rewrite.leave(*byte, SPEC, reason);
            }
        }
    }

    /// The text of a node.
    pub fn text(&self, node: Node<'_>) -> &'u str {
        text_of(self.unit.source.bytes(), node.byte_range())
    }

    /// The value without casts and parentheses.
    pub fn bare(&self, node: Node<'u>) -> Node<'u> {
        bare(self.unit, node)
    }

    /// The function that a value names.
    pub fn function(&self, value: Node<'u>) -> Option<&Function<'u>> {
        let value = self.bare(value);
        let tree = &self.unit.tree;
        let value = match tree.syntax(value) {
            Syntax::Pointer => tree.argument(value)?,
            _ => value,
        };
        self.functions.get(self.text(value))
    }

    /// The suite that a value points to.
    pub fn suite(&self, value: Node<'u>) -> Option<usize> {
        let value = self.bare(value);
        let tree = &self.unit.tree;
        if tree.syntax(value) != Syntax::Pointer {
            return None;
        }
        let name = self.text(tree.argument(value)?);
        self.suites.iter().position(|suite| suite.name == name)
    }

    /// Finds the struct of each type's instances by the size.
    fn link(&mut self) {
        for number in 0..self.types.len() {
            let mut fields = self.types[number].fields.iter();
            let Some((_, value)) = fields.find(|(field, _)| *field == "tp_basicsize") else {
                continue;
            };
            let range = self.bare(*value).byte_range();
            let byte = range.start;
            let mut instances = self.instances.iter();
            let Some(found) = instances.position(|instance| instance.sizes.contains(&range)) else {
                continue;
            };
            self.types[number].instance = Some(found);
            match self.instances[found].type_ {
                None => self.instances[found].type_ = Some(number),
                Some(_) => {
                    let reason = "several types have its size".to_owned();
                    self.instances[found]
                        .refused
                        .get_or_insert((byte, reason.clone()));
                    let refused = (byte, "other types have the same struct".to_owned());
                    self.types[number].refused.get_or_insert(refused);
                }
            }
        }
    }

    fn decide(&mut self) {
        self.link();
        for number in 0..self.types.len() {
            if let Err((byte, reason)) = super::spec::can_be_made(self, number) {
                let refused = &mut self.types[number].refused;
                refused.get_or_insert((byte, reason));
            }
        }
        for number in 0..self.instances.len() {
            if let Err((byte, reason)) = super::data::can_be_made(self, number) {
                let refused = &mut self.instances[number].refused;
                refused.get_or_insert((byte, reason));
            }
        }
        // What depends on something that stays, stays.
        while self.spread() {}
    }

    fn spread(&mut self) -> bool {
        let mut changed = false;
        for number in 0..self.instances.len() {
            let instance = &self.instances[number];
            let Some(type_) = instance.type_ else {
                continue;
            };
            let (name, other) = (instance.found.shown.clone(), self.types[type_].name.clone());
            let place = |node: Node<'_>| node.start_byte();
            match (&self.instances[number].refused, &self.types[type_].refused) {
                (Some(_), None) => {
                    let byte = place(self.types[type_].declaration);
                    let reason = format!("its struct `{name}` stays");
                    self.types[type_].refused = Some((byte, reason));
                    changed = true;
                }
                (None, Some(_)) => {
                    let byte = place(self.instances[number].declaration);
                    let reason = format!("its type `{other}` stays");
                    self.instances[number].refused = Some((byte, reason));
                    changed = true;
                }
                _ => {}
            }
        }
        for number in 0..self.types.len() {
            let derived = self.types[number]
                .uses
                .iter()
                .find_map(|(range, used)| match used {
                    Use::Base(other) if self.types[*other].refused.is_some() => {
                        Some((range.start, self.types[*other].name.clone()))
                    }
                    _ => None,
                });
            if let Some((byte, other)) = derived
                && self.types[number].refused.is_none()
            {
                let reason = format!("`{other}`, which stays, is derived from it");
                self.types[number].refused = Some((byte, reason));
                changed = true;
            }
            let base = self.types[number]
                .uses
                .iter()
                .find_map(|(range, used)| match used {
                    Use::Base(other) => Some((range.start, *other)),
                    _ => None,
                });
            if let Some((byte, other)) = base
                && self.types[number].refused.is_some()
                && self.types[other].refused.is_none()
            {
                let reason = format!("its base `{}` stays", self.types[number].name);
                self.types[other].refused = Some((byte, reason));
                changed = true;
            }
            // A suite is given up as a whole.
            let suites: Vec<usize> = self.suites_of(number).collect();
            let staying = self.types[number].refused.is_some();
            for suite in suites {
                if staying && self.suites[suite].refused.is_none() {
                    let byte = self.suites[suite].declaration.start_byte();
                    let reason = format!("`{}` stays", self.types[number].name);
                    self.suites[suite].refused = Some((byte, reason));
                    changed = true;
                }
                if let (false, Some((byte, reason))) = (staying, &self.suites[suite].refused) {
                    let name = &self.suites[suite].name;
                    let refused = (*byte, format!("its suite `{name}` stays: {reason}"));
                    self.types[number].refused = Some(refused);
                    changed = true;
                    break;
                }
            }
        }
        changed
    }

    /// The suites that a type uses.
    pub fn suites_of(&self, number: usize) -> impl Iterator<Item = usize> {
        let fields = self.types[number].fields.iter();
        fields.filter_map(|(field, value)| match super::types::type_field(field) {
            Some((_, super::types::Way::Suite(_))) => self.suite(*value),
            _ => None,
        })
    }

    /// Tells whether the source has a word.
    pub fn has_word(&self, word: &str) -> bool {
        has_word(&self.unit.prepared.text, word) || {
            let defines = self.unit.prepared.defines.iter();
            defines.into_iter().any(|definition| {
                *definition.name == *word || has_word(definition.body.as_bytes(), word)
            })
        }
    }
}

/// Tells whether a text has a word.
pub fn has_word(text: &[u8], word: &str) -> bool {
    let mut words = text.split(|&byte| !crate::prepare::is_word(byte));
    words.any(|found| found == word.as_bytes())
}

/// A value without casts and parentheses.
pub fn bare<'u>(unit: &'u Unit, node: Node<'u>) -> Node<'u> {
    let mut node = node;
    loop {
        let inner = match unit.tree.syntax(node) {
            Syntax::Cast => unit.tree.value(node),
            Syntax::Parenthesized => named_children(node).last(),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return node,
        }
    }
}

/// Tells whether a value is 0 or `NULL`.
pub fn is_zero(unit: &Unit, node: Node<'_>) -> bool {
    let text = text_of(unit.source.bytes(), node.byte_range()).trim();
    if matches!(text, "0" | "NULL" | "nullptr" | "Py_NULL") {
        return true;
    }
    let inner = match unit.tree.syntax(node) {
        Syntax::Cast => unit.tree.value(node),
        Syntax::Parenthesized => named_children(node).last(),
        _ => None,
    };
    inner.is_some_and(|inner| is_zero(unit, inner))
}

/// Whether a line of preprocessor directives lies in a range and the branches are not decided.
pub fn is_divided(unit: &Unit, range: &Range<usize>) -> bool {
    unit.prepared.conditional.iter().any(|other| {
        other.start < range.end && range.start < other.end && other.start > range.start
    })
}
