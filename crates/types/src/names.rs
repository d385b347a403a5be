//! Interned names that the type system itself uses.

use crate::slot_id::{SLOT_COUNT, SlotId};
use crate::{Context, Object, Result};

macro_rules! names {
    ($($field:ident $text:literal,)*) => {
        /// Well-known names, interned when a context starts.
        #[allow(missing_docs, reason = "each field is the name that it is called")]
        pub struct Names {
            $(pub $field: Object,)*
            slots: [Object; SLOT_COUNT],
        }

        impl Names {
            pub(crate) fn intern(cx: &Context) -> Result<Names> {
                let mut failed = None;
                let slots = SlotId::NAMES.map(|name| match cx.intern(name) {
                    Ok(name) => name,
                    Err(raised) => {
                        failed = Some(raised);
                        Object::small32(0)
                    }
                });
                if let Some(raised) = failed {
                    return Err(raised);
                }
                Ok(Names { $($field: cx.intern($text)?,)* slots })
            }
        }
    };
}

names! {
    dict "__dict__", class "__class__", doc "__doc__", module "__module__", name "__name__",
    qualname "__qualname__", slots_name "__slots__", weakref "__weakref__", bases "__bases__",
    mro "__mro__", mro_method "mro", getattr "__getattr__", set_name "__set_name__",
    init_subclass "__init_subclass__", class_getitem "__class_getitem__",
    classcell "__classcell__", mro_entries "__mro_entries__", orig_bases "__orig_bases__",
    prepare "__prepare__", metaclass "metaclass", instancecheck "__instancecheck__",
    subclasscheck "__subclasscheck__", subclasshook "__subclasshook__", dir "__dir__",
    format "__format__", bytes "__bytes__", reversed "__reversed__", missing "__missing__",
    length_hint "__length_hint__", round "__round__", trunc "__trunc__", floor "__floor__",
    ceil "__ceil__", complex "__complex__", enter "__enter__", exit "__exit__",
    sizeof "__sizeof__", reduce "__reduce__", reduce_ex "__reduce_ex__",
    getstate "__getstate__", setstate "__setstate__", getnewargs "__getnewargs__",
    getnewargs_ex "__getnewargs_ex__", match_args "__match_args__", builtins "__builtins__",
    file "__file__", path "__path__", package "__package__", loader "__loader__", spec "__spec__",
    all "__all__", main "__main__", annotations "__annotations__", annotate "__annotate__",
    type_params "__type_params__", defaults "__defaults__", kwdefaults "__kwdefaults__",
    code "__code__", globals "__globals__", closure "__closure__", wrapped "__wrapped__",
    isabstract "__isabstractmethod__", abstractmethods "__abstractmethods__",
    static_attributes "__static_attributes__", firstlineno "__firstlineno__",
    objclass "__objclass__", self_name "__self__", func "__func__", notes "__notes__",
    send "send", throw "throw", close "close", keys "keys", items "items", origin "__origin__",
    args "args", copy "__copy__", deepcopy "__deepcopy__", empty "", index "__index__",
    print_file_and_line "print_file_and_line", lambda "<lambda>", write "write", flush "flush",
}

impl Names {
    /// The special method's name of a slot.
    #[inline(always)]
    pub fn slot(&self, slot: SlotId) -> &Object {
        &self.slots[slot as usize]
    }
}
