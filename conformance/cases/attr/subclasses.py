# cites: B046
import gc


class Base:
    pass


class B(Base):
    pass


class A(Base):
    pass


class Deeper(A):
    pass


class Both(B, A):
    pass


def names(cls):
    return [one.__name__ for one in cls.__subclasses__()]


print("B046", names(Base), names(A), names(B), names(Deeper), Base.__subclasses__() is Base.__subclasses__())
del Deeper
gc.collect()
print("B046", names(A))
made = [type("M%d" % n, (Base,), {}) for n in range(4)]
print("B046", names(Base))
del made[1]
gc.collect()
print("B046", names(Base))
Both.__bases__ = (A,)
print("B046", names(A), names(B))
A.__bases__ = (B,)
print("B046", names(Base), names(B), type.__subclasses__(A) == [Both], int.__subclasses__()[0])
