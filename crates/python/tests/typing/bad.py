"""What type checkers refuse. A comment names the rule: mypy's, then pyright's, "-" for one that says nothing."""

from mortice import Base, Change, Subscription, delegate, delegated, hold, layout, observe, slot, slots, undelegate


def rounded(wheel: object, bar: float | str) -> float:
    return round(float(bar), 1)


class Plain(Base):
    number = slot(0)
    text = slot(type=str)
    two = slot(type=(int, str))
    perhaps = slot(None, type=int)
    pressure = slot(2.2, validate=rounded)


class Car(Base):
    name: slot[str] = slot()
    doors: slot[int] = slot(5)
    radius: delegated[float] = delegated("wheel")


class Truck(Car):
    load: slot[float] = slot(0)


plain = Plain()
plain.number = ""  # error: assignment reportAttributeAccessIssue
plain.text = 1  # error: assignment reportAttributeAccessIssue
plain.two = b""  # error: assignment reportAttributeAccessIssue
plain.perhaps = None  # error: assignment reportAttributeAccessIssue
plain.pressure = b""  # error: assignment reportAttributeAccessIssue
plain.nummer = 1  # error: attr-defined reportAttributeAccessIssue
print(Plain().text + 1)  # error: operator reportOperatorIssue

# The constructor.
Car(1)  # error: call-arg,arg-type reportCallIssue
Car(nam="van")  # error: call-arg reportCallIssue
Car(name=1)  # error: arg-type reportArgumentType
Truck(doors="5")  # error: arg-type reportArgumentType
Truck(radius="5")  # error: arg-type reportArgumentType
Truck(weight=1)  # error: call-arg reportCallIssue
Plain(number=1)  # error: - reportCallIssue


# Declaring.
class Wrong(Base):
    first: slot[int] = slot("")  # error: arg-type reportAssignmentType
    second: slot[int] = slot(type=str)  # error: arg-type reportAssignmentType
    third = slot(0, factory=int)  # error: call-overload reportCallIssue,reportArgumentType
    fourth = slot(type=3)  # error: call-overload reportCallIssue,reportArgumentType
    fifth = slot(compare="same")  # error: call-overload reportArgumentType
    sixth = slot(0, 1)  # error: call-overload reportCallIssue
    seventh = delegated(1)  # error: arg-type reportArgumentType
    eighth = slot(factory=0)  # error: call-overload reportCallIssue,reportArgumentType
    ninth = slot(validate="")  # error: call-overload reportCallIssue,reportArgumentType

    @observe(1)  # error: arg-type reportArgumentType
    def on_first(self, change: Change[int]) -> None: ...

    @observe("first")  # error: type-var reportArgumentType
    def on_second(self) -> None: ...


class Slot(slot[int]):  # error: misc reportGeneralTypeIssues
    pass


# Descriptors.
print(Car.doors + 1)  # error: operator reportOperatorIssue
Car.doors.__set__(Car(), "")  # error: arg-type reportArgumentType
Car.doors.__get__(3)  # error: call-overload reportCallIssue,reportArgumentType


# Observers.
def none() -> None: ...
def of_int(change: int) -> None: ...
def of_float(change: Change[float]) -> None:
    text: str = change.new  # error: assignment reportAssignmentType
    change.name = text  # error: misc reportAttributeAccessIssue


car = Car()
car.observe("doors", none)  # error: arg-type reportArgumentType
car.observe("doors", of_int)  # error: arg-type reportArgumentType
car.observe("doors")  # error: call-arg reportCallIssue
car.observe(3, print)  # error: arg-type reportArgumentType
Car.observe("doors", print, True)  # error: call-arg reportCallIssue
car.observe("doors", print).stop()  # error: attr-defined reportAttributeAccessIssue
change: Change[int] = Change(car, "doors", "", 2)  # error: arg-type reportAssignmentType
Subscription().active = True  # error: misc reportAttributeAccessIssue

# Holding and delegating.
hold(3)  # error: arg-type reportArgumentType
delegate(car, "doors", plain)  # error: call-arg reportCallIssue
delegate(car, "doors", to=3)  # error: arg-type reportArgumentType
undelegate(car)  # error: call-arg reportCallIssue
slots(car)  # error: arg-type reportArgumentType
layout(3)  # error: arg-type reportArgumentType
