//! What stands beside an instance: its companion, which knows who watches it, and its token, which
//! knows the instance for others who must not keep it alive.

use crate::host::Slots;
use crate::items::Items;
use crate::raw::{self, Body, Cx, Method, Object, Result, Slot, Visit, body};
use crate::world::World;
use mortice_slots::{Entry, Summary, Watch};
use std::rc::Rc;

/// What a companion carries. The instance's word owns it, and nothing else keeps it for long.
#[derive(Debug)]
pub struct CompanionBody {
    world: Rc<World>,
    rows: Items<Entry>,
    cells: Items<Option<Object>>,
    summary: Summary,
    owner: Rc<raw::Owner>,
    /// The token, once somebody asked for it.
    token: Slot,
}

/// What a token carries.
#[derive(Debug)]
pub struct TokenBody {
    world: Rc<World>,
    owner: Rc<raw::Owner>,
}

static COMPANION_METHODS: [Method; 1] = [Method::END];
static TOKEN_METHODS: [Method; 1] = [Method::END];

impl Body for CompanionBody {
    fn methods() -> &'static [Method] {
        &COMPANION_METHODS
    }

    fn world(&self) -> &Rc<World> {
        &self.world
    }

    fn visit(&self, visit: &mut Visit) {
        visit.cells(&self.cells);
        visit.slot(&self.token);
    }

    fn clear(&self) {
        for index in 0..self.cells.len() {
            drop(self.cells.replace(index, None));
        }
    }

    fn end(&self) {
        self.owner.part();
        self.world.let_go(self.cells.exchange(Vec::new()));
    }
}

impl CompanionBody {
    /// Who watches the instance.
    #[inline]
    pub fn watch(&self) -> Watch<'_, Slots> {
        Watch {
            rows: &self.rows,
            cells: &self.cells,
            summary: &self.summary,
        }
    }
}

impl Body for TokenBody {
    fn methods() -> &'static [Method] {
        &TOKEN_METHODS
    }

    fn world(&self) -> &Rc<World> {
        &self.world
    }

    fn visit(&self, _: &mut Visit) {}

    fn clear(&self) {}
}

impl TokenBody {
    /// The instance, while it lives.
    pub fn owner(&self) -> Option<Object> {
        self.owner.get()
    }
}

/// The companion of an instance, made if need be.
///
/// # Errors
///
/// MemoryError.
pub fn ensure(cx: Cx<'_>, object: &Object) -> Result<Object> {
    if let Some(known) = raw::companion(object) {
        return Ok(known);
    }
    let class = cx.companion.get().ok_or_else(|| cx.ended())?;
    let made = raw::new_native(
        cx,
        &class,
        CompanionBody {
            world: cx.shared(),
            rows: Items::default(),
            cells: Items::default(),
            summary: Summary::default(),
            owner: Rc::new(raw::Owner::of(object)),
            token: Slot::default(),
        },
    )?;
    raw::set_companion(object, made.clone());
    Ok(made)
}

/// The token of an instance, made if need be.
///
/// # Errors
///
/// MemoryError.
pub fn ensure_token(cx: Cx<'_>, object: &Object) -> Result<Object> {
    let companion = ensure(cx, object)?;
    let Some(companion) = body::<CompanionBody>(&companion) else {
        return Err(cx.ended());
    };
    if let Some(known) = companion.token.get() {
        return Ok(known);
    }
    let class = cx.token.get().ok_or_else(|| cx.ended())?;
    let made = raw::new_native(
        cx,
        &class,
        TokenBody {
            world: cx.shared(),
            owner: Rc::clone(&companion.owner),
        },
    )?;
    companion.token.set(made.clone());
    Ok(made)
}
