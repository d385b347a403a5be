"""Where an instance keeps what the model knows of it. See mortice.py.

An engine lays slots out behind everything else in the object. In pure Python the only room that every class can
have, beside a list as well as beside __slots__, is the instance's __dict__. So each instance has one in secret,
of a type that carries a Storage, and pretends otherwise where its class did not ask for it (S011).
"""

import functools
import gc
import weakref

from mortice_classes import BaseMeta, has_dict, roots


class Storage:
    """What one instance keeps (S006). The object owns it; nothing in it owns the object (S050)."""

    __slots__ = ("cls", "reference", "values", "pending", "links", "delegators", "subscriptions", "__weakref__")

    def __init__(self, cls):
        self.cls = cls
        self.reference = None  # to the object, where there can be one
        self.values = {}  # what is stored, by name
        self.pending = set()  # names whose factory has not run
        self.links = {}  # where places of this object lead, by name
        self.delegators = {}  # by name: the links that lead here, in order
        self.subscriptions = {}  # by serial, so in order


class Link:
    """One delegation: (holder, name) shows (target, target_name). It lives as long as the holder keeps it."""

    __slots__ = ("holder", "name", "target", "target_name", "explicit", "__weakref__")

    def __init__(self, holder, name, target, target_name, explicit):
        self.holder, self.name, self.explicit = weakref.ref(holder), name, explicit
        self.target, self.target_name = target, target_name


class Attributes(dict):
    """The __dict__ of an instance."""

    __slots__ = ("storage",)


def slotted(value):
    """Whether a value is an instance of Base."""
    return isinstance(type(value), BaseMeta)


@functools.cache
def real_dict():
    """The descriptor of the instances' __dict__."""
    return vars(roots[0])["__dict__"]


def stored(obj):
    """The storage of an instance, or None before it has one."""
    attributes = real_dict().__get__(obj)
    return attributes.storage if isinstance(attributes, Attributes) else None


def keep(obj, storage):
    """Gives an instance its storage."""
    attributes = Attributes(real_dict().__get__(obj))
    attributes.storage = storage
    real_dict().__set__(obj, attributes)


def refer(obj):
    """Spares the search for an object that can be referred to weakly."""
    try:
        stored(obj).reference = weakref.ref(obj)
    except TypeError:
        pass


def object_of(storage):
    """The instance that owns a storage; None where it is gone or going (S025)."""
    if storage.reference is not None:
        return storage.reference()
    for attributes in gc.get_referrers(storage):
        if isinstance(attributes, Attributes):
            for candidate in gc.get_referrers(attributes):
                if slotted(candidate) and stored(candidate) is storage:
                    return candidate
    return None


def get_dict(obj):
    if not has_dict(type(obj)):
        raise AttributeError(f"'{type(obj).__name__}' object has no attribute '__dict__'")
    return real_dict().__get__(obj)


def set_dict(obj, value):
    attributes = get_dict(obj)
    if not isinstance(value, dict):
        raise TypeError(f"__dict__ must be set to a dictionary, not a '{type(value).__name__}'")
    value = dict(value)
    attributes.clear()
    attributes.update(value)


# What the classes below Base have as __dict__.
BaseMeta.instance_dict = property(get_dict, set_dict, lambda obj: get_dict(obj).clear())


def check_attribute(obj, name):
    """Refuses to store an attribute that has no place, in Python's words."""
    cls = type(obj)
    found = [vars(base)[name] for base in cls.__mro__ if name in vars(base)]
    if found and (hasattr(type(found[0]), "__set__") or hasattr(type(found[0]), "__delete__")) or has_dict(cls):
        return
    if found:
        raise AttributeError(f"'{cls.__name__}' object attribute '{name}' is read-only")
    words = "and no __dict__ for setting new attributes"
    raise AttributeError(f"'{cls.__name__}' object has no attribute '{name}' {words}")
