//! The model: who refers to whom, and what ends when.
//!
//! It knows reachability, reference counts and the order in which nodes were shown to the collector, and nothing of how
//! the heap finds any of that. Finalizers and callbacks act on it as [`super::player`] lets them act on the heap.

use std::collections::{HashMap, HashSet};

use super::{Act, Event, NODE_LIMIT};

/// Nested endings that are followed at once; beyond, the ended wait, and the newest goes first.
const NESTING_MAX: usize = mortice_gc::dealloc::NESTING_MAX as usize;

/// The generation that no collection looks at.
const PERMANENT: u8 = 3;

#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) alive: bool,
    pub(super) references: usize,
    pub(super) edges: Vec<usize>,
    /// What the finalizer does, where there is one.
    finalizer: Option<Act>,
    finalized: bool,
    generation: u8,
    /// When the collector was shown the node, last of all before a finalizer that the end of its references started; 0
    /// while it does not see the node.
    tracked: usize,
    /// References with callbacks, oldest first.
    callbacks: Vec<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) nodes: Vec<Node>,
    pub(super) events: Vec<Event>,
    /// Nodes that the program holds, once for each time.
    pub(super) roots: Vec<usize>,
    /// The target of each reference with a callback, and what the callback does.
    pub(super) watched: Vec<(usize, Act)>,
    /// How often a node was shown to the collector.
    trackings: usize,
    /// Endings that run now, one within the other.
    depth: usize,
    /// Ended nodes that wait.
    queue: Vec<usize>,
    collecting: bool,
    /// What the running collection found.
    garbage: HashSet<usize>,
    /// Finalizers that ran and left their node alive.
    pub(super) resurrected: u64,
    /// Nodes that waited for their end.
    pub(super) waited: u64,
}

impl Model {
    /// Makes a node that is a root.
    pub(super) fn make(&mut self, finalizer: Option<Act>) {
        let number = self.nodes.len();
        self.nodes.push(Node {
            alive: true,
            finalizer,
            ..Node::default()
        });
        self.track(number);
        self.hold(number);
    }

    /// Makes a root of a node.
    pub(super) fn hold(&mut self, number: usize) {
        self.nodes[number].references += 1;
        self.roots.push(number);
    }

    pub(super) fn link(&mut self, from: usize, to: usize) {
        self.nodes[from].edges.push(to);
        self.nodes[to].references += 1;
    }

    /// Drops a node's newest edge while somebody holds the node.
    pub(super) fn unlink(&mut self, from: usize) {
        self.nodes[from].references += 1;
        if let Some(to) = self.nodes[from].edges.pop() {
            self.release(to);
        }
        self.release(from);
    }

    pub(super) fn watch(&mut self, number: usize, act: Act) {
        self.nodes[number].callbacks.push(self.watched.len());
        self.watched.push((number, act));
    }

    pub(super) fn freeze(&mut self, freeze: bool) {
        let garbage = &self.garbage;
        for (number, node) in self.nodes.iter_mut().enumerate() {
            match (freeze, node.generation) {
                (true, _) if !garbage.contains(&number) => node.generation = PERMANENT,
                (false, PERMANENT) => node.generation = 2,
                _ => {}
            }
        }
    }

    pub(super) fn release(&mut self, number: usize) {
        self.nodes[number].references -= 1;
        if self.nodes[number].references == 0 {
            self.end(number);
        }
    }

    /// The collector sees the node as a young one, the newest of all.
    fn track(&mut self, number: usize) {
        self.trackings += 1;
        let node = &mut self.nodes[number];
        node.tracked = self.trackings;
        node.generation = 0;
    }

    /// Runs a finalizer or a callback: what ends within it is nested in nothing.
    fn foreign(&mut self, run: impl FnOnce(&mut Model)) {
        let depth = std::mem::take(&mut self.depth);
        let queue = std::mem::take(&mut self.queue);
        run(self);
        self.depth = depth;
        self.queue = queue;
    }

    /// Ends a node that has no references.
    fn end(&mut self, number: usize) {
        self.nodes[number].tracked = 0;
        if self.depth >= NESTING_MAX {
            self.queue.push(number);
            self.waited += 1;
            return;
        }
        self.depth += 1;
        self.dispose(number);
        if self.depth == 1 {
            while let Some(next) = self.queue.pop() {
                self.dispose(next);
            }
        }
        self.depth -= 1;
    }

    fn dispose(&mut self, number: usize) {
        if let Some(act) = self.due_finalizer(number) {
            // It lives for its finalizer's time.
            self.nodes[number].references = 1;
            self.track(number);
            self.foreign(|model| model.finalize(number, act));
            self.nodes[number].references -= 1;
            if self.nodes[number].references > 0 {
                self.resurrected += 1;
                return;
            }
            self.nodes[number].tracked = 0;
        }
        self.nodes[number].alive = false;
        let callbacks = std::mem::take(&mut self.nodes[number].callbacks);
        for callback in callbacks.into_iter().rev() {
            self.foreign(|model| model.call(callback));
        }
        self.drop_edges(number);
    }

    /// The finalizer that is still to run; it counts as run from here on.
    fn due_finalizer(&mut self, number: usize) -> Option<Act> {
        let node = &mut self.nodes[number];
        let act = node.finalizer.filter(|_| !node.finalized)?;
        node.finalized = true;
        Some(act)
    }

    fn finalize(&mut self, number: usize, act: Act) {
        self.events.push(Event::Finalized(number));
        let child = self.nodes[number].edges.last().copied();
        match act {
            Act::Save => self.hold(number),
            Act::SaveChild => {
                if let Some(child) = child {
                    self.hold(child);
                }
            }
            Act::DropEdges => {
                while let Some(to) = self.nodes[number].edges.pop() {
                    self.release(to);
                }
            }
            Act::DropChildsEdge => {
                if let Some(child) = child {
                    self.unlink(child);
                }
            }
            Act::LinkChild => {
                if let Some(child) = child {
                    self.link(child, number);
                }
            }
            Act::LinkSelf => self.link(number, number),
            _ => self.act(act, Some(number)),
        }
    }

    fn call(&mut self, callback: usize) {
        self.events.push(Event::Called(callback));
        let (target, act) = self.watched[callback];
        match act {
            Act::Save => {
                if self.nodes[target].alive {
                    self.hold(target);
                }
            }
            _ => self.act(act, None),
        }
    }

    /// What finalizers and callbacks do alike.
    fn act(&mut self, act: Act, number: Option<usize>) {
        match act {
            Act::Collect(generation) => {
                let freed = (!self.collecting).then(|| self.collect(generation));
                self.events.push(Event::Collected(freed));
            }
            Act::Make | Act::MakeGarbage if self.nodes.len() < NODE_LIMIT => {
                let made = self.nodes.len();
                self.make(None);
                if act == Act::Make {
                    if let Some(number) = number {
                        self.link(made, number);
                    }
                } else {
                    self.link(made, made);
                    self.drop_root();
                }
            }
            Act::DropRoot => self.drop_root(),
            Act::Freeze(freeze) => self.freeze(freeze),
            _ => {}
        }
    }

    /// Drops the newest root.
    fn drop_root(&mut self) {
        if let Some(number) = self.roots.pop() {
            self.release(number);
        }
    }

    /// Drops the edges from the last one, as a list its items.
    fn drop_edges(&mut self, number: usize) {
        let edges = std::mem::take(&mut self.nodes[number].edges);
        for to in edges.into_iter().rev() {
            self.release(to);
        }
    }

    /// The members of `among` that none of the others, and no reference from outside, reaches; in the order of `among`.
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
        let is_left = |number: &usize| !reached.contains(number);
        among.iter().copied().filter(is_left).collect()
    }

    /// Collects; returns how many nodes were freed.
    pub(super) fn collect(&mut self, generation: u8) -> usize {
        self.collecting = true;
        let mut candidates: Vec<usize> = (0..self.nodes.len())
            .filter(|number| {
                let node = &self.nodes[*number];
                node.tracked > 0 && node.generation <= generation
            })
            .collect();
        candidates.sort_unstable_by_key(|number| self.nodes[*number].tracked);
        let garbage = self.unreachable(&candidates);
        self.garbage = garbage.iter().copied().collect();
        for number in candidates {
            if !self.garbage.contains(&number) {
                self.nodes[number].generation = (generation + 1).min(2);
            }
        }
        let mut calls = Vec::new();
        for &number in &garbage {
            let callbacks = std::mem::take(&mut self.nodes[number].callbacks);
            calls.extend(callbacks.into_iter().rev());
        }
        for callback in calls {
            self.call(callback);
        }
        for &number in &garbage {
            if self.nodes[number].alive
                && let Some(act) = self.due_finalizer(number)
            {
                self.nodes[number].references += 1;
                self.finalize(number, act);
                self.release(number);
            }
        }
        let left: Vec<usize> = garbage
            .into_iter()
            .filter(|number| self.nodes[*number].tracked > 0)
            .collect();
        let dead = self.unreachable(&left);
        let ends: HashSet<usize> = dead.iter().copied().collect();
        for number in left.iter().filter(|number| !ends.contains(number)) {
            self.nodes[*number].generation = 2;
            self.resurrected += u64::from(self.nodes[*number].finalized);
        }
        self.garbage = ends;
        for &number in &dead {
            self.nodes[number].callbacks.clear();
        }
        for &number in &dead {
            self.garbage.remove(&number);
            if self.nodes[number].alive {
                self.nodes[number].references += 1;
                self.drop_edges(number);
                self.release(number);
            }
        }
        self.collecting = false;
        dead.len()
    }
}
