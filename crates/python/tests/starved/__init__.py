"""Programs whose requests for memory fail, one after the other.

`_testcapi.set_nomemory` lets the interpreter's allocators refuse. Each function `starve_*` of `acts` prepares and
returns two functions: the first runs while requests fail, and ends normally or with MemoryError; the second is told
which when memory is back, and asserts what must hold. What Rust's own containers take is not the interpreter's
memory, and never fails here.
"""

import gc

import _testcapi

# Requests of an act that are refused, at most.
MOST = 3_000


def fails(act, first, last):
    """Runs an act whose requests from one to another are refused; tells whether it ended with MemoryError."""
    do, check = act()
    failed = False
    _testcapi.set_nomemory(first, last)
    try:
        do()
    except MemoryError:
        failed = True
    finally:
        _testcapi.remove_mem_hooks()
    check(failed)
    return failed


def starve(act):
    """Lets each request of an act fail alone, and then all from each on; returns how many runs failed."""
    count = 0
    for alone in (True, False):
        gc.collect()
        gc.disable()
        in_a_row, number = 0, 0
        # A request whose failure is passed over ends the search no sooner than ten of them do.
        while in_a_row < 10 and number < MOST:
            failed = fails(act, number, number + 1 if alone else 0)
            in_a_row = 0 if failed else in_a_row + 1
            count += failed
            number += 1
        gc.enable()
        gc.collect()
    return count
