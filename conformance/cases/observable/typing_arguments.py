# cites: S001 S045 S020

# slot[int], delegated[int] and Change[int] are for type checkers: nothing more happens.

from mortice import Base, Change, delegated, slot


class Wheel(Base):
    radius: slot[float] = slot(0.3)
    bolts = slot[int](5)


class Car(Base):
    wheel: slot[Wheel, None] = slot(None)
    radius: delegated[float] = delegated("wheel")


print("S001", slot[int], slot[float, str], slot[int].__origin__ is slot, slot[int].__args__)
print("S045", delegated[Wheel], delegated["Wheel"].__args__)
print("S020", Change[int], Change[None].__origin__ is Change)
print("S001", Car(wheel=Wheel()), Wheel(bolts="any type").bolts)
print("S001", isinstance(slot[int](1), slot), isinstance(delegated[int]("x"), delegated))
print("S020", Change[int](1, "x", 2, 3))


def listener(change: Change[float]) -> None:
    print("S020", change.new)


wheel = Wheel()
wheel.observe("radius", listener)
wheel.radius = "any type"
