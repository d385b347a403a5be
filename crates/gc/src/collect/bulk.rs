//! Phases 4 to 7 of garbage that nobody can notice.
//!
//! Where no member has a finalizer or weak references, and every kind is plain, there is nothing to call, nothing can be
//! resurrected, and the order of the clears cannot be told. So the members are torn down one after the other in the order
//! of their addresses, without following references from one to the next: each counts as immortal since it was listed, so
//! that dropping a reference to it writes nothing. Their memory stays until all are torn down.
//!
//! What members hold from outside the garbage ends at once when its last reference goes, which may run foreign code. That
//! code finds no member: none is reachable, and none is tracked any more.

use super::Collected;
use crate::header::{FLAG_GARBAGE, Header};
use crate::heap::block_of;
use crate::object::Pointer;
use crate::side::Map;
use crate::{Buffer, Heap};
use mortice_mem::Memory;

impl Heap {
    /// Ends all members.
    ///
    /// # Safety
    ///
    /// - `members` is the list of garbage, whose members are plain, as [`super::find::Garbage::is_plain`] says it.
    pub(super) unsafe fn end_plain(
        &self,
        members: Buffer<Pointer>,
        candidates: usize,
    ) -> Collected {
        // SAFETY: listed-garbage: headers and memory stay until the last loop. owned-reference: nobody uses a member any
        // more, so each is torn down once; what a teardown drops of other members is not counted. dead-untracked:
        // nothing finds a member from here on.
        unsafe {
            let map = Map::of(self);
            for member in members.iter() {
                map.side_of(*member).set(0);
            }
            for member in members.iter() {
                let kind = Header::of(*member).kind.get();
                ((*kind).teardown.get())(self, *member);
                crate::dealloc::drop_dict(*member);
            }
            // From the end, so that blocks are handed out again in ascending order.
            for member in members.iter().rev() {
                debug_assert!(Header::of(*member).has(FLAG_GARBAGE), "listed-garbage");
                let block = block_of(*member);
                if self.pressure.is_on() {
                    self.pressure.fall(Memory::usable_bytes(block));
                }
                Memory::release(block);
            }
        }
        let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
        self.counts[0].set(self.counts[0].get().saturating_sub(count));
        Collected {
            collected: members.len(),
            uncollectable: 0,
            candidates,
        }
    }
}
