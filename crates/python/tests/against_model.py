"""Plays random scenarios of slot operations with the wheel, and with the model in another process.

    cargo run --release -p mortice-testkit --example scenarios -- 0 1000 | python crates/python/tests/against_model.py [--watched] [PYTHON]

The scenarios come by standard input, one a line, and the player is the testkit's. The wheel is the `mortice` that
this Python imports; the model runs on the same, or on the one that is named. With --watched every class is
observed before the first scenario, so that all accesses ask the engine; without, classes begin unobserved, and a
subscription inside a hold may miss what was written in it before (docs/wheel.md). The first answer that differs is
printed with its scenario, and the exit status is 1.

A scenario that comes to the `__class__` assignment which CPython refuses and the model does not (docs/wheel.md) is compared
up to there, does not count, and is named at the end.
"""

import gc
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).parents[3]
PLAYER = ROOT / "crates/testkit/src/slots_model/player.py"
MODEL = ROOT / "conformance/model"

LOOP = """import gc, sys
exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"))
gc.collect()
gc.freeze()
for line in sys.stdin: print(repr(play(line)), flush=True)
"""


def start_model(python):
    """The model, in a process that lives as long as this one."""
    environment = {**os.environ, "PYTHONPATH": str(MODEL), "PYTHONHASHSEED": "0", "PYTHONMALLOC": "default"}
    command = [python, "-s", "-S", "-c", LOOP, str(PLAYER)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)


def load_player():
    """The player's function, on the wheel."""
    names = {"__name__": "__main__"}
    exec(compile(PLAYER.read_text(encoding="utf-8"), str(PLAYER), "exec"), names)
    gc.collect()
    gc.freeze()
    return names["play"]


def difference(expected, answer):
    """The first line that differs."""
    pairs = zip(expected.split("\n") + [None], answer.split("\n") + [None])
    return next((wanted, found) for wanted, found in pairs if wanted != found)


def is_listed(wanted, found):
    """Whether a difference is the one that docs/wheel.md lists: bases that CPython lays out apart."""
    refused = "TypeError: __class__ assignment: " in str(found) and " object layout differs from " in str(found)
    return refused and str(wanted).endswith(") None") and "('assign', " in str(wanted)


def main():
    given = [argument for argument in sys.argv[1:] if argument != "--watched"]
    python = given[0] if given else sys.executable
    if "--watched" in sys.argv:
        import mortice

        mortice.Base.observe(None, lambda change: None)
    model, play = start_model(python), load_player()
    began, scenarios, operations, listed = time.monotonic(), 0, 0, []
    for line in sys.stdin:
        seed, steps, text = line.split(" ", 2)
        model.stdin.write(text)
        model.stdin.flush()
        answer = play(text)
        expected = model.stdout.readline()
        if repr(answer) + "\n" != expected:
            wanted, found = difference(eval(expected), answer)
            if is_listed(wanted, found):
                listed.append(seed)
                continue
            print(f"seed {seed}: the wheel says\n  {found}\nthe model\n  {wanted}\nscenario {text}")
            return 1
        scenarios, operations = scenarios + 1, operations + int(steps)
    seconds = time.monotonic() - began
    print(f"CPython {sys.version.split()[0]}: {operations} operations in {scenarios} scenarios agree, {seconds:.0f} s")
    if listed:
        print(f"and {len(listed)} up to the listed `__class__` assignment: {', '.join(listed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
