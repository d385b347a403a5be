"""The vocabulary of the model: errors and their words, UNSET, and Change. See mortice.py."""

from types import GenericAlias


class SealedError(TypeError):
    """A slot cannot be added, replaced or deleted: the class is in use (S010)."""

    __module__ = "mortice"


class DelegationError(ValueError):
    """A delegation would close a cycle, or there is none to end (S042, S044)."""

    __module__ = "mortice"


def final(cls):
    """Refuses subclasses of a public class, as a native type does."""

    def refuse(subclass, **keywords):
        raise TypeError(f"type 'mortice.{cls.__name__}' is not an acceptable base type")

    cls.__module__ = "mortice"
    cls.__init_subclass__ = classmethod(refuse)
    return cls


@final
class UnsetType:
    """The type of UNSET."""

    __slots__ = ()

    def __new__(cls):
        return UNSET

    def __repr__(self):
        return "UNSET"

    def __bool__(self):
        return False

    def __reduce__(self):
        return "UNSET"


# Stands for no value in a Change.
UNSET = object.__new__(UnsetType)


@final
class Change:
    """What an observer is called with (S020)."""

    __slots__ = ("object", "name", "old", "new", "source")
    __class_getitem__ = classmethod(GenericAlias)

    def __init__(self, /, object, name, old, new, source=None):
        for key, value in zip(self.__slots__, (object, name, old, new, source)):
            fields[key].__set__(self, value)

    def __setattr__(self, name, value):
        if name not in fields:
            raise AttributeError(f"'Change' object has no attribute '{name}'")
        raise AttributeError("readonly attribute")

    def __delattr__(self, name):
        self.__setattr__(name, None)

    def __repr__(self):
        return f"Change({', '.join(f'{name}={getattr(self, name)!r}' for name in fields)})"


fields = {name: vars(Change)[name] for name in Change.__slots__}


def differ(old, new, compare):
    """Whether a write is a change (S021)."""
    if compare == "always":
        return not (old is UNSET and new is UNSET)
    if compare == "identity" or old is new or old is UNSET or new is UNSET:
        return old is not new
    try:
        return not old == new
    except Exception:
        return True


def what(value):
    """Names an argument in an error."""
    return f"class '{value.__name__}'" if isinstance(value, type) else f"'{type(value).__name__}' object"


def count_of(number, word):
    """A number and its noun."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def distance(one, other):
    """The fewest insertions, deletions and substitutions that turn one word into the other."""
    row = list(range(len(other) + 1))
    for count, letter in enumerate(one, 1):
        diagonal, row[0] = row[0], count
        for at, against in enumerate(other, 1):
            diagonal, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, diagonal + (letter != against))
    return row[-1]


def suggestion(names, wrong):
    """Suggests the nearest name, if at least half of the longer one agrees (S022)."""
    near = []
    for name in names:
        longest = max(len(name), len(wrong))
        if longest <= 100 and distance(name, wrong) * 2 <= longest:
            near.append(name)
    if not near:
        return ""
    return f". Did you mean '{min(near, key=lambda name: distance(name, wrong))}'?"


def no_slot(subject, name, names):
    """The error for a name that is no slot of an instance or a class, which has these."""
    whose = f"type object '{subject.__name__}'" if isinstance(subject, type) else what(subject)
    return AttributeError(f"{whose} has no slot '{name}'{suggestion(names, name)}")


def check_name(name, also=""):
    """Refuses what cannot be a slot's name."""
    if not (isinstance(name, str) or also and name is None):
        raise TypeError(f"slot name must be a string{also}, not {what(name)}")


def check_callable(value, word):
    """Refuses what cannot be called."""
    if not callable(value):
        raise TypeError(f"{word} must be callable, not {what(value)}")


def check_doc(doc):
    """Refuses what cannot be a docstring."""
    if not (doc is None or isinstance(doc, str)):
        raise TypeError(f"doc must be a string or None, not {what(doc)}")
