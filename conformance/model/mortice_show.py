"""What a class has, as a dict and as a picture. See mortice.py."""

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
