//! The unsafe kernel of this crate: bodies, type objects, instances and static storage.
//!
//! Everything above reaches an instance's body through [`body`], which goes by the type and never
//! by a cast, and creates instances through [`Context::instance`](crate::Context::instance), which
//! takes every size from the layout.

mod body;
mod instance;
mod storage;
mod tuple;
mod type_body;

pub use body::{BodyTable, body};
pub(crate) use instance::{clear_instance, finalize_hook, teardown_instance, traverse_instance};
pub use storage::{MAX_STATIC_TYPES, Single, TypeStorage};
pub use tuple::{TupleBody, tuple_items};
pub use type_body::{Type, TypeBody, TypeKey, TypeLayout, TypeState};
pub(crate) use type_body::{NO_INDEX, is_exactly, slot_of, type_flags_of};
pub(crate) use instance::cell;
pub(crate) use storage::{adopt, context_of, disown, memory_ref};
