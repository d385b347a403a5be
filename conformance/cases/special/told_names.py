# feature: messages that tell a class with its module

# These messages tell the full name of the class of an object. A class without `__module__` ends in AttributeError.

import weakref


class Plain(type):
    """Its own __module__ hides that of type, so that its classes can do without."""


class One(metaclass=Plain):
    pass


class Keys(metaclass=Plain):
    def keys(self):
        return One()


class Entered(metaclass=Plain):
    def __enter__(self):
        return self


class Awaited(metaclass=Plain):
    def __aenter__(self):
        return self

    def __aexit__(self, *args):
        return None


class Short(metaclass=Plain):
    def __iter__(self):
        return iter(())

    def __length_hint__(self):
        return -1


class Listed(list, metaclass=Plain):
    __hash__ = None


class Unhashed(metaclass=Plain):
    def __hash__(self):
        raise TypeError("not this one")


class Sized(int, metaclass=Plain):
    pass


class Annotated:
    pass


class Ordered(type):
    answer = ()

    def mro(cls):
        return (cls, *Ordered.answer, object)


class Shown:
    """Its repr is that of a weak proxy of an object."""

    def __init__(self, one):
        self.proxy = weakref.proxy(one)

    def __repr__(self):
        return weakref.ProxyType.__repr__(self.proxy)


def keywords(**given):
    return given


def enter(one):
    with one:
        pass


def annotate():
    Annotated.__annotate__ = lambda form: One()
    return Annotated.__annotations__


def order(*answer):
    Ordered.answer = answer
    Ordered("Made", (), {"__module__": "made", "__qualname__": "Outer.Made"})


def shown(maker):
    """The repr of a weak reference without its addresses."""
    words = repr(maker(kept)).split(" at 0x")
    return words[0], words[1].split(";")[1], len(words)


kept = One()
CALLS = {
    "dict key": lambda: {Listed(): 1},
    "dict look-up": lambda: {}[Listed()],
    "set element": lambda: {Listed()},
    "in a set": lambda: Listed() in {1},
    "frozenset": lambda: frozenset([Listed()]),
    "dict key, error": lambda: {Unhashed(): 1},
    "** of a call": lambda: keywords(**One()),
    "** of a display": lambda: {**One()},
    "update": lambda: {}.update(Keys()),
    "with": lambda: enter(One()),
    "with and no exit": lambda: enter(Entered()),
    "with and async": lambda: enter(Awaited()),
    "%d": lambda: "%d" % One(),
    "%x": lambda: "%x" % One(),
    "%c": lambda: "%c" % One(),
    "%f": lambda: "%f" % One(),
    "second %d": lambda: "%d %d" % (1, One()),
    "%(a)d": lambda: "%(a)d" % {"a": One()},
    "%*d": lambda: "%*d" % (One(), 1),
    "%(a)s": lambda: "%(a)s" % One(),
    "complex": lambda: complex(One()),
    "complex, real": lambda: complex(One(), 1),
    "complex, imag": lambda: complex(1, One()),
    "fromhex": lambda: bytes.fromhex(One()),
    "str, encoding": lambda: str(b"", One()),
    "str, errors": lambda: str(b"", "ascii", One()),
    "partition": lambda: "a b".partition(One()),
    "rpartition": lambda: "a b".rpartition(One()),
    "length hint": lambda: [].extend(Short()),
    "weakref": lambda: shown(weakref.ref),
    "weakproxy": lambda: shown(Shown),
    "annotations": annotate,
    "getattr": lambda: object.__getattribute__(kept, One()),
    "setattr": lambda: setattr(kept, One(), 1),
    "namespace": lambda: type.__new__(type, "Made", (), One()),
    "bases": lambda: type.__new__(type, "Made", One(), {}),
    "name": lambda: type.__new__(type, One(), (), {}),
    "mro with an object": lambda: order(One()),
    "mro with another layout": lambda: order(Sized),
    "state": lambda: Exception().__setstate__({One(): 1}),
}
CLASSES = (One, Keys, Entered, Awaited, Short, Listed, Unhashed, Sized)


def tell():
    for what, call in CALLS.items():
        try:
            print(what, "|", call())
        except Exception as error:
            print(what, "|", type(error).__name__, error)


for module in ("__main__", "elsewhere", 5):
    print("module", module)
    for cls in CLASSES:
        cls.__module__ = module
        cls.__qualname__ = "Outer." + cls.__name__
    tell()
print("no module")
for cls in CLASSES:
    del cls.__module__
tell()
