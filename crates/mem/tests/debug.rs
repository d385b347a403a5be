//! The debug hooks: what a block looks like, and the report of each misuse.
//!
//! A misuse ends its process, so each one happens in a process of its own.

use std::ptr::NonNull;

use mortice_mem::{Choice, Config, Domain, Memory};

const CHOICES: [Choice; 2] = [Choice::PoolDebug, Choice::MallocDebug];
const DOMAINS: [(Domain, u8); 3] = [
    (Domain::Raw, b'r'),
    (Domain::Mem, b'm'),
    (Domain::Object, b'o'),
];

fn memory(allocator: Choice) -> Box<Memory> {
    Memory::with_config(Config {
        allocator,
        ..Config::default()
    })
    .unwrap()
}

/// The bytes from `before` bytes before an address to `after` bytes behind it.
unsafe fn around(start: NonNull<u8>, before: usize, after: usize) -> Vec<u8> {
    // SAFETY: *guarded-block*: the callers ask for a block and its guards.
    unsafe { std::slice::from_raw_parts(start.as_ptr().sub(before), before + after).to_vec() }
}

fn dressed(letter: u8, contents: &[u8]) -> Vec<u8> {
    let mut bytes = (contents.len() as u64).to_be_bytes().to_vec();
    bytes.push(letter);
    bytes.extend([0xFD; 7]);
    bytes.extend(contents);
    bytes.extend([0xFD; 8]);
    bytes
}

/// B358, B360, B361, B362, B363
#[test]
fn a_block_is_clean_and_guarded_as_in_cpython() {
    for choice in CHOICES {
        let memory = memory(choice);
        for (domain, letter) in DOMAINS {
            // SAFETY: *live-block*, *guarded-block*: handed out here, and looked
            // at with its guards.
            unsafe {
                let block = memory.malloc(domain, 21).unwrap();
                assert_eq!(around(block, 16, 29), dressed(letter, &[0xCD; 21]));
                block.write_bytes(1, 21);
                let grown = memory.realloc(domain, Some(block), 30).unwrap();
                let contents = [vec![1; 21], vec![0xCD; 9]].concat();
                assert_eq!(around(grown, 16, 38), dressed(letter, &contents));
                let shrunk = memory.realloc(domain, Some(grown), 0).unwrap();
                assert_eq!(around(shrunk, 16, 8), dressed(letter, &[]));
                memory.free(domain, Some(shrunk));
                let zeroed = memory.calloc(domain, 2, 3).unwrap();
                assert_eq!(around(zeroed, 16, 14), dressed(letter, &[0; 6]));
                memory.free(domain, Some(zeroed));
                memory.free(domain, None);
            }
        }
        for (domain, letter) in &DOMAINS[1..] {
            // SAFETY: *live-block*, *guarded-block*: as above.
            unsafe {
                let block = memory.block(*domain, 40).unwrap();
                assert_eq!(around(block.start, 16, 48), dressed(*letter, &[0xCD; 40]));
                memory.check().unwrap();
                Memory::release(block);
            }
        }
        memory.empty_quarantine();
        memory.check().unwrap();
    }
}

/// B359, B369
#[test]
fn a_released_block_is_dead_and_waits_before_it_is_used_again() {
    for choice in CHOICES {
        let memory = memory(choice);
        // SAFETY: *guarded-block*: what is in quarantine stays readable.
        unsafe {
            let block = memory.malloc(Domain::Mem, 21).unwrap();
            memory.free(Domain::Mem, Some(block));
            assert_eq!(around(block, 16, 29), [0xDD; 45]);
            let next = memory.malloc(Domain::Mem, 21).unwrap();
            assert_ne!(next, block);
            let shrunk = memory.realloc(Domain::Mem, Some(next), 5).unwrap();
            assert_eq!(around(next, 0, 21), [0xDD; 21]);
            memory.free(Domain::Mem, Some(shrunk));
        }
        // The quarantine has an end.
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..1000 {
            // SAFETY: *live-block*: released once.
            unsafe {
                let block = memory.malloc(Domain::Mem, 21).unwrap();
                seen.insert(block);
                memory.free(Domain::Mem, Some(block));
            }
        }
        assert!(seen.len() >= 64 && choice == Choice::MallocDebug || seen.len() < 300);
    }
}

/// A name, and what is done.
type Misuse = (&'static str, fn(&Memory));

/// The misuses that the reports are shown of, by name.
const MISUSES: [Misuse; 10] = [
    ("overflow by one byte", |memory| write_at(memory, 40)),
    ("underflow by one byte", |memory| write_at(memory, -1)),
    ("another domain", |memory| {
        let block = memory.malloc(Domain::Object, 40);
        // SAFETY: *guarded-block*: the hooks notice it before anything happens.
        unsafe { memory.free(Domain::Mem, block) };
    }),
    ("resized through another domain", |memory| {
        let block = memory.malloc(Domain::Raw, 40);
        // SAFETY: *guarded-block*: as above.
        let _ = unsafe { memory.realloc(Domain::Object, block, 50) };
    }),
    ("released twice", |memory| {
        let block = memory.malloc(Domain::Mem, 40);
        // SAFETY: *guarded-block*: as above.
        unsafe {
            memory.free(Domain::Mem, block);
            memory.free(Domain::Mem, block);
        }
    }),
    ("written after its release", |memory| {
        let block = memory.malloc(Domain::Mem, 40).unwrap();
        // SAFETY: *guarded-block*: what is in quarantine stays accessible.
        unsafe {
            memory.free(Domain::Mem, Some(block));
            block.add(11).write(0);
        }
        memory.empty_quarantine();
    }),
    ("never handed out", |memory| {
        let block = memory.malloc(Domain::Mem, 400).unwrap();
        // SAFETY: *guarded-block*: as above; what lies before is readable.
        unsafe { memory.free(Domain::Mem, Some(block.add(64))) };
    }),
    ("a block with a space: overflow", |memory| {
        write_at_block(memory, 43)
    }),
    ("a block with a space: underflow", |memory| {
        write_at_block(memory, -3)
    }),
    (
        "a block with a space: written after its release",
        |memory| {
            let block = memory.block(Domain::Object, 40).unwrap();
            // SAFETY: *guarded-block*: what is in quarantine stays accessible.
            unsafe {
                Memory::release(block);
                block.start.write(0);
            }
            memory.empty_quarantine();
        },
    ),
];

/// Writes at an offset from a block of 40 bytes, and releases it.
fn write_at(memory: &Memory, offset: isize) {
    let block = memory.malloc(Domain::Mem, 40).unwrap();
    // SAFETY: *guarded-block*: the guards are there to be written to; the hooks
    // notice it before anything happens.
    unsafe {
        block.offset(offset).write(1);
        memory.free(Domain::Mem, Some(block));
    }
}

/// The same with a block with a space, at which the check looks before.
fn write_at_block(memory: &Memory, offset: isize) {
    let block = memory.block(Domain::Object, 40).unwrap();
    // SAFETY: *guarded-block*: as above.
    unsafe { block.start.offset(offset).write(1) };
    let error = memory.check().unwrap_err();
    eprintln!("check: {error}");
    // SAFETY: *guarded-block*: as above.
    unsafe { Memory::release(block) };
}

/// B338, B364, B365, B366
#[test]
fn every_misuse_is_reported_and_ends_the_process() {
    if let Ok(name) = std::env::var("MORTICE_MISUSE") {
        let memory = memory(std::env::var("MORTICE_CHOICE").unwrap().parse().unwrap());
        let (_, misuse) = MISUSES.iter().find(|(known, _)| *known == name).unwrap();
        misuse(&memory);
        println!("nobody noticed");
        return;
    }
    for choice in CHOICES {
        let mut reports = String::new();
        for (name, _) in MISUSES {
            let output = std::process::Command::new(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "every_misuse_is_reported_and_ends_the_process",
                    "--nocapture",
                ])
                .env("MORTICE_MISUSE", name)
                .env("MORTICE_CHOICE", choice.name())
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success(), "{choice}, {name}: {output:?}");
            reports.push_str(&format!("{name}\n"));
            for line in text.lines().filter(|line| line.contains("block at")) {
                let (before, rest) = line.split_once("0x").unwrap();
                let rest = rest.trim_start_matches(|c: char| c.is_ascii_hexdigit());
                reports.push_str(&format!("    {before}0x…{rest}\n"));
            }
        }
        insta::assert_snapshot!("misuse", reports);
    }
}
