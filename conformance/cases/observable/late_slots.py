# cites: S010 S005
# seed: 000_85b8fabe2820a541.txt

# Slots can be defined after the class is created, as long as no instance and no class inheriting from it ever was.

from mortice import Base, SealedError, slot, slots


class A(Base):
    x = slot()


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


A.y = slot(2, doc="late")
setattr(A, "z", slot())
print("S010", list(slots(A)), A.y.__doc__, A.y.__name__)
a = A(x=1, z=3)
print("S010", a.x, a.y, a.z)
print("S010", attempt(setattr, A, "w", slot()))
print("S010", list(slots(A)), hasattr(A, "w"), issubclass(SealedError, TypeError))


class B(Base):
    x = slot()


class C(B):
    pass


print("S010", attempt(setattr, B, "y", slot()))
C.y = slot("of C")
print("S010", C().y, list(slots(B)), list(slots(C)))
print("S010", attempt(setattr, C, "z", slot()))


class D(Base):
    pass


class E(D):
    pass


for name in "one two three".split():
    setattr(E, name, slot())
del E.two
E.one = slot("replaced")
print("S005", list(slots(E)), [slots(E)[name].index for name in slots(E)])
E.four = slot()
E.two = slot()
print("S005", list(slots(E)), E().one)
