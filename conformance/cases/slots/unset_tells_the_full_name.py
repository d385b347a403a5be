# cites: B095

# Reading a cell of `__slots__` that is unset tells the class with its module and all around it, as they are called
# now; other errors about attributes tell its name.


class Outer:
    class Inner:
        __slots__ = ("x",)


Inner = Outer.Inner


def tried():
    found = []
    for name in ("x", "y"):
        try:
            getattr(Inner(), name)
        except AttributeError as problem:
            found.append((str(problem), problem.name, type(problem.obj) is Inner))
    return found


print("B095", tried())
Inner.__name__ = "Renamed"
print("B095", tried())
Inner.__qualname__ = "elsewhere.Renamed"
print("B095", tried())
Inner.__module__ = "package"
print("B095", tried())
Inner.__module__ = 5
print("B095", tried())
Inner.__module__ = "builtins"
print("B095", tried())
