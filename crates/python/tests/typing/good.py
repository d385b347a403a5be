"""What type checkers accept: no error anywhere, and the types that `assert_type` names. It runs, too."""

import copy
import sys
from typing import Any, assert_type

from mortice import (
    UNSET, Base, Change, DelegationError, SealedError, Subscription, delegate, delegated, hold, layout, observe, slot,
    slots, undelegate,
)  # fmt: skip


def rounded(wheel: object, bar: float | str) -> float:
    return round(float(bar), 1)


# With annotations attributes have types, and so do the keywords of the constructor, each of which may be left out.
class Wheel(Base):
    radius: slot[float] = slot(0.3)
    pressure: slot[float, float | str] = slot(2.2, validate=rounded)


# Without annotations attributes have types.
class Plain(Base):
    anything = slot()
    nothing = slot(None)
    number = slot(0)
    named = slot(default="a", doc="what it is called")
    numbers = slot(factory=list[int])
    wheel = slot(factory=Wheel)
    text = slot(type=str)
    half = slot(0.5, type=float)
    perhaps = slot(None, type=int)
    two = slot(type=(int, str))
    three = slot(type=(int, str, bytes), compare="identity")
    four = slot(type=(int, str, bytes, list))
    pressure = slot(2.2, validate=rounded)
    unset = slot(UNSET, type=int)


def types(plain: Plain) -> None:
    assert_type(plain.anything, Any)
    assert_type(plain.nothing, Any)
    assert_type(plain.number, int)
    assert_type(plain.named, str)
    assert_type(plain.numbers, list[int])
    assert_type(plain.wheel, Wheel)
    assert_type(plain.text, str)
    assert_type(plain.half, float)
    assert_type(plain.perhaps, int | None)
    assert_type(plain.two, int | str)
    assert_type(plain.three, int | str | bytes)
    assert_type(plain.four, Any)
    assert_type(plain.pressure, float)
    assert_type(plain.unset, int)


plain = Plain()
plain.number = 1
plain.text = "b"
plain.two = 1
plain.two = "1"
plain.pressure = "2.5"
plain.anything = plain.nothing = plain
del plain.number


class Vehicle(Base):
    name: slot[str] = slot()
    mass: slot[float | None] = slot(None)
    wheel: slot[Wheel] = slot(factory=Wheel)
    tags: slot[list[str]] = slot(factory=list)
    radius: delegated[float] = delegated("wheel")

    @observe("radius", "mass")
    def on_size(self, change: Change[float]) -> None:
        assert_type(change.name, str)
        assert_type(change.source, tuple[Any, str] | None)

    @observe(None)
    def on_any(self, change: Change) -> None:
        pass


class Rolling(Base):
    wheels: slot[int] = slot(4, type=int)


class Car(Vehicle, Rolling):
    doors: slot[int] = slot(5)


class Named(Base):
    name: slot[str] = slot()

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


car = Car()
car = Car(name="van", mass=900, wheels=3, doors=2, radius=0.4)
Car(wheel=Wheel(pressure="2.5"), tags=["new"])
Named("van").name.upper()
assert_type(car.name, str)
assert_type(car.mass, float | None)
assert_type(car.radius, float)
assert_type(car.wheel.radius, float)
assert_type(car.wheel.pressure, float)
assert_type(car.wheels, int)

# The class has descriptors.
assert_type(Car.doors.__get__(car), int)
assert_type(Vehicle.name.__name__, str)
Vehicle.name.__set__(car, "bus")
Car.doors.__delete__(car)
assert_type(slots(Car), dict[str, slot[Any, Any] | delegated[Any, Any]])
assert_type(slots(Car)["name"].index, int | None)
assert_type(layout(Car), str)


# Observers.
def on_doors(change: Change[int]) -> None:
    if change.old is not UNSET:
        print(change.new - change.old)


class Dashboard:
    def show(self, change: Change[float]) -> None:
        print(change.object, change.new)


dashboard = Dashboard()
assert_type(car.observe("doors", on_doors), Subscription)
car.observe("radius", lambda change: change.new < 1)
car.observe(None, print)
car.observe("mass", dashboard.show, strong=True)
subscription = Car.observe("doors", callback=on_doors)
assert_type(subscription.active, bool)
subscription.cancel()
with car.observe("name", print) as watching:
    assert_type(watching, Subscription)
change = Change(car, "doors", 1, 2)
assert_type(change, Change[int])
made: Change[int] = Change(object=car, name="doors", old=UNSET, new=2, source=(car, "doors"))

# Holding and delegating.
with hold():
    car.doors = 4
with hold(car, plain) as held:
    assert_type(held, hold)
other = Wheel()
delegate(car, "mass", to=other, name="radius")
delegate(other, "radius", to=Wheel())
undelegate(car, "mass")
failure: ValueError = DelegationError()
refusal: TypeError = SealedError()

# Copying.
assert_type(copy.copy(car), Car)
assert_type(car.__replace__(name="bus", doors=5), Car)
if sys.version_info >= (3, 13):
    assert_type(copy.replace(car, doors=5), Car)
