"""Runs cases on CPython, each in a fork of one interpreter that has just started.

One JSON line per request on standard input, {"path": "..."}; one JSON line per answer on standard output,
{"exit": 0, "stdout": "...", "stderr": "..."}. A signal that ended the case is a negative exit status.

The child leaves the request loop and runs the case as the last act of this file, so that nothing of the loop
is on its stack and the interpreter shuts down as it does after an ordinary program. It works on every Python
from 2.7 on.
"""

import gc
import json
import os
import resource
import sys
import tempfile
import types

# What a case may print and compute before it is stopped: a safety net behind the runner's time limit.
OUTPUT_BYTES = 64 << 20
CPU_SECONDS = 120


def read_lines(fd):
    """Yields lines from a descriptor without a buffered file that a forked child would share."""
    rest = b""
    while True:
        line, end, after = rest.partition(b"\n")
        if end:
            rest = after
            yield line
            continue
        piece = os.read(fd, 1 << 16)
        if not piece:
            return
        rest += piece


def text_of(file):
    """The whole text of a file that a child wrote to."""
    file.seek(0)
    data = file.read()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def answer(fd, status, out, err):
    """Writes one answer."""
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    line = json.dumps({"exit": code, "stdout": text_of(out), "stderr": text_of(err)}) + "\n"
    data = line.encode("ascii")
    while data:
        data = data[os.write(fd, data):]


def serve():
    """Forks for every request; returns the case's path in the child, None in the parent at the end."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    for line in read_lines(requests):
        path = json.loads(line.decode("utf-8"))["path"]
        if not isinstance(path, str):
            path = path.encode("utf-8")
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        gc.collect()
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            for fd in (requests, answers, nothing):
                os.close(fd)
            out.close()
            err.close()
            resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
            return path
        status = os.waitpid(child, 0)[1]
        answer(answers, status, out, err)
        out.close()
        err.close()
    return None


def become_main(path):
    """Makes a new module the program's main module, and returns its namespace."""
    main = types.ModuleType("__main__")
    main.__file__ = path
    main.__builtins__ = sys.modules.get("builtins") or sys.modules["__builtin__"]
    sys.modules["mortice_conformance_worker"] = sys.modules["__main__"]
    sys.modules["__main__"] = main
    sys.argv[:] = [path]
    sys.path[0] = os.path.dirname(path)
    return main.__dict__


def printed(kind, value, traceback):
    """Prints an uncaught exception through the hook, without this file's own frames."""
    while traceback is not None and traceback.tb_frame.f_code.co_filename == __file__:
        traceback = traceback.tb_next
    if hasattr(value, "with_traceback"):
        value = value.with_traceback(traceback)
    sys.last_type, sys.last_value, sys.last_traceback = kind, value, traceback
    if sys.version_info >= (3, 12):
        sys.last_exc = value
    sys.excepthook(kind, value, traceback)


def code_of(path):
    """Compiles the case."""
    with open(path, "rb") as file:
        source = file.read()
    return compile(source, path, "exec", 0, True)


case_path = serve()
if case_path is not None:
    failed = False
    try:
        exec(code_of(case_path), become_main(case_path))
    except SystemExit:
        raise
    except BaseException:
        printed(*sys.exc_info())
        failed = True
    if failed:
        sys.exit(1)
