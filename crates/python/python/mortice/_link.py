"""`delegate`."""

from mortice import _mortice


def delegate(obj, slot, /, *, to, name=None):
    """Makes a slot of obj show a slot of another object, of the same name or another."""
    _mortice.delegate(obj, slot, to, name)


delegate.__module__ = "mortice"
