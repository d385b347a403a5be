//! Observers: being told of every request and release.
//!
//! An observer sees sizes as they were asked for and addresses as they were
//! handed out, whatever functions serve the domains. It is what a profiler
//! records with. While there is one, the fast path is closed, as it is while a
//! domain is switched, and the countdown of every pool is held, so that each
//! release of a block with a known space is noticed.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::{BLOCK_DOMAINS, Domain};
use crate::memory::Memory;
use crate::pool::Header;

/// Is told of what a memory hands out and takes back.
///
/// It is called after a request was served, or right before a release. Requests
/// that fail are not told of; releases of blocks that were handed out before the
/// observer came are.
///
/// # Safety
///
/// *passive-observer*: it is called in the middle of what the memory's users do,
/// a collector among them. So it may use the memory, but nothing that lies in it
/// by the doing of others, such as the handles of a heap: it neither changes nor
/// ends such things.
pub unsafe trait Observer: Any + Send {
    /// A block of `bytes` bytes was handed out.
    fn allocated(&self, domain: Domain, address: usize, bytes: usize);
    /// The block at `old` is at `new` now, with `bytes` bytes.
    fn reallocated(&self, domain: Domain, old: usize, new: usize, bytes: usize);
    /// The block at `address` is about to be released.
    fn released(&self, domain: Domain, address: usize);
}

/// An observer that keeps which blocks are in use since it came: domain and size
/// by address. Copies share what they know.
///
/// ```
/// use mortice_mem::{Buffer, Domain, LiveBlocks, Memory};
///
/// let memory = Memory::new()?;
/// let live = LiveBlocks::default();
/// memory.set_observer(Some(Box::new(live.clone())));
/// let buffer = Buffer::new(&memory, Domain::Mem, 100).expect("100 bytes");
/// assert_eq!(live.find(buffer.address()), Some((Domain::Mem, 100)));
/// drop(buffer);
/// assert_eq!(live.count(), 0);
/// # Ok::<(), mortice_mem::MemoryError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct LiveBlocks(Arc<Mutex<BTreeMap<usize, (Domain, usize)>>>);

impl LiveBlocks {
    /// The domain and the bytes of the block at an address, if it is in use.
    pub fn find(&self, address: usize) -> Option<(Domain, usize)> {
        self.with(|blocks| blocks.get(&address).copied())
    }

    /// The number of blocks in use.
    pub fn count(&self) -> usize {
        self.with(|blocks| blocks.len())
    }

    fn with<R>(&self, work: impl FnOnce(&mut BTreeMap<usize, (Domain, usize)>) -> R) -> R {
        // Nothing panics while it holds the lock.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

// SAFETY: *passive-observer*: a map of its own is all that it uses.
unsafe impl Observer for LiveBlocks {
    fn allocated(&self, domain: Domain, address: usize, bytes: usize) {
        self.with(|blocks| blocks.insert(address, (domain, bytes)));
    }

    fn reallocated(&self, domain: Domain, old: usize, new: usize, bytes: usize) {
        self.with(|blocks| {
            blocks.remove(&old);
            blocks.insert(new, (domain, bytes));
        });
    }

    fn released(&self, _: Domain, address: usize) {
        self.with(|blocks| blocks.remove(&address));
    }
}

/// The observer, if there is one.
pub(crate) type Seat = RefCell<Option<Box<dyn Observer>>>;

/// # Observers
impl Memory {
    /// Sets or takes away the observer, and gives back the one before.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// use mortice_mem::{Buffer, Domain, Memory, Observer};
    ///
    /// struct Count(Arc<AtomicUsize>);
    /// // SAFETY: *passive-observer*: a counter is all that it uses.
    /// unsafe impl Observer for Count {
    ///     fn allocated(&self, _: Domain, _: usize, bytes: usize) {
    ///         self.0.fetch_add(bytes, Ordering::Relaxed);
    ///     }
    ///     fn reallocated(&self, _: Domain, _: usize, _: usize, _: usize) {}
    ///     fn released(&self, _: Domain, _: usize) {}
    /// }
    ///
    /// let memory = Memory::new()?;
    /// let bytes = Arc::new(AtomicUsize::new(0));
    /// memory.set_observer(Some(Box::new(Count(bytes.clone()))));
    /// drop(Buffer::new(&memory, Domain::Mem, 100));
    /// memory.set_observer(None);
    /// drop(Buffer::new(&memory, Domain::Mem, 100));
    /// assert_eq!(bytes.load(Ordering::Relaxed), 100);
    /// # Ok::<(), mortice_mem::MemoryError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// - The Cargo feature `fixed` has ruled observers out.
    /// - The observer itself calls this while it is told of something.
    pub fn set_observer(&self, observer: Option<Box<dyn Observer>>) -> Option<Box<dyn Observer>> {
        if cfg!(feature = "fixed") {
            panic!("the feature `fixed` rules observers out");
        }
        let before = self.switch.observer.replace(observer);
        if self.switch.note_observed() {
            for domain in BLOCK_DOMAINS {
                // SAFETY: *unit-header*: `each_pool` visits live headers, whose
                // countdown is above zero between two calls.
                self.each_pool(domain, |header| unsafe {
                    if self.is_observed() {
                        Header::hold(header);
                    } else {
                        Header::let_go(header);
                    }
                });
            }
        }
        self.switch_over();
        before
    }

    /// Whether somebody observes.
    #[inline(always)]
    pub(crate) fn is_observed(&self) -> bool {
        self.switch.is_observed()
    }

    /// Tells the observer, if there is one.
    fn tell(&self, what: impl FnOnce(&dyn Observer)) {
        if self.switch.is_switched()
            && let Some(observer) = &*self.switch.observer.borrow()
        {
            what(&**observer);
        }
    }

    pub(crate) fn tell_allocated(&self, domain: Domain, start: Option<NonNull<u8>>, bytes: usize) {
        if let Some(start) = start {
            self.tell(|observer| observer.allocated(domain, start.addr().get(), bytes));
        }
    }

    pub(crate) fn tell_reallocated(
        &self,
        domain: Domain,
        old: NonNull<u8>,
        new: Option<NonNull<u8>>,
        bytes: usize,
    ) {
        if let Some(new) = new {
            let (old, new) = (old.addr().get(), new.addr().get());
            self.tell(|observer| observer.reallocated(domain, old, new, bytes));
        }
    }

    pub(crate) fn tell_released(&self, domain: Domain, start: NonNull<u8>) {
        self.tell(|observer| observer.released(domain, start.addr().get()));
    }
}
