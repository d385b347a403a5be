# cites: B032 B033 B034 B035


class Odd:
    @property
    def missing(self):
        raise AttributeError("inside")

    @property
    def broken(self):
        raise ValueError("inside")


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


odd = Odd()
print("B032", hasattr(odd, "missing"), hasattr(odd, "nothing"), hasattr(odd, "__class__"), error(hasattr, odd, "broken"))
print("B032", error(hasattr, odd, 5), "|", error(hasattr, odd), "|", error(hasattr, odd, b"missing"))
print("B033", getattr(odd, "missing", 1), getattr(odd, "nothing", None), error(getattr, odd, "broken", 1))
print("B033", error(getattr, odd, 5, "default"), "|", error(getattr, odd), "|", error(getattr, odd, None))
print("B033", error(setattr, odd, 5, 1), "|", error(delattr, odd, 1.5), "|", error(setattr, odd, "x"))


class Text(str):
    pass


odd_names = ("has space", "", "1", "class", "日本", "a.b")
for name in odd_names:
    setattr(odd, name, len(name))
print("B034", odd.__dict__, [getattr(odd, name) for name in odd_names])
setattr(odd, Text("text"), 9)
print("B034", odd.text, [type(name).__name__ for name in odd.__dict__][-1])
delattr(odd, "has space")
print("B034", hasattr(odd, "has space"), hasattr(odd, "a.b"))


class Directed:
    def __init__(self, answer):
        self.answer = answer

    def __dir__(self):
        return self.answer


print("B035", dir(Directed(["b", "a", "c", "a"])), dir(Directed(("z", "y"))), dir(Directed({"k": 1, "j": 2})), dir(Directed("cab")))
print("B035", error(dir, Directed(5)), "|", error(dir, Directed(["a", 1])), "|", dir(Directed(iter("ba"))))


class Plain:
    field = 1

    def method(self):
        pass


plain = Plain()
plain.own = 2
print("B035", [name for name in dir(plain) if not name.startswith("__")], [name for name in dir(Plain) if not name.startswith("__")])
print("B035", "__class__" in dir(plain), "mro" in dir(plain), "mro" in dir(Plain), dir(plain) == sorted(dir(plain)))


def local_names():
    b = a = 1
    return dir()


print("B035", local_names())
