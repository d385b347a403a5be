//! What CPython's documentation says of memory, statement by statement: the rows
//! of the areas `mem` and `memdebug` in `conformance/behaviours.tsv`. Most are
//! seen by C programs alone, so that they have tests here and not cases.

use std::alloc::System;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::ptr::NonNull;

use mortice_mem::{
    ARENA_BYTES, Buffer, Choice, Config, Domain, DomainAllocator, Memory, OwnedBlock, Space,
};

const DOMAINS: [Domain; 3] = [Domain::Raw, Domain::Mem, Domain::Object];

/// What there is nothing to test of, and why.
const ELSEWHERE: [(&str, &str); 6] = [
    ("B326", "advice for builds without a global lock"),
    (
        "B350",
        "a memory's functions are called by the thread that uses it",
    ),
    (
        "B357",
        "no tracemalloc: an observer is told of everything, `tests/observer.rs`",
    ),
    ("B368", "no tracemalloc: a report names no traceback"),
    (
        "B371",
        "a matter of a build option of CPython's, which is off",
    ),
    (
        "B344",
        "a program's option: `crates/cli/tests/command/record.rs`",
    ),
];

fn with(allocator: Choice) -> Box<Memory> {
    Memory::with_config(Config {
        allocator,
        ..Config::default()
    })
    .unwrap()
}

/// B323
#[test]
fn each_family_takes_its_own_blocks() {
    for allocator in [Choice::PoolDebug, Choice::MallocDebug] {
        let memory = with(allocator);
        for domain in DOMAINS {
            let start = memory.malloc(domain, 100);
            // SAFETY: *live-block*: of that domain; the hooks verify it.
            unsafe {
                let start = memory.realloc(domain, start, 1_000);
                memory.free(domain, start);
            }
        }
        memory.check().unwrap();
    }
}

/// B325, B367: nobody needs to hold a lock, since only one thread can use a
/// memory at a time. Were it `Sync`, both would apply and this not compile.
#[test]
fn a_memory_is_not_shared_between_threads() {
    trait Shared<Reason> {
        fn is_told() -> bool {
            true
        }
    }
    impl<T: ?Sized> Shared<()> for T {}
    struct BySync;
    impl<T: ?Sized + Sync> Shared<BySync> for T {}
    assert!(<Memory as Shared<_>>::is_told());
}

/// B339
#[test]
fn an_array_has_room_for_its_values_and_no_product_overflows() {
    let memory = with(Choice::PoolDebug);
    for domain in DOMAINS {
        let array = memory.new_array::<[u64; 4]>(domain, 100).unwrap();
        // SAFETY: *live-block*: room for 100 values; the hooks see what is
        // written behind them.
        unsafe {
            for index in 0..100 {
                array.add(index).write([index as u64; 4]);
            }
            memory.delete(domain, Some(array));
        }
        for count in [usize::MAX / 32 + 1, usize::MAX / 8, usize::MAX] {
            assert!(memory.new_array::<[u64; 4]>(domain, count).is_none());
        }
        let empty = [0, 0].map(|count| memory.new_array::<u8>(domain, count).unwrap());
        assert_ne!(empty[0], empty[1]);
        for array in empty {
            // SAFETY: *live-block*: handed out above.
            unsafe { memory.delete(domain, Some(array)) };
        }
    }
    memory.check().unwrap();
}

/// B340: there the pointer is lost where nobody saved it; here it is not.
#[test]
fn an_array_stays_where_it_cannot_grow() {
    let memory = with(Choice::PoolDebug);
    for domain in DOMAINS {
        let array = memory.new_array::<u32>(domain, 8).unwrap();
        // SAFETY: *live-block*: room for eight numbers, and for more later.
        unsafe {
            array.write_bytes(0x11, 8);
            for count in [usize::MAX / 4 + 1, usize::MAX / 4, usize::MAX] {
                assert!(memory.resize_array(domain, array, count).is_none());
            }
            let array = memory.resize_array(domain, array, 50_000).unwrap();
            assert_eq!(array.add(7).read(), 0x1111_1111);
            memory.delete(domain, Some(array));
        }
    }
    memory.check().unwrap();
}

/// B341
#[test]
fn deleting_an_array_is_freeing_it() {
    let memory = with(Choice::PoolDebug);
    for domain in DOMAINS {
        let array = memory.new_array::<u32>(domain, 8);
        // SAFETY: *live-block*: handed out above; none is none.
        unsafe {
            memory.free(domain, array.map(NonNull::cast));
            memory.delete::<u32>(domain, None);
        }
    }
    memory.check().unwrap();
    assert_eq!(memory.statistics().mem.blocks_in_use(), 0);
}

/// B324, B342, B351, B353: small blocks of the mem and the object domain come
/// from pools, up to a limit that lies higher here, raw ones from the system.
#[test]
fn pools_serve_small_blocks_of_two_domains_by_default() {
    let memory = Memory::new().unwrap();
    let raw = Buffer::new(&memory, Domain::Raw, 512).unwrap();
    assert_eq!(memory.statistics().units_in_use, 0);
    for domain in [Domain::Mem, Domain::Object] {
        for bytes in [0, 1, 512] {
            let block = OwnedBlock::new(&memory, domain, bytes).unwrap();
            assert_eq!(block.space(), Space::Pool);
        }
        let large = OwnedBlock::new(&memory, domain, ARENA_BYTES).unwrap();
        assert_eq!(large.space(), Space::Foreign);
    }
    drop(raw);
}

/// B343, B370: the command's own words are tested where it is,
/// `crates/cli/tests/command/allocators.rs`.
#[test]
fn a_name_chooses_the_allocators() {
    for (name, pools, hooks) in [
        ("malloc", false, false),
        ("pool", true, false),
        ("debug", true, true),
        ("pool_debug", true, true),
        ("malloc_debug", false, true),
    ] {
        let choice: Choice = name.parse().unwrap();
        assert_eq!((choice.has_pools(), choice.has_hooks()), (pools, hooks));
        let memory = with(choice);
        let block = memory.malloc(Domain::Mem, 1).unwrap();
        assert_eq!(memory.statistics().units_in_use > 0, pools);
        // SAFETY: *live-block*: a byte of it, handed out above. With hooks it is
        // clean, or else unknown, and written first.
        unsafe {
            if hooks {
                assert_eq!(block.read(), 0xCD);
            }
            memory.free(Domain::Mem, Some(block));
        }
    }
    assert!("pymalloc_".parse::<Choice>().is_err());
}

/// B347
#[test]
fn functions_in_place_of_others_give_distinct_pointers_for_nothing() {
    static SYSTEM: System = System;
    let memory = Memory::new().unwrap();
    for domain in DOMAINS {
        // SAFETY: *domain-functions*: no block is in use.
        unsafe { memory.set_allocator(domain, DomainAllocator::global(&SYSTEM)) };
        let buffers: Vec<_> = (0..50)
            .map(|_| Buffer::new(&memory, domain, 0).unwrap())
            .collect();
        let addresses: BTreeSet<_> = buffers.iter().map(Buffer::address).collect();
        assert_eq!(addresses.len(), 50);
    }
}

/// B348, B349: what does not call the functions before it may be put in place
/// while there is no block; the debug hooks are put in place again after it.
#[test]
fn hooks_wrap_functions_that_replaced_them() {
    static SYSTEM: System = System;
    let memory = with(Choice::PoolDebug);
    for domain in DOMAINS {
        // SAFETY: *domain-functions*: no block is in use.
        unsafe { memory.set_allocator(domain, DomainAllocator::global(&SYSTEM)) };
    }
    // SAFETY: *guarded-block*: no block is in use.
    unsafe { memory.set_up_debug_hooks() };
    for domain in DOMAINS {
        let block = memory.malloc(domain, 3).unwrap();
        // SAFETY: *guarded-block*: the block and the guard behind it.
        unsafe {
            assert_eq!(block.cast::<[u8; 3]>().read(), [0xCD; 3]);
            assert_eq!(block.add(3).cast::<[u8; 8]>().read(), [0xFD; 8]);
            memory.free(domain, Some(block));
        }
    }
    assert_eq!(memory.statistics().units_in_use, 0);
    memory.check().unwrap();
}

/// B352
#[test]
fn an_arena_is_a_mebibyte() {
    assert_eq!(ARENA_BYTES, 1 << 20);
}

/// B355
#[test]
fn without_pools_no_block_of_pools_is_counted() {
    let memory = with(Choice::Malloc);
    let kept: Vec<_> = (0..1_000)
        .map(|_| OwnedBlock::new(&memory, Domain::Object, 40).unwrap())
        .collect();
    assert_eq!(memory.small_blocks_in_use(), 0);
    assert_eq!(memory.statistics().object.blocks_in_use(), kept.len());
}

/// Every row of the two areas is named by a test of this crate or a case, or
/// listed above.
#[test]
fn every_statement_has_a_test_or_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let Ok(rows) = fs::read_to_string(root.join("conformance/behaviours.tsv")) else {
        println!("skipped: the crate lies outside its workspace");
        return;
    };
    let stated: BTreeSet<&str> = rows
        .lines()
        .map(|row| row.split('\t').collect::<Vec<_>>())
        .filter(|row| matches!(row[1], "mem" | "memdebug"))
        .map(|row| row[0])
        .collect();
    assert!(stated.len() > 40, "{stated:?}");
    let mut text = String::new();
    for folder in ["crates/mem/tests", "conformance/cases/mem"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "rs" || e == "py") {
                text += &fs::read_to_string(path).unwrap();
            }
        }
    }
    // The list above is part of the text: it counts by its own table.
    let list = text.find("const ELSEWHERE").unwrap();
    let end = list + text[list..].find("];").unwrap();
    text.replace_range(list..end, "");
    let named: BTreeSet<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| stated.contains(word))
        .collect();
    for (id, reason) in ELSEWHERE {
        assert!(stated.contains(id) && !named.contains(id), "{id}: {reason}");
    }
    let listed: BTreeSet<&str> = ELSEWHERE.iter().map(|(id, _)| *id).collect();
    let missing: Vec<_> = stated.difference(&named).collect();
    let missing: Vec<_> = missing
        .into_iter()
        .filter(|id| !listed.contains(*id))
        .collect();
    assert_eq!(missing, Vec::<&&str>::new());
}
