# cites: B175 B176 B177


class Plain:
    def __len__(self):
        return 3

    def __repr__(self):
        return "Plain()"


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


p = Plain()
p.__len__ = lambda: 100
p.__repr__ = lambda: "never"
p.__add__ = lambda other: "never"
p.__iter__ = lambda: iter([])
p.__call__ = lambda: "never"
p.__enter__ = lambda: "never"
p.__bool__ = lambda: False
print("B175", len(p), repr(p), p.__len__(), error(lambda: p + 1), "|", error(p), "|", error(iter, p), bool(p))
Plain.__len__ = lambda self: 4
print("B175", len(p), [len(one) for one in (p, Plain())])


class Meta(type):
    def __repr__(cls):
        return "<Meta of " + cls.__name__ + ">"

    def __len__(cls):
        return 42

    def __hash__(cls):
        return 7

    def __getattribute__(cls, name):
        calls.append(name)
        return super().__getattribute__(name)


class Made(metaclass=Meta):
    def __repr__(self):
        return "instance"

    def __len__(self):
        return 1

    def __hash__(self):
        return 8

    def __getattribute__(self, name):
        calls.append("of the instance " + name)
        return super().__getattribute__(name)


calls = []
print("B176", repr(Made), len(Made), hash(Made), repr(Made()), len(Made()), hash(Made()))
print("B177", calls)
print("B177", Made.__len__(Made()), calls)
print("B177", Made().__len__(), calls)
print("B176", hash(int) == type.__hash__(int), repr(int) == type.__repr__(int), error(int.__repr__), error(int.__hash__))
print("B176", int.__repr__(5), int.__hash__(5), type.__call__(int, "7"))
