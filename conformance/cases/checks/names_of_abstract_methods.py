# cites: B232

# The names in __abstractmethods__ are sorted and joined as a program would do it, whatever they are.


class A:
    pass


class Name(str):
    pass


def tell(names, empty=None):
    A.__abstractmethods__ = names
    if empty:
        empty()
    try:
        print("B232", A())
    except TypeError as error:
        print("B232", error)


tell(("b", "a"))
tell({"k": 1})
tell("xy")
tell(("é", "zz", "a"))
tell(("a", "a"))
tell((Name("q"), "a"))
tell((1, "a"))
tell((1, 2))
tell([1])
tell((int, str))
tell(5)
names = ["a"]
tell(names, names.clear)
