# cites: S045 S040 S044

# The slot may hold anything: while it is no object with such a slot, the name is unset.

from mortice import Base, delegate, delegated, slot, undelegate


class Wheel(Base):
    radius = slot(3)


class Hub(Wheel):
    radius = "a plain attribute"


class Plain:
    radius = 5


class Cart(Base):
    wheel = slot()
    radius = delegated("wheel")
    unknown = delegated("missing")
    nested = delegated("radius", "r")


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


cart = Cart()
heard = []
cart.observe("radius", lambda change: heard.append((change.old, change.new)))
for value in (None, 5, Plain(), Plain, Wheel, Base(), Hub(), Wheel(), Wheel(radius=4)):
    cart.wheel = value
    print("S045", attempt(lambda: cart.radius), "|", attempt(setattr, cart, "radius", 7))
print("S045", heard)
print("S045", attempt(lambda: cart.unknown), "|", attempt(lambda: cart.nested), "|", attempt(delattr, cart, "nested"))
print("S045", attempt(Cart, radius=1), "|", attempt(Cart, wheel=1, radius=1), "|", attempt(Cart, unknown=1))

# An instance can go its own way.
wheel, other = Wheel(radius="other"), Cart(wheel=Wheel(radius="deep"))
delegate(cart, "radius", to=wheel)
print("S040", cart.radius)
cart.wheel = 5
print("S040", cart.radius, attempt(lambda: cart.wheel))
delegate(cart, "radius", to=other)
other.wheel.radius = "deeper"
print("S040", cart.radius)
undelegate(cart, "radius")
print("S044", attempt(lambda: cart.radius))
cart.wheel = Wheel(radius="back")
print("S044", cart.radius, attempt(undelegate, cart, "radius"))
print("S045", heard[3:])

# Through a target that has none.
delegate(cart, "wheel", to=Cart())
print("S040", attempt(lambda: cart.wheel), "|", attempt(lambda: cart.radius))
one, two = Cart(), Cart()
delegate(one, "radius", to=two)
print("S040", attempt(lambda: one.radius), "|", attempt(setattr, one, "radius", 1))
