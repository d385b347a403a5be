//! The world as the engine sees it.

use super::instance::{Companion, Instance, Token};
use super::memory::{ToyCells, ToyRows};
use super::object::Heard;
use super::{Kind, Object, Raised, Result, World};
use mortice_slots::{Cells, Change, Class, EndOfMro, Further, Host, Name, Problem, Watch};
use std::fmt;
use std::rc::Rc;

/// The host.
#[derive(Debug)]
pub enum Toy {}

fn instance(object: &Object) -> Option<&Instance> {
    match object.kind() {
        Kind::Instance(instance) => Some(instance),
        _ => None,
    }
}

impl Host for Toy {
    type Object = Object;
    type Error = Raised;
    type Cx<'a> = &'a World;
    type Cells = ToyCells;
    type Rows<T: Copy + fmt::Debug + 'static> = ToyRows<T>;

    fn thread(world: &World) -> u64 {
        world.thread.get()
    }

    fn further(world: &World) -> Result<Further<Toy>> {
        world.failures.allocate()?;
        Further::new().ok_or(Raised::Memory)
    }

    fn same(one: &Object, other: &Object) -> bool {
        Rc::ptr_eq(&one.0, &other.0)
    }

    fn is_unset(world: &World, value: &Object) -> bool {
        Toy::same(value, &world.unset)
    }

    fn equal(world: &World, one: &Object, other: &Object) -> Result<bool> {
        world.comparisons.set(world.comparisons.get() + 1);
        match (one.kind(), other.kind()) {
            (Kind::Int(one), Kind::Int(other)) => Ok(one == other),
            (Kind::Text(one), Kind::Text(other)) => Ok(one == other),
            (Kind::Compared(compare), _) | (_, Kind::Compared(compare)) => compare(world),
            _ => Ok(false),
        }
    }

    fn write_name(world: &World, name: Name, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(&world.name_text(name))
    }

    fn write_class(_: &World, object: &Object, out: &mut dyn fmt::Write) -> fmt::Result {
        match object.kind() {
            Kind::Instance(instance) => write!(out, "{}", instance.class.borrow()),
            Kind::Int(_) => out.write_str("int"),
            _ => out.write_str("object"),
        }
    }

    fn problem(world: &World, problem: Problem<'_, Toy>) -> Raised {
        let mut text = String::new();
        problem.write(world, &mut text).expect("room for words");
        Raised::Problem(problem.kind(), text)
    }

    fn class_of(_: &World, object: &Object) -> Option<Object> {
        instance(object).map(|instance| instance.class.borrow().clone())
    }

    fn class(class: &Object) -> Option<Class<'_, Toy>> {
        match class.kind() {
            Kind::Class(class) => Some(class.parts()),
            _ => None,
        }
    }

    fn in_mro(
        _: &World,
        class: &Object,
        index: usize,
    ) -> std::result::Result<Option<Object>, EndOfMro> {
        match (class.kind(), index) {
            (_, 0) => Ok(Some(class.clone())),
            (Kind::Class(class), _) => class.base(index).cloned().map(Some).ok_or(EndOfMro),
            _ => Err(EndOfMro),
        }
    }

    fn load(object: &Object, place: u16) -> Option<Object> {
        let storage = instance(object)?.storage.borrow();
        storage.get(usize::from(place)).cloned().flatten()
    }

    fn store(object: &Object, place: u16, value: Option<Object>) -> Option<Object> {
        let mut storage = instance(object)?.storage.borrow_mut();
        let word = storage.get_mut(usize::from(place))?;
        std::mem::replace(word, value)
    }

    fn companion(object: &Object) -> Option<Object> {
        instance(object)?.companion.borrow().clone()
    }

    fn ensure_companion(world: &World, object: &Object) -> Result<Object> {
        let owner = instance(object).expect("an instance");
        if let Some(known) = Toy::companion(object) {
            return Ok(known);
        }
        world.failures.allocate()?;
        let made = world.object(Kind::Companion(Companion::default()));
        owner.companion.replace(Some(made.clone()));
        Ok(made)
    }

    fn ensure_token(world: &World, object: &Object) -> Result<Object> {
        let owner = instance(object).expect("an instance");
        if let Some(known) = owner.token.borrow().clone() {
            return Ok(known);
        }
        world.failures.allocate()?;
        let made = world.object(Kind::Token(Token(object.downgrade())));
        owner.token.replace(Some(made.clone()));
        Ok(made)
    }

    fn owner(token: &Object) -> Option<Object> {
        match token.kind() {
            Kind::Token(token) => token.0.upgrade().map(Object),
            _ => None,
        }
    }

    fn watch(companion: &Object) -> Option<Watch<'_, Toy>> {
        match companion.kind() {
            Kind::Companion(companion) if companion.has_lists.get() => Some(companion.lists()),
            Kind::Companion(companion) => Some(Watch::Solo(&companion.solo)),
            _ => None,
        }
    }

    fn roomy_watch<'a>(
        world: &World,
        _: &Object,
        companion: &'a Object,
    ) -> Result<Option<Watch<'a, Toy>>> {
        if let Kind::Companion(companion) = companion.kind()
            && !companion.has_lists.get()
        {
            world.failures.allocate()?;
            companion.solo.move_to(world, &companion.lists())?;
            companion.has_lists.set(true);
        }
        Ok(Toy::watch(companion))
    }

    fn apply_rules(
        world: &World,
        definition: &Object,
        object: &Object,
        value: &Object,
    ) -> Result<Object> {
        match definition.kind() {
            Kind::Definition(definition) => match &definition.rule {
                Some(rule) => rule(world, object, value),
                None => Ok(value.clone()),
            },
            _ => Ok(value.clone()),
        }
    }

    fn default(_: &World, definition: &Object) -> Option<Object> {
        match definition.kind() {
            Kind::Definition(definition) => definition.default.clone(),
            _ => None,
        }
    }

    fn make_default(world: &World, definition: &Object) -> Result<Object> {
        match definition.kind() {
            Kind::Definition(super::class::Definition {
                factory: Some(factory),
                ..
            }) => factory(world),
            _ => Err(Raised::User("no factory".to_string())),
        }
    }

    fn change(world: &World, change: Change<'_, Object>) -> Result<Object> {
        world.failures.allocate()?;
        let source = change.source;
        Ok(world.object(Kind::Change(Heard {
            object: change.object.clone(),
            name: world.name_text(change.name),
            old: change.old.cloned(),
            new: change.new.cloned(),
            source: source.map(|(source, name)| (source.clone(), world.name_text(name))),
        })))
    }

    fn call(world: &World, observer: &Object, change: &Object) -> Result<()> {
        match observer.kind() {
            Kind::Function(function) => function(world, change),
            Kind::Method(receiver, method) => match receiver.upgrade().map(Object) {
                Some(receiver) => method(world, &receiver, change),
                None => Ok(()),
            },
            _ => Err(Raised::User("not callable".to_string())),
        }
    }

    fn call_method(world: &World, object: &Object, method: &Object, change: &Object) -> Result<()> {
        let class = Toy::class_of(world, object);
        let found = match class.as_ref().map(Object::kind) {
            Some(Kind::Class(class)) => class.find_method(&method.to_string()),
            _ => None,
        };
        match found {
            Some(found) => found(world, object, change),
            None => Ok(()),
        }
    }

    fn is_alive(observer: &Object) -> bool {
        match observer.kind() {
            Kind::Method(receiver, _) => receiver.strong_count() > 0,
            _ => true,
        }
    }

    fn is_fatal(_: &World, error: &Raised) -> bool {
        matches!(error, Raised::Fatal(_))
    }

    fn error_object(error: Raised) -> Object {
        Object::error(error)
    }

    fn raise(_: &World, errors: &ToyCells) -> Raised {
        let mut all = Vec::new();
        for index in 0..errors.len() {
            if let Some(error) = errors.get(index)
                && let Kind::Error(raised) = error.kind()
            {
                all.push(raised.clone());
            }
        }
        match all.len() {
            1 => all.remove(0),
            _ => Raised::Group(all),
        }
    }
}
