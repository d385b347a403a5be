"""Classes that are watched, whose instances are written by the class's own function."""

import gc

from mortice import Base, delegate, slot


class Plain:
    __slots__ = ()


def watched(bases=(Base,), **more):
    cls = type(Base)("Watched", bases, {"x": slot(0), "y": slot(0), **more})
    heard = []
    cls.observe(None, lambda change: heard.append((change.name, change.new)))
    return cls, heard


def trap_a_setattr_comes_and_goes():
    cls, heard = watched()
    one = cls()
    one.x = 1
    cls.__setattr__ = lambda self, name, value: heard.append("own")
    one.x = 2
    del cls.__setattr__
    one.x = 3
    assert heard == [("x", 1), "own", ("x", 3)], heard


def trap_what_hides_a_name_later_is_found():
    class Mixin(Plain):
        __slots__ = ()

    base, heard = watched()
    one = type(Base)("Below", (Mixin, base), {})()
    one.observe("x", lambda change: None)
    one.x = one.y = 1
    Mixin.x = property(lambda self: "hidden", lambda self, value: heard.append("hidden"))
    one.x = 2
    one.y = 2
    del Mixin.x
    one.x = 3
    assert heard == [("x", 1), ("y", 1), "hidden", ("y", 2), ("x", 3)], heard
    assert one.x == 3 and one.y == 2


def trap_other_attributes_go_the_general_way():
    class Meter(Plain):
        __slots__ = ()

        @property
        def both(self):
            return self.x + self.y

        @both.setter
        def both(self, value):
            self.x = self.y = value
            if value == 13:
                type(self).__setattr__ = lambda self, name, value: heard.append(name)

    cls, heard = watched((Base, Meter))
    one = cls()
    for name in ("x", "both", "none"):
        try:
            setattr(one, name, 5)
            assert name != "none"
        except AttributeError as error:
            assert str(error).startswith("'Watched' object has no attribute 'none'"), error
    assert (one.x, one.y) == (5, 5) and heard == [("x", 5), ("y", 5)]
    one.both = 13
    one.x = 1
    assert one.x == 13 and heard[-1] == "x"


def trap_the_class_is_replaced_while_it_is_written():
    cls, heard = watched()
    other, _ = watched()
    names = [f"other{number}" for number in range(50)]
    wide = type(Base)("Wide", (cls,), {name: slot(0) for name in names})
    wide.observe("x", lambda change: None)

    for _ in range(100):
        one, two = cls(), wide()
        one.observe("x", lambda change: setattr(change.object, "__class__", other))
        one.x = 1
        one.x = 2
        assert type(one) is other and one.x == 2
        for name in names:
            setattr(two, name, name)
        assert [getattr(two, name) for name in names] == names


def trap_specialized_code_is_heard_after_another_class_moved_the_slot():
    def write(one, count):
        for number in range(count):
            one.x = number

    first = type(Base)("First", (Base,), {"a": slot(0)})
    cls = type(Base)("Second", (Base,), {"x": slot(0)})
    below = type(Base)("Below", (cls,), {"y": slot(0)})
    for kind in (cls, below):
        one = kind()
        write(one, 1000)
        type(Base)("Both", (first, kind), {})
        write(one, 1000)
        heard = []
        one.observe("x", heard.append)
        write(one, 5)
        assert [change.new for change in heard] == [0, 1, 2, 3, 4]


def trap_names_and_definitions_are_let_go():
    for _ in range(200):
        cls, heard = watched()
        one = cls()
        target = cls()
        delegate(one, "y", to=target)
        one.x = one.y = heard
        heard.append(one)
        cls.__doc__ = "another version"
        one.x = 1
        setattr(one, "".join(["x"]), 2)
        del one.x
        del cls, one, target, heard
    assert gc.collect() > 0


def trap_object_setattr_is_heard():
    cls, heard = watched()
    one = cls()
    one.x = 1
    object.__setattr__(one, "x", 2)
    Base.__setattr__(one, "x", 3)
    super(cls, one).__setattr__("x", 4)
    cls.x.__set__(one, 5)
    object.__delattr__(one, "x")
    assert [new for _, new in heard[:5]] == [1, 2, 3, 4, 5] and len(heard) == 6
