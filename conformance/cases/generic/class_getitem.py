# cites: B234 B235


class Box:
    def __class_getitem__(cls, item):
        return cls.__name__, item


class Sub(Box):
    pass


class Meta(type):
    def __getitem__(cls, item):
        return "metaclass", cls.__name__, item


class Both(Box, metaclass=Meta):
    pass


class Plain:
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B234", Box[int], Sub["a"], Box[1, 2], Box[1:2], Box[()], type(Box.__dict__["__class_getitem__"]).__name__)
print("B234", error(lambda: Box()[int]), "|", error(lambda: Plain[int]), "|", error(lambda: Meta[int]), "|", error(lambda: int[str]))
Plain.__class_getitem__ = lambda item: "set later " + item
print("B234", error(lambda: Plain["x"]))
Plain.__class_getitem__ = classmethod(lambda cls, item: cls.__name__ + item)
print("B234", Plain["x"], error(lambda: Plain()["x"]))
Plain.__class_getitem__ = None
print("B234", error(lambda: Plain["x"]))
print("B235", Both[int], Both.__class_getitem__(int))


class NoneInMeta(type):
    __getitem__ = None


print("B235", error(lambda: NoneInMeta("N", (Box,), {})[1]))


def set_item():
    Box[1] = 2


print("B234", error(set_item), "|", error(lambda: len[int]))
