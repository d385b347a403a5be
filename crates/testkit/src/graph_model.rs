//! A naive model of object graphs, and the operations that compare it with the collector.
//!
//! Nodes are instances of two native types that derive from `list`: item 0 is the node's number,
//! the others are its edges. Nodes of one type have a finalizer, which records its call and may
//! resurrect the node; every node has a weak reference that tells whether it lives, and some have
//! references with callbacks, which are recorded too.
//!
//! The model knows reachability and nothing else of how a collector works: it counts references,
//! ends what has none, and at a collection ends the candidates that no root and no older node
//! reaches. After every operation it compares who lives, how many references each one has, and
//! the finalizers and callbacks that ran, in order.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use arbitrary::{Arbitrary, Unstructured};
use mortice_gc::mem::Config;
use mortice_gc::{Collected, Generation, Object};
use mortice_types::builtin::{self, list, weakref};
use mortice_types::context::Tables;
use mortice_types::layout::{Native, Storage};
use mortice_types::native::{Binding, Method, figures, flags};
use mortice_types::{
    Args, Context, NativeType, Result as PythonResult, TypeStorage, descriptor, index, native_type,
};

/// Nodes that a run makes at most.
const NODE_LIMIT: usize = 400;
/// Nested deallocations that the heap follows at once; beyond, the order is its own.
const NESTING_MAX: usize = mortice_gc::dealloc::NESTING_MAX as usize;

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
static TABLES: Tables = &[builtin::TYPES, NODES];
static STORAGE: TypeStorage = TypeStorage::new();

static CALLBACK: Method = Method {
    name: "callback",
    function: callback,
    binding: Binding::Static,
    doc: "",
};

/// What a program notices of an ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// The finalizer of a node ran.
    Finalized(usize),
    /// The callback of a weak reference ran.
    Called(usize),
}

/// What finalizers and callbacks write to, and read from.
#[derive(Default)]
struct Recorder {
    events: RefCell<Vec<Event>>,
    /// Nodes whose finalizer makes a new root.
    resurrects: RefCell<HashSet<usize>>,
    resurrected: RefCell<Vec<(usize, Object)>>,
    /// References with a callback, by address.
    references: RefCell<HashMap<usize, usize>>,
}

fn number(node: &Object) -> Option<usize> {
    let number = list::view(node)?.items.get(0)?.as_small()?;
    usize::try_from(number).ok()
}

fn finalizer(cx: &Context, args: Args<'_>) -> PythonResult<Object> {
    let this = args.receiver();
    if let (Some(recorder), Some(number)) = (cx.client::<Recorder>(0), number(&this)) {
        recorder.events.borrow_mut().push(Event::Finalized(number));
        if recorder.resurrects.borrow().contains(&number) {
            let saved = (number, (*this).clone());
            recorder.resurrected.borrow_mut().push(saved);
        }
    }
    Ok(cx.none())
}

fn callback(cx: &Context, args: Args<'_>) -> PythonResult<Object> {
    if let (Some(recorder), Some(reference)) = (cx.client::<Recorder>(0), args.get(0)) {
        let known = recorder
            .references
            .borrow()
            .get(&reference.address())
            .copied();
        if let Some(known) = known {
            recorder.events.borrow_mut().push(Event::Called(known));
        }
    }
    Ok(cx.none())
}

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The operations decoded.
    pub operations: u64,
    /// Nodes made.
    pub nodes: u64,
    /// Collections that ran.
    pub collections: u64,
    /// Nodes that only a collection ended.
    pub collected: u64,
    /// Nodes whose finalizer ran and that lived on.
    pub resurrected: u64,
    /// Callbacks that ran.
    pub callbacks: u64,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Operation {
    New {
        finalizer: bool,
        resurrects: bool,
    },
    /// An edge between two living nodes.
    Link(u8, u8),
    Links(u8, u8, u8),
    /// Takes a node's newest edge away.
    Unlink(u8),
    Root(u8),
    Unroot(u8),
    Unroots(u8, u8),
    Watch(u8),
    Collect(u8),
    Freeze(bool),
}

#[derive(Debug, Default)]
struct Node {
    alive: bool,
    references: usize,
    edges: Vec<usize>,
    has_finalizer: bool,
    finalized: bool,
    resurrects: bool,
    /// 3 is the permanent generation.
    generation: u8,
    /// When the collector was shown the node, last of all before a finalizer that the end of its
    /// references started.
    tracked: usize,
    /// References with callbacks, oldest first.
    callbacks: Vec<usize>,
}

/// The model: who refers to whom.
#[derive(Debug, Default)]
struct Model {
    nodes: Vec<Node>,
    events: Vec<Event>,
    /// How often a node was shown to the collector.
    trackings: usize,
    /// New roots that finalizers made.
    resurrected: Vec<usize>,
    /// Endings were nested deeper than the heap follows at once.
    is_deep: bool,
}

impl Model {
    fn release(&mut self, number: usize, depth: usize) {
        self.nodes[number].references -= 1;
        if self.nodes[number].references == 0 {
            self.end(number, depth);
        }
    }

    /// The collector sees the node as a young one, the newest of all.
    fn track(&mut self, number: usize) {
        self.trackings += 1;
        let node = &mut self.nodes[number];
        node.tracked = self.trackings;
        node.generation = 0;
    }

    fn finalize(&mut self, number: usize) {
        let node = &mut self.nodes[number];
        if !node.has_finalizer || node.finalized {
            return;
        }
        node.finalized = true;
        self.events.push(Event::Finalized(number));
        if node.resurrects {
            node.references += 1;
            self.resurrected.push(number);
        }
    }

    /// Ends a node that has no references.
    fn end(&mut self, number: usize, depth: usize) {
        self.is_deep |= depth >= NESTING_MAX;
        if self.nodes[number].has_finalizer && !self.nodes[number].finalized {
            self.track(number);
        }
        self.finalize(number);
        let node = &mut self.nodes[number];
        if node.references > 0 {
            return;
        }
        node.alive = false;
        let callbacks = std::mem::take(&mut node.callbacks);
        let calls = callbacks.into_iter().rev().map(Event::Called);
        self.events.extend(calls);
        self.drop_edges(number, depth + 1);
    }

    /// Drops the edges from the last one, as a list its items.
    fn drop_edges(&mut self, number: usize, depth: usize) {
        for to in std::mem::take(&mut self.nodes[number].edges)
            .into_iter()
            .rev()
        {
            self.release(to, depth);
        }
    }

    /// The members of `among` that none of the others, and no reference from outside, reaches, in
    /// the order of their tracking.
    fn unreachable(&self, among: &[usize]) -> Vec<usize> {
        let members: HashSet<usize> = among.iter().copied().collect();
        let mut internal: HashMap<usize, usize> = HashMap::new();
        for &from in among {
            for to in &self.nodes[from].edges {
                *internal.entry(*to).or_default() += 1;
            }
        }
        let is_held = |number: &usize| {
            self.nodes[*number].references > internal.get(number).copied().unwrap_or(0)
        };
        let mut waiting: Vec<usize> = among.iter().copied().filter(is_held).collect();
        let mut reached: HashSet<usize> = waiting.iter().copied().collect();
        while let Some(from) = waiting.pop() {
            for to in &self.nodes[from].edges {
                if members.contains(to) && reached.insert(*to) {
                    waiting.push(*to);
                }
            }
        }
        let mut garbage: Vec<usize> = members.difference(&reached).copied().collect();
        garbage.sort_unstable_by_key(|number| self.nodes[*number].tracked);
        garbage
    }

    /// Collects; returns how many nodes were freed.
    fn collect(&mut self, generation: u8) -> usize {
        let candidates: Vec<usize> = (0..self.nodes.len())
            .filter(|number| {
                let node = &self.nodes[*number];
                node.alive && node.generation <= generation
            })
            .collect();
        let garbage = self.unreachable(&candidates);
        let unreachable: HashSet<usize> = garbage.iter().copied().collect();
        for number in candidates {
            if !unreachable.contains(&number) {
                self.nodes[number].generation = (generation + 1).min(2);
            }
        }
        for &number in &garbage {
            let callbacks = std::mem::take(&mut self.nodes[number].callbacks);
            let calls = callbacks.into_iter().rev().map(Event::Called);
            self.events.extend(calls);
        }
        for &number in &garbage {
            self.finalize(number);
        }
        let dead = self.unreachable(&garbage);
        let ends: HashSet<usize> = dead.iter().copied().collect();
        for &number in &garbage {
            if !ends.contains(&number) {
                self.nodes[number].generation = 2;
            } else {
                // The collector's own reference, and no finalizer after this.
                self.nodes[number].references += 1;
                self.nodes[number].finalized = true;
            }
        }
        for &number in &dead {
            if self.nodes[number].references > 1 {
                self.drop_edges(number, 0);
            }
            self.release(number, 0);
        }
        dead.len()
    }
}

/// Runs the operations that `data` encodes, and compares.
///
/// # Errors
///
/// The first difference between the heap and the model, in words.
pub fn run(data: &[u8]) -> Result<Report, String> {
    let cx =
        Context::with(&STORAGE, TABLES, Config::default()).map_err(|error| error.to_string())?;
    if cx.set_client(0, Box::new(Recorder::default())).is_err() {
        return Err("the context has a client already".into());
    }
    let mut harness = Harness {
        cx: &cx,
        model: Model::default(),
        watches: Vec::new(),
        references: Vec::new(),
        roots: Vec::new(),
        report: Report::default(),
    };
    let mut input = Unstructured::new(data);
    while !input.is_empty() {
        let Ok(operation) = Operation::arbitrary(&mut input) else {
            break;
        };
        harness.report.operations += 1;
        harness
            .step(operation)
            .and_then(|()| harness.compare())
            .map_err(|reason| format!("{operation:?}: {reason}"))?;
    }
    harness.finish()
}

struct Harness<'a> {
    cx: &'a Context,
    model: Model,
    /// A weak reference to each node, by number.
    watches: Vec<Object>,
    /// Weak references with callbacks, by number.
    references: Vec<Object>,
    roots: Vec<(usize, Object)>,
    report: Report,
}

impl Harness<'_> {
    fn recorder(&self) -> Result<&Recorder, String> {
        self.cx
            .client::<Recorder>(0)
            .ok_or_else(|| "the recorder is gone".into())
    }

    fn target(&self, number: usize) -> Option<Object> {
        weakref::view(&self.watches[number])?.target()
    }

    /// A living node, chosen by the input.
    fn pick(&self, choice: u8) -> Result<Option<(usize, Object)>, String> {
        let living: Vec<usize> = (0..self.model.nodes.len())
            .filter(|number| self.model.nodes[*number].alive)
            .collect();
        let Some(place) = usize::from(choice).checked_rem(living.len()) else {
            return Ok(None);
        };
        match self.target(living[place]) {
            Some(node) => Ok(Some((living[place], node))),
            None => Err(format!("node {} ended too early", living[place])),
        }
    }

    fn step(&mut self, operation: Operation) -> Result<(), String> {
        match operation {
            Operation::New {
                finalizer,
                resurrects,
            } => self.make(finalizer, resurrects),
            Operation::Link(from, to) => self.link(from, to),
            Operation::Links(from, to, count) => {
                for step in 0..count % 16 {
                    self.link(from.wrapping_add(step), to.wrapping_add(step))?;
                }
                Ok(())
            }
            Operation::Unlink(from) => {
                if let Some((from, node)) = self.pick(from)?
                    && let Some(to) = self.model.nodes[from].edges.pop()
                {
                    // The handle of `from` counts while the edge goes.
                    self.model.nodes[from].references += 1;
                    let edge = list::view(&node).and_then(|list| list.items.pop());
                    drop(edge);
                    self.model.release(to, 0);
                    drop(node);
                    self.model.release(from, 0);
                }
                Ok(())
            }
            Operation::Root(choice) => {
                if let Some((number, node)) = self.pick(choice)? {
                    self.model.nodes[number].references += 1;
                    self.roots.push((number, node));
                }
                Ok(())
            }
            Operation::Unroot(choice) => self.unroot(choice),
            Operation::Unroots(choice, count) => {
                for _ in 0..count % 16 {
                    self.unroot(choice)?;
                }
                Ok(())
            }
            Operation::Watch(choice) => self.watch(choice),
            Operation::Collect(choice) => self.collect(choice % 3),
            Operation::Freeze(freeze) => {
                if freeze {
                    self.cx.heap().freeze();
                } else {
                    self.cx.heap().unfreeze();
                }
                for node in self.model.nodes.iter_mut().filter(|node| node.alive) {
                    match (freeze, node.generation) {
                        (true, _) => node.generation = 3,
                        (false, 3) => node.generation = 2,
                        _ => {}
                    }
                }
                Ok(())
            }
        }
    }

    fn make(&mut self, finalizer: bool, resurrects: bool) -> Result<(), String> {
        let number = self.model.nodes.len();
        if number == NODE_LIMIT {
            return Ok(());
        }
        let raised = |_| String::from("making a node raised");
        let of = self.cx.builtin(if finalizer { &FINAL } else { &PLAIN });
        let node = self.cx.instance(&of, 0).map_err(raised)?;
        let view = list::view(&node).ok_or("a node is no list")?;
        let tag = self.cx.int(number as i64).map_err(raised)?;
        list::append(self.cx, view, tag).map_err(raised)?;
        self.watches
            .push(weakref::new_reference(self.cx, &node).map_err(raised)?);
        if resurrects {
            self.recorder()?.resurrects.borrow_mut().insert(number);
        }
        self.model.nodes.push(Node {
            alive: true,
            references: 1,
            has_finalizer: finalizer,
            resurrects,
            ..Node::default()
        });
        self.model.track(number);
        self.roots.push((number, node));
        self.report.nodes += 1;
        Ok(())
    }

    fn link(&mut self, from: u8, to: u8) -> Result<(), String> {
        if let (Some((from, node)), Some((to, target))) = (self.pick(from)?, self.pick(to)?) {
            let view = list::view(&node).ok_or("a node is no list")?;
            list::append(self.cx, view, target).map_err(|_| "linking raised")?;
            self.model.nodes[from].edges.push(to);
            self.model.nodes[to].references += 1;
        }
        Ok(())
    }

    fn unroot(&mut self, choice: u8) -> Result<(), String> {
        if let Some(place) = usize::from(choice).checked_rem(self.roots.len()) {
            let (number, node) = self.roots.swap_remove(place);
            drop(node);
            self.model.release(number, 0);
            self.take_resurrected()?;
        }
        Ok(())
    }

    fn watch(&mut self, choice: u8) -> Result<(), String> {
        if let Some((number, node)) = self.pick(choice)? {
            let known = self.references.len();
            let raised = |_| String::from("making a weak reference raised");
            let function =
                descriptor::new_builtin(self.cx, &CALLBACK, None, None).map_err(raised)?;
            let of = self.cx.builtin(&builtin::WEAKREF);
            let reference = weakref::make(self.cx, &of, &node, Some(&function)).map_err(raised)?;
            let address = reference.address();
            self.recorder()?
                .references
                .borrow_mut()
                .insert(address, known);
            self.references.push(reference);
            self.model.nodes[number].callbacks.push(known);
        }
        Ok(())
    }

    fn collect(&mut self, generation: u8) -> Result<(), String> {
        let number = Generation::from_number(i64::from(generation)).unwrap_or(Generation::Full);
        let found: Collected = self
            .cx
            .heap()
            .collect(number)
            .map_err(|error| error.to_string())?;
        let freed = self.model.collect(generation);
        // The heap also holds objects of the context, which are not garbage.
        if found.collected != freed {
            return Err(format!(
                "{} objects collected, {freed} expected",
                found.collected
            ));
        }
        self.report.collections += 1;
        self.report.collected += freed as u64;
        self.take_resurrected()
    }

    /// Makes roots of what finalizers saved.
    fn take_resurrected(&mut self) -> Result<(), String> {
        let mut saved = std::mem::take(&mut *self.recorder()?.resurrected.borrow_mut());
        let mut expected = std::mem::take(&mut self.model.resurrected);
        if self.model.is_deep {
            saved.sort_unstable_by_key(|(number, _)| *number);
            expected.sort_unstable();
        }
        if !saved.iter().map(|(number, _)| number).eq(&expected) {
            return Err(format!("{saved:?} were resurrected, {expected:?} expected"));
        }
        self.report.resurrected += saved.len() as u64;
        self.roots.extend(saved);
        Ok(())
    }

    fn compare(&mut self) -> Result<(), String> {
        self.take_resurrected()?;
        let mut events = std::mem::take(&mut *self.recorder()?.events.borrow_mut());
        let mut expected = std::mem::take(&mut self.model.events);
        if std::mem::take(&mut self.model.is_deep) {
            events.sort_unstable();
            expected.sort_unstable();
        }
        if events != expected {
            return Err(format!("events {events:?}, expected {expected:?}"));
        }
        let calls = events
            .iter()
            .filter(|event| matches!(event, Event::Called(_)));
        self.report.callbacks += calls.count() as u64;
        for (number, node) in self.model.nodes.iter().enumerate() {
            let count = self
                .target(number)
                .map(|target| target.refcount() as usize - 1);
            let expected = node.alive.then_some(node.references);
            if count != expected {
                return Err(format!(
                    "node {number} has {count:?} references, expected {expected:?}"
                ));
            }
        }
        Ok(())
    }

    /// Drops everything and collects until nothing is left.
    fn finish(mut self) -> Result<Report, String> {
        self.step(Operation::Freeze(false))?;
        // A finalizer runs once, so each node comes back once at most.
        for _ in 0..=self.model.nodes.len() {
            while !self.roots.is_empty() {
                self.unroot(0)?;
                self.compare()?;
            }
            self.collect(2)?;
            self.compare()?;
            if self.model.nodes.iter().all(|node| !node.alive) {
                break;
            }
        }
        if let Some(left) = self.model.nodes.iter().position(|node| node.alive) {
            return Err(format!("node {left} never ended"));
        }
        let check = self.cx.heap().memory().check();
        check.map_err(|error| error.to_string())?;
        Ok(self.report)
    }
}
