# cites: S020
# seed: 000_85b8fabe2820a541.txt

# Writing into a slot emits an event on the object, which others observe.

from mortice import UNSET, Base, slot


class Tank(Base):
    level = slot(10)
    name = slot()


class Gauge:
    def __init__(self, tank):
        self.readings = []
        tank.observe("level", self.on_level)

    def on_level(self, change):
        stored = getattr(change.object, "level", "nothing")
        self.readings.append((change.old, change.new, stored))


tank = Tank()
gauge = Gauge(tank)
tank.level = 12
tank.level -= 5
tank.name = "not heard"
print("S020", gauge.readings)
del tank.level
tank.level = 1
print("S020", gauge.readings[2:], gauge.readings[2][1] is UNSET)
other = Tank(level=0)
other.level = 100
print("S020", len(gauge.readings), other.level, tank.level)
