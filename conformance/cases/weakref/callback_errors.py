# cites: B294 B297
import sys
import weakref


class Node:
    pass


def fails(dead):
    raise ValueError("in the callback")


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


reports = []
sys.unraisablehook = lambda report: reports.append((report.exc_type.__name__, str(report.exc_value)))
node = Node()
refs = [weakref.ref(node, fails), weakref.ref(node, lambda dead: reports.append("second callback"))]
del node
print("B294", reports)
reports.clear()
node = Node()
ref = weakref.ref(node, 5)
node = None
print("B294", reports)
sys.unraisablehook = sys.__unraisablehook__

node = Node()
plain, called = weakref.ref(node), weakref.ref(node, print)
print("B297", plain.__callback__, called.__callback__ is print)
print("B297", error(setattr, called, "__callback__", None), "|", error(delattr, called, "__callback__"))
called = weakref.ref(node, lambda dead: reports.append(dead.__callback__))
reports.clear()
node = None
print("B297", plain.__callback__, called.__callback__, reports)
