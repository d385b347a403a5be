//! `mappingproxy`: a read-only view of a mapping.

use crate::native::{figures, flags};
use crate::{Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Slot;

crate::body! {
    /// The body of a mapping proxy.
    pub struct ProxyBody {
        /// The mapping.
        pub mapping: Slot,
    }
}

/// A read-only view of a mapping.
///
/// # Errors
///
/// MemoryError.
pub fn new_proxy(cx: &Context, mapping: &Object) -> Result<Object> {
    let proxy = cx.instance(cx.builtin_ref(&MAPPINGPROXY), 0)?;
    if let Some(body) = body::<ProxyBody>(&proxy) {
        body.mapping.set(mapping.clone());
    }
    Ok(proxy)
}

/// The mapping behind a proxy.
pub fn mapping_of(object: &Object) -> Option<Object> {
    body::<ProxyBody>(object)?.mapping.get()
}

native_type! {
    /// The type of read-only views of mappings.
    pub static MAPPINGPROXY: "mappingproxy" {
        index: index::MAPPINGPROXY,
        base: &builtin::OBJECT,
        layout: figures("mappingproxy", 24, size_of::<ProxyBody>()),
        body: ProxyBody,
        flags: flags::COLLECTED | flags::MAPPING,
        slots {},
        methods {},
        getsets {},
    }
}
