"""Observable, delegated slots for Python classes.

    from mortice import Base, slot

    class Wheel(Base):
        radius = slot(1.0, type=float)

    wheel = Wheel()
    wheel.observe("radius", print)
    wheel.radius = 2.0

Slots lie in the object itself, as those of ``__slots__`` do, and are read as fast. What the words mean is written
down in docs/slots.md of the project; this package is checked against the same cases as the project's own runtime.
"""

from mortice._mortice import Base, BaseMeta, Change, DelegationError, SealedError, Subscription, hold, undelegate
from mortice._base import observe
from mortice._show import layout, slots
from mortice._slot import UNSET, delegated, slot
from mortice._link import delegate

__all__ = [
    "Base", "slot", "delegated", "observe", "delegate", "undelegate", "hold", "Change", "Subscription", "UNSET",
    "slots", "layout", "SealedError", "DelegationError",
]  # fmt: skip
