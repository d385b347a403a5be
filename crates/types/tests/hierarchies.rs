//! Random class hierarchies, laid out by the engine and by CPython.
//!
//! One CPython process answers for all of them. `MORTICE_HIERARCHIES` sets how many are compared and
//! `MORTICE_SEED` where the numbers begin.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use allocator_api2::alloc::Global;
use mortice_testkit::classes::{Class, Entry, Hierarchy, NATIVE, Numbers, Trial};
use mortice_testkit::oracle;
use mortice_types::layout::{
    Classes, Items, Layout, Native, Place, Policy, Request, Requested, Storage, lay_out,
    same_layout, same_layout_for_bases,
};
use mortice_types::mro;

/// A class as the engine's tests know it: an index into a list.
type Id = usize;

struct Info {
    name: String,
    base: Option<Id>,
    acceptable: bool,
    layout: Layout<Id, Global>,
    mro: Vec<Id>,
}

/// The classes of one hierarchy; a refused one is nothing.
struct World {
    classes: Vec<Option<Info>>,
}

impl World {
    fn info(&self, class: Id) -> &Info {
        self.classes[class].as_ref().expect("a class that was made")
    }

    fn name(&self, class: Id) -> &str {
        &self.info(class).name
    }
}

impl Classes for World {
    type Id = Id;
    type Alloc = Global;

    fn layout(&self, class: Id) -> &Layout<Id, Global> {
        &self.info(class).layout
    }

    fn base(&self, class: Id) -> Option<Id> {
        self.info(class).base
    }

    fn is_acceptable(&self, class: Id) -> bool {
        self.info(class).acceptable
    }
}

/// The CPython process.
struct Oracle {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Oracle {
    fn start() -> Option<Self> {
        let mut child = Command::new(oracle::python()?)
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/hierarchies/oracle.py"
            ))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the oracle starts");
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        Some(Oracle {
            child,
            input,
            output,
        })
    }

    fn ask(&mut self, line: &str, answers: usize) -> Vec<String> {
        writeln!(self.input, "{line}").expect("the oracle reads");
        self.input.flush().expect("the oracle reads");
        (0..answers)
            .map(|_| {
                let mut answer = String::new();
                let read = self.output.read_line(&mut answer).expect("text");
                assert_ne!(read, 0, "the oracle ended at {line}");
                answer.trim_end().to_owned()
            })
            .collect()
    }

    fn end(mut self) {
        drop(self.input);
        assert!(self.child.wait().expect("the oracle ends").success());
    }
}

/// Builds the native types from the oracle's figures.
fn natives(answers: &[String]) -> Vec<(Native, bool, Option<Id>, Vec<Id>)> {
    let index = |name: &str| NATIVE.iter().position(|&native| native == name);
    let storage = |offset: isize| match usize::try_from(offset) {
        Ok(0) | Err(_) => Storage::None,
        Ok(offset) => Storage::Inline(Place::fixed(offset)),
    };
    let mut parsed = Vec::new();
    for (name, answer) in NATIVE.iter().zip(answers) {
        let parts: Vec<&str> = answer.split('|').map(str::trim).collect();
        let figures: Vec<isize> = parts[1]
            .split(' ')
            .map(|figure| figure.parse().expect("a figure"))
            .collect();
        let (basicsize, itemsize) = (figures[0] as usize, figures[1] as usize);
        let mut native = Native::plain(name);
        native.basicsize = basicsize;
        native.itemsize = itemsize;
        native.dictoffset = figures[2];
        native.weaklistoffset = figures[3];
        native.dict = storage(figures[2]);
        native.weakref = storage(figures[3]);
        native.items = (itemsize != 0).then_some(Items {
            offset: basicsize / 8 * 8,
            size: itemsize,
        });
        native.slots_after_items = *name == "tuple";
        let mro: Vec<Id> = parts[3]
            .split(' ')
            .map(|ancestor| index(ancestor).expect("all ancestors are in the list"))
            .collect();
        parsed.push((native, parts[0] == "1", mro.get(1).copied(), mro));
    }
    parsed
}

fn world(natives: &[(Native, bool, Option<Id>, Vec<Id>)]) -> World {
    let mut classes: Vec<Option<Info>> = Vec::new();
    for (index, (native, acceptable, base, mro)) in natives.iter().enumerate() {
        classes.push(Some(Info {
            name: native.name.to_owned(),
            base: *base,
            acceptable: *acceptable,
            layout: Layout::native(index, None, native, Global).expect("memory"),
            mro: mro.clone(),
        }));
    }
    World { classes }
}

/// Makes a class and describes it in the oracle's form.
fn make(world: &mut World, class: &Class) -> String {
    if class
        .bases
        .iter()
        .any(|&base| world.classes[base].is_none())
    {
        world.classes.push(None);
        return "skipped".to_owned();
    }
    match build(world, class) {
        Ok(info) => {
            world.classes.push(Some(info));
            describe(world, world.classes.len() - 1)
        }
        Err(message) => {
            world.classes.push(None);
            message
        }
    }
}

fn build(world: &World, class: &Class) -> Result<Info, String> {
    let owner = world.classes.len();
    let entries: Option<Vec<Requested<'_>>> = class.slots.as_ref().map(|entries| {
        entries
            .iter()
            .map(|entry| match entry {
                Entry::Name(name) => Requested::Name(name),
                Entry::Integer => Requested::Other { type_name: "int" },
            })
            .collect()
    });
    let request = Request {
        class_name: &class.name,
        slots: entries.as_deref(),
        in_body: &|name| class.body.iter().any(|bound| bound == name),
    };
    let laid_out = lay_out(
        world,
        owner,
        &class.bases,
        &request,
        Policy::CPython,
        Global,
    )
    .map_err(|conflict| {
        let kind = if conflict.is_value_error() {
            "ValueError"
        } else {
            "TypeError"
        };
        format!("{kind}: {}", conflict.explain(|base| world.name(base)))
    })?;
    let order = mro::merge(
        owner,
        &class.bases,
        |base| &world.info(base).mro[..],
        Global,
    )
    .map_err(|error| format!("TypeError: {}", error.explain(|base| world.name(base))))?;
    Ok(Info {
        name: class.name.clone(),
        base: Some(class.bases[laid_out.base]),
        acceptable: true,
        layout: laid_out.layout,
        mro: order.to_vec(),
    })
}

fn describe(world: &World, class: Id) -> String {
    let info = world.info(class);
    let layout = &info.layout;
    let names: Vec<&str> = info.mro.iter().map(|&id| world.name(id)).collect();
    let mut text = format!(
        "{} {} {} {} | {} | {} | ",
        layout.basicsize(),
        layout.itemsize(),
        layout.dictoffset(),
        layout.weaklistoffset(),
        info.base.map_or("-", |base| world.name(base)),
        names.join(" "),
    );
    let mut first = true;
    for slot in layout.own_slots().iter().filter(|slot| !slot.repeated) {
        // The oracle's class has no member descriptor where the class dict binds the name anew.
        let separator = if first { "" } else { " " };
        let mark = if slot.place.after_items { "+" } else { "" };
        let (name, offset) = (layout.slot_name(slot), slot.place.offset);
        write!(text, "{separator}{name}@{offset}{mark}").expect("a string");
        first = false;
    }
    text.push_str(" | ");
    let own = [
        (layout.adds_dict(), "__dict__"),
        (layout.adds_weakref(), "__weakref__"),
    ];
    let own: Vec<&str> = own.iter().filter(|o| o.0).map(|o| o.1).collect();
    text.push_str(&own.join(" "));
    text.trim_end().to_owned()
}

fn attempt(world: &mut World, trial: Trial) -> String {
    let message = |word: &str, new: &str, old: &str| {
        format!("{word} assignment: '{new}' object layout differs from '{old}'")
    };
    match trial {
        Trial::Class { old, new } => {
            if [old, new].iter().any(|&id| world.classes[id].is_none()) {
                return "skipped".to_owned();
            }
            match same_layout(world, new, old) {
                Ok(()) => "ok".to_owned(),
                Err(_) => message("__class__", world.name(new), world.name(old)),
            }
        }
        Trial::Bases { old, new, slotted } => {
            if [old, new].iter().any(|&id| world.classes[id].is_none()) {
                return "skipped".to_owned();
            }
            let class = Class {
                name: "X".to_owned(),
                bases: vec![old],
                slots: slotted.then(Vec::new),
                body: Vec::new(),
            };
            let Ok(info) = build(world, &class) else {
                return "skipped".to_owned();
            };
            if !world.is_acceptable(new) {
                let name = world.name(new);
                return format!("type '{name}' is not an acceptable base type");
            }
            let subclass = world.classes.len();
            world.classes.push(Some(info));
            let answer = match same_layout_for_bases(world, subclass, new) {
                Ok(()) => "ok".to_owned(),
                Err(_) => message("__bases__", world.name(new), world.name(old)),
            };
            world.classes.pop();
            answer
        }
    }
}

fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect(name))
}

#[test]
fn hierarchies_are_laid_out_as_on_cpython() {
    let Some(mut oracle) = Oracle::start() else {
        return;
    };
    let natives = natives(&oracle.ask(&NATIVE.join(" "), NATIVE.len()));
    let (first, count) = (
        from_environment("MORTICE_SEED", 1),
        from_environment("MORTICE_HIERARCHIES", 3000),
    );
    let mut differences = Vec::new();
    let (mut made, mut refused, mut compared) = (0, 0, 0);
    for seed in first..first + count {
        let hierarchy = Hierarchy::draw(&mut Numbers::new(seed));
        let answers = oracle.ask(
            &hierarchy.to_string(),
            hierarchy.classes.len() + hierarchy.trials.len(),
        );
        let mut world = world(&natives);
        let (of_classes, of_trials) = answers.split_at(hierarchy.classes.len());
        let mut differ = |what: String, theirs: &str, ours: &str| {
            if theirs != ours {
                differences.push(format!(
                    "seed {seed}: {what}\n  CPython {theirs}\n  engine  {ours}\n  in {hierarchy}"
                ));
            }
        };
        for (class, theirs) in hierarchy.classes.iter().zip(of_classes) {
            let ours = make(&mut world, class);
            if ours.contains(" | ") {
                made += 1;
            } else if ours != "skipped" {
                refused += 1;
            }
            differ(format!("{class:?}"), theirs, &ours);
        }
        if of_classes
            .iter()
            .zip(&world.classes[NATIVE.len()..])
            .any(|(theirs, ours)| theirs.contains(" | ") != ours.is_some())
        {
            continue;
        }
        for (&trial, theirs) in hierarchy.trials.iter().zip(of_trials) {
            // CPython could not make the instance, or may not change it.
            if theirs != "skipped" {
                compared += 1;
                differ(format!("{trial:?}"), theirs, &attempt(&mut world, trial));
            }
        }
    }
    oracle.end();
    println!("{count} hierarchies: {made} classes made, {refused} refused, {compared} assignments");
    // The generator must not drift to where everything is refused.
    assert!(
        made > count && refused > count / 4 && compared > count,
        "{made} {refused} {compared}"
    );
    assert!(
        differences.is_empty(),
        "{} differences, the first:\n{}",
        differences.len(),
        differences[..differences.len().min(5)].join("\n")
    );
}
