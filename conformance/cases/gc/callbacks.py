# cites: B277 B278
import gc
import sys


class Node:
    pass


def garbage(number):
    for _ in range(number):
        node = Node()
        node.me = node


def note(phase, info):
    calls.append((phase, info["generation"], info["collected"], info["uncollectable"]))


def fails(phase, info):
    raise ValueError("in a callback " + phase)


calls, reports = [], []
gc.collect()
gc.disable()
gc.callbacks.append(note)
garbage(3)
gc.collect()
print("B277", calls)
calls.clear()
gc.collect(0)
gc.collect(1)
print("B277", [call[:2] for call in calls])
calls.clear()
sys.unraisablehook = lambda report: reports.append((report.exc_type.__name__, str(report.exc_value)))
gc.callbacks.insert(0, fails)
garbage(2)
print("B278", gc.collect(), reports, calls)
gc.callbacks.remove(fails)
calls.clear()
gc.callbacks.append(5)
gc.collect()
print("B278", reports[2:], len(calls))
sys.unraisablehook = sys.__unraisablehook__
gc.callbacks.clear()
calls.clear()
gc.collect()
print("B277", calls, type(gc.callbacks).__name__)
gc.enable()
