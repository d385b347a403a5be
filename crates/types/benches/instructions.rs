//! Instruction counts of classes with `__slots__`: creating an instance with four slots, reading and
//! writing one, and what attribute access costs on the way through the type's cache.

#![allow(
    missing_docs,
    reason = "the bench macros make public items without docs"
)]

use std::hint::black_box;

use iai_callgrind::{library_benchmark, library_benchmark_group, main};
use mortice_types::{Context, Object, Type, builtin, dict_view};

/// Operations of one run.
const COUNT: usize = 1_000;

struct Setting {
    /// Handles are dropped before the context.
    instance: Object,
    value: Object,
    names: [Object; 4],
    class: Type,
    cx: std::pin::Pin<Box<Context>>,
}

fn setting() -> Setting {
    let cx = Context::new().expect("a context");
    let names = ["a", "b", "c", "d"].map(|name| cx.intern(name).expect("a name"));
    let slots = builtin::tuple::from_slice(&cx, &names).expect("a tuple");
    let namespace = builtin::dict::new_dict(&cx).expect("a dict");
    let key = cx.intern("__slots__").expect("a name");
    dict_view(&namespace)
        .expect("a dict")
        .set(&cx, &key, slots)
        .expect("an entry");
    let name = cx.string("P").expect("a name");
    let bases = builtin::tuple::from_slice(&cx, &[]).expect("a tuple");
    let arguments = [name.borrow(), bases.borrow(), namespace.borrow()];
    let class = cx.call(cx.builtin_ref(&builtin::TYPE).object(), &arguments);
    let class = Type::of(&class.expect("a class")).expect("a class");
    let instance = cx.call(class.object(), &[]).expect("an instance");
    let value = cx.string("value").expect("a string");
    for name in &names {
        cx.set_attribute(&instance, name, &value).expect("a slot");
    }
    Setting {
        instance,
        value,
        names,
        class,
        cx,
    }
}

#[library_benchmark]
#[bench::four_slots(setting())]
fn create(setting: Setting) -> Setting {
    for _ in 0..COUNT {
        let made = setting.cx.call(black_box(setting.class.object()), &[]);
        drop(black_box(made));
    }
    setting
}

#[library_benchmark]
#[bench::slot(setting())]
fn read(setting: Setting) -> Setting {
    for _ in 0..COUNT {
        let found = setting
            .cx
            .get_attribute(black_box(&setting.instance), &setting.names[2]);
        drop(black_box(found));
    }
    setting
}

#[library_benchmark]
#[bench::slot(setting())]
fn write(setting: Setting) -> Setting {
    for _ in 0..COUNT {
        let result = setting.cx.set_attribute(
            black_box(&setting.instance),
            &setting.names[2],
            &setting.value,
        );
        black_box(result.is_ok());
    }
    setting
}

library_benchmark_group!(
    name = slots;
    benchmarks = create, read, write
);

main!(library_benchmark_groups = slots);
