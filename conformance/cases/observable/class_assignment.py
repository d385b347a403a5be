# cites: S054 S010

# __class__ can be assigned between classes with the same storage, and the new class is sealed.

from mortice import Base, delegated, slot


class A(Base):
    x = slot(1)
    y = slot(2, type=int)


class Same(Base):
    x = slot("other default")
    y = slot(type=str)

    def hello(self):
        return f"hello {self.x}"


class Swapped(Base):
    y = slot()
    x = slot()


class Below(A):
    x = slot("below", compare="always")


class Follows(A):
    half = delegated("x", "y")


class FollowsToo(Base):
    x = slot()
    y = slot()
    half = delegated("x", "y")


class FollowsElse(FollowsToo):
    half = delegated("x", "z")


class Hides(A):
    x = "hidden"


class More(A):
    z = slot()


class Members(A):
    __slots__ = ("m",)


class WithDict(A):
    __slots__ = ("__dict__",)


class Plain:
    __slots__ = ()


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a = A()
heard = []
a.observe(None, lambda change: heard.append((change.name, change.old, change.new)))
a.x = "written"
del a.y
a.__class__ = Same
print("S054", type(a).__name__, a.hello(), hasattr(a, "y"), isinstance(a, A))
print("S054", attempt(setattr, a, "y", 5), attempt(setattr, a, "y", "five"), heard)
print("S010", attempt(setattr, Same, "z", slot()))
for cls in (Swapped, More, Members, WithDict, Follows, Hides, Plain, int, Base):
    print("S054", attempt(setattr, a, "__class__", cls))
print("S054", attempt(setattr, a, "__class__", 5), "|", attempt(setattr, Base(), "__class__", A))
a.__class__ = A
a.__class__ = Below
heard.clear()
a.x = a.x
print("S054", type(a).__name__, heard, A().x)
b = Follows(x=A(y=7))
b.__class__ = FollowsToo
b.x = A(y=8)
print("S054", b.half, attempt(setattr, b, "__class__", FollowsElse), attempt(setattr, b, "__class__", A))
b.half = 9
print("S054", b.x.y, type(b).__name__)
