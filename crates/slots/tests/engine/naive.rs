//! The rules as the shortest program: it asks again where the engine remembers, and searches where
//! the engine keeps a table. The same rules as `conformance/model/mortice.py`, which
//! CPython runs.

mod altering;
mod declaring;
mod finding;
mod telling;

use mortice_slots::Compare;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

/// A value: its place in the pool is its identity.
pub type Value = usize;
pub type Text = &'static str;
/// A slot of an object.
pub type Place = (usize, Text);

#[derive(Clone, Copy, Debug)]
pub enum Definition {
    Slot {
        default: Option<Value>,
        factory: Option<Value>,
        compare: Compare,
    },
    Delegated {
        via: Text,
        target: Text,
    },
    Plain,
}

#[derive(Clone, Debug)]
pub struct NaiveClass {
    pub name: String,
    /// The classes behind this one.
    pub mro: Vec<usize>,
    pub own: Vec<(Text, Definition)>,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Content {
    Int(i64),
    Object(usize),
}

#[derive(Clone, Copy, Debug)]
pub enum Op {
    Get(usize, Text),
    Set(usize, Text, Value),
    Delete(usize, Text),
    Delegate(usize, Text, usize, Text),
    Undelegate(usize, Text),
    /// Of an object; the text is a slot, or `*`. The numbers say what the observer does.
    Observe(usize, Text, usize),
    ObserveClass(usize, Text, usize),
    Cancel(usize),
    Raise,
    /// The objects are the bits of the number; none for all.
    Hold(usize),
    /// Ends one of the open holds.
    Release(usize),
}

/// What the observers do, by number, and how often.
pub type Scripts = Rc<Vec<(Vec<Op>, Cell<u32>)>>;

#[derive(Clone)]
struct Link {
    to: Place,
    explicit: bool,
    /// When it was made.
    serial: u64,
}

struct NaiveObject {
    class: usize,
    values: BTreeMap<Text, Value>,
    pending: BTreeSet<Text>,
    links: BTreeMap<Text, Link>,
}

struct Subscription {
    of_class: bool,
    of: usize,
    name: Text,
    script: usize,
    serial: u64,
    label: String,
    active: Cell<bool>,
}

struct Waiting {
    serial: u64,
    changes: Vec<Told>,
}

#[derive(Clone)]
struct Told {
    place: Place,
    compare: Compare,
    old: Option<Value>,
    new: Option<Value>,
    source: Option<Place>,
}

pub struct Naive {
    pub classes: Vec<NaiveClass>,
    pub pool: Vec<Content>,
    scripts: Scripts,
    objects: RefCell<Vec<NaiveObject>>,
    subscriptions: RefCell<Vec<Rc<Subscription>>>,
    waiting: RefCell<VecDeque<Waiting>>,
    running: Cell<bool>,
    errors: RefCell<Vec<String>>,
    holds: RefCell<Vec<usize>>,
    held: RefCell<Vec<(Place, Option<Value>)>>,
    serial: Cell<u64>,
    pub log: RefCell<Vec<String>>,
}

type Outcome<T> = Result<T, String>;

impl Naive {
    /// Makes the world; object `n` is of class `of[n]`.
    pub fn new(
        classes: Vec<NaiveClass>,
        pool: Vec<Content>,
        of: &[usize],
        scripts: Scripts,
    ) -> Naive {
        let naive = Naive {
            classes,
            pool,
            scripts,
            objects: RefCell::default(),
            subscriptions: RefCell::default(),
            waiting: RefCell::default(),
            running: Cell::new(false),
            errors: RefCell::default(),
            holds: RefCell::default(),
            held: RefCell::default(),
            serial: Cell::new(0),
            log: RefCell::default(),
        };
        for class in of {
            let mut made = NaiveObject {
                class: *class,
                values: BTreeMap::new(),
                pending: BTreeSet::new(),
                links: BTreeMap::new(),
            };
            for name in naive.order(*class, false) {
                let (default, factory, _) = naive.rules(*class, name);
                if factory.is_some() {
                    made.pending.insert(name);
                } else if let Some(default) = default {
                    made.values.insert(name, default);
                }
            }
            naive.objects.borrow_mut().push(made);
        }
        naive
    }

    fn next_serial(&self) -> u64 {
        self.serial.set(self.serial.get() + 1);
        self.serial.get()
    }

    fn class_of(&self, object: usize) -> usize {
        self.objects.borrow()[object].class
    }

    /// Points the delegated names of a new object.
    pub fn created(&self, object: usize) {
        let names = self.order(self.class_of(object), true);
        let places: Vec<Place> = names.into_iter().map(|name| (object, name)).collect();
        self.settle(&places).expect("no cycle among defaults");
    }
    /// Performs an operation, and says how it went.
    pub fn perform(&self, op: Op) -> String {
        let outcome = self.outcome(op);
        outcome.unwrap_or_else(|error| error)
    }

    fn outcome(&self, op: Op) -> Outcome<String> {
        let done = || "done".to_string();
        match op {
            Op::Get(object, name) => {
                let value = self.read((object, name))?;
                Ok(self.value_text(Some(value)))
            }
            Op::Set(object, name, value) => {
                let place = self.find((object, name), true)?.expect("an end");
                self.check_place(place)?;
                self.alter(place, false, || {
                    self.store(place, Some(value));
                    Ok(())
                })
                .map(|()| done())
            }
            Op::Delete(object, name) => {
                let place = self.find((object, name), true)?.expect("an end");
                let is_there = {
                    let object = &self.objects.borrow()[place.0];
                    object.values.contains_key(place.1) || object.pending.contains(place.1)
                };
                if !is_there {
                    return Err(format!("Attribute: {}", place.1));
                }
                self.alter(place, false, || {
                    self.store(place, None);
                    Ok(())
                })
                .map(|()| done())
            }
            Op::Delegate(object, name, to, to_name) => {
                let place = (object, name);
                self.alter(place, false, || self.connect(place, (to, to_name), true))
                    .map(|()| done())
            }
            Op::Undelegate(object, name) => {
                let place = (object, name);
                if !self.link(place).is_some_and(|link| link.explicit) {
                    let class = self.class_name(object);
                    let by = match self.declared(place) {
                        Some(_) => "delegated by its class",
                        None => "not delegated",
                    };
                    return Err(format!("Delegation: '{name}' of '{class}' object is {by}"));
                }
                self.alter(place, false, || {
                    self.objects.borrow_mut()[object].links.remove(name);
                    Ok(())
                })
                .map(|()| done())
            }
            Op::Observe(object, name, script) => self.subscribe(false, object, name, script),
            Op::ObserveClass(class, name, script) => self.subscribe(true, class, name, script),
            Op::Cancel(number) => {
                if let Some(one) = self.subscriptions.borrow().get(number) {
                    one.active.set(false);
                }
                Ok(done())
            }
            Op::Raise => Ok(done()),
            Op::Hold(objects) => {
                self.holds.borrow_mut().push(objects);
                Ok(done())
            }
            Op::Release(number) => self.release(number).map(|()| done()),
        }
    }

    fn check_place(&self, (object, name): Place) -> Outcome<()> {
        let class = self.class_of(object);
        match self.order(class, false).contains(&name) {
            true => Ok(()),
            false => {
                let class = self.class_name(object);
                Err(format!(
                    "Attribute: '{class}' object has no attribute '{name}'"
                ))
            }
        }
    }
}
