"""What a class has, as a dict and as a picture. See mortice.py."""

import threading

from mortice_classes import BaseMeta, delegated, order, slot, slots_of
from mortice_words import count_of, what


def slots(cls, /):
    """The slots of a class by name, in order (S053)."""
    if not isinstance(cls, BaseMeta):
        raise TypeError(f"slots() needs a class that inherits from Base, not {what(cls)}")
    return dict(slots_of(cls))


def layout(cls, /):
    """The memory picture of a class's instances (S053)."""
    if not isinstance(cls, BaseMeta):
        raise TypeError(f"layout() needs a class that inherits from Base, not {what(cls)}")
    known, places = slots_of(cls), order(cls, slot)
    size = f"{count_of(len(places), 'slot')}, {8 * len(places)} bytes of storage" if places else "no slots"
    lines = [f"class {cls.__name__}: {size}"]
    for first in range(0, len(places), 8):
        offsets, names = [], []
        for at, name in list(enumerate(places))[first : first + 8]:
            name = name if isinstance(known.get(name), slot) else f"({name})"
            width = max(len(name), len(f"+{8 * at}"))
            offsets.append(f"+{8 * at}".ljust(width))
            names.append(name.ljust(width))
        lines.append("  " + "   ".join(offsets).rstrip())
        lines.append("│ " + " │ ".join(names) + " │")
        lines.append("  " + "   ".join("8".ljust(len(name)) for name in names).rstrip())
    lines += [f"{name} → {one.via}.{one.target}" for name, one in known.items() if isinstance(one, delegated)]
    return "\n".join([*lines, f"before the storage: {cls.__basicsize__} bytes"])


class Thread(threading.local):
    """The instances whose repr runs in a thread, by id."""

    def __init__(self):
        self.represented = set()


thread = Thread()


def represent(obj, following, values_of):
    """repr(obj): what the next __repr__ along the MRO shows, and the slots that show a value (S053)."""
    cls, parts = type(obj), []
    if not slots_of(cls):
        return following(obj)
    if id(obj) in thread.represented:
        return f"{cls.__qualname__}(...)"
    values = values_of(obj)
    thread.represented.add(id(obj))
    try:
        if following is not object.__repr__:
            text = following(obj)
            if not isinstance(text, str):
                return text
            parts = [part for part in [without_name(cls, text)] if part]
        parts += [f"{name}={value!r}" for name, value in values.items()]
    finally:
        thread.represented.remove(id(obj))
    return f"{cls.__qualname__}({', '.join(parts)})"


def without_name(cls, text):
    """What stands between the parentheses of a repr that begins with the class's name; any other as it is."""
    for name in (cls.__qualname__, cls.__name__):
        if text.startswith(f"{name}(") and text.endswith(")"):
            return text[len(name) + 1 : -1]
    return text
