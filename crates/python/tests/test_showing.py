"""What is shown of instances and classes, where it is about CPython: threads, copies of awkward names, help."""

import copy
import inspect
import pickle
import pydoc
import threading

import pytest

from mortice import Base, delegated, slot, slots, undelegate


class Awkward(Base):
    """Slots that are called like functions of the package."""

    _state = slot(1)
    _restore = slot(2)
    shown = slot(3)
    replace = slot(4)


def test_slots_may_be_called_like_functions_of_the_package():
    one = Awkward(_state="s", shown=None)
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one)), one.__replace__()):
        assert repr(other) == "Awkward(_state='s', _restore=2, shown=None, replace=4)"
    assert repr(one.__replace__(_restore=0)) == "Awkward(_state='s', _restore=0, shown=None, replace=4)"


class Meets:
    """Its repr waits until another thread's is there as well."""

    def __init__(self):
        self.barrier = threading.Barrier(2)

    def __repr__(self):
        self.barrier.wait(60)
        return "<meets>"


class Holder(Base):
    value = slot()


def test_two_threads_show_the_same_object_at_once():
    one, found = Holder(value=Meets()), []
    threads = [threading.Thread(target=lambda: found.append(repr(one))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["Holder(value=<meets>)"] * 2


class Wheel(Base):
    """Turns."""

    radius = slot(0.3, type=float, doc="in metres")


class Car(Base):
    """Has wheels."""

    name = slot(doc="what it is called")
    wheel = slot(factory=Wheel)
    doors = slot(4, type=(int, str))
    radius = delegated("wheel", doc="of its wheels")


class Van(Car):
    load = slot(None, doc="what is in it")
    doors = property(lambda self: 5)


KEYWORDS = "(*, name=UNSET, wheel=<factory>, doors: int | str = 4, radius=UNSET)"


def test_a_signature_has_a_keyword_for_each_slot():
    assert str(inspect.signature(Car)) == KEYWORDS
    assert str(inspect.signature(Van)) == "(*, name=UNSET, wheel=<factory>, load=None, radius=UNSET)"
    assert str(inspect.signature(Wheel)) == "(*, radius: float = 0.3)"
    assert str(inspect.signature(Base)) == "()"
    assert str(inspect.signature(type("Both", (Wheel, list), {}))) == "(*, radius: float = 0.3)"
    bound = inspect.signature(Car).bind(name="van")
    assert bound.arguments == {"name": "van"}
    assert repr(Car(**bound.kwargs)) == "Car(name='van', doors=4)"
    with pytest.raises(TypeError, match="unexpected keyword argument 'nam'"):
        inspect.signature(Car).bind(nam="van")


def test_a_signature_knows_slots_that_come_late_and_names_that_are_no_keywords():
    class Late(Base):
        x = slot(1)

    setattr(Late, "no keyword", slot(2))
    setattr(Late, "class", slot(3))
    Late.y = slot(4)
    assert str(inspect.signature(Late)) == "(*, x=1, y=4)"
    assert list(slots(Late)) == ["x", "no keyword", "class", "y"]


class Meta(type(Base)):
    def __call__(cls, number):
        return super().__call__(name=number)


@pytest.mark.parametrize(
    "bases, namespace, expected",
    [
        ((Car,), {"__init__": lambda self, title, *, name=None: None}, "(title, *, name=None)"),
        ((Car,), {"__new__": lambda cls, number: Car.__new__(cls)}, "(number)"),
        ((Car,), {"__signature__": inspect.Signature()}, "()"),
    ],
)
def test_what_constructs_otherwise_keeps_its_own_signature(bases, namespace, expected):
    cls = type(Base)("Own", bases, namespace)
    assert str(inspect.signature(cls)) == expected
    assert str(inspect.signature(type(Base)("Further", (cls,), {}))) == expected


def test_a_metaclass_that_is_called_keeps_its_signature():
    class Numbered(Car, metaclass=Meta):
        pass

    assert str(inspect.signature(Numbered)) == "(number)"
    assert not hasattr(Numbered, "__signature__")
    assert not hasattr(type("First", (list, Wheel), {}), "__signature__")
    assert not hasattr(Car(), "__signature__")


def test_a_signature_can_be_set():
    class Told(Car):
        pass

    Told.__signature__ = inspect.Signature([inspect.Parameter("told", inspect.Parameter.VAR_KEYWORD)])
    assert str(inspect.signature(Told)) == "(**told)"
    del Told.__signature__
    assert str(inspect.signature(Told)) == KEYWORDS


def help_of(thing):
    return pydoc.plain(pydoc.render_doc(thing))


def sections(text):
    """The parts of a help text by their headings."""
    found, heading = {}, ""
    for line in text.splitlines():
        line = line.removeprefix(" |").strip()
        if line.endswith(":"):
            heading = line
        elif line.strip("-"):
            found.setdefault(heading, []).append(line)
    return found


def check_help_of_van():
    found = sections(help_of(Van))
    assert found["Readonly properties defined here:"] == ["doors"]
    assert found["Data descriptors defined here:"] == ["load", "what is in it"]
    inherited = found["Data descriptors inherited from Car:"]
    assert inherited == ["name", "what it is called", "radius", "of its wheels", "wheel"]


def test_help_lists_slots_with_their_docs_and_defaults():
    text = help_of(Car)
    flat = "".join(text.split()).replace("|", "")
    assert "".join(f"Car{KEYWORDS}".split()).replace("|", "") in flat
    found = sections(text)
    assert found["Data descriptors defined here:"] == [
        "doors", "name", "what it is called", "radius", "of its wheels", "wheel",
    ]  # fmt: skip
    inherited = found["Methods inherited from mortice.Base:"]
    for heading in ("__repr__(self)", "__replace__(self, /, **values)"):
        assert heading in inherited
    assert "\n |  observe(name, callback, *, strong=False)" in text
    # Descriptors that were turned, because somebody watches, say the same.
    check_help_of_van()
    with Van.observe(None, print):
        check_help_of_van()
    check_help_of_van()


def test_functions_have_signatures():
    assert str(inspect.signature(Car.observe)) == "(name, callback, *, strong=False)"
    assert str(inspect.signature(Car().observe)) == "(name, callback, *, strong=False)"
    assert str(inspect.signature(undelegate)) == "(obj, slot, /)"
