//! Companions: an object beside an instance that knows it without counting it.
//!
//! An instance with observable slots holds its companion in the first word of their storage. Who
//! must not keep the instance alive keeps the companion instead, and asks it for its owner. When
//! the owner ends, the first thing that its teardown does is to part from the companion, so that
//! nobody can reach what is being taken down.

use super::instance::observable_word;
use crate::layout::Native;
use crate::native::{figures, flags};
use crate::{Context, NativeType, Object, Result, builtin, index, native_type};
use mortice_gc::{Header, Pointer, Slot, Trace, Visitor};
use std::cell::Cell;

/// The body of a companion.
#[derive(Default)]
pub struct CompanionBody {
    /// The owner's address; it owns nothing.
    owner: Cell<Option<Pointer>>,
}

// SAFETY: exact-traverse: nothing is owned.
unsafe impl Trace for CompanionBody {
    fn traverse(&self, _: &mut Visitor<'_>) {}
}

const LAYOUT: Native = figures("companion", 24, size_of::<CompanionBody>());

native_type! {
    /// What knows an instance without keeping it alive; the base of what an upper layer keeps
    /// beside an instance.
    pub static COMPANION: "companion" {
        index: index::COMPANION,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: CompanionBody,
        flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
        slots {},
        methods {},
        getsets {},
    }
}

/// The companion of an instance, where it has one already.
#[inline]
pub fn companion(object: &Object) -> Option<Object> {
    observable_word(object, 0)?.get()
}

/// Gives an instance a companion of a native type that derives from [`COMPANION`]; one that it has
/// already stays.
///
/// # Errors
///
/// MemoryError; TypeError for an instance without observable slots, or a type of other objects.
pub fn ensure_companion(
    cx: &Context,
    object: &Object,
    native: &'static NativeType,
) -> Result<Object> {
    let Some(word) = observable_word(object, 0) else {
        return Err(cx.type_error(format_args!(
            "'{}' object has no observable slots",
            cx.type_name(object)
        )));
    };
    if let Some(known) = word.get() {
        return Ok(known);
    }
    let made = cx.instance(cx.builtin_ref(native), 0)?;
    let Some(body) = super::body::<CompanionBody>(&made) else {
        return Err(cx.type_error(format_args!("'{}' is no companion", native.name)));
    };
    body.owner.set(object.pointer());
    // Making an object may have run a collection, and that anything: another one may be there.
    if let Some(known) = word.get() {
        body.owner.set(None);
        return Ok(known);
    }
    word.set(made.clone());
    Ok(made)
}

/// The instance whose companion this is, while it lives.
pub fn owner(companion: &Object) -> Option<Object> {
    let pointer = super::body::<CompanionBody>(companion)?.owner.get()?;
    // SAFETY: companion-parted: an owner parts from its companion before its memory goes; one whose
    // count is zero already is ending and cannot be referred to any more.
    unsafe { (!Header::of(pointer).is_dead()).then(|| Object::from_borrowed(pointer)) }
}

/// Tells whether `object` is the owner.
pub fn is_owner(companion: &Object, object: &Object) -> bool {
    super::body::<CompanionBody>(companion)
        .is_some_and(|body| body.owner.get() == object.pointer() && body.owner.get().is_some())
}

/// Parts an ending instance from its companion, and empties the companion.
///
/// # Safety
///
/// - `words` are the words of observable slots of an instance that is being cleared or taken down.
pub(super) unsafe fn part(words: &[Slot]) {
    let Some(companion) = words.first().and_then(Slot::get) else {
        return;
    };
    if let Some(body) = super::body::<CompanionBody>(&companion) {
        body.owner.set(None);
    }
    if let Some(pointer) = companion.pointer() {
        // SAFETY: live-header: the handle keeps the companion alive.
        unsafe { super::instance::clear_sections(pointer) }
    }
}
