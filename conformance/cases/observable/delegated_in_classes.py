# cites: S045 S043 S006
# seed: 000_85b8fabe2820a541.txt

# A class delegates a name on every instance to whatever object one of its slots holds.

import sys

from mortice import UNSET, Base, delegated, slot, slots


class Wheel(Base):
    radius = slot(3)
    r = slot(30)

    def __repr__(self):
        return f"<wheel {self.radius}>"


class Cart(Base):
    wheel = slot()
    radius = delegated("wheel")
    other = delegated("wheel", "r")


class Big(Cart):
    seats = slot(4)


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


cart, wheel = Cart(), Wheel()
print("S045", list(slots(Cart)), slots(Cart)["radius"], hasattr(cart, "radius"))
print("S006", sys.getsizeof(cart) - sys.getsizeof(wheel), sys.getsizeof(Big()) - sys.getsizeof(cart))
heard = []
cart.observe(None, lambda change: heard.append((change.name, change.old, change.new, change.source)))


def told():
    answer = heard[:]
    heard.clear()
    return answer


cart.wheel = wheel
print("S043", told())
wheel.radius = 5
print("S045", told(), cart.radius)
cart.other = 50
print("S045", told(), wheel.r)
cart.wheel = Wheel(radius=6, r=50)
print("S043", told())
wheel.radius = "not heard any more"
cart.wheel.radius = "heard"
print("S045", [entry[:3] for entry in told()])
del cart.radius
print("S045", [entry[:3] for entry in told()], hasattr(cart.wheel, "radius"))
del cart.wheel
print("S043", [(name, new) for name, old, new, source in told()], cart.__class__.__name__)
print("S045", attempt(lambda: cart.radius), "|", attempt(setattr, cart, "other", 1), "|", attempt(delattr, cart, "other"))
big = Big(wheel=wheel, other=51)
print("S045", big.radius, wheel.r, big.other, Cart.radius.__get__(big))
