"""`delegate` and `hold`."""

from mortice import _mortice
from mortice._slot import final


def delegate(obj, slot, /, *, to, name=None):
    """Makes a slot of obj show a slot of another object, of the same name or another."""
    _mortice.delegate(obj, slot, to, name)


@final
class hold:
    """Holds back the events of these objects, or of all, until the block ends, and joins those of each slot."""

    __slots__ = ("_objects", "_open")

    def __init__(self, *objects):
        _mortice.check_held(*objects)
        self._objects, self._open = objects, 0

    def __enter__(self):
        _mortice.begin_hold(*self._objects)
        self._open += 1
        return self

    def __exit__(self, *error):
        if not self._open:
            raise RuntimeError("hold is not open in this thread")
        self._open -= 1
        _mortice.end_hold(*self._objects)

    def __repr__(self):
        if not self._objects:
            return "<hold of everything>"
        count = len(self._objects)
        return f"<hold of {count} object{'' if count == 1 else 's'}>"


delegate.__module__ = "mortice"
