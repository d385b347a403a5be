# feature: a data model with observed and delegated slots
"""A fleet of vehicles: slots that are observed, shared by delegation, and laid out in one piece.

    mortice run examples/vehicles.py       what it prints
    mortice layout examples/vehicles.py    what its instances look like in memory

On CPython: PYTHONPATH=conformance/model python examples/vehicles.py
"""

from mortice import Base, delegate, delegated, hold, layout, observe, slot, undelegate


class Part(Base):
    """Anything with a serial number."""

    serial = slot("unknown", doc="what the maker stamped on it")


class Engine(Part):
    power = slot(50, type=int, doc="in kilowatts")
    running = slot(False)


class Wheel(Part):
    pressure = slot(2.2, validate=lambda wheel, bar: round(max(bar, 0.0), 1))


class Vehicle(Base):
    """Shows the power of whatever engine it has; stores none itself."""

    name = slot()
    engine = slot(factory=Engine)
    speed = slot(0, type=int)
    power = delegated("engine")
    running = delegated("engine")
    mass = slot(1000)

    @observe("running")
    def on_running(self, change):
        if not change.new:
            self.speed = 0


class Rolling(Base):
    """What has wheels, vehicle or not."""

    wheels = slot(factory=lambda: [Wheel(serial=f"wheel {number}") for number in range(4)])


class Car(Vehicle, Rolling):
    """Slots of both bases in one storage, and one of its own."""

    doors = slot(5)


class Trailer(Rolling):
    mass = slot(750)
    speed = slot(0)


class Dashboard:
    """Listens to a car as long as both are there."""

    def __init__(self, car):
        self.lines = []
        for name in ("speed", "power", "running"):
            car.observe(name, self.show)
        for wheel in car.wheels:
            wheel.observe("pressure", self.warn)

    def show(self, change):
        source = f" (by its {type(change.source[0]).__name__.lower()})" if change.source else ""
        self.lines.append(f"{change.object.name}: {change.name} {change.old} -> {change.new}{source}")

    def warn(self, change):
        if change.new < 1.8:
            self.lines.append(f"{change.object.serial}: only {change.new} bar")

    def flush(self):
        print("\n".join(f"  | {line}" for line in self.lines) or "  | quiet")
        self.lines.clear()


car = Car(name="van", engine=Engine(serial="E1", power=85))
dashboard = Dashboard(car)

print("driving")
car.running = True
car.speed = 50
car.engine.power = 90
car.wheels[2].pressure = 1.64
dashboard.flush()

print("another engine while it runs")
car.engine = Engine(serial="E2", power=120, running=True)
dashboard.flush()

print("a journey in one go")
with hold(car):
    for speed in (60, 90, 120, 80):
        car.speed = speed
dashboard.flush()

print("a trailer follows its car")
trailer = Trailer(mass=500)
delegate(trailer, "speed", to=car)
following = trailer.observe("speed", lambda change: print("  trailer at", change.new))
car.running = False
dashboard.flush()
undelegate(trailer, "speed")
print("  uncoupled at", trailer.speed, "- still watched:", following.active)

print("what is refused")
for broken in (
    lambda: setattr(car, "speed", "fast"),
    lambda: setattr(Car, "colour", slot()),
    lambda: delegate(car, "mass", to=car),
    lambda: car.observe("sped", print),
    lambda: setattr(trailer, "colour", "red"),
):
    try:
        broken()
    except (TypeError, ValueError, AttributeError) as error:
        print(f"  {type(error).__name__}: {error}")

print(layout(Car).rsplit("\n", 1)[0])
