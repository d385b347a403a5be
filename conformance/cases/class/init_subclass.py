# cites: B140 B141 B142


class Base:
    def __init_subclass__(cls, /, default=0, **named):
        super().__init_subclass__(**named)
        calls.append((cls.__name__, default))
        cls.default = default


class Side:
    def __init_subclass__(cls, **named):
        calls.append(("side of " + cls.__name__, named))
        super().__init_subclass__(**named)


class Meta(type):
    pass


def error(call, *args, **named):
    try:
        return call(*args, **named)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []


class A(Base):
    pass


class B(A, default=5):
    pass


class C(Side, Base, metaclass=Meta):
    pass


print("B140", calls, hasattr(Base, "default"), A.default, B.default)
print("B140", type(Base.__dict__["__init_subclass__"]).__name__, Base.__init_subclass__.__self__)
calls.clear()
print("B140", type("D", (B,), {}, default=6).default, calls)
B.__init_subclass__(default=7)
print("B140", B.default)
print("B141", error(type, "X", (), {}, flag=1))
print("B141", error(type, "X", (Base,), {}, flag=1))
print("B141", error(object.__init_subclass__, 1), "|", error(object.__init_subclass__), "|", error(object.__init_subclass__, x=1))


class Plain:
    pass


try:

    class Sub(Plain, key=1):
        pass

except TypeError as problem:
    print("B141", problem)
calls.clear()


class F(Side, metaclass=Meta):
    pass


print("B142", calls, type(F).__name__)


class NotMethod:
    def __init_subclass__(cls):
        raise ValueError("refused " + cls.__name__)


print("B140", error(type, "X", (NotMethod,), {}))
