//! Memory that runs out, at every allocation of every operation.
//!
//! Each operation runs once for each of its allocations, which fails. Afterwards the state is the old
//! one or the complete new one; the engine is sound; and what a further round of writes is heard to
//! do is what it does from that state.

use crate::host::{Object, Raised, Result, Spec, World, world};
use std::cell::Cell;
use std::rc::Rc;

/// A small world with everything in it.
struct Scene {
    w: Rc<World>,
    class: Object,
    /// By label.
    objects: Vec<Object>,
}

const SLOTS: [&str; 4] = ["x", "y", "d", "f"];

impl Scene {
    /// Wheels r and s; nodes with plain slots, a default, a factory, and names behind each other.
    fn new(prepare: fn(&Scene)) -> Scene {
        let w = world();
        let wheel = w.class_of("Wheel", &["x", "hub"]);
        let made = wheel.clone();
        let node = w
            .class("Node", &[])
            .slot("x")
            .slot("y")
            .spec("d", Spec::new().default(w.int(7)))
            .spec(
                "f",
                Spec::new().factory(move |w| Ok(w.instance(&made, "made"))),
            )
            .slot("w")
            .delegated("hub", "w", "hub")
            .delegated("deep", "hub", "x")
            .delegated("wx", "w", "x")
            .delegated("fx", "f", "x")
            .build();
        let mut objects: Vec<Object> = Vec::new();
        for label in ["a", "b", "c"] {
            objects.push(w.instance(&node, label));
        }
        for label in ["p", "q", "r"] {
            objects.push(w.instance(&wheel, label));
        }
        let scene = Scene {
            w,
            class: node,
            objects,
        };
        prepare(&scene);
        scene.w.log();
        scene
    }

    fn get(&self, label: &str) -> &Object {
        let found = self
            .objects
            .iter()
            .find(|object| object.to_string() == label);
        found.expect("an object of this label")
    }

    fn put(&self, object: &str, name: &str, value: &str) -> Result<()> {
        self.w.put(self.get(object), name, self.get(value))
    }

    fn set(&self, object: &str, name: &str, value: i64) -> Result<()> {
        self.w.set(self.get(object), name, value)
    }

    fn delegate(&self, object: &str, name: &str, target: &str, target_name: &str) -> Result<()> {
        let (object, target) = (self.get(object), self.get(target));
        self.w.delegate(object, name, target, target_name)
    }

    fn hear_all(&self) {
        for object in &self.objects {
            self.w.hear(object, "*", "h");
        }
    }

    fn check(&self, when: &str) {
        self.w
            .engine
            .check()
            .unwrap_or_else(|fault| panic!("{when}: {fault}"));
        for object in &self.objects {
            let checked = self.w.engine.check_instance(object);
            checked.unwrap_or_else(|fault| panic!("{when}: {object}: {fault}"));
        }
    }

    /// What is stored and what is delegated, without running anything.
    fn state(&self) -> String {
        let mut lines = Vec::new();
        for object in &self.objects {
            for name in ["x", "y", "d", "f", "w", "hub", "deep", "wx", "fx"] {
                let number = self.w.name(name);
                let value = self.w.engine.own_value(&self.w, object, number);
                let link = self.w.engine.delegation(object, number);
                if value.is_some() || link.is_some() {
                    lines.push(format!("{object}.{name} {value:?} {link:?}"));
                }
            }
        }
        lines.join("\n")
    }

    /// What a round of writes and reads is heard to do.
    fn probe(&self) -> String {
        self.w.log();
        let mut value = 100;
        for object in &self.objects {
            for name in SLOTS.iter().chain(&["hub", "deep", "wx", "fx"]) {
                value += 1;
                let set = self.w.set(object, name, value);
                self.w.note(format!("{object}.{name} = {value}: {set:?}"));
            }
        }
        for object in &self.objects {
            for name in ["x", "y", "d", "f", "w", "hub", "deep", "wx", "fx"] {
                let read = self.w.read(object, name);
                self.w.note(format!("{object}.{name} is {read}"));
            }
        }
        self.w.log().join("\n")
    }
}

/// Lets every allocation of an operation fail, alone and with all that follow.
fn fail_each(prepare: fn(&Scene), act: fn(&Scene) -> Result<()>) {
    let old = Scene::new(prepare);
    let old_state = old.state();
    let old_probe = old.probe();
    let new = Scene::new(prepare);
    let wanted = act(&new);
    let new_state = new.state();
    let new_probe = new.probe();
    for lasts in [false, true] {
        for number in 0.. {
            let when = format!("allocation {number}, lasting: {lasts}");
            let scene = Scene::new(prepare);
            scene.w.failures.at(number, lasts);
            let found = act(&scene);
            let was_met = scene.w.failures.end();
            if !was_met {
                assert_eq!(found, wanted, "{when}");
                assert!(number > 0, "nothing was allocated");
                break;
            }
            scene.check(&when);
            let is_memory = |raised: &Raised| match raised {
                Raised::Memory => true,
                Raised::Group(all) => all.contains(&Raised::Memory),
                _ => false,
            };
            assert!(
                found.as_ref().is_err_and(is_memory),
                "{when}: {found:?} is no MemoryError"
            );
            let state = scene.state();
            let is_old = state == old_state;
            assert!(is_old || state == new_state, "{when}: half done\n{state}");
            let probe = scene.probe();
            let is_new = state == new_state;
            assert!(
                (is_old && probe == old_probe) || (is_new && probe == new_probe),
                "{when}: it does not go on from there\n{state}\n{probe}"
            );
            scene.check(&when);
        }
    }
}

/// Observed everywhere, with chains: a.x and c.x show b.x, which shows p.x.
fn chained(scene: &Scene) {
    scene.set("p", "x", 1).expect("a slot");
    scene.set("a", "x", 2).expect("a slot");
    scene.delegate("b", "x", "p", "x").expect("no cycle");
    scene.delegate("a", "x", "b", "x").expect("no cycle");
    scene.delegate("c", "x", "b", "x").expect("no cycle");
    scene.hear_all();
}

/// Observed everywhere, with names that follow: a.w is p, p.hub is q.
fn carried(scene: &Scene) {
    for (label, value) in [("p", 1), ("q", 2), ("r", 3)] {
        scene.set(label, "x", value).expect("a slot");
    }
    scene.put("p", "hub", "q").expect("a slot");
    scene.put("q", "hub", "r").expect("a slot");
    for label in ["a", "b"] {
        scene.put(label, "w", "p").expect("a slot");
    }
    scene.delegate("c", "x", "a", "deep").expect("no cycle");
    scene.hear_all();
}

#[test]
fn a_write_that_is_heard() {
    fail_each(Scene::hear_all, |scene| scene.set("a", "x", 5));
    fail_each(chained, |scene| scene.set("a", "x", 5));
    fail_each(chained, |scene| scene.w.del(scene.get("c"), "x"));
}

#[test]
fn a_deletion_that_forgets_a_default() {
    fail_each(|_| {}, |scene| scene.w.del(scene.get("a"), "d"));
    fail_each(Scene::hear_all, |scene| scene.w.del(scene.get("a"), "d"));
    fail_each(Scene::hear_all, |scene| scene.w.del(scene.get("a"), "f"));
}

#[test]
fn a_subscription() {
    let hear = |scene: &Scene| {
        let observer = scene.w.noting("new");
        scene.w.observe(scene.get("a"), "x", &observer).map(|_| ())
    };
    fail_each(|_| {}, hear);
    fail_each(chained, hear);
    fail_each(chained, |scene| {
        let observer = scene.w.noting("new");
        scene
            .w
            .observe_class(&scene.class, "x", &observer)
            .map(|_| ())
    });
}

#[test]
fn a_delegation() {
    let delegate = |scene: &Scene| scene.delegate("a", "y", "q", "x");
    fail_each(|_| {}, delegate);
    fail_each(chained, delegate);
    // What hangs on it, and what it hung on before.
    fail_each(chained, |scene| scene.delegate("b", "x", "q", "x"));
    fail_each(chained, |scene| scene.delegate("a", "x", "q", "x"));
    // To the same target again: it goes behind the others.
    fail_each(chained, |scene| scene.delegate("a", "x", "b", "x"));
    fail_each(carried, |scene| scene.delegate("a", "deep", "r", "x"));
    fail_each(carried, |scene| scene.delegate("a", "w", "b", "w"));
}

#[test]
fn the_end_of_a_delegation() {
    fn overridden(scene: &Scene) {
        carried(scene);
        scene.delegate("a", "hub", "q", "hub").expect("no cycle");
        scene.delegate("b", "w", "a", "w").expect("no cycle");
    }
    fail_each(chained, |scene| scene.w.undelegate(scene.get("a"), "x"));
    fail_each(chained, |scene| scene.w.undelegate(scene.get("b"), "x"));
    fail_each(overridden, |scene| {
        scene.w.undelegate(scene.get("a"), "hub")
    });
    fail_each(overridden, |scene| scene.w.undelegate(scene.get("b"), "w"));
}

#[test]
fn a_write_to_a_carrier() {
    fail_each(|_| {}, |scene| scene.put("a", "w", "p"));
    fail_each(carried, |scene| scene.put("a", "w", "q"));
    fail_each(carried, |scene| scene.set("a", "w", 5));
    fail_each(carried, |scene| scene.put("p", "hub", "r"));
    fail_each(carried, |scene| scene.w.del(scene.get("a"), "w"));
    fail_each(carried, |scene| scene.put("a", "hub", "r"));
}

#[test]
fn a_first_read_that_runs_a_factory() {
    let read = |scene: &Scene| scene.w.get(scene.get("a"), "fx").map(|_| ());
    fn set(scene: &Scene) {
        scene.hear_all();
        scene.delegate("b", "f", "a", "f").expect("no cycle");
    }
    // What a factory makes is another object each time, so the state tells only whether it ran.
    for number in 0.. {
        let scene = Scene::new(set);
        scene.w.failures.at(number, false);
        let found = read(&scene);
        if !scene.w.failures.end() {
            assert!(number > 4, "the failures were met");
            break;
        }
        scene.check(&format!("allocation {number}"));
        assert_eq!(found, Err(Raised::Memory));
        scene.set("b", "fx", 5).expect("memory is back");
        assert_eq!(scene.w.read(scene.get("a"), "fx"), "5");
        let heard = scene.w.heard();
        assert_eq!(
            heard,
            "h b.fx UNSET->5 from made.x | h a.fx UNSET->5 from made.x"
        );
        scene.check(&format!("after allocation {number}"));
    }
}

#[test]
fn a_write_inside_an_observer() {
    fn cascading(scene: &Scene) {
        chained(scene);
        let (target, done) = (scene.get("a").clone(), Cell::new(false));
        let observer = scene.w.function(move |w, _| match done.replace(true) {
            true => Ok(()),
            false => w.set(&target, "y", 9),
        });
        scene
            .w
            .observe(scene.get("p"), "x", &observer)
            .expect("memory");
    }
    // The inner write may fail alone, so there is a third state.
    for number in 0.. {
        let scene = Scene::new(cascading);
        scene.w.failures.at(number, false);
        let found = scene.set("a", "x", 5);
        if !scene.w.failures.end() {
            assert!(number > 20, "the failures were met");
            break;
        }
        scene.check(&format!("allocation {number}"));
        assert_eq!(found, Err(Raised::Memory), "allocation {number}");
        scene.w.log();
        scene.set("a", "x", 6).expect("memory is back");
        let heard = scene.w.heard();
        assert!(
            heard.contains("->6 from b.x"),
            "allocation {number}: {heard}"
        );
        scene.check(&format!("after allocation {number}"));
    }
}

#[test]
fn a_refused_cycle() {
    fn closing(scene: &Scene) -> Result<()> {
        match scene.delegate("p", "x", "a", "x") {
            Err(Raised::Problem(..)) => Ok(()),
            other => other,
        }
    }
    fn turning(scene: &Scene) -> Result<()> {
        match scene.put("p", "hub", "p") {
            Err(Raised::Problem(..)) => Ok(()),
            other => other,
        }
    }
    fn round(scene: &Scene) {
        carried(scene);
        scene.delegate("p", "x", "a", "deep").expect("no cycle");
    }
    fail_each(chained, closing);
    fail_each(round, turning);
}

#[test]
fn a_copy() {
    fail_each(carried, |scene| {
        let (object, target) = (scene.get("c"), scene.get("q"));
        let name = scene.w.name("w");
        scene.w.engine.restore(&scene.w, object, name, Some(target))
    });
    fail_each(carried, |scene| {
        let (object, name) = (scene.get("a"), scene.w.name("d"));
        scene.w.engine.restore(&scene.w, object, name, None)
    });
    fail_each(carried, |scene| {
        let (object, target) = (scene.get("c"), scene.get("a"));
        let name = scene.w.name("w");
        let engine = &scene.w.engine;
        engine.restore_delegation(&scene.w, object, name, target, name)
    });
    fail_each(carried, |scene| {
        let (object, name) = (scene.get("a"), scene.w.name("d"));
        scene.w.engine.forget_default(&scene.w, object, name)
    });
}

#[test]
fn a_new_object_with_names_that_follow() {
    let w = world();
    let wheel = w.class_of("Wheel", &["x", "hub"]);
    let (p, q) = (w.instance(&wheel, "p"), w.instance(&wheel, "q"));
    w.put(&p, "hub", &q).expect("a slot");
    w.set(&q, "x", 1).expect("a slot");
    let node = w
        .class("Node", &[])
        .spec("w", Spec::new().default(p.clone()))
        .delegated("deep", "hub", "x")
        .delegated("hub", "w", "hub")
        .build();
    for number in 0.. {
        let made = w.raw_instance(&node, "made");
        w.failures.at(number, false);
        let found = w.engine.relink_all(&w, &made);
        let was_met = w.failures.end();
        for object in [&made, &p, &q] {
            w.engine.check_instance(object).expect("a sound watch");
        }
        if !was_met {
            assert!(found.is_ok() && number > 5);
            w.hear(&made, "deep", "h");
            w.set(&q, "x", 2).expect("a slot");
            assert_eq!(w.heard(), "h made.deep 1->2 from q.x");
            break;
        }
        assert_eq!(found, Err(Raised::Memory));
        w.engine.relink_all(&w, &made).expect("memory is back");
        assert_eq!(w.read(&made, "deep"), "1");
    }
}

#[test]
fn the_begin_of_a_hold_and_the_writes_under_it() {
    fail_each(chained, |scene| {
        let (a, b) = (scene.get("a").clone(), scene.get("b").clone());
        scene.w.begin_hold(&[&a, &b])?;
        scene.w.end_hold(&[&a, &b])
    });
    fn written(scene: &Scene) -> Result<()> {
        scene
            .w
            .begin_hold(&[])
            .expect("a hold of everything takes no memory");
        let set = scene.set("a", "x", 5);
        let is_short = scene.w.failures.end();
        let ended = scene.w.end_hold(&[]);
        match is_short {
            true => {
                scene.w.failures.at(0, false);
                scene
                    .w
                    .failures
                    .allocate()
                    .expect_err("so that it counts as met");
                set.and(ended)
            }
            false => set.and(ended),
        }
    }
    fail_each(chained, written);
    fail_each(carried, written);
}

/// Ends a hold of `chained` with a failure, and says what is heard then and with the next write.
fn end_short(number: u64, lasts: bool) -> Option<(Result<()>, String, String)> {
    let scene = Scene::new(chained);
    scene.w.begin_hold(&[]).expect("no memory is needed");
    scene.set("a", "x", 5).expect("a slot");
    scene.set("a", "y", 6).expect("a slot");
    scene.w.failures.at(number, lasts);
    let ended = scene.w.end_hold(&[]);
    if !scene.w.failures.end() {
        return None;
    }
    scene.check("at the end");
    let heard = scene.w.heard();
    scene.set("r", "x", 9).expect("memory is back");
    scene.check("after the next write");
    Some((ended, heard, scene.w.heard()))
}

#[test]
fn what_finds_no_place_at_the_end_of_a_hold_is_missing_and_nothing_else() {
    let all = [
        "h p.x 1->5",
        "h b.x 1->5 from p.x",
        "h a.x 1->5 from b.x",
        "h c.x 1->5 from b.x",
        "h a.y UNSET->6",
    ];
    for lasts in [false, true] {
        for number in 0.. {
            let Some((ended, at_end, next)) = end_short(number, lasts) else {
                assert!(number > 25, "the failures were met");
                break;
            };
            let when = format!("allocation {number}, lasting: {lasts}");
            assert_eq!(ended, Err(Raised::Memory), "{when}");
            let told: usize = all.iter().map(|line| at_end.matches(line).count()).sum();
            match lasts {
                true => assert!(told < all.len(), "{when}: {at_end}"),
                false => assert_eq!(told, all.len() - 1, "{when}: {at_end}"),
            }
            assert_eq!(next, "h r.x UNSET->9", "{when}");
        }
    }
}
