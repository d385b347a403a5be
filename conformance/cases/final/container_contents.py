# cites: B239 B245

# What a finalizer sees of the container that drops its object.
import gc


class Looks:
    def __init__(self, name, where):
        self.name, self.where = name, where

    def __del__(self):
        calls.append((self.name, self.where()))


calls = []
items = []
items.append(Looks("clear", lambda: list(items)))
items.append("other")
items.clear()
print("B239", calls)
calls.clear()
items = [Looks("item", lambda: [type(x).__name__ for x in items]), 2]
items[0] = 1
print("B239", calls)
calls.clear()
items = [Looks("slice", lambda: [type(x).__name__ for x in items]), 2, 3]
del items[0:2]
print("B239", calls)
calls.clear()
table = {}
table["k"] = Looks("value", lambda: sorted(table))
table["l"] = 2
del table["k"]
print("B239", calls)
calls.clear()
table["k"] = Looks("value", lambda: [type(x).__name__ for x in table.values()])
table["k"] = "new"
print("B239", calls)
calls.clear()
table["m"] = Looks("cleared", lambda: len(table))
table.clear()
print("B239", calls)
calls.clear()


class Holder:
    pass


h = Holder()
h.x = Looks("attribute", lambda: hasattr(h, "x"))
del h.x
print("B239", calls)
calls.clear()
h.x = Looks("attribute", lambda: h.x)
h.x = "new"
print("B239", calls)
calls.clear()
h.x = Looks("dict", lambda: h.__dict__)
h.__dict__ = {"fresh": 1}
print("B239", calls)
calls.clear()


class Slotted:
    __slots__ = ("x",)


s = Slotted()
s.x = Looks("slot", lambda: getattr(s, "x", "empty"))
s.x = "new"
print("B239", calls)
calls.clear()
s.x = Looks("slot", lambda: getattr(s, "x", "empty"))
del s.x
print("B239", calls)
calls.clear()
name = Looks("global", lambda: globals().get("name"))
name = "rebound"
print("B239", calls)
calls.clear()
name = Looks("global", lambda: "name" in globals())
del name
print("B239", calls)
calls.clear()
cycle = [Looks("in a cycle", lambda: "seen")]
cycle.append(cycle)
del cycle
gc.collect()
print("B245", calls)
