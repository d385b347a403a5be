//! The unsafe kernel of this crate: bodies, type objects, instances and static storage.
//!
//! Everything above reaches an instance's body through [`body`], which goes by the type and never
//! by a cast, and creates instances through [`Context::instance`](crate::Context::instance), which
//! takes every size from the layout.

mod body;
mod check_tables;
mod companion;
mod dict_trace;
mod heap_type;
mod instance;
mod owned;
mod storage;
mod text;
mod tuple;
mod type_body;

pub use body::{BodyTable, body};
pub(crate) use heap_type::{
    Classes, assign_type, configure_heap_type, link_weak, set_abstract, set_immutable,
    set_observable_words, start_heap_type,
};

pub use companion::{COMPANION, TOKEN, companion, ensure_companion, ensure_token, owner};
pub(crate) use instance::cell;
pub use instance::observable_word;
pub use owned::OwnedContext;
pub use storage::context_of;
pub use storage::{MAX_STATIC_TYPES, Single, TypeStorage};
pub(crate) use storage::{SINGLE_COUNT, adopt, disown, memory_ref};
pub use text::Utf8;
pub use tuple::{TupleBody, tuple_items};
pub use type_body::{Type, TypeBody, TypeKey, TypeLayout, TypeState};
pub(crate) use type_body::{is_exactly, slot_of, type_flags_of};
