# cites: B025 B026 B028 B029


class Hooked:
    shared = "class"

    def __init__(self):
        self.own = "instance"

    def __getattr__(self, name):
        calls.append(name)
        if name.startswith("no"):
            raise AttributeError(f"refused {name}")
        if name == "broken":
            raise KeyError(name)
        return f"made {name}"

    @property
    def failing(self):
        raise AttributeError("from the getter")

    @property
    def dividing(self):
        raise KeyError("from the getter")


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
h = Hooked()
print("B025", h.own, h.shared, calls)
print("B025", h.other, calls)
print("B025", error(getattr, h, "nothing"), "|", error(getattr, h, "broken"), calls)
print("B025", error(getattr, Hooked, "other"), h.__class__.__name__, calls)
calls.clear()
print("B026", h.failing, calls, error(getattr, h, "dividing"), calls)
print("B028", error(object.__getattribute__, h, "other"), object.__getattribute__(h, "own"), "|", error(object.__getattribute__, h, "failing"))
print("B028", calls)
calls.clear()
print("B029", getattr(h, "x"), getattr(h, "x", "default"), getattr(h, "no", "default"), hasattr(h, "no"), hasattr(h, "yes"), calls)
h.x = "now real"
print("B029", h.x, calls)

# Set on the instance it does nothing.
class Bare:
    pass


bare = Bare()
bare.__getattr__ = lambda name: "never"
print("B025", error(getattr, bare, "x"))
Bare.__getattr__ = lambda self, name: "put on the class"
print("B025", bare.x)
del Bare.__getattr__
print("B025", error(getattr, bare, "x"))
