# cites: S012 S022
# seed: 000_85b8fabe2820a541.txt

# Python's own __slots__ work in the same class, keep their own descriptors and tell nobody.

from mortice import Base, slot, slots


class A(Base):
    __slots__ = ("m", "__private")
    x = slot(1)

    def secret(self, value):
        self.__private = value
        return self.__private


class B(A):
    __slots__ = ("n",)
    y = slot(2)


class OnlyMembers(Base):
    __slots__ = ["one", "two"]


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


b = B(x=10)
events = []
b.observe(None, lambda change: events.append(change.name))
b.m, b.n, b.x, b.y = "m", "n", "x", "y"
print("S012", b.m, b.n, b.x, b.y, b.secret("hush"), events)
print("S012", type(A.m).__name__, type(B.n).__name__, A.m.__get__(b))
print("S012", list(slots(B)), attempt(B, m=1))
print("S022", attempt(b.observe, "m", print))
del b.m
print("S012", attempt(lambda: b.m), b.x)
one = OnlyMembers()
one.one = 1
print("S012", one.one, attempt(lambda: one.two), list(slots(OnlyMembers)))


def conflict():
    class Conflict(Base):
        __slots__ = ("x",)
        x = slot()


print("S012", attempt(conflict))


# A member hides an inherited slot, and a slot an inherited member.
class Member(A):
    __slots__ = ("x",)


class Slot(B):
    n = slot("slot")


member, slotted = Member(), Slot(x=5)
member.x = "member"
print("S012", member.x, A.x.__get__(member), list(slots(Member)))
print("S012", slotted.n, list(slots(Slot)), attempt(B.n.__get__, slotted))
