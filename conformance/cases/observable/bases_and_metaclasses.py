# cites: S054

# __bases__ never changes; a metaclass may add what it likes but an mro of its own.

from mortice import Base, slot, slots


class A(Base):
    x = slot(1)


class B(Base):
    y = slot(2)


class C(A):
    pass


class Plain:
    pass


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


c = C()
print("S054", attempt(setattr, C, "__bases__", (B,)))
print("S054", attempt(setattr, C, "__bases__", (A, B)), "|", attempt(setattr, A, "__bases__", (Base,)))
print("S054", [base.__name__ for base in C.__bases__], c.x, hasattr(c, "y"), list(slots(C)))
BaseMeta = type(Base)


class Registering(BaseMeta):
    def __new__(meta, name, bases, namespace, **keywords):
        cls = super().__new__(meta, name, bases, {**namespace, "added": slot("added")})
        made.append((name, keywords))
        return cls

    def __init__(cls, name, bases, namespace, **keywords):
        super().__init__(name, bases, namespace)

    def __call__(cls, *args, **keywords):
        made.append(("instance", cls.__name__))
        return super().__call__(*args, **keywords)


made = []


class D(A, metaclass=Registering, word="value"):
    z = slot(3)


class E(D, B):
    pass


e = E(x="x")
print("S054", list(slots(E)), e.x, e.added, e.y, e.z, made)


class Reordering(BaseMeta):
    def mro(cls):
        return super().mro()


class Other(type):
    pass


print("S054", attempt(Reordering, "F", (A,), {}))
print("S054", attempt(BaseMeta, "F", (), {}), "|", attempt(BaseMeta, "F", (Plain,), {"x": slot()}))
print("S054", attempt(Other, "F", (A,), {}).split(":")[0], attempt(BaseMeta, "F", (A,), {}).__name__)
print("S054", type(C).__name__, type(C) is BaseMeta, attempt(setattr, Base, "x", 1), A().x)
