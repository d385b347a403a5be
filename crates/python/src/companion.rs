//! What stands beside an instance: its companion, which knows who watches it, and its token, which
//! knows the instance for others who must not keep it alive.

use crate::host::Slots;
use crate::items::Items;
use crate::raw::{self, Body, Cx, Method, Object, Result, Shared, Slot, Visit, body};
use crate::world::World;
use allocator_api2::boxed::Box;
use core::cell::{OnceCell, RefCell};
use hashbrown::HashMap;
use mortice_slots::{Entry, Name, Solo, Summary, Watch};
use std::rc::Rc;

/// What a companion carries. The instance's word owns it, and nothing else keeps it for long.
#[derive(Debug)]
pub struct CompanionBody {
    world: Rc<World>,
    /// The only observer, as long as there are no lists.
    solo: Solo<Slots>,
    lists: OnceCell<Box<Lists>>,
}

/// What a companion keeps where more than one observer hangs on the instance.
#[derive(Debug)]
struct Lists {
    rows: Items<Entry>,
    cells: Items<Option<Object>>,
    summary: Summary,
    owner: Shared<raw::Owner>,
    /// The token, once somebody asked for it.
    token: Slot,
}

/// What a token carries.
#[derive(Debug)]
pub struct TokenBody {
    world: Rc<World>,
    owner: Shared<raw::Owner>,
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
        self.solo.with(|observer| {
            if let Some(observer) = observer {
                visit.object(observer);
            }
        });
        if let Some(lists) = self.lists.get() {
            visit.cells(&lists.cells);
            visit.slot(&lists.token);
        }
    }

    fn clear(&self) {
        drop(self.solo.take());
        if let Some(lists) = self.lists.get() {
            for index in 0..lists.cells.len() {
                drop(lists.cells.replace(index, None));
            }
        }
    }

    fn end(&self) {
        match self.lists.get() {
            Some(lists) => {
                lists.owner.part();
                self.world.let_go(lists.cells.take_all());
            }
            None => self.world.owners.part(self),
        }
        if let Some(observer) = self.solo.take() {
            self.world.let_one_go(observer);
        }
    }
}

impl CompanionBody {
    /// Tells whether there are no lists.
    #[inline]
    pub fn is_solo(&self) -> bool {
        self.lists.get().is_none()
    }

    /// Where a slot of the instance is delegated to: the address of the target, which the companion
    /// keeps, and the target's slot.
    #[inline]
    pub fn link(&self, name: Name) -> Option<(*mut pyo3_ffi::PyObject, Name)> {
        let lists = self.lists.get()?;
        let watch = Watch::<Slots>::new(&lists.rows, &lists.cells, &lists.summary);
        let (place, other) = watch.link(name)?;
        let address = |target: &Option<Object>| target.as_ref().map(Object::as_ptr);
        let target = lists.cells.with(place, address);
        Some((target.flatten()?, other))
    }

    /// Who watches the instance.
    #[inline]
    pub fn watch(&self) -> Watch<'_, Slots> {
        match self.lists.get() {
            Some(lists) => Watch::new(&lists.rows, &lists.cells, &lists.summary),
            None => Watch::Solo(&self.solo),
        }
    }

    /// As [`CompanionBody::watch`], in lists, which are made if need be. The companion is that of the
    /// instance.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn roomy_watch(&self, cx: Cx<'_>, object: &Object) -> Result<Watch<'_, Slots>> {
        if self.lists.get().is_none() {
            let made = Box::try_new(Lists {
                rows: Items::default(),
                cells: Items::default(),
                summary: Summary::default(),
                owner: self.owner(cx, object)?,
                token: Slot::default(),
            });
            let made = made.map_err(|_| cx.out_of_memory())?;
            let watch = Watch::new(&made.rows, &made.cells, &made.summary);
            self.solo.move_to(cx, &watch)?;
            self.world.owners.forget(self);
            // Nothing of a program ran since there were none.
            let _ = self.lists.set(made);
        }
        Ok(self.watch())
    }

    /// What knows the instance without keeping it. The companion is that of the instance.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn owner(&self, cx: Cx<'_>, object: &Object) -> Result<Shared<raw::Owner>> {
        match self.lists.get() {
            Some(lists) => Ok(lists.owner.clone()),
            None => {
                let owner = self.world.owners.of(self, object);
                owner.ok_or_else(|| cx.out_of_memory())
            }
        }
    }
}

/// What knows the instances whose companions have no lists, where a subscription asked for it.
#[derive(Debug, Default)]
pub struct Owners(RefCell<HashMap<usize, Shared<raw::Owner>>>);

impl Owners {
    fn key(companion: &CompanionBody) -> usize {
        core::ptr::from_ref(companion).addr()
    }

    /// Nothing where memory ran out.
    fn of(&self, companion: &CompanionBody, object: &Object) -> Option<Shared<raw::Owner>> {
        let mut owners = self.0.borrow_mut();
        if let Some(known) = owners.get(&Self::key(companion)) {
            return Some(known.clone());
        }
        owners.try_reserve(1).ok()?;
        let made = Shared::new(raw::Owner::of(object))?;
        owners.insert(Self::key(companion), made.clone());
        Some(made)
    }

    fn forget(&self, companion: &CompanionBody) -> Option<Shared<raw::Owner>> {
        self.0.borrow_mut().remove(&Self::key(companion))
    }

    /// The instance of a companion ends.
    fn part(&self, companion: &CompanionBody) {
        if let Some(owner) = self.forget(companion) {
            owner.part();
        }
    }
}

/// What knows an instance that is watched without keeping it.
///
/// # Errors
///
/// MemoryError.
pub fn owner(cx: Cx<'_>, object: &Object) -> Result<Option<Shared<raw::Owner>>> {
    match raw::companion(object)
        .as_ref()
        .and_then(body::<CompanionBody>)
    {
        Some(companion) => companion.owner(cx, object).map(Some),
        None => Ok(None),
    }
}

/// Lets go of what a subscription knew its instance by, where nobody else does.
pub fn forget_owner(cx: &World, owner: &Shared<raw::Owner>) {
    if owner.count() == 2
        && let Some(object) = owner.get()
        && let Some(companion) = raw::companion(&object)
        && let Some(companion) = body::<CompanionBody>(&companion)
        && companion.lists.get().is_none()
    {
        drop(cx.owners.forget(companion));
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
            solo: Solo::default(),
            lists: OnceCell::new(),
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
    companion.roomy_watch(cx, object)?;
    let lists = companion.lists.get().ok_or_else(|| cx.ended())?;
    if let Some(known) = lists.token.get() {
        return Ok(known);
    }
    let class = cx.token.get().ok_or_else(|| cx.ended())?;
    let made = raw::new_native(
        cx,
        &class,
        TokenBody {
            world: cx.shared(),
            owner: lists.owner.clone(),
        },
    )?;
    lists.token.set(made.clone());
    Ok(made)
}
