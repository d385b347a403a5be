# cites: B282
# differs: 3.12 3.13: audit() refused its arguments in other words
import gc
import sys


def error(call, *args, **named):
    try:
        return call(*args, **named)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


seen = []


def hook(event, args):
    if event.startswith(("gc.", "mine", "sys.addaudithook")):
        seen.append((event, args))
    if event == "mine.refused":
        raise ValueError("refused")


class Plain:
    pass


p = Plain()
holder = [p]
print("B282", sys.addaudithook(hook), error(sys.audit, "mine.plain", 1, "two"), error(sys.audit, "mine.refused"), "|", error(sys.audit, 5), "|", error(sys.audit))
print("B282", seen)
seen.clear()
all_objects, young, none = gc.get_objects(), gc.get_objects(0), gc.get_objects(generation=None)
print("B282", [event for event in seen if event[0] == "gc.get_objects"])
seen.clear()
gc.get_referents(p, 5)
gc.get_referents()
print("B282", [(event, len(args), type(args[0]).__name__, len(args[0])) for event, args in seen], seen[0][1][0][0] is p)
seen.clear()
found = gc.get_referrers(p)
print("B282", [event for event, args in seen], seen[0][1][0] == (p,), holder in found)


def keeps_out(event, args):
    if event == "sys.addaudithook":
        raise RuntimeError("no more hooks")


seen.clear()
print("B282", sys.addaudithook(keeps_out), sys.addaudithook(lambda *args: print("never")), error(sys.audit, "mine.again"))
print("B282", seen, error(sys.addaudithook))
