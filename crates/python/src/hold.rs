//! `hold`: events wait while a block runs.
//!
//! The class is native so that a block that began always ends: leaving it calls no function in Python,
//! whose frame could find no memory.

use crate::class;
use crate::delegation::check_instance;
use crate::items::Items;
use crate::raw::{self, Args, Body, Cx, Exception, Method, Object, Result, Visit};
use crate::world::World;
use std::rc::Rc;

/// What a hold carries.
#[derive(Debug)]
pub struct HoldBody {
    world: Rc<World>,
    /// The objects whose events are held back; none for those of all.
    objects: Vec<Object>,
    /// The thread of each block that is open.
    open: Items<u64>,
}

/// What the interpreter lets go of when a thread ends.
#[derive(Debug)]
pub struct ThreadBody {
    world: Rc<World>,
    thread: u64,
}

static THREAD_METHODS: [Method; 1] = [Method::END];

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

impl Body for ThreadBody {
    fn methods() -> &'static [Method] {
        &THREAD_METHODS
    }

    fn world(&self) -> &Rc<World> {
        &self.world
    }

    fn visit(&self, _: &mut Visit) {}

    fn clear(&self) {}

    fn end(&self) {
        self.world.engine.end_thread(self.thread);
    }
}

/// Lets the holds of this thread end with it.
fn end_with_thread(cx: Cx<'_>) -> Result<()> {
    let (dict, class) = (cx.of_thread()?, cx.thread_end.get());
    let class = class.ok_or_else(|| cx.ended())?;
    if cx.dict_get(&dict, &class)?.is_some() {
        return Ok(());
    }
    let body = ThreadBody {
        world: cx.shared(),
        thread: cx.thread(),
    };
    let made = raw::new_native(cx, &class, body)?;
    cx.dict_set(&dict, &class, &made)
}

/// `hold(*objects)`.
///
/// # Errors
///
/// TypeError for what is no instance with slots; MemoryError.
pub fn new(cx: Cx<'_>, class: &Object, args: &Object, keywords: Option<&Object>) -> Result<Object> {
    if keywords.is_some_and(|keywords| !cx.is_empty_dict(keywords)) {
        return Err(cx.type_error(format_args!("hold() takes no keyword arguments")));
    }
    let objects = cx.items(args)?.unwrap_or_default();
    for object in &objects {
        check_instance(cx, object, "hold() needs instances")?;
    }
    raw::new_native(
        cx,
        class,
        HoldBody {
            world: cx.shared(),
            objects,
            open: Items::default(),
        },
    )
}

fn enter(cx: Cx<'_>, this: &Object, body: &HoldBody, _: Args<'_>) -> Result<Object> {
    for object in &body.objects {
        class::watch_class(cx, &object.class())?;
    }
    end_with_thread(cx)?;
    body.open.add(cx, cx.thread())?;
    if let Err(raised) = cx.engine.begin_hold(cx, &body.objects) {
        body.open.remove_last();
        return Err(raised);
    }
    Ok(this.clone())
}

fn exit(cx: Cx<'_>, _: &Object, body: &HoldBody, _: Args<'_>) -> Result<Object> {
    let thread = cx.thread();
    let is_own = |place: &usize| body.open.at(*place) == Some(thread);
    let Some(place) = (0..body.open.len()).rev().find(is_own) else {
        return Err(cx.error(
            Exception::Runtime,
            format_args!("hold is not open in this thread"),
        ));
    };
    if let Some(last) = body.open.remove_last() {
        body.open.replace(place, last);
    }
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
