# cites: B094 B111 B112


def error(namespace, *bases):
    try:
        return "made " + type("Made", bases, namespace).__name__
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


class Plain:
    pass


class Slotted:
    __slots__ = ("x", "__weakref__")


class Text(str):
    pass


try:

    class Conflict:
        __slots__ = ("x", "y")
        y = 1

except ValueError as problem:
    print("B094", problem)
print("B094", error({"__slots__": ("x",), "x": 1}))
print("B094", error({"__slots__": ("__doc__",), "__doc__": "text"}), "|", error({"__slots__": ("__doc__",)}))
print("B094", error({"__slots__": ("x",)}, type("Base", (), {"x": 1})))

for names in (("1x",), ("a b",), ("",), (5,), (b"x",), (None,), ("a", 5), 5, None, ("class",), ("ünïcode",), (Text("t"),), "a b"):
    print("B111", names, error({"__slots__": names}))

print("B112", error({"__slots__": ("__dict__",)}, Plain))
print("B112", error({"__slots__": ("__weakref__",)}, Plain))
print("B112", error({"__slots__": ("__weakref__",)}, Slotted))
print("B112", error({"__slots__": ("__dict__",)}, Slotted))
print("B112", error({"__slots__": ("__dict__", "__dict__")}))
print("B112", error({"__slots__": ("__weakref__", "__weakref__")}))

# A wrong `__qualname__` is found after all that is wrong with `__slots__`, except for what the base forbids.
for bases, slots in (((int,), ("x",)), ((), ("1",)), ((), (1,)), ((object,), ("__dict__", "__dict__"))):
    try:
        type("Wrong", bases, {"__slots__": slots, "__qualname__": 2})
    except TypeError as problem:
        print("B111", problem)

# What is wrong with the bases is found before `__slots__` is iterated.
for bases in ((object,), (int, list), (bool,)):
    try:
        type("Wrong", bases, {"__slots__": 2})
    except TypeError as problem:
        print("B111", problem)
