# cites: B027 B030 B031 B079


class Watched:
    klass = "class"

    def __init__(self):
        self.own = 1

    def __getattribute__(self, name):
        calls.append(name)
        if name == "refused":
            raise AttributeError("refused")
        if name == "broken":
            raise ValueError("broken")
        return super().__getattribute__(name)

    def __getattr__(self, name):
        calls.append("then " + name)
        return "made " + name

    def method(self):
        return self.own


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
w = Watched()
print("B027", w.own, w.klass, w.refused, w.absent)
print("B027", calls)
calls.clear()
print("B027", error(getattr, w, "broken"), w.method(), hasattr(w, "any"), calls)
calls.clear()
print("B027", type(w).__name__, len([w]), isinstance(w, Watched), w == w, calls)


class Stores:
    def __setattr__(self, name, value):
        calls.append(("set", name, value))
        if not name.startswith("_"):
            super().__setattr__(name, value * 2)

    def __delattr__(self, name):
        calls.append(("delete", name))
        if name != "kept":
            object.__delattr__(self, name)


calls.clear()
s = Stores()
s.x = 2
s._hidden = 3
s.kept = 4
setattr(s, "y", 5)
s.__dict__["z"] = 6
print("B030", s.__dict__, calls)
calls.clear()
del s.x
del s.kept
print("B031", s.__dict__, calls, error(delattr, s, "x"))


class Flat:
    def __getattribute__(self, name):
        if name == "__dict__":
            return object.__getattribute__(self, name)
        for cls in object.__getattribute__(self, "__class__").__mro__:
            if name in cls.__dict__:
                return cls.__dict__[name]
        raise AttributeError(name)

    @property
    def prop(self):
        return "computed"

    def method(self):
        return "called"


flat = Flat()
print("B079", type(flat.prop).__name__, type(flat.method).__name__, flat.method(flat), error(flat.method))
print("B079", flat.prop.__get__(flat))
