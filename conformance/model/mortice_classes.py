"""What classes know of their slots: declarations, storage order, sealing. See mortice.py."""

import sys
from types import FunctionType, GenericAlias

from mortice_words import UNSET, SealedError, check_callable, check_doc, check_name, final, no_slot, suggestion, what

# Places are numbered with 16 bits.
PLACES_MAX = 65535


def is_class(value):
    """Whether a value is a class."""
    return isinstance(value, type)


class Attribute:
    """What slot and delegated share. How they reach an object's place is in mortice.py."""

    _name = _owner = None
    __class_getitem__ = classmethod(GenericAlias)
    name = __name__ = property(lambda self: self._name)
    owner = __objclass__ = property(lambda self: self._owner)

    def __set_name__(self, owner, name):
        if self._owner is None:
            raise TypeError(f"slot '{name}' needs a class that inherits from Base, not {what(owner)}")

    def __repr__(self):
        kind = type(self).__name__
        if self._owner is None:
            return f"<{kind}>"
        return f"<{kind} '{self._name}' of '{self._owner.__name__}' objects{self._leads()}>"


@final
class slot(Attribute):
    """A storage place in every instance (S001, S002, S003, S021)."""

    def __init__(self, default=UNSET, *, factory=None, type=None, validate=None, compare="equal", doc=None):
        if default is not UNSET and factory is not None:
            raise TypeError("slot() takes a default or a factory, not both")
        if factory is not None:
            check_callable(factory, "slot() factory")
        self._types = () if type is None else type if isinstance(type, tuple) else (type,)
        if type == () or not all(map(is_class, self._types)):
            raise TypeError("slot() type must be a class or a non-empty tuple of classes")
        if validate is not None:
            check_callable(validate, "slot() validate")
        if compare not in ("equal", "identity", "always"):
            raise ValueError("slot() compare must be 'equal', 'identity' or 'always'")
        check_doc(doc)
        self._default, self.factory, self.validate, self.compare = default, factory, validate, compare
        self.__doc__ = doc

    default = property(lambda self: self._default)
    index = property(lambda self: None if self._owner is None else order(self._owner, slot).index(self._name))

    def admit(self, obj, value):
        """The value to be stored, or an error: the type first, then validate (S003)."""
        if self._types and not isinstance(value, self._types):
            wanted = " or ".join(one.__name__ for one in self._types)
            where = f"slot '{self._name}' of '{type(obj).__name__}' object"
            raise TypeError(f"{where} must be {wanted}, not {type(value).__name__}")
        return value if self.validate is None else self.validate(obj, value)

    def _leads(self):
        return ""


@final
class delegated(Attribute):
    """A name without storage that shows a slot of the object in another slot (S045)."""

    default, index = property(lambda self: UNSET), property(lambda self: None)
    via = property(lambda self: self._via)
    target = property(lambda self: self._name if self._target is None else self._target)

    def __init__(self, via, name=None, *, doc=None):
        check_name(via)
        if name is not None:
            check_name(name)
        check_doc(doc)
        self._via, self._target, self.__doc__ = via, name, doc

    def _leads(self):
        return f" to '{self.via}.{self.target}'"


class ClassState:
    """What a class remembers beside its slots."""

    def __init__(self):
        self.sealed = None  # by what, in words
        self.asks = False  # for a __dict__
        self.bases = None  # once the class object is there
        self.methods = {}  # observing methods: the class that decorates, and names (S026)
        self.subscriptions = {}  # by serial, so in order
        self.memo = {}
        self.slots = None  # those that nothing hides


def state_of(cls):
    """The state of a class with slots."""
    return cls.__mortice_state__


def seal(cls, by):
    """Closes a class to further slots; the first reason stays (S010)."""
    state = state_of(cls)
    state.sealed = state.sealed or by


def remembered(function):
    """Remembers answers about sealed classes, which cannot change any more."""

    def answer(cls, *key):
        state = state_of(cls)
        if not state.sealed:
            return function(cls, *key)
        if (function, key) not in state.memo:
            state.memo[function, key] = function(cls, *key)
        return state.memo[function, key]

    return answer


@remembered
def order(cls, kind):
    """The names that a class has as slot, in storage order, or as delegated (S004, S005, S007, S008)."""
    names = []
    for base in cls.__bases__[:1] + cls.__mro__[1:]:
        if isinstance(base, BaseMeta):
            names += [name for name in order(base, kind) if name not in names]
    own = [name for name, value in vars(cls).items() if isinstance(value, kind) and value.owner is cls]
    return names + [name for name in own if name not in names]


def slots_of(cls):
    """The slots that no other attribute hides: stored ones, then delegated ones (S004, S053).

    What an ancestor gets later hides nothing: this is settled when the class is made or declares a slot.
    """
    state = state_of(cls)
    if state.slots is None:
        state.slots = unhidden(cls)
    return state.slots


def unhidden(cls):
    found = {}
    for kind in (slot, delegated):
        for name in order(cls, kind):
            first = next(vars(base)[name] for base in cls.__mro__ if name in vars(base))
            if isinstance(first, kind):
                found[name] = first
    return found


@remembered
def followers(cls, via):
    """The delegated names that a slot decides about (S045)."""
    return [name for name, one in slots_of(cls).items() if isinstance(one, delegated) and one.via == via]


@remembered
def rules(cls, name):
    """The slot whose default, type, validate and compare hold for a place, hidden or not (S003, S004)."""
    return next(vars(base)[name] for base in cls.__mro__ if isinstance(vars(base).get(name), slot))


class BaseMeta(type):
    """The class of Base and of all that inherits from it."""

    def __new__(meta, name, bases, namespace, **keywords):
        if meta.mro is not BaseMeta.mro:
            raise TypeError(f"metaclass '{meta.__name__}' overrides mro()")
        if roots and not any(isinstance(base, BaseMeta) for base in bases):
            raise TypeError(f"class '{name}' must inherit from Base")
        for base in bases:
            check_items(name, base)
        used = {}
        for key, value in namespace.items():
            if isinstance(value, Attribute):
                check_usable(key, value)
                if id(value) in used:
                    raise TypeError(f"slot '{used[id(value)]}' of class '{name}' cannot be used again")
                used[id(value)] = key
        state = ClassState()
        caller = sys._getframe(1).f_globals.get("__name__")
        defaults = {"__module__": caller, "__slots__": ()}  # S011
        namespace = {**defaults, **namespace, "__mortice_state__": state}
        members = namespace["__slots__"]
        if roots:
            namespace["__dict__"] = meta.instance_dict
            namespace["__slots__"] = without_dict(bases, members, state)
        cls = super().__new__(meta, name, bases, namespace, **keywords)
        type.__setattr__(cls, "__slots__", members)
        roots[:] = roots or [cls]
        if first_native(cls, "__sizeof__"):
            type.__setattr__(cls, "__sizeof__", vars(roots[0])["__sizeof__"])  # S006
        if native := first_native(cls, "__new__"):
            seal(cls, f"its native base '{native.__name__}'")
        count = len(order(cls, slot))
        if count > PLACES_MAX:
            raise TypeError(f"class '{name}' has {count} slots, the most is {PLACES_MAX}")
        slots_of(cls)
        state.methods = observing_methods(cls)
        return cls

    def mro(cls):
        """Called where a class object comes into being, before any other code sees it (S010).

        It is called again when somebody assigns __bases__ (S054).
        """
        found, state = super().mro(), vars(cls)["__mortice_state__"]
        if state.bases not in (None, cls.__bases__):
            raise TypeError(f"cannot set __bases__ of class '{cls.__name__}': its storage is laid out")
        if state.bases is None:
            state.bases = cls.__bases__
            for name, value in vars(cls).items():
                if isinstance(value, Attribute):
                    value._name, value._owner = name, cls
            for base in found[1:]:
                if isinstance(base, BaseMeta):
                    seal(base, f"its subclass '{cls.__name__}'")
        return found

    def __setattr__(cls, name, value):
        if name == "__bases__":
            raise TypeError(f"cannot set __bases__ of class '{cls.__name__}': its storage is laid out")
        declares = isinstance(value, Attribute)
        if declares:
            check_usable(name, value)
        concerns = check_open(cls, name, declares, "replace")
        super().__setattr__(name, value)
        if declares:
            value._name, value._owner = name, cls
        if concerns:
            state_of(cls).slots = unhidden(cls)

    def __delattr__(cls, name):
        concerns = check_open(cls, name, False, "delete")
        super().__delattr__(name)
        if concerns:
            state_of(cls).slots = unhidden(cls)


# Base, once it is there.
roots = []


def without_dict(bases, members, state):
    """Takes __dict__ out of __slots__: every instance has one in secret (see mortice_storage.py)."""
    members = (members,) if isinstance(members, str) else members
    if not hasattr(members, "__contains__") or "__dict__" not in members:
        return members
    if any(has_dict(base) for base in bases):
        raise TypeError("__dict__ slot disallowed: we already got one")
    state.asks = True
    return tuple(name for name in members if name != "__dict__")


def has_dict(cls):
    """Whether instances have a __dict__ for all to see (S011)."""
    kinds = [state_of(base).asks if isinstance(base, BaseMeta) else base.__dictoffset__ for base in cls.__mro__]
    return any(kinds)


def first_native(cls, method):
    """The native class whose method comes before that of Base, if there is one (S006, S010, S013)."""
    for base in cls.__mro__:
        if method in vars(base):
            return None if isinstance(base, BaseMeta) or isinstance(vars(base)[method], FunctionType) else base


def check_items(name, base):
    """Refuses a base that stores items where the slots would lie (S013)."""
    if getattr(base, "__itemsize__", 0):
        while base.__base__.__itemsize__:
            base = base.__base__
        kind = f"'{base.__name__}', which stores items inside the object"
        raise TypeError(f"class '{name}' cannot inherit from Base and {kind}")


def check_usable(name, value):
    """Refuses a reserved name, and a slot object that has a name already (S022)."""
    if name == "observe" or name.startswith("__") and name.endswith("__"):
        raise TypeError(f"'{name}' cannot be the name of a slot")
    if value.owner is not None:
        raise TypeError(f"slot '{value.name}' of class '{value.owner.__name__}' cannot be used again")


def check_open(cls, name, declares, verb):
    """Refuses to change which slots a sealed class has (S010); whether a name concerns them."""
    if cls in roots:
        raise TypeError(f"cannot set '{name}' attribute of immutable type 'mortice.Base'")
    known = name in order(cls, slot) or name in order(cls, delegated)
    by = state_of(cls).sealed
    if by and known:
        raise SealedError(f"cannot {verb} slot '{name}' of class '{cls.__name__}': sealed by {by}")
    if by and declares:
        raise SealedError(f"cannot add slot '{name}' to class '{cls.__name__}': sealed by {by}")
    return known or declares


def observing_methods(cls):
    """The methods under @observe, each with the first class that decorates it (S026)."""
    inherited = {klass for base in cls.__bases__ if isinstance(base, BaseMeta) for klass in base.__mro__}
    found = {}
    for klass in cls.__mro__:
        for attribute, value in vars(klass).items():
            if isinstance(value, FunctionType) and hasattr(value, "__observes__"):
                found.setdefault(attribute, (klass, value.__observes__))
    for klass, names in found.values():
        for name in names:
            if klass not in inherited and name is not None and name not in slots_of(cls):
                raise no_slot(cls, name, slots_of(cls))
    return found


def check_keywords(cls, function, keywords):
    """Refuses keywords that are no slots (S014)."""
    for name in keywords:
        if name not in slots_of(cls):
            hint = suggestion(slots_of(cls), name)
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'{hint}")


def same_slots(one, other):
    """Whether instances of one class could be instances of the other (S054)."""
    if not isinstance(other, BaseMeta) or has_dict(one) != has_dict(other):
        return False
    return order(one, slot) == order(other, slot) and visible(one) == visible(other)


def visible(cls):
    """The slots of a class by name, and where delegated ones lead."""
    return {name: getattr(one, "via", None) and (one.via, one.target) for name, one in slots_of(cls).items()}
