# cites: S004 S026

# A subclass hides a slot; the methods and the subscriptions of its base still hear of the place.

from mortice import Base, observe, slot, slots


class A(Base):
    x = slot(0)
    y = slot(0)

    @observe("x")
    def changed(self, change):
        print("S026 method", type(self).__name__, change.name, change.old, change.new)


class Hides(A):
    x = "plain"


class Shows(Hides):
    x = slot(1)


for cls in (A, Hides, Shows):
    one = cls()
    print("S004", cls.__name__, list(slots(cls)))
    slots(A)["x"].__set__(one, 5)
    slots(A)["y"].__set__(one, 6)

A.observe("x", lambda change: print("S026 subscription", change.name, change.new))
slots(A)["x"].__set__(Hides(), 7)


# A method of the class that hides the slot cannot name it.
try:

    class Asks(A):
        x = "plain"

        @observe("x")
        def own(self, change):
            pass

except AttributeError as error:
    print("S026", error)
