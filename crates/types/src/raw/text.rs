//! Text that was checked once, so that reading it costs nothing.

use mortice_gc::Buffer;

/// Bytes that are UTF-8.
#[derive(Debug)]
pub struct Utf8(Buffer<u8>);

impl Utf8 {
    /// Checks bytes; gives them back where they are no UTF-8.
    pub fn check(bytes: Buffer<u8>) -> Result<Utf8, Buffer<u8>> {
        match std::str::from_utf8(&bytes) {
            Ok(_) => Ok(Utf8(bytes)),
            Err(_) => Err(bytes),
        }
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        // SAFETY: checked-text: the bytes were checked and nothing changes them.
        unsafe { std::str::from_utf8_unchecked(&self.0) }
    }
}
