# cites: B179 B217
# differs: 3.12 3.13: the messages did not say what the value was to be used for


class NoHash:
    __hash__ = None


class Sub(NoHash):
    pass


class Back(NoHash):
    __hash__ = object.__hash__


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def hashable(cls):
    """The question that collections.abc.Hashable asks."""
    for base in cls.__mro__:
        if "__hash__" in base.__dict__:
            return base.__dict__["__hash__"] is not None
    return False


print("B217", [hashable(cls) for cls in (NoHash, Sub, Back, list, dict, set, bytearray, tuple, frozenset, int, object, slice)])
print("B179", error(hash, NoHash()), "|", error(hash, Sub()), "|", type(hash(Back())).__name__, "|", error(hash, bytearray()), "|", error({}.get, []), "|", error({1}.__contains__, {}))
print("B179", error(lambda: {NoHash(): 1}), "|", error(lambda: {}[Sub()]), "|", error(frozenset, [Sub()]), "|", set() in [set()], error(lambda: [] in {1}))
