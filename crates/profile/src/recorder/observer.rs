//! A recorder as the observer of a memory.

use mortice_mem::{Domain, Observer};

use super::Recorder;

/// ```
/// use mortice_mem::{Buffer, Domain, Memory};
/// use mortice_profile::Recorder;
/// # use std::any::Any;
///
/// let folder = tempfile::tempdir()?;
/// let memory = Memory::new()?;
/// let recorder = Recorder::create(folder.path().join("program.trace"))?;
/// memory.set_observer(Some(Box::new(recorder)));
/// drop(Buffer::new(&memory, Domain::Mem, 100));
/// let observer: Option<Box<dyn Any>> = memory.set_observer(None).map(|observer| observer as _);
/// let recorder = observer.and_then(|observer| observer.downcast::<Recorder>().ok());
/// assert_eq!(recorder.map(|recorder| recorder.finish()).transpose()?.map(|r| r.events), Some(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// SAFETY: *passive-observer*: a recorder writes to its own buffer and file.
unsafe impl Observer for Recorder {
    fn allocated(&self, domain: Domain, address: usize, bytes: usize) {
        self.allocated(address, domain, bytes);
    }

    fn reallocated(&self, domain: Domain, old: usize, new: usize, bytes: usize) {
        self.reallocated(old, new, domain, bytes);
    }

    fn released(&self, _: Domain, address: usize) {
        self.released(address);
    }
}
