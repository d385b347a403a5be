//! `hold`: events wait while a block runs.
//!
//! The class is native so that a block that began always ends: leaving it calls no function in Python,
//! whose frame could find no memory.

use crate::class;
use crate::delegation::check_instance;
use crate::raw::{self, Args, Body, Cx, Exception, Method, Object, Result, Visit};
use crate::world::World;
use core::cell::Cell;
use std::rc::Rc;

/// What a hold carries.
#[derive(Debug)]
pub struct HoldBody {
    world: Rc<World>,
    /// The objects whose events are held back; none for those of all.
    objects: Vec<Object>,
    /// Blocks that are open.
    open: Cell<u32>,
}

static METHODS: [Method; 3] = [
    Method::new(c"__enter__", enter, c"Begins to hold events back."),
    Method::new(c"__exit__", exit, c"Tells what no other hold covers."),
    Method::END,
];

impl Body for HoldBody {
    fn methods() -> &'static [Method] {
        &METHODS
    }

    fn world(&self) -> &Rc<World> {
        &self.world
    }

    fn visit(&self, visit: &mut Visit) {
        self.objects.iter().for_each(|object| visit.object(object));
    }

    // A cycle through a hold leads through its objects, which let go of theirs.
    fn clear(&self) {}
}

/// `hold(*objects)`.
///
/// # Errors
///
/// TypeError for what is no instance with slots; MemoryError.
pub fn new(cx: Cx<'_>, class: &Object, args: &Object, keywords: Option<&Object>) -> Result<Object> {
    if keywords.is_some_and(|keywords| !cx.entries(keywords).is_empty()) {
        return Err(cx.type_error(format_args!("hold() takes no keyword arguments")));
    }
    let objects = cx.items(args).unwrap_or_default();
    for object in &objects {
        check_instance(cx, object, "hold() needs instances")?;
    }
    raw::new_native(
        cx,
        class,
        HoldBody {
            world: cx.shared(),
            objects,
            open: Cell::new(0),
        },
    )
}

fn enter(cx: Cx<'_>, this: &Object, body: &HoldBody, _: Args<'_>) -> Result<Object> {
    for object in &body.objects {
        class::watch_class(cx, &object.class())?;
    }
    cx.engine.begin_hold(cx, &body.objects)?;
    body.open.set(body.open.get() + 1);
    Ok(this.clone())
}

fn exit(cx: Cx<'_>, _: &Object, body: &HoldBody, _: Args<'_>) -> Result<Object> {
    let Some(open) = body.open.get().checked_sub(1) else {
        return Err(cx.error(
            Exception::Runtime,
            format_args!("hold is not open in this thread"),
        ));
    };
    body.open.set(open);
    cx.engine.end_hold(cx, &body.objects)?;
    Ok(cx.none())
}

/// `repr(hold)`.
///
/// # Errors
///
/// MemoryError.
pub fn repr(cx: Cx<'_>, _: &Object, body: &HoldBody) -> Result<Object> {
    match body.objects.len() {
        0 => cx.string("<hold of everything>"),
        1 => cx.string("<hold of 1 object>"),
        count => cx.format(format_args!("<hold of {count} objects>")),
    }
}
