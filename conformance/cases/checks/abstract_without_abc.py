# cites: B232

# The flag that forbids instances is set by assigning __abstractmethods__, with or without the abc module.


class Plain:
    def method(self):
        pass


class Sub(Plain):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B232", error(getattr, Plain, "__abstractmethods__"))
Plain.__abstractmethods__ = {"method"}
print("B232", error(Plain), "|", type(Sub()).__name__, Plain.__abstractmethods__, error(getattr, Sub, "__abstractmethods__"))
Plain.__abstractmethods__ = ["b", "a"]
print("B232", error(Plain), "|", error(object.__new__, Plain), "|", error(setattr, int, "__abstractmethods__", ["x"]))
Plain.__abstractmethods__ = ()
print("B232", type(Plain()).__name__, Plain.__abstractmethods__)
Plain.__abstractmethods__ = ["x"]
del Plain.__abstractmethods__
print("B232", type(Plain()).__name__, error(delattr, Plain, "__abstractmethods__"))
