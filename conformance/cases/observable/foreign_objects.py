# cites: S009 S054

# A descriptor refuses objects of other classes, and a refusal changes nothing.

from mortice import Base, slot


class A(Base):
    x = slot("a")


class B(Base):
    x = slot("b")
    y = slot("y")


class Sub(A):
    pass


class Plain:
    __slots__ = ("x",)


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


b, sub, plain = B(), Sub(), Plain()
plain.x = "plain"
for foreign in (b, plain, 5, None, A, Base(), "text"):
    if foreign is not None:
        print("S054", attempt(A.x.__get__, foreign))
    print("S054", attempt(A.x.__set__, foreign, 1), "|", attempt(A.x.__delete__, foreign))
print("S009", b.x, b.y, plain.x, A.x.__get__(sub), attempt(B.x.__get__, sub))
print("S054", attempt(A.x.__get__, None), "|", attempt(lambda: A.x.__get__(None, A) is A.x))
print("S054", attempt(Sub.x.__get__, A()), attempt(A.x.__get__, sub, int))


class Liar(Base):
    y = slot("mine")

    @property
    def __class__(self):
        return A


liar = Liar()
print("S054", isinstance(liar, A), attempt(A.x.__get__, liar), liar.y)
loose = slot(3)
print("S054", attempt(loose.__get__, sub), "|", attempt(loose.__set__, sub, 1), "|", repr(loose))
