"""The methods of `Base` that no running program waits for: observing, copying."""

from types import FunctionType, MethodType

from mortice import _mortice
from mortice._slot import what


class Observe:
    """`Base.observe`, for instances and for classes."""

    __slots__ = ()

    def __get__(self, obj, cls):
        return MethodType(_mortice.observe, cls if obj is None else obj)


def get_state(self):
    """What Python itself would copy, the values, the names that are unset, and the delegations."""
    return (object.__getstate__(self), *self._state())


def set_state(self, state):
    """Restores all that without rules, events and observers."""
    if not (isinstance(state, tuple) and len(state) == 4):
        raise TypeError("Base.__setstate__() needs a state of Base")
    plain, values, unset, links = state
    attributes, members = plain if isinstance(plain, tuple) else (plain, None)
    if attributes:
        self.__dict__.update(attributes)
    for name, value in (members or {}).items():
        setattr(self, name, value)
    self._restore(values, unset, links)


def reduce_ex(self, protocol):
    """Copies by ``__new__`` and ``__setstate__``, whatever the protocol."""
    return object.__reduce_ex__(self, max(protocol, 2))


def observe(*names):
    """Decorates a method to be called at changes of these slots, in every instance."""
    if not names:
        raise TypeError("observe() needs at least one slot name")
    for name in names:
        if not (isinstance(name, str) or name is None):
            raise TypeError(f"slot name must be a string or None, not {what(name)}")

    def mark(function):
        if not isinstance(function, FunctionType):
            raise TypeError(f"observe() decorates functions, not {what(function)}")
        function.__observes__ = names + getattr(function, "__observes__", ())
        return function

    return mark


observe.__module__ = "mortice"
_mortice.complete_base({"observe": Observe(), "__getstate__": get_state, "__setstate__": set_state, "__reduce_ex__": reduce_ex})
