//! The variable `MORTICE_MALLOC`, and what a program can say of its memory.

use crate::support::{Folder, Ran, mortice};

const PROGRAM: &str = "\
import sys
kept = [[] for _ in range(1000)]
print(sys.getallocatedblocks() > 1000)
sys._debugmallocstats()
";

fn run(allocator: &str) -> Ran {
    let folder = Folder::new();
    let program = folder.file("program.py", PROGRAM);
    let mut command = mortice(&["run"]);
    command.arg(program).env("MORTICE_MALLOC", allocator);
    command.output().expect("the command can be started").into()
}

/// B343, B355, B370
#[test]
fn each_name_chooses_an_allocator() {
    for (name, has_pools) in [
        ("", "True\n"),
        ("pool", "True\n"),
        ("debug", "True\n"),
        ("pool_debug", "True\n"),
        ("malloc", "False\n"),
        ("malloc_debug", "False\n"),
    ] {
        let ran = run(name);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), has_pools));
        let arenas = !ran.stderr.contains(" 0 bytes of arenas\n");
        assert!(ran.stderr.contains("object domain\n"), "{}", ran.stderr);
        assert_eq!(arenas, has_pools == "True\n", "{}", ran.stderr);
    }
}

/// B343
#[test]
fn an_unknown_name_ends_the_command_before_the_program() {
    let ran = run("pymalloc");
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
    assert_eq!(
        ran.stderr,
        "mortice: MORTICE_MALLOC: unknown allocator `pymalloc` (known: malloc, pool, debug, pool_debug, malloc_debug)\n"
    );
}
