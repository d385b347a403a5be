# feature: messages about what special methods return

# The messages tell the full name of the class, and that of what was returned.


class Answer:
    pass


def answer(one):
    return Answer()


NAMES = ("str", "repr", "bool", "iter", "index", "int", "float", "complex", "bytes")
One = type("One", (), {"__" + name + "__": answer for name in NAMES})
One.__format__ = lambda one, how: Answer()


def tell(call, *args):
    try:
        print(call(*args))
    except TypeError as error:
        print(error)


for module in ("__main__", "builtins", "elsewhere", 5):
    for cls in (One, Answer):
        cls.__module__ = module
        cls.__qualname__ = "Outer." + cls.__name__
    for call in (str, repr, bool, iter, int, float, complex, bytes, format):
        tell(call, One())
    tell(lambda: [1][One()])
