# cites: B239
# seed: 001_404d3b1628fae2ef.txt

# 8192 nested deallocations, for each kind of object that can hold another.
import weakref

DEPTH = 8192


class Slotted:
    __slots__ = ("next", "__weakref__")


class Plain:
    pass


class Failure(Exception):
    pass


ends = 0


class End:
    def __del__(self):
        global ends
        ends += 1


def slotted(inner):
    outer = Slotted()
    outer.next = inner
    return outer


def plain(inner):
    outer = Plain()
    outer.next = inner
    return outer


def caused(inner):
    outer = Failure()
    outer.__cause__ = inner if isinstance(inner, BaseException) else Failure(inner)
    return outer


def in_context(inner):
    outer = Failure()
    outer.__context__ = inner if isinstance(inner, BaseException) else Failure(inner)
    return outer


def closure(inner):
    return lambda: inner


makers = {
    "list": lambda inner: [inner],
    "tuple": lambda inner: (inner,),
    "dict": lambda inner: {"next": inner},
    "value": lambda inner: {1: 2, "a": [inner]},
    "slot": slotted,
    "attribute": plain,
    "cause": caused,
    "context": in_context,
    "argument": lambda inner: Failure(inner),
    "closure": closure,
    "method": lambda inner: [inner].append,
    "slice": lambda inner: slice(inner),
}

for name, make in makers.items():
    ends = 0
    chain = End()
    for _ in range(DEPTH):
        chain = make(chain)
    alive = ends
    del chain
    print("B239", name, alive, ends)
