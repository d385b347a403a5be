//! Instruction counts of observable slots on the runtime: creating an instance with four slots,
//! reading and writing, with observers and through delegations, and subscribing.

#![allow(
    missing_docs,
    reason = "the bench macros make public items without docs"
)]

use std::hint::black_box;

use iai_callgrind::{library_benchmark, library_benchmark_group, main};
use mortice::types::{builtin, dict_view};
use mortice::{Context, Object, Result, Runtime, State, Type};

/// Operations of one run.
const COUNT: usize = 1_000;
/// Observers that are there before the 5,000th.
const MANY: usize = 4_999;

/// What the benches work on; it is kept in the runtime, for handles cannot leave it.
struct Objects {
    class: Object,
    instance: Object,
    values: [Object; 2],
    name: Object,
    observe: Object,
    observer: Object,
}

const KEPT: &str = "objects of the bench";

fn module(cx: &Context) -> Result<Object> {
    mortice::import::import(cx, "mortice", None, false, 0)
}

/// A class with these slots.
fn class(cx: &Context, module: &Object, slots: &[&str]) -> Result<Object> {
    let slot = cx.get_attribute_text(module, "slot")?;
    let base = cx.get_attribute_text(module, "Base")?;
    let namespace = builtin::dict::new_dict(cx)?;
    for name in slots {
        let made = cx.call(&slot, &[])?;
        cx.set_item(&namespace, &cx.intern(name)?, &made)?;
    }
    let bases = builtin::tuple::from_slice(cx, std::slice::from_ref(&base))?;
    let name = cx.string("A")?;
    let metaclass = cx.type_of(&base).into_object();
    cx.call(
        &metaclass,
        &[name.borrow(), bases.borrow(), namespace.borrow()],
    )
}

/// Makes an object of a class with four slots, with so many observers of `c`, delegated over so
/// many links.
fn set_up(cx: &Context, observers: usize, links: usize) -> Result<()> {
    let module = module(cx)?;
    let class = class(cx, &module, &["a", "b", "c", "d"])?;
    let name = cx.intern("c")?;
    let values = [cx.int(1)?, cx.int(2)?];
    let delegate = cx.get_attribute_text(&module, "delegate")?;
    let mut instance = cx.call(&class, &[])?;
    cx.set_attribute(&instance, &name, &values[0])?;
    for _ in 0..links {
        let delegator = cx.call(&class, &[])?;
        let to = [cx.intern("to")?];
        let values = [delegator.borrow(), name.borrow(), instance.borrow()];
        cx.call_args(&delegate, mortice::Args::with_names(&values, &to))?;
        instance = delegator;
    }
    let builtins = State::of(cx)?.builtins.get().unwrap_or_else(|| cx.none());
    let observer = cx.get_attribute_text(&builtins, "callable")?;
    let observe = cx.get_attribute_text(&instance, "observe")?;
    for _ in 0..observers {
        cx.call(&observe, &[name.borrow(), observer.borrow()])?;
    }
    let [one, two] = values;
    let kept = [class, instance, one, two, name, observe, observer];
    let kept = builtin::tuple::from_slice(cx, &kept)?;
    let modules = State::of(cx)?.modules.get().unwrap_or_else(|| cx.none());
    cx.set_item(&modules, &cx.intern(KEPT)?, &kept)
}

fn objects(cx: &Context) -> Option<Objects> {
    let modules = State::find(cx)?.modules.get()?;
    let kept = dict_view(&modules)?.get_text(KEPT)?;
    let [class, instance, one, two, name, observe, observer] = mortice::types::tuple_items(&kept)?
    else {
        return None;
    };
    Some(Objects {
        class: class.clone(),
        instance: instance.clone(),
        values: [one.clone(), two.clone()],
        name: name.clone(),
        observe: observe.clone(),
        observer: observer.clone(),
    })
}

fn setting(observers: usize, links: usize) -> Runtime {
    let mut runtime = Runtime::new().expect("a runtime");
    let is_set_up = runtime.enter(|cx| set_up(cx, observers, links).is_ok());
    assert!(is_set_up, "the objects of the bench");
    runtime
}

/// Runs an operation many times.
fn repeat(
    mut runtime: Runtime,
    act: impl Fn(&Context, &Objects, usize) -> Result<()> + Send,
) -> Runtime {
    let done = runtime.enter(move |cx| {
        let objects = objects(cx).expect("the objects of the bench");
        (0..COUNT).all(|turn| act(cx, black_box(&objects), turn).is_ok())
    });
    assert!(done, "every operation succeeds");
    runtime
}

#[library_benchmark]
#[bench::four_slots(setting(0, 0))]
fn create(runtime: Runtime) -> Runtime {
    repeat(runtime, |cx, objects, _| {
        debug_assert!(Type::view(&objects.class).is_some());
        cx.call(&objects.class, &[]).map(drop)
    })
}

#[library_benchmark]
#[bench::slot(setting(0, 0))]
#[bench::one_link(setting(0, 1))]
#[bench::ten_links(setting(0, 10))]
fn read(runtime: Runtime) -> Runtime {
    repeat(runtime, |cx, objects, _| {
        cx.get_attribute(&objects.instance, &objects.name).map(drop)
    })
}

#[library_benchmark]
#[bench::unobserved(setting(0, 0))]
#[bench::one_observer(setting(1, 0))]
#[bench::ten_observers(setting(10, 0))]
#[bench::one_link(setting(0, 1))]
#[bench::ten_links(setting(0, 10))]
fn write(runtime: Runtime) -> Runtime {
    repeat(runtime, |cx, objects, turn| {
        let value = &objects.values[(turn + 1) % 2];
        cx.set_attribute(&objects.instance, &objects.name, value)
    })
}

#[library_benchmark]
#[bench::first(setting(0, 0))]
#[bench::five_thousandth(setting(MANY, 0))]
fn subscribe_and_cancel(runtime: Runtime) -> Runtime {
    repeat(runtime, |cx, objects, _| {
        let arguments = [objects.name.borrow(), objects.observer.borrow()];
        let subscription = cx.call(&objects.observe, &arguments)?;
        let cancel = cx.get_attribute_text(&subscription, "cancel")?;
        cx.call(&cancel, &[]).map(drop)
    })
}

library_benchmark_group!(
    name = observable;
    benchmarks = create, read, write, subscribe_and_cancel
);

main!(library_benchmark_groups = observable);
