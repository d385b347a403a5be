//! A naive model of object graphs, and the operations that compare it with the collector.
//!
//! Nodes are instances of two native types that derive from `list`: item 0 is the node's number,
//! the others are its edges. Nodes of one type have a finalizer, which records its call and may
//! do something to the graph ([`Act`]): save its node or another one, drop and add edges, make nodes,
//! collect, freeze, raise. Every node has a weak reference that tells whether it lives, and some have
//! references with callbacks, which do as much.
//!
//! The model (`graph_model/model.rs`) knows reachability and nothing else of how a collector works: it counts references,
//! ends what has none, and at a collection ends the candidates that no root and no older node
//! reaches. After every operation it is compared who lives, how many references each one has, who is held, and
//! the finalizers, callbacks and collections that ran, in order.

mod model;
mod player;

use arbitrary::{Arbitrary, Unstructured};
use mortice_gc::mem::Config;
use mortice_gc::{Collected, External, Generation, Object};
use mortice_types::{Context, Raised, TypeStorage};

use model::Model;
use player::Player;

/// Nodes that a run makes at most.
const NODE_LIMIT: usize = 400;
/// Operations between two checks of the whole heap.
const CHECK_EVERY: u64 = 64;
/// Objects of the young generation, beyond those of the middle one, before a collection is due.
const THRESHOLDS: [u32; 3] = [40, 3, 2];
/// Bytes that ask for a collection, where the input switches that on.
const BYTE_THRESHOLD: usize = 20_000;

static STORAGE: TypeStorage = TypeStorage::new();

/// What a finalizer or a callback does; some of it only finalizers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Nothing,
    /// Makes a root of its node; a callback of its target, if it is still there.
    Save,
    /// Makes a root of the newest edge's target.
    SaveChild,
    DropEdges,
    /// Drops the newest edge of the newest edge's target.
    DropChildsEdge,
    /// Adds an edge from the newest edge's target to its node.
    LinkChild,
    LinkSelf,
    Collect(u8),
    /// Makes a root with an edge to its node.
    Make,
    /// Makes a node that only an edge to itself keeps.
    MakeGarbage,
    /// Drops the newest root.
    DropRoot,
    Freeze(bool),
    Raise,
}

impl Act {
    fn chosen(choice: u8) -> Act {
        match choice % 20 {
            0..4 => Act::Nothing,
            4..6 => Act::Save,
            6 => Act::SaveChild,
            7 => Act::DropEdges,
            8 | 9 => Act::DropChildsEdge,
            10 => Act::LinkChild,
            11 => Act::LinkSelf,
            12 | 13 => Act::Collect(choice / 20 % 3),
            14 => Act::Make,
            15 => Act::MakeGarbage,
            16 | 17 => Act::DropRoot,
            18 => Act::Freeze((choice / 20).is_multiple_of(2)),
            _ => Act::Raise,
        }
    }
}

/// What a program notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// The finalizer of a node ran.
    Finalized(usize),
    /// The callback of a weak reference ran.
    Called(usize),
    /// A finalizer or callback collected so many, or was refused.
    Collected(Option<usize>),
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
    /// Those of them that counts or bytes asked for.
    pub automatic: u64,
    /// Those that finalizers and callbacks asked for, outside of collections.
    pub nested: u64,
    /// Nodes that only a collection ended.
    pub collected: u64,
    /// Nodes whose finalizer ran and that lived on.
    pub resurrected: u64,
    /// Callbacks that ran.
    pub callbacks: u64,
    /// Nodes that waited for their end, since endings were nested too deeply.
    pub waited: u64,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Operation {
    New(Option<u8>),
    /// Makes nodes of which each holds the one before; the last one is a root.
    Chain(Option<u8>, u8),
    /// An edge between two living nodes.
    Link(u8, u8),
    Links(u8, u8, u8),
    /// Takes a node's newest edge away.
    Unlink(u8),
    Root(u8),
    Unroot(u8),
    Unroots(u8, u8),
    Watch(u8, u8),
    Collect(u8),
    /// Collects if counts or bytes ask for it.
    Due,
    /// Switches the counting of bytes on or off.
    Bytes(bool),
    /// Reports memory outside the heap, or takes an earlier report back.
    External(u8),
    Freeze(bool),
}

/// Runs the operations that `data` encodes, and compares.
///
/// # Errors
///
/// The first difference between the heap and the model, in words.
pub fn run(data: &[u8]) -> Result<Report, String> {
    let cx = Context::with(&STORAGE, player::TABLES, Config::default())
        .map_err(|error| error.to_string())?;
    if cx.set_client(0, Box::new(Player::default())).is_err() {
        return Err("the context has a client already".into());
    }
    for (threshold, count) in cx.heap().thresholds.iter().zip(THRESHOLDS) {
        threshold.set(count);
    }
    let mut harness = Harness {
        cx: &cx,
        model: Model::default(),
        external: Vec::new(),
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
    /// Reports of memory outside the heap.
    external: Vec<(usize, External)>,
    report: Report,
}

fn raised(_: Raised) -> String {
    "an operation raised".into()
}

impl<'a> Harness<'a> {
    fn player(&self) -> Result<&'a Player, String> {
        let player = self.cx.client::<Player>(0);
        player.ok_or_else(|| "the player is gone".into())
    }

    /// A living node, chosen by the input.
    fn pick(&self, choice: u8) -> Result<Option<(usize, Object)>, String> {
        let living = || self.model.nodes.iter().filter(|node| node.alive).count();
        let Some(place) = usize::from(choice).checked_rem(living()) else {
            return Ok(None);
        };
        let mut numbers = (0..self.model.nodes.len()).filter(|at| self.model.nodes[*at].alive);
        let number = numbers.nth(place).ok_or("no such node")?;
        match self.player()?.target(number) {
            Some(node) => Ok(Some((number, node))),
            None => Err(format!("node {number} ended too early")),
        }
    }

    fn step(&mut self, operation: Operation) -> Result<(), String> {
        let player = self.player()?;
        match operation {
            Operation::New(choice) => {
                self.make(choice.map(Act::chosen))?;
            }
            Operation::Chain(choice, length) => {
                // A few of them longer than endings are nested.
                for _ in 0..length / 2 {
                    self.extend(choice.map(Act::chosen))?;
                }
            }
            Operation::Link(from, to) => self.link(from, to)?,
            Operation::Links(from, to, count) => {
                for step in 0..count % 16 {
                    self.link(from.wrapping_add(step), to.wrapping_add(step))?;
                }
            }
            Operation::Unlink(from) => {
                if let Some((from, node)) = self.pick(from)? {
                    Player::unlink(&node);
                    drop(node);
                    self.model.unlink(from);
                }
            }
            Operation::Root(choice) => {
                if let Some((number, node)) = self.pick(choice)? {
                    self.model.hold(number);
                    player.roots.borrow_mut().push((number, node));
                }
            }
            Operation::Unroot(choice) => self.unroot(choice)?,
            Operation::Unroots(choice, count) => {
                for _ in 0..count % 16 {
                    self.unroot(choice)?;
                }
            }
            Operation::Watch(choice, act) => {
                if let Some((number, node)) = self.pick(choice)? {
                    let act = Act::chosen(act);
                    player.watch(self.cx, number, &node, act).map_err(raised)?;
                    self.model.watch(number, act);
                }
            }
            Operation::Collect(choice) => self.collect(choice % 3)?,
            Operation::Due => self.collect_if_due()?,
            Operation::Bytes(on) => {
                let threshold = on.then_some(BYTE_THRESHOLD);
                self.cx.heap().set_byte_threshold(threshold);
            }
            Operation::External(choice) => self.report_external(choice)?,
            Operation::Freeze(freeze) => {
                Player::freeze(self.cx, freeze);
                self.model.freeze(freeze);
            }
        }
        Ok(())
    }

    /// Makes a root, unless there are enough nodes.
    fn make(&mut self, finalizer: Option<Act>) -> Result<Option<Object>, String> {
        if self.model.nodes.len() == NODE_LIMIT {
            return Ok(None);
        }
        self.model.make(finalizer);
        let made = self.player()?.make(self.cx, finalizer);
        made.map(Some).map_err(raised)
    }

    /// Makes a root that holds the newest root in its place.
    fn extend(&mut self, finalizer: Option<Act>) -> Result<(), String> {
        let player = self.player()?;
        let newest = player.roots.borrow().last().cloned();
        if let (Some((number, node)), Some(made)) = (newest, self.make(finalizer)?) {
            Player::link(self.cx, &made, &node).map_err(raised)?;
            self.model.link(self.model.nodes.len() - 1, number);
            drop((made, node));
            let place = self.model.roots.len() - 2;
            player.drop_root(place);
            self.model.roots.swap_remove(place);
            self.model.release(number);
        }
        Ok(())
    }

    fn link(&mut self, from: u8, to: u8) -> Result<(), String> {
        if let (Some((from, node)), Some((to, target))) = (self.pick(from)?, self.pick(to)?) {
            Player::link(self.cx, &node, &target).map_err(raised)?;
            self.model.link(from, to);
        }
        Ok(())
    }

    fn unroot(&mut self, choice: u8) -> Result<(), String> {
        if let Some(place) = usize::from(choice).checked_rem(self.model.roots.len()) {
            self.player()?.drop_root(place);
            let number = self.model.roots.swap_remove(place);
            self.model.release(number);
            self.compare_roots()?;
        }
        Ok(())
    }

    fn collect(&mut self, generation: u8) -> Result<(), String> {
        let of = Generation::from_number(i64::from(generation)).unwrap_or(Generation::Full);
        let found = self.cx.heap().collect(of);
        self.compare_collected(generation, found.map_err(|error| error.to_string())?)
    }

    fn collect_if_due(&mut self) -> Result<(), String> {
        let mut ran = None;
        let is_due = self.cx.heap().collection_due();
        self.cx.heap().collect_if_due(|generation, found| {
            ran = found.map(|found| (generation, found));
        });
        if ran.is_some() != is_due {
            return Err(format!("due: {is_due}, found: {ran:?}"));
        }
        if let Some((generation, found)) = ran {
            self.report.automatic += 1;
            self.compare_collected(generation as u8, found)?;
        }
        Ok(())
    }

    fn compare_collected(&mut self, generation: u8, found: Collected) -> Result<(), String> {
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
        Ok(())
    }

    fn report_external(&mut self, choice: u8) -> Result<(), String> {
        let bytes = usize::from(choice / 4) * 1_000;
        let place = usize::from(choice).checked_rem(self.external.len());
        match (choice % 4, place) {
            (0, Some(place)) => drop(self.external.swap_remove(place)),
            (1, Some(place)) => {
                self.external[place].0 = bytes;
                self.external[place].1.set(bytes);
            }
            _ => {
                let report = self.cx.heap().report_external(bytes);
                self.external.push((bytes, report));
            }
        }
        let expected: usize = self.external.iter().map(|(bytes, _)| bytes).sum();
        let found = self.cx.heap().external_bytes();
        if found != expected {
            return Err(format!("{found} bytes outside, {expected} expected"));
        }
        Ok(())
    }

    fn compare_roots(&self) -> Result<(), String> {
        let roots = self.player()?.roots.borrow();
        if !roots.iter().map(|(number, _)| number).eq(&self.model.roots) {
            let found: Vec<usize> = roots.iter().map(|(number, _)| *number).collect();
            let expected = &self.model.roots;
            return Err(format!("{found:?} are held, {expected:?} expected"));
        }
        Ok(())
    }

    fn compare(&mut self) -> Result<(), String> {
        self.compare_roots()?;
        let player = self.player()?;
        let events = std::mem::take(&mut *player.events.borrow_mut());
        let expected = std::mem::take(&mut self.model.events);
        if events != expected {
            return Err(format!("events {events:?}, expected {expected:?}"));
        }
        for event in events {
            match event {
                Event::Called(_) => self.report.callbacks += 1,
                Event::Collected(Some(freed)) => {
                    self.report.nested += 1;
                    self.report.collected += freed as u64;
                }
                _ => {}
            }
        }
        for (number, node) in self.model.nodes.iter().enumerate() {
            let target = player.target(number);
            let count = target.map(|target| target.refcount() as usize - 1);
            let expected = node.alive.then_some(node.references);
            if count != expected {
                return Err(format!(
                    "node {number} has {count:?} references, expected {expected:?}"
                ));
            }
        }
        if self.report.operations.is_multiple_of(CHECK_EVERY) {
            self.check()?;
        }
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        let check = self.cx.heap().check();
        check.map(|_| ()).map_err(|error| error.to_string())
    }

    /// Drops everything and collects until nothing is left.
    fn finish(mut self) -> Result<Report, String> {
        // A finalizer runs once, so each node comes back once at most.
        for _ in 0..=self.model.nodes.len() {
            self.step(Operation::Freeze(false))?;
            while !self.model.roots.is_empty() {
                self.unroot(0)?;
                self.compare()?;
            }
            self.step(Operation::Freeze(false))?;
            self.collect(2)?;
            self.compare()?;
            if self.model.nodes.iter().all(|node| !node.alive) {
                break;
            }
        }
        if let Some(left) = self.model.nodes.iter().position(|node| node.alive) {
            return Err(format!("node {left} never ended"));
        }
        self.check()?;
        self.report.nodes = self.model.nodes.len() as u64;
        self.report.resurrected = self.model.resurrected;
        self.report.waited = self.model.waited;
        Ok(self.report)
    }
}
