//! Instances and what stands beside them.

use super::memory::{ToyCells, ToyRows};
use super::object::Body;
use super::{Kind, Object, Result, Toy, World};
use mortice_slots::{Entry, Solo, Summary, Watch};
use std::cell::{Cell, RefCell};
use std::rc::Weak;

/// An instance of a class with slots.
pub struct Instance {
    pub class: RefCell<Object>,
    pub storage: RefCell<Vec<Option<Object>>>,
    pub companion: RefCell<Option<Object>>,
    pub token: RefCell<Option<Object>>,
    pub label: String,
}

/// What stands beside an instance, and goes with it.
#[derive(Default)]
pub struct Companion {
    pub solo: Solo<Toy>,
    pub has_lists: Cell<bool>,
    pub rows: ToyRows<Entry>,
    pub cells: ToyCells,
    pub summary: Summary,
}

impl Companion {
    pub fn lists(&self) -> Watch<'_, Toy> {
        Watch::new(&self.rows, &self.cells, &self.summary)
    }
}

/// What knows an instance and keeps nothing.
pub struct Token(pub Weak<Body>);

impl World {
    /// An instance whose delegated names are not pointed yet.
    pub fn raw_instance(&self, class: &Object, label: &str) -> Object {
        let Kind::Class(body) = class.kind() else {
            panic!("a class is needed");
        };
        let places = usize::from(body.state.places.get());
        self.object(Kind::Instance(Instance {
            class: RefCell::new(class.clone()),
            storage: RefCell::new(vec![None; places]),
            companion: RefCell::default(),
            token: RefCell::default(),
            label: label.to_string(),
        }))
    }

    /// An instance of a class.
    pub fn instance(&self, class: &Object, label: &str) -> Object {
        self.try_instance(class, label)
            .expect("an instance of its class")
    }

    /// An instance of a class, where there is memory for its delegations.
    pub fn try_instance(&self, class: &Object, label: &str) -> Result<Object> {
        let made = self.raw_instance(class, label);
        self.engine.relink_all(self, &made)?;
        Ok(made)
    }

    /// Puts another class under an instance, as a host does.
    pub fn change_class(&self, object: &Object, class: &Object) {
        let Kind::Instance(instance) = object.kind() else {
            panic!("an instance is needed");
        };
        drop(instance.class.replace(class.clone()));
        self.engine
            .relink_all(self, object)
            .expect("an instance of its class");
    }
}
