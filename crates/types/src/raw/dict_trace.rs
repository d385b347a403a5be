//! What the collector sees of a dict.

use crate::builtin::dict::DictBody;
use mortice_gc::{Trace, Visitor};

// SAFETY: exact-traverse: keys and values are owned once each; while the storage is borrowed for
// writing, nothing is reported.
unsafe impl Trace for DictBody {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.traverse_entries(visitor);
    }

    fn clear(&self) {
        DictBody::clear(self);
    }
}
