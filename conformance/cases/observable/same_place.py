# cites: S009

# Whatever way leads to a slot, it reaches the same place, whatever the order of the bases.

from mortice import Base, slot


class A(Base):
    x = slot()


class B(Base):
    a = slot()
    b = slot()


class AB(A, B):
    w = slot()


class BA(B, A):
    w = slot()


class Members(B):
    __slots__ = ("m",)


class Third(A, Members):
    def through_super(self):
        return super().x, super().a, super().b


def ways(obj, cls, name):
    descriptor = getattr(cls, name)
    values = [getattr(obj, name), descriptor.__get__(obj), descriptor.__get__(obj, type(obj))]
    values += [object.__getattribute__(obj, name), getattr(super(type(obj), obj), name)]
    return values[0] if all(value is values[0] for value in values) else values


saved = A.x, B.a, B.b
for cls in (AB, BA, Third):
    obj = cls()
    obj.x, obj.a, obj.b = (f"{cls.__name__}.{name}" for name in "xab")
    print("S009", ways(obj, A, "x"), ways(obj, B, "a"), ways(obj, B, "b"))
    print("S009", [one.__get__(obj) for one in saved])
    for one, value in zip(saved, "123"):
        one.__set__(obj, value)
    print("S009", obj.x, obj.a, obj.b)
    B.a.__delete__(obj)
    print("S009", hasattr(obj, "x"), hasattr(obj, "a"), hasattr(obj, "b"))
third = Third(x=1, a=2, b=3)
third.m = 4
print("S009", third.through_super(), third.m)

# A bound method of a descriptor that was saved before reaches the same place, or raises.
early = A()
early.x = "early"
get, put = A.x.__get__, A.x.__set__


class Later(B, A):
    pass


later = Later(x="x", a="a", b="b")
for call, args in ((get, (later, Later)), (put, (later, "new"))):
    try:
        answer = call(*args) in (None, "x")
    except TypeError:
        answer = True
    print("S009", answer, later.a, later.b, early.x)
