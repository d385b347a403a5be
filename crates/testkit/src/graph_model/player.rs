//! The nodes on the heap: two native types, and what their finalizers and the callbacks do.

use std::cell::RefCell;
use std::collections::HashMap;

use mortice_gc::{Generation, Object};
use mortice_types::builtin::{self, list, weakref};
use mortice_types::context::Tables;
use mortice_types::layout::{Native, Storage};
use mortice_types::native::{Binding, Method, figures, flags};
use mortice_types::{Args, Context, NativeType, Result, descriptor, index, native_type};

use super::{Act, Event, NODE_LIMIT};

const LAYOUT: Native = Native {
    weakref: Storage::Managed,
    ..figures("node", 40, 0)
};

native_type! {
    /// A node without a finalizer.
    static PLAIN: "plain" {
        index: index::EVAL,
        base: &builtin::LIST,
        layout: LAYOUT,
        flags: flags::COLLECTED,
        slots {},
        methods {},
        getsets {},
    }
}

native_type! {
    /// A node with a finalizer.
    static FINAL: "final" {
        index: index::EVAL + 1,
        base: &builtin::LIST,
        layout: LAYOUT,
        flags: flags::COLLECTED,
        slots { Del => finalizer, },
        methods {},
        getsets {},
    }
}

static NODES: &[&NativeType] = &[&PLAIN, &FINAL];
pub(super) static TABLES: Tables = &[builtin::TYPES, NODES];

static CALLBACK: Method = Method {
    name: "callback",
    function: callback,
    binding: Binding::Static,
    doc: "",
};

/// What finalizers and callbacks write to, and read from.
#[derive(Default)]
pub(super) struct Player {
    pub(super) events: RefCell<Vec<Event>>,
    /// What the program holds.
    pub(super) roots: RefCell<Vec<(usize, Object)>>,
    /// A weak reference to each node, by number.
    watches: RefCell<Vec<Object>>,
    /// What the finalizers do, by number.
    finalizers: RefCell<Vec<Option<Act>>>,
    /// Weak references with a callback, by number: the target, what the callback does, the reference.
    references: RefCell<Vec<(usize, Act, Object)>>,
    /// Their numbers, by address.
    numbers: RefCell<HashMap<usize, usize>>,
}

fn number(node: &Object) -> Option<usize> {
    let number = list::view(node)?.items.get(0)?.as_small()?;
    usize::try_from(number).ok()
}

/// The target of a node's newest edge.
fn child(node: &Object) -> Option<Object> {
    let items = &list::view(node)?.items;
    items.get(items.len().checked_sub(1).filter(|last| *last > 0)?)
}

fn finalizer(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    if let (Some(player), Some(number)) = (cx.client::<Player>(0), number(&this)) {
        player.events.borrow_mut().push(Event::Finalized(number));
        let act = player.finalizers.borrow()[number];
        player.finalize(cx, number, &this, act.unwrap_or(Act::Nothing))?;
    }
    Ok(cx.none())
}

fn callback(cx: &Context, args: Args<'_>) -> Result<Object> {
    if let (Some(player), Some(reference)) = (cx.client::<Player>(0), args.get(0)) {
        let known = player.numbers.borrow().get(&reference.address()).copied();
        if let Some(known) = known {
            player.events.borrow_mut().push(Event::Called(known));
            let (target, act, _) = player.references.borrow()[known].clone();
            match act {
                Act::Save => {
                    if let Some(node) = player.target(target) {
                        player.roots.borrow_mut().push((target, node));
                    }
                }
                _ => player.act(cx, act, None)?,
            }
        }
    }
    Ok(cx.none())
}

impl Player {
    /// The node of that number, while it lives.
    pub(super) fn target(&self, number: usize) -> Option<Object> {
        weakref::view(&self.watches.borrow()[number])?.target()
    }

    /// Makes a node that is a root.
    pub(super) fn make(&self, cx: &Context, finalizer: Option<Act>) -> Result<Object> {
        let number = self.watches.borrow().len();
        let of = cx.builtin(if finalizer.is_some() { &FINAL } else { &PLAIN });
        let node = cx.instance(&of, 0)?;
        if let Some(view) = list::view(&node) {
            list::append(cx, view, cx.int(number as i64)?)?;
        }
        let watch = weakref::new_reference(cx, &node)?;
        self.watches.borrow_mut().push(watch);
        self.finalizers.borrow_mut().push(finalizer);
        self.roots.borrow_mut().push((number, node.clone()));
        Ok(node)
    }

    pub(super) fn link(cx: &Context, from: &Object, to: &Object) -> Result<()> {
        match list::view(from) {
            Some(view) => list::append(cx, view, to.clone()),
            None => Ok(()),
        }
    }

    /// Drops a node's newest edge.
    pub(super) fn unlink(from: &Object) {
        if let Some(view) = list::view(from)
            && view.items.len() > 1
        {
            let edge = view.items.pop();
            drop(edge);
        }
    }

    /// Drops a root.
    pub(super) fn drop_root(&self, place: usize) {
        let root = self.roots.borrow_mut().swap_remove(place);
        drop(root);
    }

    pub(super) fn watch(&self, cx: &Context, number: usize, node: &Object, act: Act) -> Result<()> {
        let function = descriptor::new_builtin(cx, &CALLBACK, None, None)?;
        let of = cx.builtin(&builtin::WEAKREF);
        let reference = weakref::make(cx, &of, node, Some(&function))?;
        let mut references = self.references.borrow_mut();
        let address = reference.address();
        self.numbers.borrow_mut().insert(address, references.len());
        references.push((number, act, reference));
        Ok(())
    }

    pub(super) fn freeze(cx: &Context, freeze: bool) {
        if freeze {
            cx.heap().freeze();
        } else {
            cx.heap().unfreeze();
        }
    }

    fn finalize(&self, cx: &Context, number: usize, this: &Object, act: Act) -> Result<()> {
        match act {
            Act::Save => self.roots.borrow_mut().push((number, this.clone())),
            Act::SaveChild => {
                if let Some(child) = child(this) {
                    let number = self::number(&child).unwrap_or(NODE_LIMIT);
                    self.roots.borrow_mut().push((number, child));
                }
            }
            Act::DropEdges => {
                while list::view(this).is_some_and(|view| view.items.len() > 1) {
                    Player::unlink(this);
                }
            }
            Act::DropChildsEdge => {
                if let Some(child) = child(this) {
                    Player::unlink(&child);
                }
            }
            Act::LinkChild => {
                if let Some(child) = child(this) {
                    Player::link(cx, &child, this)?;
                }
            }
            Act::LinkSelf => Player::link(cx, this, this)?,
            _ => self.act(cx, act, Some(this))?,
        }
        Ok(())
    }

    /// What finalizers and callbacks do alike.
    fn act(&self, cx: &Context, act: Act, this: Option<&Object>) -> Result<()> {
        match act {
            Act::Collect(generation) => {
                let of = Generation::from_number(i64::from(generation)).unwrap_or(Generation::Full);
                let found = cx.heap().collect(of).ok().map(|found| found.collected);
                self.events.borrow_mut().push(Event::Collected(found));
            }
            Act::Make | Act::MakeGarbage if self.watches.borrow().len() < NODE_LIMIT => {
                let made = self.make(cx, None)?;
                if act == Act::Make {
                    if let Some(this) = this {
                        Player::link(cx, &made, this)?;
                    }
                } else {
                    Player::link(cx, &made, &made)?;
                    let root = self.roots.borrow_mut().pop();
                    drop(root);
                }
            }
            Act::DropRoot => {
                let root = self.roots.borrow_mut().pop();
                drop(root);
            }
            Act::Freeze(freeze) => Player::freeze(cx, freeze),
            Act::Raise => return Err(cx.value_error(format_args!("raised on purpose"))),
            _ => {}
        }
        Ok(())
    }
}
