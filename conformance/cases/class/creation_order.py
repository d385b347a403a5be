# cites: B137 B138


class Named:
    def __init__(self, tag):
        self.tag = tag

    def __set_name__(self, owner, name):
        calls.append(f"set_name {self.tag} {name} {hasattr(owner, 'marked')}")


def decorator(tag):
    calls.append("make " + tag)

    def apply(cls):
        calls.append(f"decorate {tag} {cls.__name__}")
        return cls

    return apply


class Base:
    def __init_subclass__(cls, **named):
        calls.append(f"init_subclass {cls.__name__} {named}")
        cls.marked = True


class Meta(type):
    def __new__(mcs, name, bases, namespace, **named):
        calls.append("before new")
        made = super().__new__(mcs, name, bases, namespace, **named)
        calls.append("after new")
        return made

    def __init__(cls, name, bases, namespace, **named):
        calls.append(f"init {sorted(named)}")
        super().__init__(name, bases, namespace)


calls = []


@decorator("outer")
@decorator("inner")
class Made(Base, metaclass=Meta, key=1):
    calls.append("body")
    a = Named("first")
    b = Named("second")


for call in calls:
    print("B137", call)


@len
@list
class Odd(metaclass=lambda *all: "text"):
    pass


@lambda cls: (cls.__name__, cls)
class Wrapped:
    pass


print("B138", Odd, Wrapped[0], type(Wrapped).__name__)
try:

    @decorator("fails")
    @lambda cls: 1 // 0
    class Failing:
        pass

except ZeroDivisionError:
    print("B138", calls[-1], "Failing" in globals())
