//! The module `_mortice`: its classes and functions.

use crate::class::ClassState;
use crate::companion::{CompanionBody, TokenBody};
use crate::definition::DefinitionBody;
use crate::observe::{self, SubscriptionBody, WeakMethodBody};
use crate::raw::{self, Args, Cx, Exception, GetSet, Method, NativeSpec, Object, Result};
use crate::{base, change, class, definition, delegation, hold};

/// The functions of the module.
pub static FUNCTIONS: [Method; 12] = [
    Method::function(
        c"observe",
        observe::subscribe,
        c"observe(self, name, callback, *, strong=False)\n--\n\n\
          Calls back with a Change when a slot, or any for None, shows another value.",
    ),
    Method::function(c"delegate", delegation::delegate, c"Delegates a slot."),
    Method::function(
        c"undelegate",
        delegation::undelegate,
        c"undelegate(obj, slot, /)\n--\n\n\
          Lets a slot of obj that was delegated show its own value again.",
    ),
    Method::function(c"describe", describe, c"What a class stores, and where."),
    Method::function(
        c"get_state",
        base::get_state,
        c"Values, names that are unset, and delegations.",
    ),
    Method::function(
        c"set_state",
        base::set_state,
        c"Restores what get_state() gave.",
    ),
    Method::function(
        c"shown",
        base::shown,
        c"What the slots of an instance show.",
    ),
    Method::function(
        c"check_replaced",
        base::check_replaced,
        c"Refuses keywords that are no slots.",
    ),
    Method::function(c"replace", base::replace, c"Writes slots of a copy."),
    Method::function(
        c"use_unset",
        use_unset,
        c"Names the object that stands for no value.",
    ),
    Method::function(
        c"complete_base",
        complete_base,
        c"Gives Base and its metaclass their attributes in Python.",
    ),
    Method::END,
];

static NO_ATTRIBUTES: [GetSet; 1] = [GetSet::END];

fn describe(cx: Cx<'_>, args: Args<'_>) -> Result<Object> {
    let [class] = args.positional() else {
        return Err(cx.type_error(format_args!("describe() takes 1 argument")));
    };
    let Some(state) = class::state(class) else {
        return Ok(cx.none());
    };
    let before = cx.int(state.storage().before() as i64)?;
    cx.tuple(&[state.places(cx)?, before, state.visible(cx)?])
}

fn use_unset(cx: Cx<'_>, args: Args<'_>) -> Result<Object> {
    let [unset] = args.positional() else {
        return Err(cx.type_error(format_args!("use_unset() takes 1 argument")));
    };
    cx.unset.set(unset.clone());
    Ok(cx.none())
}

fn complete_base(cx: Cx<'_>, args: Args<'_>) -> Result<Object> {
    let ([of_instances, of_classes], Some(root), Some(metaclass)) =
        (args.positional(), cx.base.get(), cx.metaclass.get())
    else {
        return Err(cx.type_error(format_args!("complete_base() takes 2 arguments")));
    };
    for (class, attributes) in [(root, of_instances), (metaclass, of_classes)] {
        let dict = raw::namespace(cx, &class)?;
        for (name, value) in cx.entries(attributes)? {
            cx.dict_set(&dict, &name, &value)?;
        }
        raw::modified(&class);
    }
    Ok(cx.none())
}

fn hidden<'a>(name: &'static core::ffi::CStr, doc: &'static core::ffi::CStr) -> NativeSpec<'a> {
    NativeSpec {
        name,
        doc,
        attributes: &NO_ATTRIBUTES,
        slots: &[],
        is_base: false,
        is_callable: false,
        has_weak_references: false,
    }
}

/// Fills the module.
///
/// # Errors
///
/// MemoryError.
pub fn fill(cx: Cx<'_>, module: &Object) -> Result<()> {
    cx.init_name.set(cx.intern(c"__init__")?);
    let companion = hidden(c"mortice.watch", c"Who watches an instance.");
    cx.companion
        .set(raw::native_class::<CompanionBody>(cx, module, &companion)?);
    let token = hidden(c"mortice.token", c"Knows an instance without keeping it.");
    cx.token
        .set(raw::native_class::<TokenBody>(cx, module, &token)?);
    let weak = hidden(c"mortice.weak_method", c"An observer that is held weakly.");
    cx.weak_method
        .set(raw::native_class::<WeakMethodBody>(cx, module, &weak)?);
    let sentinel = hidden(c"mortice.sentinel", c"Completes a class.");
    cx.sentinel.set(raw::native_class::<class::SentinelBody>(
        cx, module, &sentinel,
    )?);
    let thread_end = hidden(c"mortice.thread", c"Ends the holds of a thread with it.");
    cx.thread_end.set(raw::native_class::<hold::ThreadBody>(
        cx,
        module,
        &thread_end,
    )?);
    let subscription = NativeSpec {
        attributes: &observe::ATTRIBUTES,
        slots: &[raw::repr_slot(observe::repr)],
        has_weak_references: true,
        ..hidden(
            c"mortice.Subscription",
            c"One callback for one slot, or for all, of an instance or a class.",
        )
    };
    let subscription = raw::native_class::<SubscriptionBody>(cx, module, &subscription)?;
    let changes = NativeSpec {
        attributes: &change::ATTRIBUTES,
        slots: &[raw::new_slot(change::new), raw::repr_slot(change::repr)],
        is_callable: true,
        ..hidden(
            c"mortice.Change",
            c"One change of a slot's value: object, name, old, new, source.",
        )
    };
    let changes = raw::native_class::<change::ChangeBody>(cx, module, &changes)?;
    let holds = NativeSpec {
        slots: &[raw::new_slot(hold::new), raw::repr_slot(hold::repr)],
        is_callable: true,
        has_weak_references: true,
        ..hidden(
            c"mortice.hold",
            c"hold(*objects)\n--\n\n\
              Holds back the events of these objects, or of all, until the block ends, and joins those \
              of each slot.",
        )
    };
    let holds = raw::native_class::<hold::HoldBody>(cx, module, &holds)?;
    let [get, set] = raw::definition_slots();
    let definitions = NativeSpec {
        attributes: &definition::ATTRIBUTES,
        slots: &[
            raw::new_slot(definition::new),
            raw::repr_slot(definition::repr),
            get,
            set,
        ],
        is_base: true,
        is_callable: true,
        ..hidden(c"mortice.Definition", c"What a class body says of a slot.")
    };
    let definitions = raw::native_class::<DefinitionBody>(cx, module, &definitions)?;
    let (turned, nobody) = raw::make_turned(cx, module)?;
    cx.turned.set(turned);
    cx.nobody.set(nobody);
    let doc = c"A slot cannot be added, replaced or deleted: the class is in use.";
    let sealed = cx.new_exception(c"mortice.SealedError", doc, Exception::Type)?;
    let doc = c"A delegation would close a cycle, or there is none to end.";
    let delegation = cx.new_exception(c"mortice.DelegationError", doc, Exception::Value)?;
    let (lower, upper) = raw::make_metaclass(
        cx,
        module,
        &[
            raw::new_slot(class::new),
            raw::class_set_slot(class::set_attribute),
        ],
    )?;
    let root = raw::make_base(
        cx,
        module,
        (&lower, &upper),
        &base::ATTRIBUTES,
        &[raw::new_slot(base::new), raw::init_slot(base::init)],
        ClassState::new(cx.shared()),
    )?;
    raw::close_to_heirs(&root);
    for class in [&root, &upper, &definitions] {
        raw::shorten_name(class);
    }
    for (name, value, slot) in [
        (c"Subscription", &subscription, &cx.subscription),
        (c"Change", &changes, &cx.change),
        (c"hold", &holds, &cx.hold),
        (c"Definition", &definitions, &cx.definition),
        (c"SealedError", &sealed, &cx.sealed_error),
        (c"DelegationError", &delegation, &cx.delegation_error),
        (c"BaseMeta", &upper, &cx.metaclass),
        (c"Base", &root, &cx.base),
    ] {
        slot.set(value.clone());
        cx.set_attribute(module, name, value)?;
    }
    Ok(())
}
