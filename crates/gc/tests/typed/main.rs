//! Typed values: cycles, finalizers, weak references, panics, and any depth.

mod depth;
mod heaps;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use mortice_gc::{Gc, GcSlot, Generation, Heap, Managed, Plain, Trace, Weak, traced};

use depth::Link;

/// What happened, in order.
type Log = Rc<RefCell<Vec<String>>>;

/// A node of any graph, which tells of its end.
struct Node {
    name: u32,
    edges: RefCell<Vec<Gc<Node>>>,
    weak: RefCell<Option<Weak<Node>>>,
    saved: Plain<Option<Rc<GcHome>>>,
    log: Plain<Log>,
}

/// Where a finalizer may put its node.
#[derive(Default)]
struct GcHome(RefCell<Vec<Gc<Node>>>);

traced!(Node {
    name,
    edges,
    weak,
    saved,
    log
});

impl Managed for Node {
    const FINALIZES: bool = true;
    const WEAK: bool = true;

    fn finalize(this: &Gc<Node>) {
        this.log
            .0
            .borrow_mut()
            .push(format!("finalize {}", this.name));
        if let Some(home) = &this.saved.0 {
            home.0.borrow_mut().push(this.clone());
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let held: Vec<u32> = self.edges.get_mut().iter().map(|edge| edge.name).collect();
        let text = format!("drop {} {held:?}", self.name);
        self.log.0.borrow_mut().push(text);
    }
}

fn node(heap: &Heap, log: &Log, name: u32) -> Gc<Node> {
    saved_node(heap, log, name, None)
}

fn saved_node(heap: &Heap, log: &Log, name: u32, saved: Option<Rc<GcHome>>) -> Gc<Node> {
    let node = Node {
        name,
        edges: RefCell::default(),
        weak: RefCell::default(),
        saved: Plain(saved),
        log: Plain(log.clone()),
    };
    Gc::new(heap, node).expect("memory for a node")
}

fn link(from: &Gc<Node>, to: &Gc<Node>) {
    from.edges.borrow_mut().push(to.clone());
}

fn taken(log: &Log) -> Vec<String> {
    log.take()
}

fn full(heap: &Heap) -> usize {
    let found = heap.collect(Generation::Full).expect("no other runs");
    heap.check().expect("a whole heap");
    found.collected
}

#[test]
fn a_value_ends_with_its_last_handle() {
    let (heap, log) = (Heap::new().unwrap(), Log::default());
    let (outer, inner) = (node(&heap, &log, 1), node(&heap, &log, 2));
    link(&outer, &inner);
    drop(inner);
    assert_eq!(outer.edges.borrow()[0].name, 2);
    assert_eq!(outer.edges.borrow()[0].reference_count(), 1);
    drop(outer);
    let expected = ["finalize 1", "drop 1 [2]", "finalize 2", "drop 2 []"];
    assert_eq!(taken(&log), expected);
    assert_eq!(full(&heap), 0);
}

#[test]
fn a_cycle_is_finalized_in_order_and_then_emptied() {
    let (heap, log) = (Heap::new().unwrap(), Log::default());
    let nodes = [1, 2, 3].map(|name| node(&heap, &log, name));
    for (from, to) in [(0, 1), (1, 2), (2, 0), (2, 2)] {
        link(&nodes[from], &nodes[to]);
    }
    drop(nodes);
    assert_eq!(taken(&log), Vec::<String>::new());
    assert_eq!(full(&heap), 3);
    let expected = [
        "finalize 1",
        "finalize 2",
        "finalize 3",
        // The first is emptied, which lets the second go, and that the third.
        "drop 2 [3]",
        "drop 1 []",
        "drop 3 []",
    ];
    assert_eq!(taken(&log), expected);
    assert_eq!(heap.memory().statistics().object.blocks_in_use(), 0);
}

#[test]
fn a_finalizer_brings_its_part_of_the_graph_back_once() {
    let (heap, log) = (Heap::new().unwrap(), Log::default());
    let home = Rc::new(GcHome::default());
    let first = saved_node(&heap, &log, 1, Some(home.clone()));
    let (second, third) = (node(&heap, &log, 2), node(&heap, &log, 3));
    // 1 and 2 refer to each other, 3 to itself and to 1.
    for (from, to) in [
        (&first, &second),
        (&second, &first),
        (&third, &third),
        (&third, &first),
    ] {
        link(from, to);
    }
    drop((first, second, third));
    assert_eq!(full(&heap), 1);
    let told = taken(&log);
    assert_eq!(told[..3], ["finalize 1", "finalize 2", "finalize 3"]);
    assert_eq!(told[3..], ["drop 3 []"]);
    let saved = home.0.take();
    assert_eq!(saved[0].edges.borrow()[0].name, 2);
    drop(saved);
    assert_eq!(full(&heap), 2);
    let told = taken(&log);
    assert!(told.iter().all(|line| line.starts_with("drop")), "{told:?}");
}

#[test]
fn weak_references_tell_of_the_end_and_lead_nowhere_then() {
    let (heap, log) = (Heap::new().unwrap(), Log::default());
    let target = node(&heap, &log, 1);
    let plain = target.downgrade().unwrap();
    let noted = |text: &'static str| {
        let log = log.clone();
        target.downgrade_with(move || log.borrow_mut().push(text.into()))
    };
    let (early, late, dropped) = (noted("early"), noted("late"), noted("dropped"));
    drop(dropped);
    assert!(plain.upgrade().unwrap().is(&target));
    let copy = plain.clone();
    drop(target);
    let expected = ["finalize 1", "late", "early", "drop 1 []"];
    assert_eq!(taken(&log), expected);
    for weak in [&plain, &copy, &early.unwrap(), &late.unwrap()] {
        assert!(weak.upgrade().is_none());
    }
    full(&heap);
}

#[test]
fn callbacks_of_references_within_the_garbage_are_silent() {
    let (heap, log) = (Heap::new().unwrap(), Log::default());
    let (first, second) = (node(&heap, &log, 1), node(&heap, &log, 2));
    link(&first, &second);
    link(&second, &first);
    let note = |text: &'static str| {
        let log = log.clone();
        move || log.borrow_mut().push(text.into())
    };
    let inside = first.downgrade_with(note("inside")).unwrap();
    second.weak.replace(Some(inside));
    let outside = second.downgrade_with(note("outside")).unwrap();
    drop((first, second));
    assert_eq!(full(&heap), 3, "two nodes, and the reference within");
    let told = taken(&log);
    assert_eq!(told[..3], ["outside", "finalize 1", "finalize 2"]);
    assert!(!told.contains(&"inside".into()), "{told:?}");
    assert!(outside.upgrade().is_none());
}

#[test]
fn what_is_detached_calls_nobody() {
    let (heap, log) = (Heap::new().unwrap(), Log::default());
    let target = node(&heap, &log, 1);
    let note = log.clone();
    let weak = target.downgrade_with(move || note.borrow_mut().push("called".into()));
    assert_eq!(Rc::strong_count(&log), 3);
    weak.unwrap().detach();
    assert_eq!(Rc::strong_count(&log), 2, "the closure went");
    drop(target);
    assert_eq!(taken(&log), ["finalize 1", "drop 1 []"]);
}

/// Panics wherever a program's code is called.
struct Angry {
    other: GcSlot<Angry>,
}
traced!(Angry { other });
impl Managed for Angry {
    const FINALIZES: bool = true;
    const WEAK: bool = true;
    fn finalize(_: &Gc<Angry>) {
        panic!("in a finalizer");
    }
}
impl Drop for Angry {
    fn drop(&mut self) {
        panic!("in a destructor");
    }
}

#[test]
fn panics_end_within_the_code_that_panicked() {
    // The hook would print each of them.
    std::panic::set_hook(Box::new(|_| ()));
    let heap = Heap::new().unwrap();
    let angry = || {
        let value = Angry {
            other: GcSlot::new(),
        };
        Gc::new(&heap, value).expect("memory")
    };
    drop(angry());
    let (first, second) = (angry(), angry());
    first.other.set(Some(second.clone()));
    second.other.set(Some(first.clone()));
    let weak = first.downgrade_with(|| panic!("in a callback")).unwrap();
    drop((first, second));
    let collected = heap.collect(Generation::Full).map(|found| found.collected);
    let checked = heap.check();
    let _ = std::panic::take_hook();
    assert_eq!(collected, Ok(2));
    checked.unwrap();
    assert!(weak.upgrade().is_none());
    drop(weak);
    assert_eq!(heap.memory().statistics().object.blocks_in_use(), 0);
}

#[test]
fn a_cell_that_is_borrowed_keeps_what_it_holds() {
    let (heap, log) = (Heap::new().unwrap(), Log::default());
    let (outer, inner) = (node(&heap, &log, 1), node(&heap, &log, 2));
    link(&outer, &inner);
    link(&inner, &inner);
    drop(inner);
    let edges = outer.edges.borrow_mut();
    assert_eq!(full(&heap), 0);
    assert_eq!(edges[0].name, 2);
}

#[test]
fn every_request_may_fail() {
    let heap = Heap::new().unwrap();
    let value = Rc::new(());
    for n in 1..=4 {
        heap.memory().fail_after(Some(n));
        let made = Gc::new(&heap, Target(Plain(value.clone())));
        let weak = made.as_ref().map(|made| made.downgrade_with(|| ()).is_ok());
        heap.memory().fail_after(None);
        match n {
            1 => assert!(made.is_err()),
            2 | 3 => assert_eq!(weak, Ok(false)),
            _ => assert_eq!(weak, Ok(true)),
        }
        drop(made);
        assert_eq!(Rc::strong_count(&value), 1);
        heap.check().unwrap();
    }
    assert_eq!(heap.memory().statistics().object.blocks_in_use(), 0);
}

#[test]
fn each_request_of_a_collection_may_fail() {
    let mut errors = 0;
    for failing in 1.. {
        let (heap, log) = (Heap::new().unwrap(), Log::default());
        // More references to the hub than a side byte counts, and more nodes than the mark stack has places.
        let nodes: Vec<_> = (0..120).map(|name| node(&heap, &log, name)).collect();
        for spoke in &nodes {
            link(spoke, &nodes[0]);
            link(&nodes[0], spoke);
        }
        let told = log.clone();
        let callback = move || told.borrow_mut().push("callback".into());
        let weak = nodes[7].downgrade_with(callback).unwrap();
        drop(nodes);
        let before = heap.memory().allocation_count();
        heap.memory().fail_after(Some(failing));
        let found = heap.collect(Generation::Full);
        heap.memory().fail_after(None);
        let asked = heap.memory().allocation_count() - before;
        if found.is_err() {
            assert!(log.borrow().is_empty(), "nothing was changed");
            errors += 1;
        }
        full(&heap);
        let log = taken(&log);
        let count = |what: &str| log.iter().filter(|line| line.starts_with(what)).count();
        let counts = [count("finalize"), count("callback"), count("drop")];
        assert_eq!(counts, [120, 1, 120], "request {failing}");
        assert!(weak.upgrade().is_none());
        drop(weak);
        assert_eq!(heap.memory().statistics().object.blocks_in_use(), 0);
        if asked < failing {
            break;
        }
    }
    assert_eq!(errors, 1, "the list of garbage is a request");
}

struct Target(Plain<Rc<()>>);
traced!(Target(value));
impl Managed for Target {
    const WEAK: bool = true;
}

#[test]
fn garbage_is_collected_while_more_is_made() {
    let heap = Heap::new().unwrap();
    for _ in 0..200_000 {
        let link = Gc::new(&heap, Link::default()).unwrap();
        link.next.set(Some(link.clone()));
    }
    let left = heap.memory().statistics().object.blocks_in_use();
    assert!(left < 10_000, "{left} blocks are left of 200,000 cycles");
}

#[test]
fn handles_may_outlive_their_heap() {
    let heap = Heap::new().unwrap();
    let text = Gc::new(&heap, String::from("kept")).unwrap();
    let links = Gc::new(&heap, Link::default()).unwrap();
    links.next.set(Some(links.clone()));
    drop(heap);
    assert_eq!(*text, "kept");
    assert!(links.next.get().unwrap().is(&links));
    drop((text.clone(), text, links));
}

/// A generator of numbers that a test can repeat.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % limit
    }
}

/// Random graphs against a model: names, roots and edges.
#[test]
fn what_lives_is_what_can_be_reached() {
    for seed in 1..=30 {
        let (heap, log) = (Heap::new().unwrap(), Log::default());
        let mut numbers = Numbers(seed);
        let mut roots: Vec<Gc<Node>> = Vec::new();
        let mut edges: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for step in 0..600 {
            match numbers.below(10) {
                0..3 => {
                    roots.push(node(&heap, &log, step));
                    edges.insert(step, Vec::new());
                }
                3..7 if !roots.is_empty() => {
                    let from = roots[numbers.below(roots.len())].clone();
                    let to = roots[numbers.below(roots.len())].clone();
                    link(&from, &to);
                    edges.get_mut(&from.name).unwrap().push(to.name);
                }
                7 if !roots.is_empty() => {
                    let from = roots[numbers.below(roots.len())].clone();
                    let edge = from.edges.borrow_mut().pop();
                    assert_eq!(
                        edge.map(|edge| edge.name),
                        edges.get_mut(&from.name).unwrap().pop()
                    );
                }
                8 if !roots.is_empty() => {
                    roots.swap_remove(numbers.below(roots.len()));
                }
                _ => {
                    let generation = [Generation::Young, Generation::Middle, Generation::Full];
                    heap.collect(generation[numbers.below(3)]).unwrap();
                    heap.check().unwrap();
                }
            }
        }
        full(&heap);
        let mut alive: Vec<u32> = roots.iter().map(|root| root.name).collect();
        let mut reached = BTreeMap::new();
        while let Some(name) = alive.pop() {
            if reached.insert(name, ()).is_none() {
                alive.extend(&edges[&name]);
            }
        }
        let told = taken(&log);
        let ended = |what: &str| told.iter().filter(|line| line.starts_with(what)).count();
        assert_eq!(ended("drop"), edges.len() - reached.len(), "seed {seed}");
        assert_eq!(
            ended("finalize"),
            edges.len() - reached.len(),
            "seed {seed}"
        );
        drop(roots);
        full(&heap);
        assert_eq!(heap.memory().statistics().object.blocks_in_use(), 0);
    }
}

#[test]
fn parts_of_every_kind_are_followed() {
    struct Parts {
        boxed: Box<GcSlot<String>>,
        pair: (GcSlot<String>, [GcSlot<String>; 2]),
        map: RefCell<std::collections::HashMap<u32, Gc<String>>>,
        deque: std::collections::VecDeque<Option<Gc<String>>>,
        dynamic: Box<dyn Trace>,
    }
    traced!(Parts {
        boxed,
        pair,
        map,
        deque,
        dynamic
    });
    impl Managed for Parts {}
    let heap = Heap::new().unwrap();
    let text = || Gc::new(&heap, String::new()).unwrap();
    let parts = Parts {
        boxed: Box::new(text().into()),
        pair: (text().into(), [text().into(), text().into()]),
        map: RefCell::new([(1, text()), (2, text())].into()),
        deque: [Some(text()), None].into(),
        dynamic: Box::new(text()),
    };
    let parts = Gc::new(&heap, parts).unwrap();
    assert_eq!(heap.referents(parts.as_object()).unwrap().len(), 8);
    Trace::clear(&*parts);
    let left = heap.referents(parts.as_object()).unwrap().len();
    assert_eq!(left, 2, "handles that nothing can change stay");
}
