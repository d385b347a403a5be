# cites: B135 B136


def statement(metaclass):
    try:

        class Made(metaclass=metaclass):
            def who(self):
                return __class__.__name__

        return Made().who()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


class Passes(type):
    def __new__(mcs, name, bases, namespace):
        cells.append("__classcell__" in namespace)
        made = super().__new__(mcs, name, bases, namespace)
        cells.append("__classcell__" in made.__dict__)
        return made


class Drops(type):
    def __new__(mcs, name, bases, namespace):
        namespace.pop("__classcell__", None)
        return super().__new__(mcs, name, bases, namespace)


class Doubles(type):
    def __new__(mcs, name, bases, namespace):
        super().__new__(mcs, "First" + name, bases, namespace)
        return super().__new__(mcs, name, bases, namespace)


class Replaces(type):
    def __new__(mcs, name, bases, namespace):
        namespace["__classcell__"] = 5
        return super().__new__(mcs, name, bases, namespace)


cells = []
print("B135", statement(Passes), cells)
print("B136", statement(Drops))
print("B136", statement(Replaces))
print("B136", statement(Doubles))


class Early(type):
    def __init__(cls, name, bases, namespace):
        calls.append(cls.who(None))
        super().__init__(name, bases, namespace)


calls = []
print("B135", statement(lambda name, bases, namespace: type("Other" + name, bases, namespace)))


class Uses(metaclass=Early):
    def who(self):
        return __class__.__name__


print("B135", calls)


class NoCell(metaclass=Drops):
    x = 1


print("B136", NoCell.x)
