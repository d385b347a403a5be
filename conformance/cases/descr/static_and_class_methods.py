# cites: B067 B068 B070 B073


class Base:
    @staticmethod
    def static(*args):
        return args

    @classmethod
    def made(cls, *args):
        return cls.__name__, args

    number = staticmethod(5)


class Sub(Base):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


raw = Base.__dict__["static"]
print("B067", Base.static is Base().static, Base.static is raw.__func__, Base.static(1), Sub().static(2), Base.number, Base().number)
print("B067", raw.__get__(5) is raw.__func__, raw.__get__(None, int) is raw.__func__, type(raw).__name__)
print("B068", raw(1, 2), callable(raw), error(Base.__dict__["number"]), staticmethod(len)("abc"))


class Uses:
    @staticmethod
    def helper(x):
        return x * 2

    result = helper(4)


print("B068", Uses.result)
print("B070", Base.made(1), Base().made(2), Sub.made(), Sub().made(), Sub.__dict__.get("made"), Base.__dict__["made"].__get__(None, int)())
print("B070", callable(Base.__dict__["made"]), error(Base.__dict__["made"]))
print("B073", Base.made.__self__, Sub.made.__self__, Sub().made.__self__, Sub.made.__func__ is Base.made.__func__, type(Sub.made).__name__)
print("B073", Sub.made == Sub().made, Sub.made == Base.made)


class Meta(type):
    @classmethod
    def of_meta(mcs):
        return mcs.__name__

    def plain(cls):
        return cls.__name__


class WithMeta(metaclass=Meta):
    pass


print("B073", WithMeta.of_meta(), WithMeta.plain(), WithMeta.plain.__self__, error(getattr, WithMeta(), "plain"))
