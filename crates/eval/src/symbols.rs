//! Scopes and what names mean in them.
//!
//! Two passes. [`collect`] walks the tree once and notes, for every scope, which names it binds, uses
//! and declares. [`SymbolTable::resolve`] then finds the binding of every name that is not local, and
//! with it the variables that must live in cells.
//!
//! **Units.** List, set and dict comprehensions are inlined, as CPython does since 3.12: such a scope
//! has names of its own, but its variables live in the frame of the nearest scope that is not inlined,
//! its *unit*. A variable needs a cell only when it is used from another unit.
//!
//! **Class bodies.** A class scope binds names for itself alone, so the search for a binding passes
//! over it. The exception are the cells that a class body keeps for what it contains: `__class__` for
//! methods, `__classdict__` and `__conditional_annotations__` for annotations.
//!
//! **Annotations.** They are evaluated in a function of their own, after the statement. Directly in a
//! class they see the names of the class all the same: that function runs in the namespace that
//! `__classdict__` holds.

mod collect;

use std::collections::{BTreeSet, HashMap};

use crate::code::Name;
use crate::error::CompileError;
use crate::lines::Lines;
use crate::tree::{ComprehensionKind, Module, ScopeId, Span};

/// Variables that a class body keeps in cells for the code within.
pub(crate) const CLASS_CELLS: [&str; 3] = ["__class__", CLASS_DICT, CONDITIONAL];
/// The class's namespace.
pub(crate) const CLASS_DICT: &str = "__classdict__";
/// The set of the places of those annotations whose statements ran.
pub(crate) const CONDITIONAL: &str = "__conditional_annotations__";

/// What opens a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    Module,
    Class,
    Function,
    Lambda,
    Comprehension(ComprehensionKind),
    /// The annotations of a function, class or module.
    Annotations,
}

/// How code reaches a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// A slot of the frame.
    Fast,
    /// A cell that this unit makes.
    Cell,
    /// A cell that an enclosing unit made.
    Free,
    /// As `Free`, read in a class body, whose namespace comes first.
    ClassFree,
    /// The globals, then the built-ins.
    Global,
    /// The frame's namespace first.
    Name,
}

/// Bits that say what a scope does with a name.
mod note {
    pub(super) const USED: u8 = 1;
    pub(super) const BOUND: u8 = 2;
    pub(super) const PARAMETER: u8 = 4;
    pub(super) const GLOBAL: u8 = 8;
    pub(super) const NONLOCAL: u8 = 16;
    pub(super) const ANNOTATED: u8 = 32;
    /// The variable of a comprehension's `for`.
    pub(super) const ITERATION: u8 = 64;
    /// Bound by `:=` in a comprehension, so in the scope around it.
    pub(super) const OUTER: u8 = 128;
}

struct Symbol {
    name: Name,
    notes: u8,
    /// The first `nonlocal` declaration.
    declared: Span,
}

enum Binding {
    Local,
    Explicit,
    Implicit,
    In(ScopeId),
}

pub(crate) struct Scope {
    pub(crate) kind: ScopeKind,
    /// The innermost class around, for the mangling of private names.
    pub(crate) private: Option<Name>,
    pub(crate) is_generator: bool,
    parent: Option<ScopeId>,
    symbols: Vec<Symbol>,
    index: HashMap<Name, usize>,
    /// Own variables that other units use.
    captured: BTreeSet<Name>,
    /// As a unit: the variables in cells that it makes.
    pub(crate) cells: BTreeSet<Name>,
    /// As a unit: the variables in cells that it is given.
    pub(crate) frees: BTreeSet<Name>,
}

impl Scope {
    fn notes(&self, name: &str) -> u8 {
        self.index
            .get(name)
            .map_or(0, |index| self.symbols[*index].notes)
    }

    fn is_inlined(&self) -> bool {
        matches!(
            self.kind,
            ScopeKind::Comprehension(
                ComprehensionKind::List | ComprehensionKind::Set | ComprehensionKind::Dict
            )
        )
    }

    /// Tells whether the scope's variables live in slots.
    pub(crate) fn is_function_like(&self) -> bool {
        !matches!(self.kind, ScopeKind::Module | ScopeKind::Class)
    }
}

/// The scopes of a module, by the numbers the tree gives them.
pub(crate) struct SymbolTable {
    scopes: Vec<Scope>,
}

impl SymbolTable {
    /// Builds the tables of a module.
    pub(crate) fn build(lines: &Lines<'_>, module: &Module) -> Result<SymbolTable, CompileError> {
        let mut table = collect::collect(lines, module)?;
        table.resolve(lines)?;
        Ok(table)
    }

    pub(crate) fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id as usize]
    }

    /// The names an inlined comprehension binds itself, in order of appearance.
    pub(crate) fn own_names(&self, id: ScopeId) -> impl Iterator<Item = &Name> {
        (self.scope(id).symbols.iter())
            .filter(|symbol| {
                symbol.notes & note::BOUND != 0 && symbol.notes & (note::OUTER | note::GLOBAL) == 0
            })
            .map(|symbol| &symbol.name)
    }

    /// How code in a scope reaches a (mangled) name.
    pub(crate) fn access(&self, id: ScopeId, name: &str) -> Access {
        let scope = self.scope(id);
        let unit = self.unit(id);
        match self.binding(id, name) {
            Binding::Local if !scope.is_function_like() => Access::Name,
            Binding::Local => {
                let in_cell = if unit == id {
                    scope.cells.contains(name)
                } else {
                    scope.captured.contains(name)
                };
                if in_cell { Access::Cell } else { Access::Fast }
            }
            Binding::Explicit => Access::Global,
            Binding::Implicit => match self.scope(unit).kind {
                ScopeKind::Module => Access::Name,
                ScopeKind::Class if unit == id => Access::Name,
                ScopeKind::Annotations if unit == id && self.is_in_class(id) => Access::Name,
                _ => Access::Global,
            },
            Binding::In(binder) if self.unit(binder) == unit => self.access(binder, name),
            Binding::In(_) if CLASS_CELLS.contains(&name) => Access::Free,
            Binding::In(_) if scope.kind == ScopeKind::Class => Access::ClassFree,
            Binding::In(_) if scope.kind == ScopeKind::Annotations && self.is_in_class(id) => {
                Access::ClassFree
            }
            Binding::In(_) => Access::Free,
        }
    }

    /// Tells whether a scope declares a name global.
    pub(crate) fn is_declared_global(&self, id: ScopeId, name: &str) -> bool {
        self.scope(id).notes(name) & note::GLOBAL != 0
    }

    /// Tells whether a scope lies directly in a class body.
    pub(crate) fn is_in_class(&self, id: ScopeId) -> bool {
        let parent = self.scope(id).parent;
        parent.is_some_and(|parent| self.scope(parent).kind == ScopeKind::Class)
    }

    fn unit(&self, mut id: ScopeId) -> ScopeId {
        while self.scope(id).is_inlined()
            && let Some(parent) = self.scope(id).parent
        {
            id = parent;
        }
        id
    }

    fn binding(&self, id: ScopeId, name: &str) -> Binding {
        let notes = self.scope(id).notes(name);
        if notes & note::GLOBAL != 0 {
            Binding::Explicit
        } else if notes & (note::NONLOCAL | note::OUTER) == 0 && notes & note::BOUND != 0 {
            Binding::Local
        } else {
            self.enclosing(id, name)
        }
    }

    /// Searches the scopes around one for the binding of a name.
    fn enclosing(&self, id: ScopeId, name: &str) -> Binding {
        let mut around = self.scope(id).parent;
        while let Some(current) = around {
            let scope = self.scope(current);
            match scope.kind {
                ScopeKind::Module => break,
                ScopeKind::Class if CLASS_CELLS.contains(&name) => {
                    if self.unit(id) == current {
                        break;
                    }
                    return Binding::In(current);
                }
                ScopeKind::Class => {}
                _ => {
                    let notes = scope.notes(name);
                    if notes & note::GLOBAL != 0 {
                        break;
                    }
                    if notes & (note::NONLOCAL | note::OUTER) == 0 && notes & note::BOUND != 0 {
                        return Binding::In(current);
                    }
                }
            }
            around = scope.parent;
        }
        Binding::Implicit
    }

    /// Finds the bindings of all names, and from them cells and free variables.
    fn resolve(&mut self, lines: &Lines<'_>) -> Result<(), CompileError> {
        for id in 0..self.scopes.len() as ScopeId {
            for index in 0..self.scope(id).symbols.len() {
                let Symbol {
                    name,
                    notes,
                    declared,
                } = &self.scope(id).symbols[index];
                let (name, notes, declared) = (name.clone(), *notes, *declared);
                let binding = self.binding(id, &name);
                if let Binding::In(binder) = binding {
                    self.capture(id, binder, &name);
                } else if notes & note::NONLOCAL != 0 && notes & note::GLOBAL == 0 {
                    return Err(CompileError::Syntax {
                        message: format!("no binding for nonlocal '{name}' found"),
                        place: lines.place(declared),
                    });
                }
            }
        }
        Ok(())
    }

    /// Notes that a scope uses a variable of another, which matters when their units differ.
    fn capture(&mut self, user: ScopeId, binder: ScopeId, name: &Name) {
        let home = self.unit(binder);
        let mut unit = self.unit(user);
        if unit == home {
            return;
        }
        self.scopes[binder as usize].captured.insert(name.clone());
        self.scopes[home as usize].cells.insert(name.clone());
        while unit != home {
            self.scopes[unit as usize].frees.insert(name.clone());
            match self.scopes[unit as usize].parent {
                Some(parent) => unit = self.unit(parent),
                None => break,
            }
        }
    }
}

/// The name under which a class keeps a private name.
pub(crate) fn mangle(class: Option<&str>, name: &Name) -> Name {
    let Some(class) = class.map(|class| class.trim_start_matches('_')) else {
        return name.clone();
    };
    if class.is_empty() || !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return name.clone();
    }
    format!("_{class}{name}").into()
}
