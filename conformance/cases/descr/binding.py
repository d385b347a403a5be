# cites: B056 B057 B059


class Shows:
    def __get__(self, instance, owner=None):
        return (instance if instance is None else type(instance).__name__, owner if owner is None else owner.__name__)


class Base:
    d = Shows()


class Sub(Base):
    pass


class Meta(type):
    m = Shows()


class WithMeta(metaclass=Meta):
    d = Shows()


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B056", Base().d, Sub().d, WithMeta().d)
print("B057", Base.d, Sub.d, WithMeta.d, WithMeta.m)
print("B057", error(getattr, WithMeta(), "m"), Base.__dict__["d"].__get__(None), Base.__dict__["d"].__get__(5, int))

b = Base()
b.e = Shows()
Base.f = Shows()
print("B059", type(b.e).__name__, b.f, type(b.__dict__["e"]).__name__)
b.__dict__["d"] = "shadow"
print("B059", b.d)


class WithInstanceGet:
    pass


odd = WithInstanceGet()
odd.__get__ = lambda instance, owner: "never"
Base.odd = odd
print("B059", Base().odd is odd, Base.odd is odd)
WithInstanceGet.__get__ = lambda self, instance, owner: "from the type"
print("B059", Base().odd, Base.odd)
