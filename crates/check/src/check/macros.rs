//! Macros of the source's own: what they hide is found where they are used.
//!
//! A use binds the parameters to the types of the arguments, and the body is walked as if it stood there. What is
//! found lies in the definition, and is told there once; the use is told with the macro's name. A macro that is used
//! nowhere in the file is walked with parameters of unknown types, since other files may use it.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Origin, Saying, Walk};
use crate::declared::{Locals, Type, View};
use crate::finding::Rule;
use crate::prepare::Macro;
use crate::tree::{Node, Syntax, named_children};

/// How deep macros are followed into each other.
const MOST_DEPTH: u32 = 8;

/// The most kinds of arguments that one macro is looked into with.
const MOST_VARIANTS: usize = 16;

/// The types that a macro's names had, and the first rule that found something in it.
type Verdict = (Vec<Type>, Option<Rule>);

/// What was found in macros.
#[derive(Default)]
pub struct Examined {
    /// By macro.
    verdicts: FxHashMap<usize, Vec<Verdict>>,
    /// The first rule that found something in the macro that is open.
    found: Option<Rule>,
}

impl Examined {
    /// Notes that a rule found something.
    pub fn note(&mut self, rule: Rule) {
        self.found = self.found.or(Some(rule));
    }
}

fn key(definition: &Rc<Macro>) -> usize {
    Rc::as_ptr(definition) as usize
}

impl<'u> Walk<'u> {
    /// A call whose function may be a macro.
    pub fn macro_call(&mut self, node: Node<'u>) {
        let tree = self.view.tree;
        let Some(function) = tree.function(node) else {
            return;
        };
        if tree.syntax(function) != Syntax::Identifier {
            return;
        }
        let name = self.text(function);
        let definitions = self.declared().macros().of(name);
        if definitions.is_empty() || self.locals.get(name).is_some() {
            return;
        }
        let list = tree.arguments(node);
        let arguments: Vec<Node<'u>> =
            list.map_or_else(Vec::new, |list| named_children(list).collect());
        let kinds: Vec<Type> = arguments
            .into_iter()
            .map(|argument| self.declared().type_of(self.view, &self.locals, argument))
            .collect();
        for definition in definitions {
            if definition.parameters.is_some() {
                let verdict = self.examine(definition, &kinds);
                self.tell_use(function, name, verdict);
            }
        }
    }

    /// A name that may be a macro without parameters; gives false if it is none of the source's own.
    pub fn macro_used(&mut self, node: Node<'u>, name: &str) -> bool {
        let definitions = self.declared().macros().of(name);
        for definition in definitions {
            if definition.parameters.is_none() {
                let verdict = self.examine(definition, &[]);
                self.tell_use(node, name, verdict);
            }
        }
        !definitions.is_empty()
    }

    fn tell_use(&mut self, node: Node<'u>, name: &str, verdict: Option<Rule>) {
        let Some(rule) = verdict else { return };
        let saying = Saying {
            rule: Rule::MacroUse,
            name: name.to_owned(),
            message: format!("macro `{name}` holds: {}", rule.title()),
            replacement: None,
            mechanical: false,
        };
        self.say(node.byte_range(), saying);
    }

    /// Walks a macro's body, unless it was walked with the same types before.
    fn examine(&mut self, definition: &'u Rc<Macro>, kinds: &[Type]) -> Option<Rule> {
        if self.depth >= MOST_DEPTH || is_plain(&definition.body) {
            return None;
        }
        let mut bound = Locals::default();
        // The body also sees the variables that are declared where it is used.
        let mut variables = Vec::new();
        for word in definition.words() {
            if let Some(kind) = self.locals.get(word) {
                variables.push(kind.clone());
                bound.declare(word.clone(), kind.clone());
            }
        }
        let parameters = definition.parameters.iter().flatten();
        let unknown = std::iter::repeat_with(Type::unknown);
        for (parameter, kind) in parameters.zip(kinds.iter().cloned().chain(unknown)) {
            bound.declare(parameter.clone(), kind);
        }
        let kinds = &[kinds, &variables].concat()[..];
        let seen = self.macros.verdicts.entry(key(definition)).or_default();
        if let Some((_, verdict)) = seen.iter().find(|(known, _)| known == kinds) {
            return *verdict;
        }
        if seen.len() >= MOST_VARIANTS {
            return seen.iter().find_map(|(_, verdict)| *verdict);
        }
        // A macro that stands in its own body is not expanded there.
        seen.push((kinds.to_vec(), None));
        let parsed = definition.parsed(self.reader.parsers())?;
        let origin = Origin::Macro {
            body: parsed.start,
            definition,
        };
        let view = View {
            tree: &parsed.tree,
            text: &parsed.text,
        };
        let before = (
            std::mem::replace(&mut self.view, view),
            std::mem::replace(&mut self.origin, origin),
            std::mem::replace(&mut self.locals, bound),
            self.macros.found.take(),
        );
        let above = std::mem::take(&mut self.above);
        self.depth += 1;
        let function = named_children(view.tree.root()).next();
        self.initial_fields(definition, parsed.start);
        if let Some(block) = function.and_then(|function| view.tree.body(function)) {
            self.run(block);
        }
        self.depth -= 1;
        let found;
        self.above = above;
        (self.view, self.origin, self.locals, found) = before;
        let verdict = std::mem::replace(&mut self.macros.found, found);
        let seen = self.macros.verdicts.entry(key(definition)).or_default();
        if let Some(row) = seen.iter_mut().find(|(known, _)| known == kinds) {
            row.1 = verdict;
        }
        verdict
    }

    /// A body that is part of the initial value of a static type.
    fn initial_fields(&mut self, definition: &Macro, start: usize) {
        let body = definition.body.trim_end();
        let fields = body.trim_start();
        if !fields.starts_with(".tp_") {
            return;
        }
        let saying = Saying {
            rule: Rule::StaticType,
            name: definition.name.to_string(),
            message: format!(
                "macro `{}` holds fields of a type that is a variable",
                definition.name
            ),
            replacement: Some("slots of the type's specification".to_owned()),
            mechanical: false,
        };
        self.say(
            start + body.len() - fields.len()..start + body.len(),
            saying,
        );
    }

    /// The file's own macros that are used nowhere in it.
    pub fn unused_macros(&mut self) {
        for definition in &self.unit.prepared.defines {
            let seen = self.macros.verdicts.contains_key(&key(definition));
            // Its body is told where it stands.
            if !seen {
                self.examine(definition, &[]);
            }
        }
    }
}

/// Tells whether a body can hold nothing: it is empty, a number or a string.
fn is_plain(body: &str) -> bool {
    let body = body.trim();
    let first = body.bytes().next();
    first.is_none_or(|first| first == b'"' || first.is_ascii_digit())
}
