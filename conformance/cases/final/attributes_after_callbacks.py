# cites: B250 B291
import weakref


class Part:
    def __del__(self):
        calls.append(f"part, ref {'dead' if ref() is None else 'live'}")


class InDict:
    def __init__(self):
        self.part = Part()

    def __del__(self):
        calls.append("whole")


class InSlot(InDict):
    __slots__ = ("part",)


class OnlySlot:
    __slots__ = ("part", "__weakref__")
    __init__ = InDict.__init__
    __del__ = InDict.__del__


for kind in InDict, InSlot, OnlySlot:
    calls = []
    whole = kind()
    ref = weakref.ref(whole, lambda ref: calls.append(f"callback with {ref()}"))
    del whole
    print("B250", kind.__name__, calls)
    print("B291", ref())
