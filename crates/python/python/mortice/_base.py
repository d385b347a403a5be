"""The methods of `Base` that no running program waits for: observing, copying, showing."""

from _thread import get_ident
from copy import copy
from types import FunctionType, MethodType

from mortice import _mortice
from mortice._signature import Signature
from mortice._slot import what


class Observe:
    """`Base.observe`, for instances and for classes."""

    __slots__ = ()

    def __get__(self, obj, cls):
        return MethodType(_mortice.observe, cls if obj is None else obj)


def get_state(self):
    """What Python itself would copy, the values, the names that are unset, and the delegations."""
    return (object.__getstate__(self), *_mortice.get_state(self))


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
    _mortice.set_state(self, values, unset, links)


def reduce_ex(self, protocol):
    """Copies by ``__new__`` and ``__setstate__``, whatever the protocol."""
    return object.__reduce_ex__(self, max(protocol, 2))


def replace(self, /, **values):
    """A copy with other values in some slots, written as the constructor writes them."""
    _mortice.check_replaced(self, values)
    copied, cls = copy(self), type(self)
    if copied is self or type(copied) is not cls:
        raise TypeError(f"copy of '{cls.__name__}' object is not another '{cls.__name__}' object")
    _mortice.replace(self, copied, values)
    return copied


# The instances whose repr runs, with the thread where it does.
represented: set[tuple[int, int]] = set()


def represent(self):
    """What the next `__repr__` along the MRO shows, and the slots that show a value."""
    cls, key, parts = type(self), (id(self), get_ident()), []
    following, values = super(_mortice.Base, cls).__repr__, _mortice.shown(self)
    if values is None:
        return following(self)
    if key in represented:
        return f"{cls.__qualname__}(...)"
    represented.add(key)
    try:
        if following is not object.__repr__:
            text = following(self)
            if not isinstance(text, str):
                return text
            parts = [part for part in [without_name(cls, text)] if part]
        parts += [f"{name}={value!r}" for name, value in values.items()]
    finally:
        represented.discard(key)
    return f"{cls.__qualname__}({', '.join(parts)})"


def without_name(cls, text):
    """What stands between the parentheses of a repr that begins with the class's name; any other as it is."""
    for name in (cls.__qualname__, cls.__name__):
        if text.startswith(f"{name}(") and text.endswith(")"):
            return text[len(name) + 1 : -1]
    return text


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
methods = {
    "__getstate__": get_state, "__setstate__": set_state, "__reduce_ex__": reduce_ex, "__replace__": replace,
    "__repr__": represent,
}  # fmt: skip
for name, method in methods.items():
    method.__module__, method.__name__, method.__qualname__ = "mortice", name, f"Base.{name}"
_mortice.complete_base({"observe": Observe(), **methods}, {"__signature__": Signature()})
