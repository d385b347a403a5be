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
    half = delegated("x", "y")
    x = slot("below")


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
for cls in (Swapped, More, Members, Plain, int, Base):
    print("S054", attempt(setattr, a, "__class__", cls))
print("S054", attempt(setattr, a, "__class__", 5), "|", attempt(setattr, Base(), "__class__", A))
a.__class__ = A
b = A(x=A(y=7))
b.__class__ = Below
print("S054", type(b).__name__, b.half, A().x)
b.x = A(y=8)
print("S054", b.half)
b.__class__ = A
print("S054", hasattr(b, "half"), b.x.y, type(attempt(setattr, b, "__class__", WithDict)).__name__)
