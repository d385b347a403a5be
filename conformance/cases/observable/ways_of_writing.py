# cites: S020 S009

# Every way to write either emits or raises; none goes by in silence.

from mortice import Base, slot


class A(Base):
    x = slot(0)


class Guarded(A):
    def __setattr__(self, name, value):
        super().__setattr__(name, value * 2)

    def __delattr__(self, name):
        super().__delattr__(name)


class Bare(A):
    def __setattr__(self, name, value):
        A.x.__set__(self, value * 3)


class B(A):
    x = slot(-1)


def ways(obj):
    yield lambda value: setattr(obj, "x", value)
    yield lambda value: object.__setattr__(obj, "x", value)
    yield lambda value: A.x.__set__(obj, value)
    yield lambda value: type(obj).x.__set__(obj, value)
    yield lambda value: A.x.__delete__(obj)
    yield lambda value: setattr(obj, "x", value)
    yield lambda value: object.__delattr__(obj, "x")


for cls in (A, Guarded, Bare, B):
    obj = cls()
    heard = []
    obj.observe("x", lambda change: heard.append(change.new))
    for at, way in enumerate(ways(obj)):
        before, count = getattr(obj, "x", "unset"), len(heard)
        try:
            way(100 + at)
            told = len(heard) > count
        except (TypeError, AttributeError):
            told = getattr(obj, "x", "unset") == before
        print("S020", cls.__name__, at, told)
    obj.x = 50
    print("S009", cls.__name__, A.x.__get__(obj), heard[-1])
