# cites: B047

# A class with `__dict__` in its `__slots__` stands before `type` in the MRO of a metaclass. Its descriptor gives
# what the built-in base that has a dict gives: for a class, the view of its namespace; for a module, its dict.


import sys


class Dicted:
    __slots__ = ("__dict__",)


class Meta(Dicted, type):
    pass


Made = Meta("Made", (), {"x": 5})
getset = vars(Dicted)["__dict__"]


def attempt(action):
    try:
        return action()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def put(one):
    one.__dict__ = {"y": 2}


def drop(one):
    del one.__dict__


print("B047", Meta.__mro__[1].__name__, type(Made.__dict__).__name__, Made.__dict__["x"])
print("B047", type(getset.__get__(Made)).__name__, getset.__get__(Made)["x"])
print("B047", attempt(lambda: put(Made)))
print("B047", attempt(lambda: drop(Made)))
print("B047", attempt(lambda: getset.__set__(Made, {})), Made.x)


class Module(Dicted, type(sys)):
    pass


module = Module("made")
module.x = 5
print("B047", sorted(module.__dict__) == sorted(getset.__get__(module)), module.__dict__["x"])
print("B047", attempt(lambda: put(module)))
print("B047", attempt(lambda: drop(module)), module.x)


class Plain(Dicted):
    pass


plain = Plain()
put(plain)
print("B047", plain.__dict__, attempt(lambda: drop(plain)), plain.__dict__, attempt(lambda: getset.__get__(5)))
