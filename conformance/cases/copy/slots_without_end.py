# cites: B321

# The names of __slots__ are asked for one after the other, and the first that is refused ends the search.


class Endless:
    def __init__(self, name):
        self.name = name

    def __getitem__(self, index):
        return self.name


class A:
    pass


for name in (5, None, b"x"):
    A.__slots__ = Endless(name)
    try:
        print("B321", A().__getstate__())
    except Exception as error:
        print("B321", type(error).__name__, error)

asked = []


class Asked:
    def __iter__(self):
        for name in ("x", "__y", 7, "z"):
            asked.append(name)
            yield name


A.__slots__ = Asked()
try:
    print("B321", A().__getstate__())
except AttributeError as error:
    print("B321", error)
print("B321", asked)
