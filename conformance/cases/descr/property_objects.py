# cites: B064 B065


class Base:
    @property
    def x(self):
        """The text of x."""
        return self._x

    first = x

    @x.setter
    def x(self, value):
        """not used"""
        self._x = value

    second = x

    @x.deleter
    def x(self):
        del self._x


class Sub(Base):
    @Base.x.getter
    def x(self):
        """The text of Sub."""
        return "sub " + str(self._x)


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B064", Base.first is Base.second, Base.second is Base.x, Base.first.fset, Base.second.fdel, Base.x.fget is Base.first.fget, Base.x.fset.__name__)
b = Base()
print("B064", error(setattr, b, "first", 1))
b.second = 2
b.x = b.x + 1
print("B064", b.first, error(delattr, b, "second"))
del b.x
print("B064", error(getattr, b, "x"))
s = Sub()
s.x = 5
print("B064", s.x, Base.x.fget(s), Sub.x.fset is Base.x.fset)
print("B064", error(setattr, Base.x, "fget", None))

print("B065", Base.x.__doc__, Sub.x.__doc__, property(lambda self: 1).__doc__, property(doc="given").__doc__)


def documented(self):
    """From the function."""


print("B065", property(documented).__doc__, property(documented, doc="instead").__doc__, property(None, documented).__doc__)
print("B065", property(documented).getter(lambda self: 1).__doc__, property(documented, doc="kept").getter(lambda self: 1).__doc__)
prop = property(documented)
prop.__doc__ = "set later"
print("B065", prop.__doc__, [type(one).__name__ for one in (prop.fget, prop.fset, prop.fdel)])


class Own(property):
    pass


print("B065", Own(documented).__doc__, type(Own(documented).setter(None)).__name__, type(Own(documented).getter(documented)).__name__)
