//! `property`.

use crate::native::{figures, flags};
use crate::{builtin, index, native_type};
use mortice_gc::Slot;

crate::body! {
    /// The body of a property.
    pub struct PropertyBody {
        /// `fget`.
        pub getter: Slot,
        /// `fset`.
        pub setter: Slot,
        /// `fdel`.
        pub deleter: Slot,
        /// `__doc__`.
        pub doc: Slot,
        /// `__name__`.
        pub name: Slot,
    }
}

native_type! {
    /// The built-in `property`.
    pub static PROPERTY: "property" {
        index: index::PROPERTY,
        base: &builtin::OBJECT,
        layout: figures("property", 64, size_of::<PropertyBody>()),
        body: PropertyBody,
        flags: flags::BASE | flags::COLLECTED,
        slots {},
        methods {},
        getsets {},
    }
}
