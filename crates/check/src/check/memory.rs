//! Blocks that are released by another family of functions than they came from.
//!
//! A place is a variable of one function, or a field of one struct in the whole file. Only where all blocks that are
//! seen to come to a place are of one family, and one that is released from it is of another, something is said.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Saying, Walk};
use crate::finding::Rule;
use crate::tree::{Node, Syntax, named_children};

/// A family of allocation functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Malloc,
    Raw,
    Mem,
    Object,
    Collected,
}

impl Family {
    fn release(self) -> &'static str {
        match self {
            Family::Malloc => "free",
            Family::Raw => "PyMem_RawFree",
            Family::Mem => "PyMem_Free",
            Family::Object => "PyObject_Free",
            Family::Collected => "PyObject_GC_Del",
        }
    }
}

/// The blocks that were seen.
#[derive(Default)]
pub struct Blocks {
    function: u32,
    places: FxHashMap<String, Place>,
}

#[derive(Default)]
struct Place {
    from: Vec<Family>,
    released: Vec<(Family, Range<usize>, String)>,
}

impl Blocks {
    /// Begins a function.
    pub fn enter_function(&mut self) {
        self.function += 1;
    }
}

fn allocator(name: &str) -> Option<Family> {
    Some(match name {
        "malloc" | "calloc" | "realloc" | "strdup" | "strndup" => Family::Malloc,
        "PyMem_RawMalloc" | "PyMem_RawCalloc" | "PyMem_RawRealloc" => Family::Raw,
        "PyMem_Malloc" | "PyMem_Calloc" | "PyMem_Realloc" | "PyMem_New" | "PyMem_NEW"
        | "PyMem_MALLOC" | "PyMem_REALLOC" => Family::Mem,
        "PyObject_Malloc" | "PyObject_Calloc" | "PyObject_Realloc" | "PyObject_MALLOC"
        | "PyObject_REALLOC" | "PyObject_New" | "PyObject_NEW" | "PyObject_NewVar"
        | "PyObject_NEW_VAR" => Family::Object,
        "PyObject_GC_New" | "PyObject_GC_NewVar" => Family::Collected,
        _ => return None,
    })
}

fn releaser(name: &str) -> Option<Family> {
    Some(match name {
        "free" => Family::Malloc,
        "PyMem_RawFree" => Family::Raw,
        "PyMem_Free" | "PyMem_FREE" | "PyMem_Del" | "PyMem_DEL" => Family::Mem,
        "PyObject_Free" | "PyObject_FREE" | "PyObject_Del" | "PyObject_DEL" => Family::Object,
        "PyObject_GC_Del" => Family::Collected,
        _ => return None,
    })
}

impl<'u> Walk<'u> {
    /// A variable or field that gets a block.
    pub fn assigned_block(&mut self, node: Node<'u>) {
        if self.depth > 0 {
            return;
        }
        let tree = self.view.tree;
        let (place, value) = match tree.syntax(node) {
            Syntax::Assignment => (tree.left(node), tree.right(node)),
            _ => (tree.declarator(node), tree.value(node)),
        };
        let (Some(mut place), Some(mut value)) = (place, value) else {
            return;
        };
        while tree.syntax(place) == Syntax::PointerDeclarator {
            let Some(inner) = tree.declarator(place) else {
                return;
            };
            place = inner;
        }
        loop {
            match tree.syntax(value) {
                Syntax::Cast => match tree.value(value) {
                    Some(inner) => value = inner,
                    None => return,
                },
                Syntax::Parenthesized => match named_children(value).last() {
                    Some(inner) => value = inner,
                    None => return,
                },
                _ => break,
            }
        }
        if tree.syntax(value) != Syntax::Call {
            return;
        }
        let name = tree
            .function(value)
            .map_or("", |function| self.text(function));
        let Some(family) = allocator(name) else {
            return;
        };
        if let Some(key) = self.block_place(place) {
            self.memory.places.entry(key).or_default().from.push(family);
        }
    }

    /// A call that releases a block.
    pub fn released_block(&mut self, node: Node<'u>) {
        if self.depth > 0 {
            return;
        }
        let tree = self.view.tree;
        let name = tree
            .function(node)
            .map_or("", |function| self.text(function));
        let Some(family) = releaser(name) else { return };
        let argument = tree
            .arguments(node)
            .and_then(|list| named_children(list).next());
        let Some(mut argument) = argument else { return };
        while matches!(tree.syntax(argument), Syntax::Cast | Syntax::Parenthesized) {
            let inner = match tree.syntax(argument) {
                Syntax::Cast => tree.value(argument),
                _ => named_children(argument).last(),
            };
            let Some(inner) = inner else { return };
            argument = inner;
        }
        if let Some(key) = self.block_place(argument) {
            let shown = self.text(argument).to_owned();
            let released = (family, node.byte_range(), shown);
            self.memory
                .places
                .entry(key)
                .or_default()
                .released
                .push(released);
        }
    }

    /// A variable of this function, or a field of a struct.
    fn block_place(&self, node: Node<'u>) -> Option<String> {
        let tree = self.view.tree;
        match tree.syntax(node) {
            Syntax::Identifier => {
                let name = self.text(node);
                match self.declared().variable(name) {
                    Some(_) if self.locals.get(name).is_none() => Some(name.to_owned()),
                    _ => Some(format!("{} {name}", self.memory.function)),
                }
            }
            Syntax::Field => {
                let (kind, _) = self.declared().owner(self.view, &self.locals, node);
                let field = tree.field(node)?;
                Some(format!("{}.{}", kind.name?, self.text(field)))
            }
            _ => None,
        }
    }

    /// Judges the blocks at the end of the file.
    pub fn finish_memory(&mut self) {
        for (_, place) in std::mem::take(&mut self.memory.places) {
            let Some(&family) = place.from.first() else {
                continue;
            };
            if place.from.iter().any(|&other| other != family) {
                continue;
            }
            for (other, range, shown) in place.released {
                if other == family {
                    continue;
                }
                let saying = Saying {
                    rule: Rule::AllocatorMix,
                    name: other.release().to_owned(),
                    message: format!(
                        "`{shown}` was not allocated by the functions that belong to {}",
                        other.release()
                    ),
                    replacement: Some(format!("{}({shown})", family.release())),
                    mechanical: false,
                };
                self.say(range, saying);
            }
        }
    }
}
