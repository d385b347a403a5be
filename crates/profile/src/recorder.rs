//! Recording what a program asks of its allocator.
//!
//! Two phases. While the program runs, each event is appended to a *journal*: addresses as they are, in a buffer
//! that is written to an unnamed temporary file when it is full. Nothing is looked up and nothing is allocated,
//! so a recorder may be called from within the allocator that it watches. At the end, [`Recorder::finish`] reads
//! the journal again, gives each block a slot for as long as it lives, and writes the trace.
//!
//! | entry of the journal | words |
//! |---|---|
//! | allocation or release of an aligned block of less than 128 KiB | 1 |
//! | reallocation to such a block | 2: the second is the old address |
//! | the same for any other block | 2 more: address and size do not fit the first word |
//!
//! A program must not suffer from being watched: what goes wrong is kept and told by `finish`. Nor need it have
//! been watched from its start: a release of a block that is not known is left out, a reallocation of one counts
//! as an allocation, and an allocation where a block is known to be releases that first.

mod journal;
#[allow(
    unsafe_code,
    reason = "to observe a memory is a promise, see the crate's `Safety`"
)]
mod observer;
mod output;
mod places;
mod resolver;

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};

use mortice_mem::Domain;
use thiserror::Error;

use journal::{Entry, Journal};
pub(crate) use output::Output;
use resolver::Resolver;

/// A recording came to nothing.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The journal could not be made, written or read again.
    #[error("cannot record in the folder {}: {source}", folder.display())]
    Journal {
        /// The folder of the trace, where the journal is too.
        folder: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The trace could not be written.
    #[error("cannot write the trace {}: {source}", path.display())]
    Write {
        /// The trace.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// More blocks are alive at once than a trace has slots.
    #[error("cannot write the trace {}: more than {limit} blocks are alive at once", path.display())]
    Blocks {
        /// The trace.
        path: PathBuf,
        /// The most that there can be.
        limit: usize,
    },
    /// The recorder has been finished before.
    #[error("the recording for {} is finished already", path.display())]
    Finished {
        /// The trace.
        path: PathBuf,
    },
}

/// What a finished recording consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// The events of the trace.
    pub events: u64,
    /// The most blocks alive at once.
    pub slots: usize,
    /// The blocks that were alive at the end, where the trace releases them.
    pub alive: usize,
    /// The releases and reallocations of blocks that were not known: allocated before the recording began.
    pub unknown: u64,
}

/// The writing side of a trace.
///
/// For one thread. No method allocates memory, reports an error or panics before [`Recorder::finish`]; a recorder
/// that is dropped without it leaves no file.
///
/// ```
/// use mortice_mem::Domain;
/// use mortice_profile::{Recorder, Trace};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("program.trace");
/// let recorder = Recorder::new(&path);
/// recorder.allocated(0x1000, Domain::Object, 40);
/// recorder.reallocated(0x1000, 0x2000, Domain::Object, 80);
/// recorder.released(0x2000);
/// assert_eq!(recorder.finish()?.events, 3);
/// assert_eq!(Trace::read(&path)?.slot_count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Recorder {
    path: PathBuf,
    /// None after the end. It is borrowed while its buffer is written: should that lead to further events on
    /// this thread, they are left out.
    journal: RefCell<Option<Journal>>,
}

impl Recorder {
    /// Begins a recording for the file `path`, which appears when the recording is finished. The journal lies
    /// in the same folder, without a name.
    pub fn new(path: impl Into<PathBuf>) -> Recorder {
        let path = path.into();
        let journal = Journal::create(folder(&path));
        Recorder {
            path,
            journal: RefCell::new(Some(journal)),
        }
    }

    /// As [`Recorder::new`], where it is worth knowing early that there will be no trace.
    ///
    /// # Errors
    ///
    /// What [`Recorder::finish`] would give if it were called now.
    pub fn create(path: impl Into<PathBuf>) -> Result<Recorder, RecordError> {
        let path = path.into();
        if let Err(source) = Output::create(&path) {
            return Err(RecordError::Write { path, source });
        }
        let journal = Journal::create(folder(&path)).sound();
        let journal = journal.map_err(|source| RecordError::Journal {
            folder: folder(&path).into(),
            source,
        })?;
        Ok(Recorder {
            path,
            journal: RefCell::new(Some(journal)),
        })
    }

    /// The file that the trace is for.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A block of `bytes` was allocated.
    #[inline]
    pub fn allocated(&self, address: usize, domain: Domain, bytes: usize) {
        self.with(|journal| journal.allocated(address, domain, bytes));
    }

    /// A block was released. Nothing happens for the address 0.
    #[inline]
    pub fn released(&self, address: usize) {
        if address != 0 {
            self.with(|journal| journal.released(address));
        }
    }

    /// A block changed its size to `bytes`, and perhaps its address. One that failed is no event. Where `old` is
    /// 0, it is an allocation.
    #[inline]
    pub fn reallocated(&self, old: usize, new: usize, domain: Domain, bytes: usize) {
        self.with(|journal| match old {
            0 => journal.allocated(new, domain, bytes),
            old => journal.reallocated(old, new, domain, bytes),
        });
    }

    #[inline]
    fn with(&self, work: impl FnOnce(&mut Journal)) {
        if let Ok(mut journal) = self.journal.try_borrow_mut()
            && let Some(journal) = journal.as_mut()
        {
            work(journal);
        }
    }

    /// Ends the recording and writes the trace: to a file beside it that takes its name when it is whole. What
    /// is called afterwards has no effect.
    ///
    /// # Errors
    ///
    /// The journal or the trace could not be written, or the recording has been finished before. There is no
    /// file then, or the old one.
    pub fn finish(&self) -> Result<Recording, RecordError> {
        let journal = self
            .journal
            .try_borrow_mut()
            .ok()
            .and_then(|mut j| j.take());
        let Some(journal) = journal else {
            return Err(RecordError::Finished {
                path: self.path.clone(),
            });
        };
        let journal_error = |source| RecordError::Journal {
            folder: folder(&self.path).into(),
            source,
        };
        let write_error = |source| RecordError::Write {
            path: self.path.clone(),
            source,
        };
        let mut entries = journal.entries().map_err(journal_error)?;
        let mut resolver = Resolver::new(Output::create(&self.path).map_err(write_error)?);
        let mut resolved = Ok(true);
        while let Some(entry) = entries.next().map_err(journal_error)? {
            resolved = match entry {
                Entry::Allocated {
                    address,
                    domain,
                    bytes,
                } => resolver.allocated(address, domain, bytes),
                Entry::Released { address } => resolver.released(address),
                Entry::Reallocated {
                    old,
                    new,
                    domain,
                    bytes,
                } => resolver.reallocated(old, new, domain, bytes),
            };
            if !matches!(resolved, Ok(true)) {
                break;
            }
        }
        if !resolved.map_err(write_error)? {
            return Err(RecordError::Blocks {
                path: self.path.clone(),
                limit: crate::trace::SLOT_LIMIT,
            });
        }
        resolver.finish().map_err(write_error)
    }
}

/// The folder that a file lies in.
fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests;
