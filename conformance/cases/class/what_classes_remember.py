# feature: what stands in a class beside its body, and the words of a few refusals

import copy
import weakref


def attempt(call):
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def names(cls):
    return [name for name in vars(cls) if name not in ("__dict__", "__weakref__")]


class M(type):
    pass


# The names of slots are remembered by the first copy.
A = type("A", (), {"__slots__": ("x", "__y")})
one = A()
one.x = 1
print(copy.copy(one).x, names(A), A.__slotnames__)
A.__slotnames__ = ("x",)
print(attempt(lambda: copy.copy(one)))
A.__slotnames__ = None
print(one.__getstate__())

# What comes where: a hash that `__eq__` takes away stands last.
print(names(type("B", (), {"__eq__": None})))
print(type("C", (), {"__slots__": ("__module__", "a")})().__module__)
D = M("D", (), {})
print(D.__type_params__, D.__text_signature__, attempt(lambda: delattr(D, "__type_params__")))
print(attempt(lambda: setattr(D, "__text_signature__", "()")))
D.__type_params__ = (1,)
print(D.__type_params__, type("E", (), {"__doc__": "E(x)\n--\n\nText."}).__text_signature__)
D.__annotations__ = {}
print(names(D), D.__annotate__, names(D))
del D.__annotations__
print(names(D))

# Sizes of classes count the keys that their instances share.
for base in (object, int, Exception, type, list):
    print(base.__name__, type.__sizeof__(type("F", (base,), {})))
print(type.__sizeof__(int))


# Refusals name the class that was called.
class Set(set):
    pass


class Frozen(frozenset):
    pass


class Super(super):
    pass


for cls in (set, Set, frozenset, Frozen, super, Super):
    print(attempt(lambda: cls(1, 2, 3)))
print(attempt(lambda: super(weakref.ref, one)))


# The names of a function are stored by the wrapper's own `__setattr__`.
class Method(staticmethod):
    def __setattr__(self, name, value):
        print("set", name)


Method(attempt)
