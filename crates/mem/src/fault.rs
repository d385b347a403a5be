//! Planted faults, which show that the conformance suite notices them (Cargo feature `canary`).
//!
//! A fault is chosen by the variable `MORTICE_FAULT` of the environment when a memory is built; every layer
//! above asks the memory. A build without the feature knows nothing of all this.

use crate::Memory;

/// The variable that names the fault.
pub const VARIABLE: &str = "MORTICE_FAULT";

macro_rules! faults {
    ($($(#[$doc:meta])* $fault:ident $name:literal;)*) => {
        /// One planted fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault {
            $($(#[$doc])* $fault,)*
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &[Fault] = &[$(Fault::$fault,)*];

            /// The name that chooses it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Fault::$fault => $name,)*
                }
            }
        }
    };
}

faults! {
    /// A class's own observable slots are stored the other way round.
    SlotOrder "slot-order";
    /// The observers of a class's bases are told before those of the class.
    EventOrder "event-order";
    /// An event of a slot is told although the value is equal to the old one.
    EqualEvents "equal-events";
    /// The MRO is merged with the bases in reverse order.
    MroMerge "mro-merge";
    /// An instance's dict comes before data descriptors.
    DescriptorPrecedence "descriptor-precedence";
    /// Look-ups in subclasses are not forgotten when a class changes.
    StaleCache "stale-cache";
    /// `__basicsize__` is 8 bytes too large.
    Basicsize "basicsize";
    /// Tuples and dicts that need no tracking are tracked all the same.
    MissingUntrack "missing-untrack";
    /// What an instance's dict refers to is not reported to the collector.
    MissingTraverse "missing-traverse";
    /// An instance's dict is leaked when the instance ends.
    RefcountLeak "refcount-leak";
    /// Finalizers of cyclic garbage run the other way round.
    FinalizerOrder "finalizer-order";
    /// A finalizer runs again for an object that it has resurrected.
    SecondFinalizer "second-finalizer";
    /// Callbacks of weak references to cyclic garbage are not called.
    MissedCallback "missed-callback";
    /// Weak references to an object that ends are cleared after its attributes are gone.
    LateClear "late-clear";
    /// A generator is not closed when it ends.
    GeneratorClose "generator-close";
    /// A traceback's lines are one too large.
    TracebackLine "traceback-line";
}

impl Fault {
    /// The fault that the environment names.
    pub(crate) fn chosen() -> Option<Fault> {
        let name = std::env::var(VARIABLE).ok()?;
        let fault = Fault::ALL.iter().find(|fault| fault.name() == name);
        fault.copied()
    }
}

impl Memory {
    /// Tells whether the fault was chosen.
    pub fn has_fault(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }
}
