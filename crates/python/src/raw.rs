//! Everything that touches the interpreter's memory or calls it: the unsafe part of the crate.

mod class;
mod create;
mod cx;
mod descriptor;
mod entry;
mod hook;
mod layout;
mod lookup;
mod module;
mod native;
mod object;
mod reach;
mod shared;
mod storage;
mod text;

pub use class::*;
pub use create::make_quickly;
pub use cx::{Cx, Exception, Raised, Result, is_pair_of, target_of};
pub use descriptor::{
    Member, definition_slots, fits, is_member, is_of, make_turned, member_descriptor, turn,
};
pub use entry::*;
pub use hook::{Written, hook};
pub use layout::{Making, close_to_heirs, plan};
pub use lookup::plain_method;
pub use module::definition_of_module;
pub use native::{Body, NativeSpec, Visit, body, native_class, new_native};
pub use object::{Object, Slot};
pub use reach::Reach;
pub use shared::Shared;
pub use storage::{
    Owner, Place, SPARE_WORDS, Storage, companion, fill, holds, load, set_companion, store,
    store_all,
};
pub use text::ClassName;
