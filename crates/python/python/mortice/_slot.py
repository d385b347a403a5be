"""`slot`, `delegated` and `UNSET`: what a class body says of its slots."""

from types import GenericAlias

from mortice import _mortice


def what(value):
    """Names an argument in an error."""
    return f"class '{value.__name__}'" if isinstance(value, type) else f"'{type(value).__name__}' object"


def final(cls):
    """Refuses subclasses of a public class."""

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
_mortice.use_unset(UNSET)


def is_class(value):
    return isinstance(value, type)


def check_name(name):
    """Refuses what cannot be a slot's name."""
    if not isinstance(name, str):
        raise TypeError(f"slot name must be a string, not {what(name)}")


def check_callable(value, word):
    """Refuses what cannot be called."""
    if value is not None and not callable(value):
        raise TypeError(f"{word} must be callable, not {what(value)}")


def check_doc(doc):
    """Refuses what cannot be a docstring."""
    if not (doc is None or isinstance(doc, str)):
        raise TypeError(f"doc must be a string or None, not {what(doc)}")


class Doc:
    """The docstring of a class, and of each of its instances."""

    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text

    def __get__(self, obj, cls):
        return self.text if obj is None else obj.doc


@final
class slot(_mortice.Definition):
    __slots__ = ()
    __doc__ = Doc("""A storage place in every instance of a class.

    slot(default)           starts with that object
    slot(factory=f)         calls f() once for each instance, at the first read
    slot(type=T)            refuses values that are no instance of T, or of one of a tuple of classes
    slot(validate=f)        stores what f(obj, value) returns
    slot(compare="equal")   when a write is a change: "equal", "identity" or "always"
    slot(doc="...")         the docstring
    """)

    def __class_getitem__(cls, item, /):
        return GenericAlias(cls, item)

    def __new__(cls, default=UNSET, *, factory=None, type=None, validate=None, compare="equal", doc=None):
        if default is not UNSET and factory is not None:
            raise TypeError("slot() takes a default or a factory, not both")
        check_callable(factory, "slot() factory")
        types = () if type is None else type if isinstance(type, tuple) else (type,)
        if type == () or not all(map(is_class, types)):
            raise TypeError("slot() type must be a class or a non-empty tuple of classes")
        check_callable(validate, "slot() validate")
        check_doc(doc)
        return _mortice.Definition.__new__(cls, default, factory, type, validate, compare, doc, None, None)


@final
class delegated(_mortice.Definition):
    __slots__ = ()
    __doc__ = Doc("""A name without storage that shows a slot of the object in another slot.

    delegated("wheel")       the slot of the same name
    delegated("wheel", "r")  the slot of that name
    """)

    def __class_getitem__(cls, item, /):
        return GenericAlias(cls, item)

    def __new__(cls, via, name=None, *, doc=None):
        check_name(via)
        if name is not None:
            check_name(name)
        check_doc(doc)
        return _mortice.Definition.__new__(cls, UNSET, None, None, None, "equal", doc, via, name)
