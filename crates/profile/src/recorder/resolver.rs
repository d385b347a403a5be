//! From addresses to slots.

use std::io;
use std::mem::{replace, take};

use mortice_mem::Domain;

use super::places::Places;
use super::{Output, Recording};
use crate::trace::{Event, SLOT_LIMIT};

/// Gives each block a slot while it lives, and writes the events.
///
/// ```text
/// slots handed out = known blocks + spare slots
/// ```
///
/// A spare slot is used before a new one, so the slots handed out are the most blocks alive at once.
pub struct Resolver {
    /// The slot of each known block.
    places: Places,
    /// Slots to be used again, the last first.
    spare: Vec<u32>,
    /// The slots handed out.
    count: usize,
    recording: Recording,
    output: Output,
}

impl Resolver {
    /// Begins a trace.
    pub fn new(output: Output) -> Resolver {
        Resolver {
            places: Places::new(),
            spare: Vec::new(),
            count: 0,
            recording: Recording::default(),
            output,
        }
    }

    /// Writes an allocation. Gives false if there are no slots left.
    pub fn allocated(&mut self, address: u64, domain: Domain, bytes: usize) -> io::Result<bool> {
        let place = self.places.at(address);
        let slot = match place.checked_sub(1) {
            // Its release was missed.
            Some(slot) => {
                self.write(Event::Release { slot })?;
                slot
            }
            None => {
                let slot = match self.spare.pop() {
                    Some(slot) => slot,
                    None if self.count == SLOT_LIMIT => return Ok(false),
                    None => {
                        self.count += 1;
                        self.count as u32 - 1
                    }
                };
                *place = slot + 1;
                slot
            }
        };
        self.write(Event::Allocate {
            slot,
            bytes,
            domain: Some(domain),
        })?;
        Ok(true)
    }

    /// Writes a release.
    pub fn released(&mut self, address: u64) -> io::Result<bool> {
        match take(self.places.at(address)).checked_sub(1) {
            Some(slot) => self.release(slot)?,
            None => self.recording.unknown += 1,
        }
        Ok(true)
    }

    /// Writes a reallocation. Gives false if there are no slots left.
    pub fn reallocated(
        &mut self,
        old: u64,
        new: u64,
        domain: Domain,
        bytes: usize,
    ) -> io::Result<bool> {
        let Some(slot) = take(self.places.at(old)).checked_sub(1) else {
            self.recording.unknown += 1;
            return self.allocated(new, domain, bytes);
        };
        let other = replace(self.places.at(new), slot + 1);
        if let Some(other) = other.checked_sub(1) {
            self.release(other)?;
        }
        self.write(Event::Reallocate {
            slot,
            bytes,
            domain: Some(domain),
        })?;
        Ok(true)
    }

    fn release(&mut self, slot: u32) -> io::Result<()> {
        self.spare.push(slot);
        self.write(Event::Release { slot })
    }

    fn write(&mut self, event: Event) -> io::Result<()> {
        self.recording.events += 1;
        self.output.put(event.word())
    }

    /// Releases what is alive, and gives the trace its name.
    pub fn finish(mut self) -> io::Result<Recording> {
        let alive = self.places.taken();
        for &slot in &alive {
            self.release(slot)?;
        }
        self.output.finish(self.count as u64)?;
        Ok(Recording {
            slots: self.count,
            alive: alive.len(),
            ..self.recording
        })
    }
}
