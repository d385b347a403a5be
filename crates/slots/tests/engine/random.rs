//! Random programs, performed by the engine and by the naive model: they must hear and read the same.

use crate::host::{Object, Raised, Spec, World, world};
use crate::naive::{Content, Definition, Naive, NaiveClass, Op, Scripts, Text, Value};
use mortice_slots::Compare;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

const NAMES: [Text; 6] = ["a", "b", "c", "d", "e", "f"];
const OBJECTS: usize = 5;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below as u64) as usize
    }

    fn one<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.roll(among.len())]
    }
}

/// The values: numbers that are equal to others, and the objects.
fn pool() -> Vec<Content> {
    let numbers = [0, 0, 1, 1, 2].map(Content::Int);
    let objects = (0..OBJECTS).map(Content::Object);
    numbers.into_iter().chain(objects).collect()
}

fn definition(dice: &mut Dice, with_objects: bool) -> Definition {
    match dice.roll(10) {
        0..=3 => Definition::Delegated {
            via: dice.one(&NAMES),
            target: dice.one(&NAMES),
        },
        kind => {
            let below = if with_objects { 5 + OBJECTS } else { 5 };
            let value = dice.roll(below);
            Definition::Slot {
                default: (kind == 4).then_some(dice.roll(5)),
                factory: (kind == 5).then_some(value),
                compare: match dice.roll(6) {
                    0 => Compare::Identity,
                    1 => Compare::Always,
                    _ => Compare::Equal,
                },
            }
        }
    }
}

/// Three classes: one, one that inherits from it, and another one.
fn classes(dice: &mut Dice) -> Vec<NaiveClass> {
    let mut made = Vec::new();
    for (class, mro) in [vec![], vec![0], vec![]].into_iter().enumerate() {
        let mut own: Vec<(Text, Definition)> = Vec::new();
        for name in NAMES {
            let share = if class == 1 { 3 } else { 5 };
            if dice.roll(6) < share {
                own.push((name, definition(dice, true)));
            } else if class == 1 && dice.roll(12) == 0 {
                own.push((name, Definition::Plain));
            }
        }
        // Any order of definition.
        for at in (1..own.len()).rev() {
            own.swap(at, dice.roll(at + 1));
        }
        made.push(NaiveClass {
            name: format!("C{class}"),
            mro,
            own,
        });
    }
    made
}

/// The engine's side of a program.
struct Real {
    world: Rc<World>,
    classes: Vec<Object>,
    objects: Vec<Object>,
    pool: Vec<Object>,
    scripts: Scripts,
    subscriptions: RefCell<Vec<(bool, usize, u64)>>,
    holds: RefCell<Vec<Vec<Object>>>,
    this: std::rc::Weak<Real>,
}

impl Real {
    fn new(classes: &[NaiveClass], of: &[usize], scripts: Scripts) -> Rc<Real> {
        let w = world();
        // Factories give values of a pool that is made after the classes.
        let pool: Rc<RefCell<Vec<Object>>> = Rc::default();
        let mut made: Vec<Object> = Vec::new();
        let numbers: Vec<Object> = [0, 0, 1, 1, 2].map(|number| w.int(number)).into();
        for class in classes {
            let mro: Vec<&Object> = class.mro.iter().map(|base| &made[*base]).collect();
            let mut begun = w.class(&class.name, &mro);
            for (name, definition) in &class.own {
                begun = match definition {
                    Definition::Plain => begun.plain(name),
                    Definition::Delegated { via, target } => begun.delegated(name, via, target),
                    Definition::Slot {
                        default,
                        factory,
                        compare,
                    } => {
                        let mut spec = Spec::new().compare(*compare);
                        if let Some(factory) = *factory {
                            let (pool, name) = (pool.clone(), *name);
                            spec = spec.factory(move |w| {
                                w.note(format!("factory {name}"));
                                Ok(pool.borrow()[factory].clone())
                            });
                        } else if let Some(default) = *default {
                            spec = spec.default(numbers[default].clone());
                        }
                        begun.spec(name, spec)
                    }
                };
            }
            made.push(begun.build());
        }
        let objects: Vec<Object> = of
            .iter()
            .enumerate()
            .map(|(number, class)| w.instance(&made[*class], &format!("o{number}")))
            .collect();
        let all: Vec<Object> = numbers.into_iter().chain(objects.clone()).collect();
        *pool.borrow_mut() = all.clone();
        Rc::new_cyclic(|this| Real {
            world: w,
            classes: made,
            objects,
            pool: all,
            scripts,
            subscriptions: RefCell::default(),
            holds: RefCell::default(),
            this: this.clone(),
        })
    }

    fn observer(&self, script: usize) -> Object {
        let label = format!("s{}", self.subscriptions.borrow().len());
        let this = self.this.clone();
        self.world.function(move |w, change| {
            w.note(format!("{label} {change}"));
            let Some(real) = this.upgrade() else {
                return Ok(());
            };
            let scripts = real.scripts.clone();
            let (ops, fuel) = &scripts[script];
            if fuel.get() == 0 {
                return Ok(());
            }
            fuel.set(fuel.get() - 1);
            for op in ops {
                if matches!(op, Op::Raise) {
                    return Err(Raised::User(format!("{label} raises")));
                }
                let did = real.perform(*op);
                w.note(format!("{label}: {did}"));
            }
            Ok(())
        })
    }

    fn perform(&self, op: Op) -> String {
        match self.outcome(op) {
            Ok(text) => text,
            Err(raised) => raised.to_string(),
        }
    }

    fn outcome(&self, op: Op) -> Result<String, Raised> {
        let (w, objects) = (&self.world, &self.objects);
        let done = "done".to_string();
        match op {
            Op::Get(object, name) => w.get(&objects[object], name).map(|value| value.to_string()),
            Op::Set(object, name, value) => {
                w.put(&objects[object], name, &self.pool[value])?;
                Ok(done)
            }
            Op::Delete(object, name) => w.del(&objects[object], name).map(|()| done),
            Op::Delegate(object, name, to, to_name) => {
                w.delegate(&objects[object], name, &objects[to], to_name)?;
                Ok(done)
            }
            Op::Undelegate(object, name) => w.undelegate(&objects[object], name).map(|()| done),
            Op::Observe(object, name, script) => {
                let observer = self.observer(script);
                let serial = w.observe(&objects[object], name, &observer)?;
                Ok(self.subscribed(false, object, serial))
            }
            Op::ObserveClass(class, name, script) => {
                let observer = self.observer(script);
                let serial = w.observe_class(&self.classes[class], name, &observer)?;
                Ok(self.subscribed(true, class, serial))
            }
            Op::Cancel(number) => {
                let one = self.subscriptions.borrow().get(number).copied();
                match one {
                    Some((true, class, serial)) => w.cancel_class(&self.classes[class], serial),
                    Some((false, object, serial)) => w.cancel(&objects[object], serial),
                    None => {}
                }
                Ok(done)
            }
            Op::Raise => Ok(done),
            Op::Hold(bits) => {
                let held = (0..OBJECTS).filter(|object| bits & (1 << object) != 0);
                let held: Vec<Object> = held.map(|object| objects[object].clone()).collect();
                w.engine.begin_hold(w, &held)?;
                self.holds.borrow_mut().push(held);
                Ok(done)
            }
            Op::Release(number) => {
                let count = self.holds.borrow().len();
                if count == 0 {
                    return Ok(done);
                }
                let held = self.holds.borrow_mut().remove(number % count);
                w.engine.end_hold(w, &held).map(|()| done)
            }
        }
    }

    fn subscribed(&self, of_class: bool, of: usize, serial: u64) -> String {
        let mut subscriptions = self.subscriptions.borrow_mut();
        subscriptions.push((of_class, of, serial));
        format!("s{}", subscriptions.len() - 1)
    }

    fn check(&self) {
        let engine = &self.world.engine;
        engine.check().expect("a sound engine");
        for object in &self.objects {
            engine.check_instance(object).expect("a sound watch");
        }
    }
}

fn random_op(dice: &mut Dice, naive: &Naive, of: &[usize], scripts: usize) -> Option<Op> {
    let slot = |dice: &mut Dice, object: usize| -> Option<Text> {
        let names = naive.slots_of(of[object]);
        (!names.is_empty()).then(|| dice.one(&names))
    };
    let object = dice.roll(OBJECTS);
    let name = slot(dice, object)?;
    let value: Value = dice.roll(5 + OBJECTS);
    Some(match dice.roll(26) {
        0..=3 => Op::Get(object, name),
        4..=10 => Op::Set(object, name, value),
        11 => {
            // By a descriptor of a base: hidden places too.
            let names = naive.order(of[object], false);
            let name = if names.is_empty() {
                name
            } else {
                dice.one(&names)
            };
            Op::Set(object, name, value)
        }
        12..=13 => Op::Delete(object, name),
        14..=17 => {
            let to = dice.roll(OBJECTS);
            Op::Delegate(object, name, to, slot(dice, to)?)
        }
        18 => Op::Undelegate(object, name),
        19..=20 => {
            let name = if dice.roll(4) == 0 { "*" } else { name };
            Op::Observe(object, name, dice.roll(scripts))
        }
        21 => {
            let class = of[object];
            Op::ObserveClass(class, name, dice.roll(scripts))
        }
        22 => Op::Cancel(dice.roll(12)),
        23 => Op::Hold(if dice.roll(2) == 0 {
            0
        } else {
            dice.roll(1 << OBJECTS)
        }),
        _ => Op::Release(dice.roll(4)),
    })
}

/// One program.
fn program(seed: u64, steps: usize) {
    let mut dice = Dice(seed);
    let classes = classes(&mut dice);
    let of: Vec<usize> = (0..OBJECTS).map(|_| dice.roll(3)).collect();
    let plain = Naive::new(classes.clone(), pool(), &of, Rc::new(Vec::new()));
    let mut scripts: Vec<(Vec<Op>, u32)> = vec![(Vec::new(), 0)];
    for _ in 0..4 {
        let mut ops = Vec::new();
        for _ in 0..=dice.roll(2) {
            ops.extend(random_op(&mut dice, &plain, &of, 5));
        }
        if dice.roll(3) == 0 {
            ops.push(Op::Raise);
        }
        scripts.push((ops, 4));
    }
    let fuelled = || -> Scripts {
        let scripts = scripts.iter().cloned();
        Rc::new(scripts.map(|(ops, fuel)| (ops, Cell::new(fuel))).collect())
    };
    let naive = Naive::new(classes.clone(), pool(), &of, fuelled());
    let real = Real::new(&classes, &of, fuelled());
    for object in 0..OBJECTS {
        naive.created(object);
    }
    let mut history = Vec::new();
    for _ in 0..steps {
        let Some(op) = random_op(&mut dice, &naive, &of, 5) else {
            continue;
        };
        history.push(op);
        let (wanted, found) = (naive.perform(op), real.perform(op));
        let (heard, really) = (naive.log.take(), real.world.log());
        assert!(
            wanted == found && heard == really,
            "seed {seed}: {op:?}\nclasses {classes:?}\nof {of:?}\nscripts {scripts:?}\n\
             history {history:?}\nmodel:  {wanted} {heard:#?}\nengine: {found} {really:#?}"
        );
        real.check();
    }
    for object in 0..OBJECTS {
        for name in naive.slots_of(of[object]) {
            let op = Op::Get(object, name);
            assert_eq!(
                naive.perform(op),
                real.perform(op),
                "seed {seed}: {op:?} in the end\nclasses {classes:?}\nof {of:?}\nhistory {history:?}"
            );
        }
    }
}

#[test]
fn programs_do_what_the_model_says() {
    let count = std::env::var("SLOT_PROGRAMS").map_or(1500, |text| text.parse().expect("a number"));
    let first = std::env::var("SLOT_SEED").map_or(1, |text| text.parse().expect("a number"));
    for seed in first..first + count {
        program(seed, 60);
    }
}
