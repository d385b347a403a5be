use mortice_mem::{Slots, SystemSource};

use super::*;
use crate::replay::replay;
use crate::trace::{Event, Trace};

fn allocate(slot: u32, bytes: usize) -> Event {
    Event::Allocate {
        slot,
        bytes,
        domain: None,
    }
}

/// Small parameters, so that a short trace fills pools and arenas.
fn small() -> Parameters {
    Parameters {
        spacing_bytes: 16,
        threshold_bytes: 256,
        pool_bytes: 1 << 10,
        arena_bytes: 4 << 10,
        arena_alignment_bytes: 4 << 10,
    }
}

/// A trace of many lives, of all operations and domains.
fn lives(seed: u64, count: usize) -> Trace {
    let mut state = seed | 1;
    let mut draw = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 16
    };
    let mut used = [false; 300];
    let mut events = Vec::new();
    for _ in 0..count {
        let slot = (draw() % 300) as u32;
        let bytes = match draw() % 8 {
            0 => draw() % 3_000,
            _ => draw() % 300,
        } as usize;
        let domain = match draw() % 4 {
            0 => None,
            1 => Some(Domain::Raw),
            2 => Some(Domain::Mem),
            _ => Some(Domain::Object),
        };
        let held = &mut used[slot as usize];
        events.push(match (*held, draw() % 3) {
            (false, _) => Event::Allocate {
                slot,
                bytes,
                domain,
            },
            (true, 0) => Event::Reallocate {
                slot,
                bytes,
                domain,
            },
            (true, _) => Event::Release { slot },
        });
        *held = !matches!(events.last(), Some(Event::Release { .. }));
    }
    let alive = (0..300).filter(|&slot| used[slot as usize]);
    events.extend(alive.map(|slot| Event::Release { slot }));
    Trace::of_events(&events).unwrap()
}

#[test]
fn candidates_keep_the_words_of_blocks() {
    for seed in 1..6 {
        let trace = lives(seed, 20_000);
        let wanted = replay(&trace, &mut Slots::new(SystemSource, trace.slot_count()));
        for (spacing_bytes, threshold_bytes, pool_bytes) in [
            (8, 256, 1024),
            (16, 512, 1024),
            (16, 960, 1024),
            (32, 2048, 4096),
            (64, 64, 16384),
        ] {
            let parameters = Parameters {
                spacing_bytes,
                threshold_bytes,
                pool_bytes,
                arena_bytes: 4 * pool_bytes,
                arena_alignment_bytes: 1024,
            };
            let parameters = parameters.check().unwrap();
            let mut candidate = Candidate::new(parameters, trace.slot_count());
            for round in 0..2 {
                let got = replay(&trace, &mut candidate);
                assert_eq!(got, wanted, "{parameters}, round {round}");
                // Only the pools in use stay, one for each class.
                assert!(candidate.held().pools <= parameters.classes());
            }
        }
    }
}

#[test]
fn every_byte_is_accounted_for() {
    // 20 blocks of 100 bytes: 8 to a pool, so three pools of an arena of four.
    let mut events: Vec<Event> = (0..20).map(|slot| allocate(slot, 100)).collect();
    events.push(allocate(20, 1000));
    events.extend((0..21).map(|slot| Event::Release { slot }));
    let trace = Trace::of_events(&events).unwrap();
    let account = measure(&trace, small()).unwrap();
    let peak = account.peak;
    assert_eq!(
        peak,
        Moment {
            live_bytes: 3_000,
            rounding_bytes: 20 * 12,
            header_bytes: 3 * 64,
            tail_bytes: 3 * (1024 - 64 - 8 * 112),
            free_block_bytes: 4 * 112,
            free_pool_bytes: 1024,
            alignment_bytes: 0,
            system_bytes: 8,
        }
    );
    assert_eq!(peak.held_bytes(), 4096 + 1008);
    assert_eq!(account.held_peak_bytes, 4096 + 1008);
    assert_eq!(account.arenas_taken, 1);

    // Arenas that are aligned to less than a pool lose one of their four.
    let unaligned = Parameters {
        arena_alignment_bytes: 1024 / 2,
        ..small()
    };
    let peak = measure(&trace, unaligned).unwrap().peak;
    assert_eq!((peak.alignment_bytes, peak.free_pool_bytes), (1024, 0));
    assert_eq!(peak.held_bytes(), 4096 + 1008);
}

#[test]
fn an_empty_arena_goes_back() {
    // 40 blocks fill five pools: two arenas. All but the first block go.
    let mut events: Vec<Event> = (0..40).map(|slot| allocate(slot, 100)).collect();
    events.extend((0..40).rev().map(|slot| Event::Release { slot }));
    let trace = Trace::of_events(&events).unwrap();
    let mut candidate = Candidate::new(small(), trace.slot_count());
    for slot in 0..40 {
        assert!(candidate.allocate(slot, 100, None, 0));
    }
    assert_eq!((candidate.held().arenas, candidate.held().pools), (2, 5));
    for slot in (1..40).rev() {
        candidate.release(slot);
    }
    // The first block's pool has become the one behind the current one.
    let held = candidate.held();
    assert!(held.pools <= 2 && held.arenas <= 2, "{held:?}");
    assert_eq!(measure(&trace, small()).unwrap().arenas_taken, 2);
}

#[test]
fn misuse_is_refused() {
    let mut candidate = Candidate::new(small(), 1);
    assert!(!candidate.allocate(1, 8, None, 0), "no such slot");
    assert!(!candidate.reallocate(0, 8), "an empty slot");
    assert!(candidate.allocate(0, 8, None, 7));
    assert!(!candidate.allocate(0, 8, None, 0), "a full slot");
    assert!(!candidate.reallocate(0, usize::MAX), "more than there is");
    assert_eq!((candidate.release(0), candidate.release(0)), (7, 0));
    assert_eq!(candidate.release(1), 0);
}

#[test]
fn parameters_that_contradict_each_other_are_refused() {
    let fine = Parameters::default();
    assert_eq!(fine.check(), Ok(fine));
    for wrong in [
        Parameters {
            spacing_bytes: 24,
            ..fine
        },
        Parameters {
            spacing_bytes: 4,
            ..fine
        },
        Parameters {
            threshold_bytes: 0,
            ..fine
        },
        Parameters {
            threshold_bytes: 520,
            ..fine
        },
        Parameters {
            threshold_bytes: 16 << 10,
            ..fine
        },
        Parameters {
            pool_bytes: 0,
            ..fine
        },
        Parameters {
            arena_bytes: 32 << 10,
            ..fine
        },
    ] {
        assert!(wrong.check().is_err(), "{wrong:?}");
    }
}
