# cites: S026 S022

# @observe above a method subscribes it for every instance of the class.

from mortice import Base, observe, slot


class Thermostat(Base):
    target = slot(20)
    actual = slot(18)
    log = slot(factory=list)

    @observe("target", "actual")
    def decide(self, change):
        self.log.append((change.name, "heat" if self.actual < self.target else "rest"))

    @observe("target")
    @observe("actual")
    def twice(self, change):
        self.log.append(("twice", change.name))


class Loud(Thermostat):
    noise = slot(0)

    @observe(None)
    def everything(self, change):
        if change.name != "log":
            self.log.append(("every", change.name))


class Watching:
    __slots__ = ()

    @observe("target")
    def from_mixin(self, change):
        self.log.append(("mixin", change.new))


class Mixed(Watching, Loud):
    pass


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


one = Thermostat()
one.target = 25
one.actual = 25
print("S026", one.log)
two = Loud(target=5)
two.noise = 1
two.target = 6
print("S026", two.log)
three = Mixed()
three.observe("target", lambda change: three.log.append("instance first"))
three.target = 1
print("S026", three.log)
print("S026", Thermostat.decide.__name__, callable(Thermostat.decide))


def misspelt():
    class Bad(Thermostat):
        @observe("tarket")
        def method(self, change):
            pass


def misplaced():
    class Worse(Watching, Base):
        pass


print("S022", attempt(misspelt), "|", attempt(misplaced))
print("S026", attempt(observe), "|", attempt(observe, print), "|", attempt(observe("x"), 5))
print("S026", attempt(observe("x"), print), "|", attempt(observe("x"), staticmethod(misspelt)))
