# cites: S045 S002 S042

# What a factory makes and what a default holds is followed by every name that leads there, near and far.

from mortice import Base, DelegationError, delegate, delegated, slot


class Wheel(Base):
    radius = slot(1)
    hub = slot()

    def __repr__(self):
        return "wheel"


class Car(Base):
    wheel = slot(factory=Wheel)
    radius = delegated("wheel")

    def __repr__(self):
        return "car"


class Dial(Base):
    shown = slot()
    radius = delegated("shown")

    def __repr__(self):
        return "dial"


def told():
    answer = heard[:]
    heard.clear()
    return answer


def hear(change):
    heard.append((change.object, change.name, change.old, change.new, change.source))


heard = []
car, dial = Car(), Dial()
delegate(dial, "shown", to=car, name="wheel")
dial.observe("radius", hear)
print("S002", car.wheel, told())
car.wheel.radius = 2
print("S045", told())

# Over many names, the first of which waits for the factory.
spec = {"start": slot(factory=lambda: chain), "own": slot()}
for number in range(40):
    spec[f"n{number}"] = delegated(f"n{number - 1}" if number else "start", "own")
chain = type("Chain", (Base,), {**spec, "__repr__": lambda self: "chain"})()
chain.own = chain
chain.observe("n30", hear)
print("S045", chain.start, told())
chain.own = 5
print("S045", told(), hasattr(chain, "n2"))


# Names that stand before the one that they follow.
shared = Wheel(hub=Wheel())


class Bike(Base):
    deep = delegated("hub", "radius")
    hub = delegated("wheel")
    wheel = slot(shared)

    def __repr__(self):
        return "bike"


bike = Bike()
bike.observe("deep", hear)
shared.hub.radius = 7
print("S045", told(), bike.deep)


# What one factory makes leads to the next; the last name leads back, and then both wait again.
class Link(Base):
    peer = slot(factory=lambda: peers.pop())
    last = delegated("peer", "last")
    deep = delegated("last", "deep")

    def __repr__(self):
        return "link"


class End(Base):
    last = slot()
    deep = slot(9)


end = End()
end.last = end
peers = [end, Link()]
print("S045", Link().deep, peers)
peers = []
one = Link()
peers += [one, one]
try:
    one.deep
except DelegationError as error:
    print("S042", error, peers)


# A plain attribute over the slot: there is nothing to follow, whatever the place below it holds.
class Bare(Car):
    wheel = "no slot"


bare = Bare()
Car.wheel.__set__(bare, Wheel())
try:
    print(bare.radius)
except AttributeError as error:
    print("S045", error)
