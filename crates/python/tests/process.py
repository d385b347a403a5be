"""Programs in processes of their own."""

import os
import pathlib
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).parent

# An interpreter that is started by a script does not know by which.
PYTHON = os.environ.get("MORTICE_PYTHON", sys.executable)

# A program that runs the programs, such as valgrind (docs/testing.md).
UNDER = shlex.split(os.environ.get("MORTICE_UNDER", ""))

# A checker watches: that program, or AddressSanitizer in the interpreter.
CHECKED = bool(UNDER or "ASAN_OPTIONS" in os.environ)


def run(program, seconds=300, **variables):
    """Runs a program and returns what it prints; it must end well and complain of nothing."""
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": path, "PYTHONFAULTHANDLER": "1"} | variables
    if CHECKED:
        # A checker sees the blocks that the C library hands out, not those inside an arena.
        environment["PYTHONMALLOC"] = "malloc"
    command = [*UNDER, PYTHON, "-c", program]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds)
    words = ended.stderr[-4000:]
    assert (ended.returncode, words) == (0, ""), f"exit status {ended.returncode}\n{words}"
    return ended.stdout
