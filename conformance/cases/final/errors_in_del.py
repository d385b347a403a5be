# cites: B243 B239
# differs: 3.12 3.13: the report named the function, and had no message
import sys


class Fails:
    def __del__(self):
        raise ValueError("in del")


class FailsBadly(Fails):
    def __del__(self):
        calls.append("bad")
        raise BaseException("worse")


def hook(report):
    calls.append((type(report).__name__, report.exc_type.__name__, str(report.exc_value), (report.err_msg or "").partition(" at 0x")[0], getattr(report.object, "__qualname__", None), report.exc_traceback is not None))


calls = []
sys.unraisablehook = hook
one = Fails()
del one
print("B243", calls)
calls.clear()
FailsBadly()
print("B243", calls)
calls.clear()
[Fails(), Fails()]
print("B243", len(calls), "and the program goes on")
calls.clear()


def inside_handler():
    try:
        raise KeyError("outer")
    except KeyError as problem:
        Fails()
        return str(problem), len(calls)


print("B243", inside_handler())


class Wrong:
    def __del__(self, extra):
        pass


calls.clear()
Wrong()
print("B243", calls[0][1:3])
sys.unraisablehook = lambda report: 1 // 0
print("B243", sys.unraisablehook is not sys.__unraisablehook__)
sys.unraisablehook = sys.__unraisablehook__
print("B239", "done")
