//! Guards: the bytes around a block by which the debug hooks notice misuse.
//!
//! ```text
//! ┌──────────────────┬─────┬──────────────┬────────────┬──────────────┐
//! │ size, big-endian │ api │ FD × 7       │ the block  │ FD × 8       │
//! │ 8 bytes          │ 1   │              │ `size`     │              │
//! └──────────────────┴─────┴──────────────┴────────────┴──────────────┘
//!                                          ▲ the pointer
//! ```
//!
//! The api byte is `r`, `m` or `o`, for the domain. A fresh block is filled with
//! `CD`; a released one, guards included, with `DD`.
//!
//! # CPython
//!
//! The layout and the bytes are those of its debug hooks without serial numbers.

use std::fmt;

use crate::domain::Domain;

/// The bytes before a block.
pub(crate) const HEAD_BYTES: usize = 16;
/// The bytes behind a block.
pub(crate) const TAIL_BYTES: usize = 8;
/// What fresh memory holds.
pub(crate) const CLEAN: u8 = 0xCD;
/// What released memory holds.
pub(crate) const DEAD: u8 = 0xDD;
/// What surrounds a block.
pub(crate) const FORBIDDEN: u8 = 0xFD;

/// How a block was misused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misuse {
    /// It was released or resized through another domain than its own.
    WrongDomain {
        /// The domain of the block.
        own: Domain,
    },
    /// It was released already.
    Released,
    /// No domain handed it out, or its guards were destroyed wholly.
    Unknown {
        /// The byte where the domain's letter should be.
        api: u8,
    },
    /// Bytes right before it were written.
    Underflow {
        /// How far before the block the last such byte lies, in bytes.
        distance: usize,
    },
    /// Bytes right behind it were written.
    Overflow {
        /// How far behind the block the first such byte lies, in bytes.
        distance: usize,
    },
    /// It was written to after it was released.
    WrittenAfterRelease {
        /// The first such byte, counted from the block's start; negative in the
        /// guard before it.
        offset: isize,
    },
}

/// A misuse that the debug hooks have noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What happened.
    pub misuse: Misuse,
    /// The address of the block.
    pub address: usize,
    /// The size asked for, as far as it can be known.
    pub bytes: Option<usize>,
    /// The domain through which it was noticed.
    pub domain: Domain,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation {
            misuse,
            address,
            bytes,
            domain,
        } = self;
        write!(f, "block at {address:#x}")?;
        if let Some(bytes) = bytes {
            write!(f, " of {bytes} bytes")?;
        }
        let domain = domain.name();
        match misuse {
            Misuse::WrongDomain { own } => write!(
                f,
                " belongs to the {} domain, but is released or resized through the {domain} domain",
                own.name()
            ),
            Misuse::Released => write!(f, ", {domain} domain, has been released already"),
            Misuse::Unknown { api } => write!(
                f,
                " was not handed out by the {domain} domain: the byte that names the domain is {api:#04x}"
            ),
            Misuse::Underflow { distance } => write!(
                f,
                ", {domain} domain, was written to before its start: {distance} bytes before"
            ),
            Misuse::Overflow { distance } => write!(
                f,
                ", {domain} domain, was written to behind its end: {distance} bytes behind"
            ),
            Misuse::WrittenAfterRelease { offset } => write!(
                f,
                ", {domain} domain, was written to after its release: at offset {offset}"
            ),
        }
    }
}

impl Violation {
    /// Reports the misuse on standard error and ends the process: the program's
    /// memory cannot be trusted any more.
    #[cold]
    pub(crate) fn report(&self) -> ! {
        eprintln!("mortice: memory misuse: {self}");
        std::process::abort();
    }
}

/// The letter that stands for a domain.
pub(crate) const fn letter(domain: Domain) -> u8 {
    match domain {
        Domain::Raw => b'r',
        Domain::Mem => b'm',
        Domain::Object => b'o',
    }
}

/// What lies behind the size in a head.
const fn mark(domain: Domain) -> [u8; 8] {
    let mut mark = [FORBIDDEN; 8];
    mark[0] = letter(domain);
    mark
}

/// What lies behind a block.
const TAIL: [u8; TAIL_BYTES] = [FORBIDDEN; TAIL_BYTES];

fn domain_of(letter: u8) -> Option<Domain> {
    [Domain::Raw, Domain::Mem, Domain::Object]
        .into_iter()
        .find(|domain| self::letter(*domain) == letter)
}

/// Writes the guards of a block of `bytes` bytes.
///
/// # Safety
///
/// `head` begins a head, a block of that size and a tail that nobody else uses.
pub(crate) unsafe fn set(head: *mut u8, bytes: usize, domain: Domain) {
    // SAFETY: *guarded-block*: by this function's contract.
    unsafe {
        head.cast::<[u8; 8]>().write((bytes as u64).to_be_bytes());
        head.add(8).cast::<[u8; 8]>().write(mark(domain));
        let tail = head.add(HEAD_BYTES + bytes);
        tail.cast::<[u8; TAIL_BYTES]>().write(TAIL);
    }
}

/// Writes the guard again of a block whose first `overwritten` bytes have been
/// used, though it may be smaller; they end within its tail.
///
/// # Safety
///
/// `head` begins a head, a block and a tail that nobody else uses, if the block
/// is one of a domain's.
pub(crate) unsafe fn mend(head: *mut u8, overwritten: usize) {
    // SAFETY: *guarded-block*: by this function's contract.
    unsafe {
        let bytes = size(head);
        if bytes < overwritten && overwritten <= TAIL_BYTES {
            head.add(HEAD_BYTES + bytes)
                .write_bytes(FORBIDDEN, overwritten - bytes);
        }
    }
}

/// The size in a head.
///
/// # Safety
///
/// `head` is readable.
pub(crate) unsafe fn size(head: *const u8) -> usize {
    // SAFETY: *guarded-block*: by this function's contract.
    u64::from_be_bytes(unsafe { head.cast::<[u8; 8]>().read() }) as usize
}

/// Verifies the guards of a block that should belong to `domain`, and gives its
/// size.
///
/// # Safety
///
/// `head` is where the head of a block lies if the block is one of `domain`.
#[inline]
pub(crate) unsafe fn verify(head: *const u8, domain: Domain) -> Result<usize, Violation> {
    // SAFETY: *guarded-block*: by this function's contract; the tail is read
    // only where the head is whole.
    unsafe {
        let bytes = size(head);
        if head.add(8).cast::<[u8; 8]>().read() == mark(domain)
            && head.add(HEAD_BYTES + bytes).cast::<[u8; 8]>().read() == TAIL
        {
            return Ok(bytes);
        }
        examine(head, domain)
    }
}

/// Does what [`verify`] does, and finds out what is wrong.
///
/// # Safety
///
/// As for [`verify`].
#[cold]
#[inline(never)]
unsafe fn examine(head: *const u8, domain: Domain) -> Result<usize, Violation> {
    // SAFETY: *guarded-block*: by this function's contract; the tail is read
    // only where the head is whole.
    unsafe {
        let bytes = size(head);
        let violation = |misuse, bytes| Violation {
            misuse,
            address: head.addr() + HEAD_BYTES,
            bytes,
            domain,
        };
        let api = head.add(8).read();
        let pads = std::slice::from_raw_parts(head.add(9), HEAD_BYTES - 9);
        if api != letter(domain) {
            let misuse = match domain_of(api) {
                Some(own) => Misuse::WrongDomain { own },
                // The size went with the rest.
                None if api == DEAD && pads.iter().all(|byte| *byte == DEAD) => {
                    return Err(violation(Misuse::Released, None));
                }
                None => return Err(violation(Misuse::Unknown { api }, None)),
            };
            return Err(violation(misuse, Some(bytes)));
        }
        if let Some(at) = pads.iter().rposition(|byte| *byte != FORBIDDEN) {
            let distance = pads.len() - at;
            return Err(violation(Misuse::Underflow { distance }, Some(bytes)));
        }
        let tail = std::slice::from_raw_parts(head.add(HEAD_BYTES + bytes), TAIL_BYTES);
        if let Some(distance) = tail.iter().position(|byte| *byte != FORBIDDEN) {
            return Err(violation(Misuse::Overflow { distance }, Some(bytes)));
        }
        Ok(bytes)
    }
}

/// The first of `bytes` bytes from `start` that is not dead.
///
/// # Safety
///
/// The bytes are readable.
pub(crate) unsafe fn first_not_dead(start: *const u8, bytes: usize) -> Option<usize> {
    // SAFETY: *guarded-block*: by this function's contract.
    let bytes = unsafe { std::slice::from_raw_parts(start, bytes) };
    // By lines and words: this runs over every byte that is released.
    let (lines, rest) = bytes.as_chunks::<32>();
    let (words, rest) = rest.as_chunks::<8>();
    if lines.iter().all(|line| *line == [DEAD; 32])
        && words.iter().all(|word| *word == [DEAD; 8])
        && rest.iter().all(|byte| *byte == DEAD)
    {
        return None;
    }
    bytes.iter().position(|byte| *byte != DEAD)
}
