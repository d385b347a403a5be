# cites: B118
# oracle: none

# A class whose instances have no room for a dict has the offset 0, also where a class of its MRO has a dict: behind
# new bases, or by an MRO that the metaclass made. CPython takes over the other class's offset and writes there.


class WithDict:
    pass


class Below(dict):
    __slots__ = ()


class Meta(type):
    def mro(cls):
        return [cls, WithDict, object]


Below.__bases__ = (WithDict, dict)


class Behind(Below):
    __slots__ = ("x",)


class Ordered(metaclass=Meta):
    __slots__ = ("x",)


for cls in (Behind, Ordered):
    assert WithDict in cls.__mro__
    assert cls.__dictoffset__ == 0, cls.__dictoffset__
    one = cls()
    one.x = 1
    for act in (lambda: one.__dict__, lambda: setattr(one, "y", 2), lambda: one.y, lambda: delattr(one, "y")):
        try:
            act()
        except AttributeError:
            continue
        assert False, act
    assert one.x == 1

    class More(cls):
        pass

    more = More()
    more.y = 2
    assert More.__dictoffset__ != 0 and more.__dict__ == {"y": 2}
    print("B118 ok", cls.__name__)
