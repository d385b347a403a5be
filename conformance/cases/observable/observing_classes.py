# cites: S022 S023

# A class observer hears every instance of the class and its subclasses, made before or after.

from mortice import Base, slot


class A(Base):
    x = slot(0)


class B(A):
    y = slot(0)


class Other(Base):
    x = slot(0)


heard = []


def hear(who):
    return lambda change: heard.append((who, type(change.object).__name__, change.name, change.new))


early = B()
A.observe("x", hear("A"))
B.observe(None, hear("B"))
late, plain, other = B(), A(), Other()
early.x, late.y, plain.x, other.x = 1, 2, 3, 4
print("S022", heard)
heard.clear()
with Base.observe(None, hear("Base")):
    other.x = 5
    late.x = 6
print("S023", heard)
other.x = 7
print("S022", heard[3:])
heard.clear()


class Late(B):
    x = slot("redefined")


Late().x = 8
print("S022", heard)
heard.clear()
Late.observe("x", hear("Late"))
one = Late()
one.observe("x", hear("one"))
one.x = 9
print("S023", heard)
