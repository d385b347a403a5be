# cites: B040 B041 B042


class A:
    "The text of A."
    x = 1


class B(A):
    pass


class C(A, metaclass=type):
    __doc__ = "set by name"


class D(B, C):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


view = A.__dict__
print("B040", type(view).__name__, view["x"], "x" in view, "y" in view, view.get("y", "default"), len(view) == len(list(view)))
A.y = 2
print("B040", view["y"], "y" in view, [name for name in view if not name.startswith("__")])


def put(key, value):
    view[key] = value


print("B040", error(put, "z", 1), "|", error(setattr, A, "__dict__", {}), "|", error(delattr, A, "__dict__"))
print("B040", view | {"only": 1} == {**view, "only": 1}, view.copy() == dict(view), type(view.copy()).__name__, error(hash, view) == error(hash, {}))

print("B041", A.__bases__, B.__bases__, D.__bases__, int.__bases__, object.__bases__, type("E", (B, A), {}).__bases__)
print("B041", D.__base__, B.__base__)
print("B042", A.__doc__, B.__doc__, C.__doc__, D.__doc__, A().__doc__, B().__doc__)
A.__doc__ = "another text"
print("B042", A.__doc__, A().__doc__, "__doc__" in B.__dict__, error(setattr, int, "__doc__", "x"))