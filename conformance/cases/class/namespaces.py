# cites: B130 B131 B132 B139


class Ordered(dict):
    def __setitem__(self, key, value):
        log.append(key)
        super().__setitem__(key, value)

    def __missing__(self, key):
        if key.startswith("auto_"):
            return "made " + key
        raise KeyError(key)


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        return Ordered(first=0)

    def __new__(mcs, name, bases, namespace):
        made = super().__new__(mcs, name, bases, dict(namespace))
        made.kind = type(namespace).__name__
        made.namespace = namespace
        return made


def visible(names):
    return [name for name in names if not name.startswith("__")]


log = []


class A(metaclass=Meta):
    b = 1
    a = auto_value
    b = 2

    def method(self):
        pass


print("B130", visible(log), A.kind, A.a, A.b, A.first)
A.namespace["late"] = 1
A.c = 3
print("B130", hasattr(A, "late"), "c" in A.namespace)


class Plain:
    z = 1
    y = 2

    def x(self):
        pass

    a = 4
    z = 5


Plain.added = 6
print("B131", visible(Plain.__dict__), visible(vars(Plain)))
print("B131", list(type("T", (), {"q": 1, "a": 2}).__dict__)[:2])


def statement(answer):
    class Returning(type):
        __prepare__ = classmethod(lambda mcs, *all, **named: answer)

    try:

        class Made(metaclass=Returning):
            x = 1

        return Made.x
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for answer in (5, None, [], {}, "text"):
    print("B132", type(answer).__name__, statement(answer))


class NotAMeta:
    @staticmethod
    def __prepare__(name, bases):
        return 7


try:

    class Made(metaclass=NotAMeta):
        pass

except TypeError as problem:
    print("B132", problem)

names = {"x": 1}
T = type("T", (), names)
names["x"] = 2
names["y"] = 3
T.x = 4
print("B139", T.x, hasattr(T, "y"), names)
