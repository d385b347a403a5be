# cites: B099
# seed: 002_7df99f4b5bfce3cb.txt
# differs: 3.12 3.13: the word was "nonempty", as in the seed, and tuple refused too

# The place of a slot would depend on how many digits follow the header.


def error(call, *args):
    try:
        made = call(*args)
        return f"{made.__name__} made"
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for base in (int, bytes, type, tuple):
    print("B099", base.__name__, error(type, "Sub", (base,), {"__slots__": ("x",)}))

try:

    class Both(int):
        __slots__ = ("x", "y")

except TypeError as problem:
    print("B099", problem)


class Number(int):
    pass


print("B099 subclass", error(type, "Sub", (Number,), {"__slots__": ["x"]}))
print("B099 bool", error(type, "Sub", (bool,), {"__slots__": ["x"]}))
