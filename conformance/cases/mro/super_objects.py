# cites: B169 B170 B171 B174
# differs: 3.12: the message did not name the types


class A:
    def who(self):
        return "A"


class B(A):
    def who(self):
        return "B"


class C(A):
    def who(self):
        return "C"


class D(B, C):
    def who(self):
        return "D"


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def shape(thing):
    return repr(thing).partition(" at 0x")[0]


d = D()
print("B169", [super(cls, d).who() for cls in (D, B, C)], [super(cls, D).who(d) for cls in (D, B, C)])
print("B169", error(getattr, super(D, d), "nothing"), "|", error(getattr, super(A, d), "who"))
print("B170", error(super, B, A()), "|", error(super, B, A))
print("B170", error(super, B, 5), "|", error(super, D, C), "|", error(super, 5, d), "|", error(super, None))
print("B170", super(type, D).__thisclass__, super(object, 5).__self__, error(super, A, D).__self__)
print("B170", error(super, A, d, 1), "|", error(lambda: super(A, obj=d)))

unbound = super(B)
print("B171", unbound.__self__, unbound.__self_class__, unbound.__thisclass__, shape(unbound))
D.up = unbound
print("B171", d.up.who(), D.up is unbound, d.up.__self__ is d, error(getattr, unbound, "who"))
print("B171", unbound.__get__(d).who(), unbound.__get__(None, D) is unbound, error(unbound.__get__, 5), unbound.__get__(d).__get__(d).__self__ is d)


class Loose(super):
    pass


print("B171", type(Loose(B).__get__(d)).__name__, Loose(B, d).who())
bound = super(B, d)
print("B174", bound.__thisclass__, bound.__self__ is d, bound.__self_class__, shape(bound))
of_class = super(B, D)
print("B174", of_class.__self__, of_class.__self_class__, bound.__class__, type(bound))
for name in ("__self__", "__thisclass__"):
    print("B174", error(setattr, bound, name, 1))
print("B174", bound.__doc__ == super.__doc__, super(D, d).__class__, error(setattr, super(D, d), "x", 1) is not None)
