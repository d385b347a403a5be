# cites: B023 B024 B048


class Base:
    x = "Base"


class Sub(Base):
    pass


class Fixed:
    __slots__ = ("x",)
    y = "class"


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


one, two = Sub(), Sub()
one.x = "instance"
print("B023", one.__dict__, two.x, Sub.x, "x" in Sub.__dict__)
del one.x
print("B023", one.x, error(delattr, one, "x"))

Sub.x = "Sub"
print("B024", Base.x, Sub.x, two.x, sorted(k for k in Sub.__dict__ if not k.startswith("__")))
del Sub.x
print("B024", Sub.x, error(delattr, Sub, "x"))
Base.x = "Base, later"
print("B024", Sub.x, two.x)
Sub.__dict__.get("x")
print("B024", error(setattr, object, "x", 1))


class Data:
    def __set__(self, instance, value):
        self.log = ("set", type(instance).__name__, value)

    def __delete__(self, instance):
        self.log = ("delete", type(instance).__name__)


class Holder:
    data = Data()
    plain = 1


holder = Holder()
holder.data = 7
print("B048", Holder.__dict__["data"].log, holder.__dict__)
del holder.data
print("B048", Holder.__dict__["data"].log)
holder.plain = 2
print("B048", holder.__dict__, Holder.plain)
print("B048", error(delattr, holder, "nothing"), "|", error(setattr, 5, "real", 1), "|", error(delattr, Fixed(), "x"))
object.__setattr__(holder, "z", 3)
object.__delattr__(holder, "plain")
print("B048", holder.__dict__, error(object.__setattr__, Sub, "x", 1))
