//! A naive reader of traces, to compare the real one with.
//!
//! It follows the description of the format word by word, with the slots in use in a set, and says only whether
//! the bytes are a trace.

use std::collections::BTreeSet;

use mortice_profile::Trace;
use mortice_profile::trace::Event;

/// The number of events, if the bytes are a trace.
fn naive(bytes: &[u8]) -> Option<usize> {
    if !bytes.len().is_multiple_of(8) {
        return None;
    }
    let mut words = bytes.chunks(8).map(|word| {
        let digits = word.iter().rev().map(|&byte| u128::from(byte));
        digits.fold(0, |word, byte| word << 8 | byte)
    });
    let slots = words.next()?;
    let mut used = BTreeSet::new();
    let mut count = 0;
    for word in words {
        let (operation, slot, rest) = (word % 4, word / 4 % (1 << 26), word >> 28);
        let fits = match operation {
            0 => used.insert(slot),
            1 => used.remove(&slot) && rest == 0,
            2 => used.contains(&slot),
            _ => false,
        };
        if !fits || slot >= slots {
            return None;
        }
        count += 1;
    }
    (used.is_empty() && slots <= count && slots <= 1 << 26).then_some(count as usize)
}

/// Reads bytes twice, and gives the events compared.
///
/// # Errors
///
/// The readers disagree, or a trace does not give the words that it was made of.
pub fn run(bytes: &[u8]) -> Result<u64, String> {
    match (Trace::parse(bytes), naive(bytes)) {
        (Err(_), None) => Ok(0),
        (Ok(trace), Some(count)) => {
            let words = trace.events().map(|event| event.word().to_le_bytes());
            let words = words.collect::<Vec<_>>().concat();
            if trace.len() != count || bytes.get(8..) != Some(&words) {
                return Err(format!("{count} events became {}", trace.len()));
            }
            let events: Vec<Event> = trace.events().collect();
            match Trace::of_events(&events) {
                Ok(again) if again.slot_count() <= trace.slot_count() => Ok(count as u64),
                other => Err(format!("its events are no trace: {other:?}")),
            }
        }
        (real, naive) => Err(format!("{real:?} where {naive:?} events were expected")),
    }
}
