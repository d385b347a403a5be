//! Companions and tokens: what stands beside an instance, and what knows it without counting it.
//!
//! An instance with observable slots holds its companion in the first word of their storage, and
//! nobody else keeps that: what the companion refers to lives as long as the instance. The companion
//! holds the instance's token, once somebody asks for it. Who must not keep the instance alive keeps
//! the token instead, and asks it for its owner; the token refers to nothing. When the owner ends,
//! the first thing that its teardown does is to part from its token, so that nobody can reach what
//! is being taken down.

use super::instance::observable_word;
use crate::layout::Native;
use crate::native::{figures, flags};
use crate::{Context, NativeType, Object, Result, builtin, index, native_type};
use mortice_gc::{Header, Pointer, Slot, Trace, Visitor};
use std::cell::Cell;

/// The body of a companion.
#[derive(Default)]
pub struct CompanionBody {
    token: Slot,
}

// SAFETY: exact-traverse: the slot reports what it owns.
unsafe impl Trace for CompanionBody {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.token.traverse(visitor);
    }
}

/// The body of a token.
#[derive(Default)]
pub struct TokenBody {
    /// The owner's address; it owns nothing.
    owner: Cell<Option<Pointer>>,
}

// SAFETY: exact-traverse: nothing is owned.
unsafe impl Trace for TokenBody {
    fn traverse(&self, _: &mut Visitor<'_>) {}
}

const COMPANION_LAYOUT: Native = figures("companion", 24, size_of::<CompanionBody>());
const TOKEN_LAYOUT: Native = figures("token", 24, size_of::<TokenBody>());

native_type! {
    /// The base of what an upper layer keeps beside an instance.
    pub static COMPANION: "companion" {
        index: index::COMPANION,
        base: &builtin::OBJECT,
        layout: COMPANION_LAYOUT,
        body: CompanionBody,
        flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
        slots {},
        methods {},
        getsets {},
    }
}

native_type! {
    /// What knows an instance without keeping it alive.
    pub static TOKEN: "token" {
        index: index::TOKEN,
        base: &builtin::OBJECT,
        layout: TOKEN_LAYOUT,
        body: TokenBody,
        flags: flags::DISALLOW_INSTANTIATION,
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
    if super::body::<CompanionBody>(&made).is_none() {
        return Err(cx.type_error(format_args!("'{}' is no companion", native.name)));
    }
    // Making an object may have run a collection, and that anything: another one may be there.
    if let Some(known) = word.get() {
        return Ok(known);
    }
    word.set(made.clone());
    Ok(made)
}

/// The token of an instance, made if need be, with its companion of the native type.
///
/// # Errors
///
/// As for [`ensure_companion`].
pub fn ensure_token(cx: &Context, object: &Object, native: &'static NativeType) -> Result<Object> {
    let companion = ensure_companion(cx, object, native)?;
    let Some(body) = super::body::<CompanionBody>(&companion) else {
        return Err(cx.type_error(format_args!("'{}' is no companion", native.name)));
    };
    if let Some(known) = body.token.get() {
        return Ok(known);
    }
    let token = cx.instance(cx.builtin_ref(&TOKEN), 0)?;
    if let Some(known) = body.token.get() {
        return Ok(known);
    }
    // The companion must still be the instance's, which parts from the token through it.
    if !observable_word(object, 0).is_some_and(|word| word.holds(&companion)) {
        return Err(cx.system_error(format_args!("an instance lost its companion")));
    }
    if let Some(token) = super::body::<TokenBody>(&token) {
        token.owner.set(object.pointer());
    }
    body.token.set(token.clone());
    Ok(token)
}

/// The instance whose token this is, while it lives.
pub fn owner(token: &Object) -> Option<Object> {
    let pointer = super::body::<TokenBody>(token)?.owner.get()?;
    // SAFETY: token-parted: an owner parts from its token before its memory goes; one whose count
    // is zero already is ending and cannot be referred to any more.
    unsafe { (!Header::of(pointer).is_dead()).then(|| Object::from_borrowed(pointer)) }
}

/// Parts an ending instance from its token.
pub(super) fn part(words: &[Slot]) {
    let Some(companion) = words.first().and_then(Slot::get) else {
        return;
    };
    let token = super::body::<CompanionBody>(&companion).and_then(|body| body.token.take());
    if let Some(token) = token
        .as_ref()
        .and_then(|token| super::body::<TokenBody>(token))
    {
        token.owner.set(None);
    }
}
