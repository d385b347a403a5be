# cites: B058 B060


class A:
    def who(self):
        return "A", type(self).__name__

    @classmethod
    def made(cls):
        return "A", cls.__name__

    @property
    def prop(self):
        return "A property of " + type(self).__name__

    value = 1


class B(A):
    def who(self):
        return "B"

    value = 2


class C(A):
    def who(self):
        return "C"

    value = 3


class D(B, C):
    def who(self):
        return "D"

    value = 4


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


d = D()
d.value = 5
print("B058", super(D, d).who(), super(B, d).who(), super(C, d).who(), error(getattr, super(A, d), "who"))
print("B058", super(D, d).value, super(B, d).value, super(C, d).value)
print("B058", super(B, d).made(), super(C, d).made(), super(C, d).prop, super(B, D).who(d))
method = super(C, d).who
print("B058", method.__self__ is d, method.__func__ is A.who, super(D, D).made())

function, getset, member = A.who, type.__dict__["__name__"], type("S", (), {"__slots__": ("s",)}).s
print("B060", function.__get__(d)(), function.__get__(d, D)(), function.__get__(None, D) is function)
print("B060", error(function.__get__, None), "|", error(function.__get__, None, None))
print("B060", getset.__get__(D), getset.__get__(D, type), getset.__get__(None, type) is getset, member.__get__(None, D) is member)
print("B060", list.append.__get__([1]).__self__, list.append.__get__([2], list).__name__, list.append.__get__(None, list) is list.append)
print("B060", A.__dict__["made"].__get__(d)(), A.__dict__["made"].__get__(None, C)(), A.__dict__["prop"].__get__(d))
