# cites: B097 B098
# seed: 000_85b8fabe2820a541.txt

# The seed's A, B and C: an instance of C holds the slots of all three, each once.


class Base:
    __slots__ = ()


class A(Base):
    __slots__ = ("x", "y")


class B(A):
    __slots__ = ("z",)


class C(B):
    __slots__ = ("w",)


def slots_of(cls):
    found = []
    for base in reversed(cls.__mro__):
        found.extend(base.__dict__.get("__slots__", ()))
    return found


print("B097", slots_of(C), [(cls.__basicsize__ - object.__basicsize__) // 8 for cls in (Base, A, B, C)])
c = C()
for number, name in enumerate(slots_of(C)):
    setattr(c, name, number)
print("B097", [getattr(c, name) for name in slots_of(C)], hasattr(c, "__dict__"))


# A name that a base already has takes a second place.
class D(C):
    __slots__ = ("x",)


d = D()
d.x = "of D"
A.x.__set__(d, "of A")
print("B098", d.x, A.x.__get__(d), D.x is A.x, (D.__basicsize__ - C.__basicsize__) // 8)
del d.x
print("B098", hasattr(d, "x"), A.x.__get__(d))
