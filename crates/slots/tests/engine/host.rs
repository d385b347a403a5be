//! A small world for the engine: counted objects, classes with an MRO given by hand, and memory that
//! can be made to run out.
//!
//! Foreign code is closures: factories, rules, comparisons, observers, and what runs when an object
//! goes. All of them may call the engine again.

mod class;
mod instance;
mod memory;
mod object;
mod trait_impl;

pub use class::{Spec, picture};
pub use memory::Failures;
pub use object::{Kind, Object, Raised};
pub use trait_impl::Toy;

use mortice_slots::{Engine, Host, Name};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What anything in the world may fail with.
pub type Result<T> = std::result::Result<T, Raised>;

/// The world.
pub struct World {
    pub engine: Engine<Toy>,
    pub failures: Failures,
    names: RefCell<Vec<String>>,
    log: RefCell<Vec<String>>,
    /// The value that stands for none.
    pub unset: Object,
    grave: Rc<object::Grave>,
    /// The thread that runs.
    pub thread: Cell<u64>,
    /// Calls of [`Host::equal`].
    pub comparisons: Cell<u64>,
}

/// Makes a world.
pub fn world() -> Rc<World> {
    Rc::new_cyclic(|this| {
        let grave = Rc::new(object::Grave::new(this.clone()));
        World {
            engine: Engine::default(),
            unset: Object::new(Kind::Text("UNSET".to_string()), &grave),
            failures: Failures::default(),
            names: RefCell::default(),
            log: RefCell::default(),
            grave,
            thread: Cell::new(1),
            comparisons: Cell::new(0),
        }
    })
}

impl World {
    /// The number of a name.
    pub fn name(&self, text: &str) -> Name {
        if text == "*" {
            return Name::ALL;
        }
        let mut names = self.names.borrow_mut();
        let known = names.iter().position(|known| known == text);
        let number = known.unwrap_or_else(|| {
            names.push(text.to_string());
            names.len() - 1
        });
        Name(number as u32)
    }

    /// The text of a name.
    pub fn name_text(&self, name: Name) -> String {
        let names = self.names.borrow();
        names
            .get(name.0 as usize)
            .cloned()
            .unwrap_or_else(|| "?".to_string())
    }

    pub fn note(&self, line: impl Into<String>) {
        self.log.borrow_mut().push(line.into());
    }

    /// What was noted since the last time.
    pub fn log(&self) -> Vec<String> {
        self.log.take()
    }

    /// What was noted since the last time, in one line.
    pub fn heard(&self) -> String {
        self.log().join(" | ")
    }

    pub fn get(&self, object: &Object, name: &str) -> Result<Object> {
        self.engine.get(self, object, self.name(name), usize::MAX)
    }

    /// What reading gives, in words.
    pub fn read(&self, object: &Object, name: &str) -> String {
        match self.get(object, name) {
            Ok(value) => value.to_string(),
            Err(raised) => raised.to_string(),
        }
    }

    pub fn put(&self, object: &Object, name: &str, value: &Object) -> Result<()> {
        let name = self.name(name);
        self.engine.set(self, object, name, usize::MAX, Some(value))
    }

    pub fn set(&self, object: &Object, name: &str, value: i64) -> Result<()> {
        self.put(object, name, &self.int(value))
    }

    pub fn del(&self, object: &Object, name: &str) -> Result<()> {
        let name = self.name(name);
        self.engine.set(self, object, name, usize::MAX, None)
    }

    pub fn delegate(
        &self,
        object: &Object,
        name: &str,
        target: &Object,
        target_name: &str,
    ) -> Result<()> {
        let (name, target_name) = (self.name(name), self.name(target_name));
        self.engine
            .delegate(self, object, name, target, target_name)
    }

    /// Puts another class of the same storage under an instance.
    pub fn put_in_class(&self, object: &Object, class: &Object) {
        if let Kind::Instance(instance) = object.kind() {
            drop(instance.class.replace(class.clone()));
        }
    }

    pub fn undelegate(&self, object: &Object, name: &str) -> Result<()> {
        self.engine.undelegate(self, object, self.name(name))
    }

    /// Lets an observer hear an instance's slot, or every slot for `*`.
    pub fn observe(&self, object: &Object, name: &str, observer: &Object) -> Result<u64> {
        let name = self.name(name);
        self.engine
            .observe_instance(self, object, name, observer.clone())
    }

    pub fn observe_class(&self, class: &Object, name: &str, observer: &Object) -> Result<u64> {
        let name = self.name(name);
        self.engine
            .observe_class(self, class, name, observer.clone())
    }

    /// Notes every change of an instance's slot under a label.
    pub fn hear(&self, object: &Object, name: &str, label: &str) -> u64 {
        let observer = self.noting(label);
        self.observe(object, name, &observer).expect("an observer")
    }

    /// Notes every change of a class's instances under a label.
    pub fn hear_class(&self, class: &Object, name: &str, label: &str) -> u64 {
        let observer = self.noting(label);
        self.observe_class(class, name, &observer)
            .expect("an observer")
    }

    /// An observer that notes what it hears.
    pub fn noting(&self, label: &str) -> Object {
        let label = label.to_string();
        self.function(move |world, change| {
            world.note(format!("{label} {change}"));
            Ok(())
        })
    }

    pub fn cancel(&self, object: &Object, serial: u64) {
        if let Some(companion) = Toy::companion(object)
            && let Some(watch) = Toy::watch(&companion)
        {
            self.engine.cancel(watch, serial);
        }
    }

    pub fn cancel_class(&self, class: &Object, serial: u64) {
        if let Some(class) = Toy::class(class) {
            self.engine.cancel(class.watch, serial);
        }
    }

    pub fn is_active(&self, object: &Object, serial: u64) -> bool {
        let companion = Toy::companion(object);
        let watch = companion.as_ref().and_then(Toy::watch);
        watch.is_some_and(|watch| self.engine.is_subscribed(watch, serial))
    }

    pub fn begin_hold(&self, objects: &[&Object]) -> Result<()> {
        let objects: Vec<Object> = objects.iter().map(|object| (*object).clone()).collect();
        self.engine.begin_hold(self, &objects)
    }

    /// Does something in another thread, to which this one hands over meanwhile.
    pub fn in_thread<R>(&self, thread: u64, act: impl FnOnce() -> R) -> R {
        let from = self.thread.replace(thread);
        let done = act();
        self.thread.set(from);
        done
    }

    pub fn end_hold(&self, objects: &[&Object]) -> Result<()> {
        let objects: Vec<Object> = objects.iter().map(|object| (*object).clone()).collect();
        self.engine.end_hold(self, &objects)
    }
}

/// Checks the engine, and who watches these objects.
pub fn check(w: &World, objects: &[&Object]) {
    w.engine.check().expect("a sound engine");
    for object in objects {
        w.engine.check_instance(object).expect("a sound watch");
    }
}
