//! What safe code, or a program, must not be able to break.

use mortice_gc::WeakBody;
use mortice_gc::mem::Config;
use mortice_types::builtin::{self, dict, tuple, weakref};
use mortice_types::context::Tables;
use mortice_types::native::{NativeType, figures, flags};
use mortice_types::{
    Context, Object, OwnedContext, Result, Type, TypeStorage, index, native_type, text, tuple_items,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;

fn make_class(
    cx: &Context,
    metaclass: &Type,
    bases: &[Object],
    body: &[(&str, Object)],
) -> Result<Type> {
    let name = cx.string("C")?;
    let bases = tuple::from_slice(cx, bases)?;
    let namespace = dict::new_dict(cx)?;
    for (key, value) in body {
        let key = cx.intern(key)?;
        let view = mortice_types::dict_view(&namespace).expect("a dict");
        view.set(cx, &key, value.clone())?;
    }
    let values = [name.borrow(), bases.borrow(), namespace.borrow()];
    let class = cx.call(metaclass.object(), &values)?;
    Ok(Type::of(&class).expect("a metaclass makes classes"))
}

fn type_type(cx: &Context) -> Type {
    cx.builtin(&builtin::TYPE)
}

#[test]
fn a_foreign_constructor_leaves_that_of_the_base() {
    let cx = Context::new().unwrap();
    let new_of = |native: &'static NativeType| {
        let of = cx.builtin(native);
        cx.get_attribute_text(of.object(), "__new__").unwrap()
    };
    for foreign in [
        &builtin::TUPLE,
        &builtin::LIST,
        &builtin::DICT,
        &builtin::TYPE,
    ] {
        let body = [("__new__", new_of(foreign))];
        let class = make_class(&cx, &type_type(&cx), &[], &body).unwrap();
        // As in CPython, the class makes what its base makes, and the foreign constructor refuses it.
        let made = cx.call(class.object(), &[]).unwrap();
        assert!(cx.type_of(&made).object().is(class.object()));
        assert!(cx.heap().check().is_ok());
        let raised = cx
            .call(&new_of(foreign), &[class.object().borrow()])
            .unwrap_err();
        assert!(raised.is(&cx, &builtin::TYPE_ERROR), "{raised:?}");
    }
    // A metaclass makes classes by `type`, which gives them their state.
    let body = [("__new__", new_of(&builtin::OBJECT))];
    let bases = [type_type(&cx).into_object()];
    let metaclass = make_class(&cx, &type_type(&cx), &bases, &body).unwrap();
    let class = make_class(&cx, &metaclass, &[], &[]).unwrap();
    cx.call(class.object(), &[]).unwrap();
    let raised = cx
        .call(&new_of(&builtin::OBJECT), &[metaclass.object().borrow()])
        .unwrap_err();
    assert!(raised.is(&cx, &builtin::TYPE_ERROR), "{raised:?}");
    // A native type's own constructor may be named.
    let body = [("__new__", new_of(&builtin::LIST))];
    let bases = [cx.builtin(&builtin::LIST).into_object()];
    let class = make_class(&cx, &type_type(&cx), &bases, &body).unwrap();
    cx.call(class.object(), &[]).unwrap();
}

#[test]
fn classes_are_made_or_refused_wherever_memory_runs_out() {
    let cx = Context::new().unwrap();
    let names = ["a", "b", "c"].map(|name| cx.intern(name).unwrap());
    let slots = tuple::from_slice(&cx, &names).unwrap();
    let make = || make_class(&cx, &type_type(&cx), &[], &[("__slots__", slots.clone())]);
    drop(make().unwrap());
    let mut failures = 0;
    for failing in 1.. {
        let before = cx.heap().memory().allocation_count();
        cx.heap().memory().fail_after(Some(failing));
        let made = make();
        cx.heap().memory().fail_after(None);
        cx.heap().check().unwrap();
        match &made {
            Ok(_) if cx.heap().memory().allocation_count() - before < failing => break,
            Ok(_) => {}
            Err(raised) => {
                assert!(raised.is(&cx, &builtin::MEMORY_ERROR), "request {failing}");
                failures += 1;
            }
        }
        drop(made);
        cx.heap().collect(mortice_gc::Generation::Full).unwrap();
    }
    assert!(failures > 10);
}

#[test]
fn handles_that_outlive_their_context_stay_usable() {
    let cx = Context::new().unwrap();
    let string = cx.string("a string of more than a few bytes").unwrap();
    let class = make_class(&cx, &type_type(&cx), &[], &[]).unwrap();
    let instance = cx.call(class.object(), &[]).unwrap();
    let list = tuple::from_slice(&cx, &[string.clone(), instance]).unwrap();
    drop((cx, class));
    assert_eq!(text(&string), Some("a string of more than a few bytes"));
    let items = tuple_items(&list).unwrap();
    assert!(items[0].is(&string));
    assert_eq!(items[1].refcount(), 1);
    drop((list, string));
}

#[test]
fn many_threads_may_start_contexts_in_one_storage_at_once() {
    static STORAGE: TypeStorage = TypeStorage::new();
    let start = std::sync::Barrier::new(6);
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                start.wait();
                let cx = Context::with(&STORAGE, DEFAULT, Config::default()).unwrap();
                let list = cx.builtin(&builtin::LIST).into_object();
                let class = make_class(&cx, &type_type(&cx), &[list], &[]).unwrap();
                let instance = cx.call(class.object(), &[]).unwrap();
                let name = cx.intern("me").unwrap();
                cx.set_attribute(&instance, &name, &instance).unwrap();
                drop(instance);
                let found = cx.heap().collect(mortice_gc::Generation::Full).unwrap();
                assert!(found.collected >= 1);
                assert!(!cx.none().is_small() && cx.none().is_immortal());
            });
        }
    });
}

#[test]
fn a_context_moves_between_threads_with_all_that_is_in_it() {
    let tables = mortice_types::DEFAULT_TABLES;
    let storage = &mortice_types::DEFAULT_STORAGE;
    let mut owned = OwnedContext::start(storage, tables, Config::default()).unwrap();
    for round in 0..4 {
        owned = std::thread::scope(|scope| {
            let run = move || {
                let mut owned = owned;
                owned.enter(|cx| {
                    let class = make_class(cx, &type_type(cx), &[], &[]).unwrap();
                    let keep = cx.call(class.object(), &[]).unwrap();
                    cx.saved_garbage.push(cx.heap(), keep).unwrap();
                    assert_eq!(cx.saved_garbage.len(), round + 1);
                    cx.heap().check().unwrap();
                });
                owned
            };
            scope.spawn(run).join().unwrap()
        });
    }
}

/// The table of the built-in types alone.
static DEFAULT: Tables = &[builtin::TYPES];

/// A table whose only type is this one, in a storage of its own.
fn start(native: &'static NativeType) -> bool {
    let storage: &'static TypeStorage = Box::leak(Box::default());
    let table: &'static [&'static NativeType] = Box::leak(Box::new([native]));
    let tables: Tables = Box::leak(Box::new([builtin::TYPES, table]));
    let start = AssertUnwindSafe(|| Context::with(storage, tables, Config::default()).is_ok());
    catch_unwind(start).unwrap_or(false)
}

/// A native type that no macro checked.
fn unchecked(change: impl FnOnce(&mut NativeType)) -> &'static NativeType {
    let mut native = NativeType {
        index: index::EVAL,
        name: "odd",
        module: "tests",
        doc: None,
        base: Some(&builtin::OBJECT),
        also: None,
        layout: figures("odd", 16, 0),
        body: None,
        flags: flags::BASE | flags::COLLECTED,
        slots: &[],
        methods: &[],
        getsets: &[],
    };
    change(&mut native);
    Box::leak(Box::new(native))
}

#[test]
fn tables_that_lie_about_memory_are_not_installed() {
    assert!(
        start(unchecked(|_| {})),
        "what agrees with itself is installed"
    );
    let list = || Some(&builtin::LIST);
    // A body that is larger than its layout says, and one that does not fit.
    assert!(!start(unchecked(|native| native.body = builtin::LIST.body)));
    assert!(!start(unchecked(|native| native.layout.body_bytes = 8)));
    assert!(!start(unchecked(|native| {
        native.base = list();
        native.layout = figures("odd", 16, 0);
    })));
    // Kinship that the body does not bear out.
    assert!(!start(unchecked(|native| native.flags |= flags::TYPE)));
    assert!(!start(unchecked(|native| native.flags |= flags::TUPLE)));
    // Places: taken, out of the storage, and a base that is not in the tables.
    assert!(!start(unchecked(|native| native.index = index::LIST)));
    assert!(!start(unchecked(|native| native.index = 100_000)));
    assert!(!start(unchecked(
        |native| native.base = Some(unchecked(|_| {}))
    )));
    // A tuple with a section where its items lie.
    assert!(!start(unchecked(|native| {
        native.base = Some(&builtin::TUPLE);
        native.layout = figures("odd", 32 + size_of::<WeakBody>(), size_of::<WeakBody>());
        native.body = builtin::WEAKREF.body;
    })));
}

native_type! {
    /// A list with a weak reference's section behind the list's own.
    static ODD: "odd" {
        index: index::EVAL,
        base: &builtin::LIST,
        layout: figures("odd", 40 + size_of::<WeakBody>(), size_of::<WeakBody>()),
        body: WeakBody,
        flags: flags::BASE | flags::COLLECTED,
        slots {},
        methods {},
        getsets {},
    }
}

#[test]
fn a_weak_body_behind_another_section_is_never_linked() {
    static STORAGE: TypeStorage = TypeStorage::new();
    static TABLES: Tables = &[builtin::TYPES, &[&ODD]];
    let cx = Context::with(&STORAGE, TABLES, Config::default()).unwrap();
    let class = make_class(&cx, &type_type(&cx), &[], &[]).unwrap();
    let target = cx.call(class.object(), &[]).unwrap();
    let odd = cx.builtin(&ODD);
    assert!(weakref::make(&cx, &odd, &target, None).is_err());
    cx.heap().check().unwrap();
    drop(target);
    cx.heap().check().unwrap();
}

/// A context is pinned: safe code cannot move it away from the address that its heap knows.
#[test]
fn a_context_is_pinned() {
    fn pinned<T>(_: &Pin<Box<T>>) {}
    pinned(&Context::new().unwrap());
}
