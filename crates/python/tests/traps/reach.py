"""Delegated slots whose end is remembered: what is remembered must be that of the target's class as it is now."""

import gc

from mortice import Base, delegate, delegated, hold, slot, undelegate


def made(*names, bases=(Base,), **more):
    return type(Base)("Made", bases, {name: slot() for name in names} | more)


def read(obj):
    return obj.x


def write(obj, value):
    obj.x = value


def error(call, *args):
    try:
        call(*args)
    except Exception as raised:
        return type(raised).__name__
    return None


def linked(cls, target):
    one = cls()
    delegate(one, "x", to=target)
    for value in range(3):
        write(one, value)
        assert read(one) == target.x == value
    return one


def trap_targets_that_are_laid_out_otherwise():
    cls = made("x")
    first, second = made("a", "b", "x"), made("x", "a", "b", bases=(Base, list))
    one, two = linked(cls, first(a=1, b=2)), linked(cls, second(a=3, b=4))
    for value in range(20):
        write(one, value)
        write(two, -value)
        assert (read(one), read(two)) == (value, -value)


def trap_classes_that_come_and_go():
    one = made("x")()
    for number in range(300):
        names = [f"n{place}" for place in range(number % 7)]
        target = made(*names, "x")(x=-1, **dict.fromkeys(names, "other"))
        delegate(one, "x", to=target)
        assert read(one) == -1
        write(one, number)
        assert target.x == number and all(getattr(target, name) == "other" for name in names)
        undelegate(one, "x")
        del target
        if number % 50 == 0:
            gc.collect()


def trap_another_class_under_the_target():
    plain = made("x", "y")
    strict = made("x", "y", x=slot(type=int))
    target = plain()
    one = linked(made("x"), target)
    target.__class__ = strict
    assert error(write, one, "text") == "TypeError" and read(one) == 2
    write(one, 5)
    target.__class__ = plain
    write(one, "text")
    assert target.x == "text"
    always = made("x", "y", x=slot(compare="always"))
    heard = []
    target.observe("x", heard.append)
    target.__class__ = always
    write(one, "text")
    assert [change.new for change in heard] == ["text"]


def trap_a_class_that_changes():
    cls = made("x")
    target = cls()
    one = linked(cls, target)
    for number in range(1500):
        cls.mark = number
        write(one, number)
        assert read(one) == target.x == number


def trap_a_target_that_leads_on():
    cls = made("x", "y")
    target, far = cls(), cls(x="far", y="y")
    one = linked(cls, target)
    delegate(target, "x", to=far)
    assert read(one) == "far"
    write(one, "written")
    assert far.x == "written"
    undelegate(target, "x")
    assert read(one) == 2
    write(one, "near")
    assert (target.x, far.x) == ("near", "written")


def trap_targets_that_change():
    cls = made("x")
    first, second = cls(x=1), cls(x=2)
    one = linked(cls, first)
    delegate(one, "x", to=second)
    assert read(one) == 2
    write(one, 3)
    assert (first.x, second.x) == (2, 3)
    undelegate(one, "x")
    assert error(read, one) == "AttributeError"
    write(one, 4)
    assert (first.x, second.x, one.x) == (2, 3, 4)
    del second
    delegate(one, "x", to=first)
    assert read(one) == 2


def trap_values_that_are_not_there():
    target = made("x", x=slot(factory=list))()
    one = made("x")()
    delegate(one, "x", to=target)
    assert read(one) == [] and read(one) is target.x
    del target.x
    assert error(read, one) == "AttributeError"
    write(one, 1)
    del one.x
    assert error(read, one) == "AttributeError" and not hasattr(target, "x")


def trap_who_hears_of_the_end():
    cls, of = made("x"), made("x")
    target = of()
    one = linked(cls, target)
    heard = []

    def note(change):
        heard.append((change.object, change.new))

    subscription = target.observe("x", note)
    write(one, "target")
    subscription.cancel()
    subscription = one.observe("x", note)
    write(one, "delegator")
    subscription.cancel()
    subscription = of.observe("x", note)
    write(one, "class")
    subscription.cancel()
    one.observe("x", note)
    with hold():
        write(one, "first")
        write(one, "held")
        assert read(one) == "held" and len(heard) == 3
    assert heard == [(target, "target"), (one, "delegator"), (target, "class"), (one, "held")]


def trap_names_that_follow_a_carrier():
    first, second = made("x"), made("a", "b", "x")
    cls = made("by", "x", x=delegated("by"))
    heir = made(bases=(cls,))
    for obj in (cls(), heir()):
        for number in range(20):
            target = (first, second)[number % 2](x="begun")
            obj.by = target
            assert read(obj) == "begun"
            write(obj, number)
            assert read(obj) == target.x == number
        obj.by = None
        assert error(read, obj) and error(write, obj, 1)


def trap_instances_of_heirs():
    cls = made("x")
    heir = made("a", bases=(made("b"), cls))
    target = heir(a=1, b=2)
    for one in (linked(cls, target), linked(heir, target)):
        write(one, "x")
        assert (target.a, target.b, target.x, read(one)) == (1, 2, "x", "x")


def trap_writes_by_the_class_of_heirs():
    cls = made("x", "y")
    heir = made("a", bases=(made("b"), cls))
    strict = made("x", bases=(cls,), x=slot(type=int))
    kept = [kind() for kind in (cls, heir, strict)]
    heard = []
    for obj in kept:
        obj.observe("y", lambda change: heard.append(change.new))
    for number in range(5):
        for kind in (cls, heir, strict):
            obj = kind(x=0, y=0)
            write(obj, number)
            obj.y = number
            assert (obj.x, obj.y) == (number, number)
        assert error(write, obj, "text") == "TypeError"
    assert heard == []
    for obj in kept:
        obj.y = 1
    assert heard == [1, 1, 1]


def trap_several_slots_of_one_class():
    cls = made("x")
    target = made("x", "y")(x="x", y="y")
    one, two = cls(), cls()
    delegate(one, "x", to=target)
    delegate(two, "x", to=target, name="y")
    for number in range(20):
        assert (read(one), read(two)) == (target.x, target.y)
        write(one, number)
        write(two, -number)
        assert (target.x, target.y) == (number, -number)
