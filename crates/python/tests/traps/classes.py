"""Classes that are changed: their bases, their slots, and the class of an object."""

import abc
import gc

from mortice import Base, SealedError, slot

from .routes import Saved, or_type_error, refuses, walk

set_class = object.__dict__["__class__"].__set__
set_bases = type.__dict__["__bases__"].__set__


def assign(obj, cls):
    """Moves the object to the class."""
    obj.__class__ = cls


def trap_class_assignment():
    class A(Base):
        x = slot("x")

    class Same(Base):
        x = slot("other")

    class More(A):
        y = slot("y")

    class Members(A):
        __slots__ = ("m",)

    class Other(Base):
        y = slot("y")

    class Plain:
        __slots__ = ("x",)

    class Free:
        pass

    for setter in (assign, set_class):
        a = A(x=object())
        kept = a.x
        for cls in (More, Members, Plain, Free, Base, int, object, 5):
            refuses(TypeError, setter, a, cls)
            assert type(a) is A and a.x is kept
        more = More(x=kept)
        for cls in (A, Members, Plain, Free, Base):
            refuses(TypeError, setter, more, cls)
        for foreign in (Plain(), Free()):
            refuses(TypeError, setter, foreign, A)
        for cls in (Same, A):
            try:
                setter(a, cls)
            except TypeError:
                continue
            assert type(a) is cls and a.x is kept
        walk(a)
        walk(more)
    refuses((TypeError, SealedError), setattr, A, "late", slot())


def trap_class_assignment_with_many_siblings():
    """Objects move only between classes with as many words, whatever lies between."""
    makers = [type(Base)(f"K{count}", (Base,), {f"s{n}": slot(n) for n in range(count)}) for count in range(12)]
    for cls in makers:
        for other in makers:
            obj = cls()
            for setter in (set_class, object.__setattr__):
                try:
                    setter(obj, other) if setter is set_class else setter(obj, "__class__", other)
                except TypeError:
                    assert type(obj) is cls
                else:
                    assert cls is other, (cls, other)
    gc.collect()


def trap_class_assignment_between_equal_storages():
    class A(Base):
        x, y = slot("x"), slot("y")

    class Same(Base):
        x, y = slot("other x"), slot("other y")

    Same()
    for setter in (assign, set_class):
        a = A(x=object())
        kept = a.x
        for cls in (Same, A, Same):
            setter(a, cls)
            assert type(a) is cls and a.x is kept and a.y == "y"
            walk(a, Saved(A, Same))
            a.x, a.y = kept, "y"


def trap_class_assignment_to_a_class_that_still_grows():
    for setter in (assign, set_class):

        class A(Base):
            x = slot("x")

        class Open(Base):
            x = slot("x")

        a = A()
        moved = or_type_error(setter, a, Open) is not TypeError
        for number in range(32):
            try:
                setattr(Open, f"late{number}", slot(number))
            except SealedError:
                assert moved
                break
        else:
            assert not moved
        others = [A() for _ in range(100)]
        walk(a)
        walk(Open())
        for obj in others:
            assert obj.x == "x"
            walk(obj)


def trap_bases_assignment():
    class A(Base):
        x = slot("x")

    class B(Base):
        y, z = slot("y"), slot("z")

    class Plain:
        pass

    class C(A):
        w = slot("w")

    def assign_bases(cls, bases):
        cls.__bases__ = bases

    for setter in (assign_bases, set_bases):
        for bases in ((B,), (A, B), (B, A), (Base,), (A, Plain), (Plain, A), (object,), (list,), ()):
            refuses(TypeError, setter, C, bases)
            assert C.__bases__ == (A,)
        refuses(TypeError, setter, Plain, (A,))
        refuses(TypeError, setter, type("Free", (Plain,), {}), (Plain, A))
    walk(C())


def trap_late_slots():
    class A(Base):
        x = slot("x")

    saved = Saved(A)
    A.y = slot("y")
    A.z = slot("z")
    del A.y

    class Open(Base):
        pass

    Open.late = slot("late")
    for cls in (A, Open):
        walk(cls(), saved)
        refuses((TypeError, SealedError), setattr, cls, "later", slot())
    many = type(Base)("Many", (Base,), {})
    for number in range(32):
        setattr(many, f"s{number}", slot(number))
    refuses(TypeError, setattr, many, "one_more", slot())
    obj = many()
    assert [getattr(obj, f"s{number}") for number in range(32)] == list(range(32))
    walk(obj)


def trap_classes_seen_before_they_are_finished():
    """`__set_name__` and `__init_subclass__` see a class that its metaclass has not returned yet."""
    made = []

    class Name:
        def __set_name__(self, owner, name):
            made.append(owner(x="early"))

    class A(Base):
        x = slot()

        def __init_subclass__(cls):
            made.append(cls(x="in subclass"))

    class B(A):
        y = slot("y")

    class C(A):
        name = Name()
        z = slot("z")

    class D(Base):
        name = Name()
        x = slot("x")

    assert len(made) == 4
    for obj in made:
        assert obj.x in ("early", "in subclass")
        walk(obj)


def trap_raw_assignment_to_an_open_class():
    """An object that came in unseen would be too small for a slot that is added later."""

    class A(Base):
        x = slot("x")

    class Open(A):
        pass

    a = A()
    refuses(TypeError, set_class, a, Open)
    Open.late = slot()
    assert type(a) is A
    walk(a)
    walk(Open(late=1))


def trap_metaclass_of_a_base():
    """A base's metaclass is more derived than the one that is called: its code sees no hidden sizes."""
    sizes = []

    class Meta(type(Base)):
        def __new__(meta, name, bases, namespace):
            sizes.append(B.__basicsize__)
            walk(B(y=name))
            return super().__new__(meta, name, bases, namespace)

    class B(Base):
        y = slot("y")
        z = slot("z")

    size = B.__basicsize__

    class A(Base, metaclass=Meta):
        x = slot("x")

    made = type(Base)("Made", (A, B), {"w": slot("w")})
    assert type(made) is Meta and set(sizes) == {size} == {B.__basicsize__}
    walk(made(y=1))
    walk(B())


def trap_abstract_classes():
    class Meta(abc.ABCMeta, type(Base)):
        pass

    # In the other order ABCMeta would never be asked: type.__new__ refuses to be called after it.
    refuses(TypeError, type("Late", (type(Base), abc.ABCMeta), {}), "A", (Base,), {})

    class A(Base, metaclass=Meta):
        x = slot("x")

        @abc.abstractmethod
        def run(self):
            """Does it."""

    refuses(TypeError, A)
    refuses(TypeError, A, x=1)
    refuses(TypeError, A.__new__, A)

    class B(Base):
        y = slot("y")

    class C(B, A):
        def run(self):
            return self.x

    walk(C())
    assert C().run() == "x"
    assert not isinstance(B(), A) and isinstance(C(), A)
    A.register(int)
    assert isinstance(5, A)


def trap_metaclass_with_its_own_mro():
    """A metaclass that orders the classes by itself is refused, or its order holds for the slots as well."""

    class Meta(type(Base)):
        def mro(cls):
            found = list(super().mro())
            return [found[0], *reversed(found[1:-2]), *found[-2:]] if len(found) > 3 else found

    def make():
        class A(Base, metaclass=Meta):
            x = slot("x")

        class B(Base, metaclass=Meta):
            y = slot("y")

        class C(A, B):
            z = slot("z")

        return C

    try:
        cls = make()
    except TypeError:
        return
    walk(cls())


def trap_failed_class_bodies():
    class A(Base):
        x = slot("x")

    class Refuses:
        def __set_name__(self, owner, name):
            raise ValueError(name)

    for _ in range(50):
        refuses(Exception, type(Base), "B", (A,), {"y": slot(), "bad": Refuses()})
        refuses(TypeError, type(Base), "B", (A, int), {"y": slot()})
        refuses(TypeError, type(Base), "B", (A, bool), {})
        refuses(TypeError, type(Base), "B", (A, A), {})
    gc.collect()
    walk(A())

    class C(A):
        y = slot()

    walk(C())


def trap_classes_that_end():
    """Classes are dropped while descriptors of their bases are saved, and the other way round."""
    descriptors = []

    class A(Base):
        x = slot("x")

    saved = Saved(A)
    for number in range(200):
        B = type(Base)(f"B{number}", (Base,), {f"s{n}": slot(n) for n in range(number % 7)})
        C = type(B)("C", (B, A), {"c": slot("c")})
        obj = C()
        obj.x = obj
        descriptors.append(vars(C)["c"])
        if number % 20 == 0:
            walk(C(), saved)
            gc.collect()
    del B, C, obj
    gc.collect()
    a = A()
    for descriptor in descriptors:
        refuses(TypeError, descriptor.__get__, a)
        refuses(TypeError, descriptor.__set__, a, 1)
    walk(a, saved)
