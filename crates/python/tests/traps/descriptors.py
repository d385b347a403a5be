"""Descriptors and bound methods that were saved before a class with another layout was made."""

from mortice import Base, slot

from .routes import Saved, refuses, walk


def trap_second_base():
    class A(Base):
        a = slot("a")
        b = slot("b")

    class B(Base):
        c = slot("c")
        d = slot("d")

    saved = Saved(A, B)
    early = A(), B()

    class C(A, B):
        e = slot()

    class D(B, A):
        f = slot()

    later = Saved(A, B, C, D)
    for cls in (A, B, C, D):
        walk(cls(), saved, later)
    for obj in early:
        walk(obj, saved, later)


def trap_python_slots_between():
    class A(Base):
        a = slot()

    saved = Saved(A)

    class M(A):
        __slots__ = ("m", "n")
        b = slot()

    class N(M):
        __slots__ = ("o", "__dict__", "__weakref__")
        c = slot()

    saved_m = Saved(M, N)

    class B(Base):
        z = slot()

    class X(B, N):
        y = slot()

    for cls in (A, M, N, B, X):
        obj = cls()
        if cls in (M, N, X):
            obj.m, obj.n = "m", "n"
        if cls in (N, X):
            obj.o, obj.free = "o", "free"
        walk(obj, saved, saved_m)
        if cls in (M, N, X):
            assert (obj.m, obj.n) == ("m", "n")
        if cls in (N, X):
            assert (obj.o, obj.free) == ("o", "free")


def trap_diamond():
    class A(Base):
        a = slot()

    class B(A):
        b = slot()

    class C(A):
        c = slot()

    saved = Saved(A, B, C)

    class D(B, C):
        d = slot()

    class E(C, B):
        e = slot()

    refuses(TypeError, type(A), "F", (D, E), {})
    for cls in (A, B, C, D, E):
        walk(cls(), saved, Saved(D, E))


def trap_same_name_in_both_bases():
    class A(Base):
        x = slot("of A")
        a = slot()

    class B(Base):
        b = slot()
        x = slot("of B")

    saved = Saved(A, B)

    class C(B, A):
        pass

    class D(A, B):
        x = slot("of D")

    assert (C().x, D().x) == ("of B", "of D")
    for cls in (A, B, C, D):
        walk(cls(), saved, Saved(C, D))


def trap_specialized_code():
    """Code that was specialized for one class sees objects of another."""

    class A(Base):
        x = slot()

    class B(Base):
        p, q, r = slot(), slot(), slot()

    def read(obj):
        return obj.x

    def write(obj, value):
        obj.x = value

    a = A(x=0)
    for number in range(5000):
        write(a, number)
        assert read(a) == number

    class C(B, A):
        pass

    c = C(p="p", q="q", r="r", x="x")
    for number in range(5000):
        write(c, number)
        assert read(c) == number
        write(a, -number)
        assert (read(a), read(c)) == (-number, number)
    assert (c.p, c.q, c.r) == ("p", "q", "r")


def trap_super_in_methods():
    class A(Base):
        x = slot(1)
        y = slot(2)

        def sum(self):
            return self.x + self.y

    class B(Base):
        z = slot(4)

        def sum(self):
            return super().z if hasattr(super(), "z") else self.z

    class C(B, A):
        x = slot(8)

        def sum(self):
            return super(B, self).x + super().y + self.z + super(B, self).sum()

    for _ in range(3000):
        assert C().sum() == 8 + 2 + 4 + 10


def trap_observed_and_delegated_places():
    class A(Base):
        x = slot("x")
        w = slot("w")

    class B(Base):
        y = slot("y")

    saved = Saved(A, B)
    heard = []

    class C(B, A):
        __slots__ = ("m",)

    c, a = C(), A()
    c.m = "m"
    for obj in (c, a):
        with obj.observe("x", heard.append):
            obj.x = 1
            for owner, name, raw, _, set_, _ in saved.rows:
                if name == "x" and owner is A:
                    raw.__set__(obj, 2)
                    assert obj.x == 2
                    try:
                        set_(obj, 3)
                    except TypeError:
                        continue
                    assert obj.x == 3
    assert [change.new for change in heard[:2]] == [1, 2]
    assert (c.y, c.w, c.m, a.w) == ("y", "w", "m", "w")
    walk(C(), saved)
    walk(A(), saved)
