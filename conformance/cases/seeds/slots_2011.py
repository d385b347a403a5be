# seed: 002_7df99f4b5bfce3cb.txt
# hosts: cpython
# oracle: 2.7

# The storage of slots and of the dictionary in the seed's year.


class Plain(object):
    pass


class Slotted(object):
    __slots__ = ("a", "b")


class OnString(str):
    pass


class OnTuple(tuple):
    pass


class OnInt(int):
    pass


class OnLong(long):  # noqa: F821 (a type of 2.7)
    pass


def error(base, slots):
    try:
        made = type("Sub", (base,), {"__slots__": slots})
    except TypeError as problem:
        return "TypeError: %s" % problem
    return "made, %d to %d bytes" % (base.__basicsize__, made.__basicsize__)


print("basic sizes: %r" % [cls.__basicsize__ for cls in (object, Plain, Slotted)])
print("dictoffset, plain: %r" % Plain.__dictoffset__)
print("dictoffset, slotted: %r" % Slotted.__dictoffset__)
print("dictoffset, from the end of the object: %r" % [cls.__dictoffset__ for cls in (OnString, OnTuple, OnLong)])
print("dictoffset, a subclass of int: %r" % OnInt.__dictoffset__)
print("dictoffset, built-in: %r" % [cls.__dictoffset__ for cls in (object, int, str, tuple, list, dict, float)])
for base in (str, tuple, long, int, list, dict, type):  # noqa: F821
    print("%s: %s" % (base.__name__, error(base, ("x",))))
    print("%s, empty: %s" % (base.__name__, error(base, ())))
    print("%s, a dictionary: %s" % (base.__name__, error(base, ("__dict__",))))
