"""Slots beside what native classes lay out, or allocate, by themselves."""

import array
import collections
import copy
import gc
import pickle
import sys

from mortice import Base, slot

from .routes import Saved, refuses, walk


class A(Base):
    x = slot("x")
    made = slot(factory=list)


class B(Base):
    y = slot("y")


def combined(native, fill, same):
    """Tries `class C(A, native)` and `class C(native, A)`, and both with a second class of slots."""
    saved = Saved(A, B)
    orders = (A, native), (native, A), (B, A, native), (native, B, A), (B, native, A)
    for bases in orders:
        C = type(A)("C", bases, {"own": slot("own")})
        D = type(A)("D", (C,), {"__slots__": ("m",), "more": slot()})
        for cls in (C, D):
            objects = [cls() for _ in range(40)]
            for number, obj in enumerate(objects):
                assert obj.x == "x" and obj.own == "own" and obj.made == []
                obj.x = number
                fill(obj, number)
                if cls is D:
                    obj.m = ("m", number)
            gc.collect()
            for number, obj in enumerate(objects):
                assert obj.x == number
                same(obj, number)
                if cls is D:
                    assert obj.m == ("m", number)
            for obj in objects[:3]:
                walk(obj, saved)
            same(objects[2], 2)
            cycle = objects[5]
            cycle.own = cycle
            del objects, obj, cycle
            gc.collect()
    return C


def trap_list():
    def same(obj, number):
        assert list(obj) == list(range(number)), (obj, number)

    cls = combined(list, lambda obj, number: obj.extend(range(number)), same)
    obj = cls()
    size = sys.getsizeof(obj)
    obj.extend(range(100))
    assert sys.getsizeof(obj) >= size + 800


def trap_dict():
    def fill(obj, number):
        obj.update({f"key {key}": key for key in range(number)})

    def same(obj, number):
        assert dict(obj) == {f"key {key}": key for key in range(number)}

    combined(dict, fill, same)


def trap_set():
    def same(obj, number):
        assert set(obj) == set(range(number))

    combined(set, lambda obj, number: obj.update(range(number)), same)


def trap_ordered_and_default_dict():
    def fill(obj, number):
        obj.update({key: number for key in range(number)})

    def same(obj, number):
        assert dict(obj) == {key: number for key in range(number)}

    combined(collections.OrderedDict, fill, same)
    combined(collections.defaultdict, fill, same)


def trap_bytearray_and_deque():
    def same(obj, number):
        assert bytes(obj) == b"*" * number

    combined(bytearray, lambda obj, number: obj.extend(b"*" * number), same)

    def same_items(obj, number):
        assert list(obj) == list(range(number))

    combined(collections.deque, lambda obj, number: obj.extend(range(number)), same_items)


def trap_exception():
    def fill(obj, number):
        obj.args = (number,)
        obj.note = number
        obj.__cause__ = ValueError(number)

    def same(obj, number):
        assert obj.args == (number,) and obj.note == number and obj.__cause__.args == (number,)

    combined(Exception, fill, same)
    combined(KeyError, fill, same)

    class Failure(A, OSError):
        code = slot(7)

    for _ in range(100):
        try:
            raise Failure
        except OSError as failure:
            assert (failure.code, failure.x) == (7, "x")
            failure.code = failure
    gc.collect()


def trap_immutable_values():
    class Number(A, float):
        unit = slot("m")

    class Text(str, A):
        unit = slot("word")

    class Complex(A, complex):
        pass

    number, text, complex_ = Number(), Text(), Complex()
    for obj in (number, text, complex_):
        walk(obj)
    assert (number, text, complex_) == (0.0, "", 0j)
    for native in (int, tuple, bytes, type):
        refuses(TypeError, type(A), "C", (A, native), {})
        refuses(TypeError, type(A), "C", (native, A), {})


def trap_other_natives():
    for native in (frozenset, array.array, classmethod, staticmethod, type(sys), property, memoryview, range, slice):
        try:
            C = type(A)("C", (A, native), {"own": slot("own")})
        except TypeError:
            continue
        for args in ((), ("i",), (len,)):
            try:
                objects = [C(*args) for _ in range(20)]
            except TypeError:
                continue
            for obj in objects:
                walk(obj)
            break
        gc.collect()


def trap_plain_bases():
    class Plain:
        def __init__(self):
            self.plain = "plain"

    class Slotted:
        __slots__ = ("s", "t")

    class Weak:
        __slots__ = ("__weakref__",)

    saved = Saved(A, B)
    for plain in (Plain, Slotted, Weak):
        for bases in ((A, plain), (plain, A), (B, A, plain), (plain, B, A)):
            C = type(A)("C", bases, {"own": slot("own")})
            for _ in range(3):
                obj = C()
                if plain is Plain:
                    obj.plain = "plain"
                    obj.other = "other"
                elif plain is Slotted:
                    obj.s, obj.t = "s", "t"
                obj.observe("x", print).cancel()
                walk(obj, saved)
                if plain is Plain:
                    assert vars(obj) == {"plain": "plain", "other": "other"}
                elif plain is Slotted:
                    assert (obj.s, obj.t) == ("s", "t")


class Pickled(A, dict):
    kept = slot()


class PickledList(list, A):
    kept = slot()


def trap_copies():
    for cls, fill in ((Pickled, lambda obj: obj.update(key="value")), (PickledList, lambda obj: obj.append("value"))):
        obj = cls()
        obj.kept, obj.x = ["kept"], "written"
        fill(obj)
        ways = [copy.copy, copy.deepcopy]
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            ways.append(lambda obj, protocol=protocol: pickle.loads(pickle.dumps(obj, protocol)))
        for way in ways:
            twin = way(obj)
            assert type(twin) is cls and twin == obj and twin.kept == ["kept"] and twin.x == "written"
            walk(twin)
        assert obj.kept == ["kept"]
