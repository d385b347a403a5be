# cites: B087 B092 B093 B096
# seed: 000_85b8fabe2820a541.txt
# differs: 3.12: the message did not yet mention the missing __dict__

# Subclasses grow a __dict__ only when it is asked for in __slots__, or when __slots__ is left out.
import weakref


class Base:
    __slots__ = ("x",)


class Lean(Base):
    __slots__ = ()


class Asked(Base):
    __slots__ = ("__dict__",)


class Weak(Base):
    __slots__ = ("__weakref__",)


class Loose(Base):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def row(cls):
    return cls.__name__, cls.__basicsize__, cls.__dictoffset__, cls.__weakrefoffset__


print("B087", row(Base), row(Lean), error(setattr, Lean(), "y", 1), error(weakref.ref, Lean()))
asked = Asked()
asked.x, asked.y = 1, 2
print("B092", row(Asked), asked.__dict__, asked.x, error(weakref.ref, asked))
weak = Weak()
print("B093", row(Weak), weakref.ref(weak)() is weak, error(setattr, weak, "y", 1))
loose = Loose()
loose.x, loose.y = 1, 2
print("B096", row(Loose), loose.__dict__, loose.x, weakref.ref(loose)() is loose)
