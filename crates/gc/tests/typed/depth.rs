//! Deep graphs on a small native stack.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use mortice_gc::{Gc, GcSlot, Generation, Heap, Managed, Plain, Weak, traced};

/// A chain, a ring or a tree.
#[derive(Default)]
pub struct Link {
    pub next: GcSlot<Link>,
    back: GcSlot<Link>,
    ends: Plain<Option<Rc<Cell<usize>>>>,
}
traced!(Link { next, back, ends });
impl Managed for Link {}
impl Drop for Link {
    fn drop(&mut self) {
        if let Some(ends) = &self.ends.0 {
            ends.set(ends.get() + 1);
        }
    }
}

/// The same with everything that a program can notice.
struct Noticed {
    next: GcSlot<Noticed>,
    weak: RefCell<Option<Weak<Noticed>>>,
    ends: Plain<Rc<Cell<usize>>>,
}
traced!(Noticed { next, weak, ends });
impl Managed for Noticed {
    const FINALIZES: bool = true;
    const WEAK: bool = true;
    fn finalize(this: &Gc<Noticed>) {
        this.ends.0.set(this.ends.0.get() + 1);
    }
}

/// The nodes of a deep graph: `MORTICE_NODES` asks for ten million.
fn nodes() -> usize {
    let asked = std::env::var("MORTICE_NODES").ok();
    asked.map_or(100_000, |asked| asked.parse().expect("a number of nodes"))
}

/// Runs a test on a native stack of 256 KiB.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 << 10);
    thread.spawn(test).unwrap().join().unwrap();
}

#[test]
fn chains_rings_and_trees_of_any_depth_end_on_a_small_stack() {
    on_a_small_stack(|| {
        let heap = Heap::new().unwrap();
        let count = nodes();
        let ends = Rc::new(Cell::new(0));
        let link = |next: Option<Gc<Link>>| {
            let link = Link {
                next: next.map(GcSlot::from).unwrap_or_default(),
                ends: Plain(Some(ends.clone())),
                back: GcSlot::new(),
            };
            Gc::new(&heap, link).unwrap()
        };
        // A chain, by counts.
        let chain = (1..count).fold(link(None), |chain, _| link(Some(chain)));
        assert_eq!(ends.replace(0), 0);
        drop(chain);
        assert_eq!(ends.replace(0), count);
        // A ring, by a collection.
        let last = link(None);
        let first = (1..count).fold(last.clone(), |chain, _| link(Some(chain)));
        last.next.set(Some(first));
        drop(last);
        heap.collect(Generation::Full).unwrap();
        assert_eq!(ends.replace(0), count);
        // A comb with links back, which is deep in both directions.
        let root = link(None);
        let mut tip = root.clone();
        for _ in 1..count {
            let next = link(None);
            next.back.set(Some(tip.clone()));
            tip.next.set(Some(next.clone()));
            tip = next;
        }
        drop(tip);
        assert_eq!(heap.collect(Generation::Full).unwrap().collected, 0);
        drop(root);
        heap.collect(Generation::Full).unwrap();
        assert_eq!(ends.get(), count);
        heap.check().unwrap();
    });
}

#[test]
fn finalizers_and_weak_references_need_no_deeper_stack() {
    on_a_small_stack(|| {
        let heap = Heap::new().unwrap();
        let count = nodes() / 4;
        let ends = Rc::new(Cell::new(0));
        let chain = |last: Option<Gc<Noticed>>| {
            let mut chain = last;
            for _ in 0..count {
                let link = Noticed {
                    next: chain.take().map(GcSlot::from).unwrap_or_default(),
                    weak: RefCell::default(),
                    ends: Plain(ends.clone()),
                };
                let link = Gc::new(&heap, link).unwrap();
                let next = link.next.get();
                let weak = next.map(|next| next.downgrade_with(|| ()).unwrap());
                link.weak.replace(weak);
                chain = Some(link);
            }
            chain.unwrap()
        };
        drop(chain(None));
        assert_eq!(ends.replace(0), count);
        let first = chain(None);
        let mut last = first.clone();
        while let Some(next) = last.next.get() {
            last = next;
        }
        last.next.set(Some(first.clone()));
        drop((first, last));
        heap.collect(Generation::Full).unwrap();
        assert_eq!(ends.get(), count);
        heap.check().unwrap();
    });
}
