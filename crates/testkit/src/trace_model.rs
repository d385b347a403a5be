//! A naive reader of traces, to compare the real one with.
//!
//! It follows the description of the format word by word, with the slots in use in a set, and says only whether
//! the bytes are a trace. What is one is summed up, drawn and replayed as well.

use std::collections::BTreeSet;

use arbitrary::{Result, Unstructured};
use mortice_mem::{Config, Domain, Memory};
use mortice_profile::summary::Summary;
use mortice_profile::trace::Event;
use mortice_profile::{Trace, chart, replay, report};

use crate::checked_blocks::CheckedBlocks;

/// The bytes alive at most in a trace that is replayed.
const REPLAY_LIMIT_BYTES: usize = 1 << 20;

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
pub fn run(bytes: &[u8]) -> std::result::Result<u64, String> {
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
                Ok(again) if again.slot_count() <= trace.slot_count() => {
                    judge(&trace)?;
                    Ok(count as u64)
                }
                other => Err(format!("its events are no trace: {other:?}")),
            }
        }
        (real, naive) => Err(format!("{real:?} where {naive:?} events were expected")),
    }
}

/// The bytes of something that is often a trace, and otherwise almost.
pub fn likely(data: &[u8]) -> Vec<u8> {
    choose(&mut Unstructured::new(data)).unwrap_or_default()
}

fn choose(input: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let flaws: u8 = input.arbitrary()?;
    let slots = 1 + u64::from(flaws >> 4);
    let mut words = vec![slots];
    let mut used = [false; 16];
    while !input.is_empty() {
        let slot = input.int_in_range(0..=slots - 1)?;
        let is_used = &mut used[slot as usize];
        let operation = match (*is_used, input.arbitrary()?) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => 2,
        };
        *is_used = operation != 1;
        let size = match operation {
            1 => 0,
            _ => u64::from(input.arbitrary::<u32>()? >> input.int_in_range(0..=31)?),
        };
        let domain = match operation {
            1 => 0,
            _ => input.int_in_range(0..=3)?,
        };
        words.push(operation | slot << 2 | size << 28 | domain << 62);
    }
    words.extend((0..slots).filter_map(|slot| used[slot as usize].then_some(1 | slot << 2)));
    if flaws & 3 == 1 {
        let at = usize::from(flaws >> 2) % words.len();
        words[at] ^= 1 << (words.len() % 64);
    }
    let mut bytes: Vec<u8> = words.into_iter().flat_map(u64::to_le_bytes).collect();
    if flaws & 15 == 2 {
        bytes.truncate(bytes.len() - usize::from(flaws >> 4));
    }
    Ok(bytes)
}

/// Sums a trace up, draws it and replays it.
fn judge(trace: &Trace) -> std::result::Result<(), String> {
    let summary = Summary::of(trace);
    let kinds = |wanted: fn(&Event) -> bool| trace.events().filter(wanted).count() as u64;
    let allocations = kinds(|event| matches!(event, Event::Allocate { .. }));
    let rows: u64 = summary.sizes.iter().map(|row| row.count).sum();
    if (summary.allocations, rows) != (allocations, allocations) {
        return Err(format!(
            "{allocations} allocations, summed up as {summary:?}"
        ));
    }
    let mut text = String::new();
    report::summary(&mut text, &summary).map_err(|error| error.to_string())?;
    for picture in [
        chart::sizes(&summary, "sizes"),
        chart::live_bytes(&summary, "bytes"),
    ] {
        let picture = picture.map_err(|error| error.to_string())?;
        if picture.contains("NaN") || picture.contains("inf") {
            return Err(format!("drawn at no place: {picture}"));
        }
    }
    if summary.peak_bytes > REPLAY_LIMIT_BYTES {
        return Ok(());
    }
    let memory = Memory::with_config(Config::default()).map_err(|error| error.to_string())?;
    let mut blocks = CheckedBlocks::new(&memory, Domain::Object);
    replay::replay(trace, &mut blocks).map_err(|error| error.to_string())?;
    match blocks.finding {
        Some(finding) => Err(finding),
        None => memory.check().map_err(|error| error.to_string()),
    }
}
