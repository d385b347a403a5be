# cites: B107 B108 B109 B168


def error(name, *bases, **namespace):
    try:
        made = type(name, bases, namespace)
        return [cls.__name__ for cls in made.__mro__], made.__base__.__name__, made.__basicsize__
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


class A:
    __slots__ = ("a",)


class B:
    __slots__ = ("b",)


class E1:
    __slots__ = ()


class E2:
    __slots__ = ()


class SubA(A):
    __slots__ = ("more",)


class Plain:
    pass


class Weak:
    __slots__ = ("__weakref__",)


class Dict:
    __slots__ = ("__dict__",)


print("B107", error("C", A, B), "|", error("C", B, A, __slots__=()), "|", error("C", SubA, B))
print("B108", error("C", A, E1, E2), error("C", E1, E2), error("C", E1, A, __slots__=("c",)))
print("B108", error("C", A, Plain), error("C", Plain, A), error("C", Plain, A, __slots__=()))
print("B108", error("C", A, Weak), error("C", Dict, A), error("C", Dict, Weak, A, __slots__=("c",)))
print("B109", error("C", int, list), "|", error("C", int, str), "|", error("C", dict, A), "|", error("C", A, dict))
print("B109", error("C", int, E1), error("C", Exception, Plain), error("C", KeyError, ValueError), error("C", KeyError, AttributeError))
print("B109", error("C", OSError, KeyError), error("C", OSError, ImportError), "|", error("C", Exception, dict))
print("B168", error("C", E1, Plain, SubA), error("C", SubA, A), error("C", E1, int))
print("B168", error("C", Plain, int), error("C", Plain, Exception))
