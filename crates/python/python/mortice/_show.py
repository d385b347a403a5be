"""`slots` and `layout`: what a class has, as a dict and as a picture."""

from mortice import _mortice
from mortice._slot import delegated, what

# Boxes in a row of the picture.
ROW_BOXES = 8


def described(cls, function):
    found = _mortice.describe(cls)
    if found is None:
        raise TypeError(f"{function}() needs a class that inherits from Base, not {what(cls)}")
    return found


def slots(cls, /):
    """The slots of a class by name, in order: those that are stored, then those that are delegated."""
    return described(cls, "slots")[2]


def layout(cls, /):
    """The memory picture of a class's instances."""
    rows, before, _ = described(cls, "layout")
    places = [
        (offset - before, f"({name})" if hides else name) for name, offset, hides in rows
    ]
    plural = "" if len(places) == 1 else "s"
    size = f"{len(places)} slot{plural}, {8 * len(places)} bytes of storage" if places else "no slots"
    lines = [f"class {cls.__name__}: {size}"]
    for first in range(0, len(places), ROW_BOXES):
        row = [(f"+{offset}", name) for offset, name in places[first : first + ROW_BOXES]]
        widths = [max(len(offset), len(name)) for offset, name in row]
        lines.append("  " + "   ".join(offset.ljust(width) for (offset, _), width in zip(row, widths)).rstrip())
        lines.append("│ " + " │ ".join(name.ljust(width) for (_, name), width in zip(row, widths)) + " │")
        lines.append("  " + "   ".join("8".ljust(width) for width in widths).rstrip())
    for name, one in slots(cls).items():
        if isinstance(one, delegated):
            lines.append(f"{name} → {one.via}.{one.target}")
    return "\n".join([*lines, f"before the storage: {before} bytes"])


slots.__module__ = layout.__module__ = "mortice"
