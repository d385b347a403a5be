"""Abstract base classes."""


def abstractmethod(funcobj):
    """Marks a method that subclasses must define."""
    funcobj.__isabstractmethod__ = True
    return funcobj


def _is_abstract(value):
    return getattr(value, "__isabstractmethod__", False)


def _abstract_names(cls, namespace):
    names = {name for name, value in namespace if _is_abstract(value)}
    for base in cls.__bases__:
        for name in getattr(base, "__abstractmethods__", ()):
            if _is_abstract(getattr(cls, name, None)):
                names.add(name)
    return frozenset(names)


class _Data:
    """What an abstract class knows of others: weakly, so that it keeps no class alive."""

    __slots__ = ("registry", "accepted", "refused", "version")

    def __init__(self):
        import weakref

        self.registry = weakref.WeakSet()
        self.accepted = weakref.WeakSet()
        self.refused = weakref.WeakSet()
        self.version = _registrations


# Counts registrations with any class: a new one may turn a refusal around.
_registrations = 0


class ABCMeta(type):
    """The metaclass of classes that others can be registered with."""

    def __new__(mcls, name, bases, namespace, /, **kwargs):
        cls = super().__new__(mcls, name, bases, namespace, **kwargs)
        cls.__abstractmethods__ = _abstract_names(cls, namespace.items())
        cls._abc_impl = _Data()
        return cls

    def register(cls, subclass):
        """Makes a class count as a subclass of this one."""
        global _registrations
        if not isinstance(subclass, type):
            raise TypeError("Can only register classes")
        if issubclass(subclass, cls):
            return subclass
        if issubclass(cls, subclass):
            raise RuntimeError("Refusing to create an inheritance cycle")
        cls._abc_impl.registry.add(subclass)
        _registrations += 1
        return subclass

    def __instancecheck__(cls, instance):
        subclass = instance.__class__
        own = type(instance)
        if own is subclass:
            return cls.__subclasscheck__(own)
        return cls.__subclasscheck__(subclass) or cls.__subclasscheck__(own)

    def __subclasscheck__(cls, subclass):
        if not isinstance(subclass, type):
            raise TypeError("issubclass() arg 1 must be a class")
        data = cls._abc_impl
        if subclass in data.accepted:
            return True
        if data.version != _registrations:
            data.refused.clear()
            data.version = _registrations
        elif subclass in data.refused:
            return False
        answer = cls.__subclasshook__(subclass)
        if answer is NotImplemented:
            answer = cls._accepts(subclass)
        (data.accepted if answer else data.refused).add(subclass)
        return answer

    def _accepts(cls, subclass):
        if cls in getattr(subclass, "__mro__", ()):
            return True
        for registered in list(cls._abc_impl.registry):
            if issubclass(subclass, registered):
                return True
        for derived in cls.__subclasses__():
            if issubclass(subclass, derived):
                return True
        return False


class ABC(metaclass=ABCMeta):
    """A base class with this metaclass."""

    __slots__ = ()


def update_abstractmethods(cls):
    """Looks again which methods are abstract; for decorators that add methods."""
    if not hasattr(cls, "__abstractmethods__"):
        return cls
    names = set()
    for base in cls.__bases__:
        for name in getattr(base, "__abstractmethods__", ()):
            if _is_abstract(getattr(cls, name, None)):
                names.add(name)
    for name, value in cls.__dict__.items():
        if _is_abstract(value):
            names.add(name)
    cls.__abstractmethods__ = frozenset(names)
    return cls
