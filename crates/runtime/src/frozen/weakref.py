"""Weak references, and containers that hold their keys or values weakly.

A container removes an entry in the callback of its reference. Loops run over a
list of the live entries, so that a callback never changes what is looped over.
"""

from _weakref import (
    CallableProxyType,
    ProxyType,
    ReferenceType,
    _set_at_exit,
    getweakrefcount,
    getweakrefs,
    proxy,
    ref,
)

ProxyTypes = (ProxyType, CallableProxyType)

__all__ = [
    "CallableProxyType", "ProxyType", "ProxyTypes", "ReferenceType", "WeakKeyDictionary",
    "WeakMethod", "WeakSet", "WeakValueDictionary", "finalize", "getweakrefcount",
    "getweakrefs", "proxy", "ref",
]

_missing = object()


class WeakMethod(ref):
    """A weak reference to a bound method: alive while its instance and its function are."""

    __slots__ = ("_function", "_kind", "_alive", "__weakref__")

    def __new__(cls, method, callback=None):
        try:
            instance = method.__self__
            function = method.__func__
        except AttributeError:
            raise TypeError(
                f"argument should be a bound method, not {type(method)}"
            ) from None

        def ended(_):
            this = weak_self()
            if this is not None and this._alive:
                this._alive = False
                if callback is not None:
                    callback(this)

        this = ref.__new__(cls, instance, ended)
        this._function = ref(function, ended)
        this._kind = type(method)
        this._alive = True
        weak_self = ref(this)
        return this

    def __init__(self, method, callback=None):
        pass

    def __call__(self):
        instance = ref.__call__(self)
        function = self._function()
        if instance is None or function is None:
            return None
        return self._kind(function, instance)

    def __eq__(self, other):
        if isinstance(other, WeakMethod):
            if not self._alive or not other._alive:
                return self is other
            return ref.__eq__(self, other) and self._function == other._function
        return NotImplemented

    def __ne__(self, other):
        if isinstance(other, WeakMethod):
            return not self == other
        return NotImplemented

    __hash__ = ref.__hash__


class _KeyedRef(ref):
    """A reference to a value that knows its key."""

    __slots__ = ("key",)

    def __new__(cls, value, callback, key):
        this = ref.__new__(cls, value, callback)
        this.key = key
        return this

    def __init__(self, value, callback, key):
        pass


class _WeakMapping:
    """What the two dictionaries share; they say what their entries are."""

    def __iter__(self):
        return self.keys()

    def keys(self):
        for key, _ in self._live():
            yield key

    def values(self):
        for _, value in self._live():
            yield value

    def items(self):
        for pair in self._live():
            yield pair

    def __len__(self):
        return len(self._live())

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def setdefault(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            self[key] = default
            return default

    def pop(self, key, *default):
        if len(default) > 1:
            raise TypeError(f"pop expected at most 2 arguments, got {1 + len(default)}")
        try:
            value = self[key]
        except KeyError:
            if default:
                return default[0]
            raise
        del self[key]
        return value

    def popitem(self):
        while True:
            for key, value in self._live():
                del self[key]
                return key, value
            raise KeyError("popitem(): dictionary is empty")

    def clear(self):
        self._data.clear()

    def update(self, other=(), /, **named):
        pairs = other.items() if hasattr(other, "items") else other
        for key, value in pairs:
            self[key] = value
        for key, value in named.items():
            self[key] = value

    def copy(self):
        made = type(self)()
        made.update(self)
        return made

    __copy__ = copy

    def __eq__(self, other):
        if not hasattr(other, "items"):
            return NotImplemented
        return dict(self.items()) == dict(other.items())

    def __ne__(self, other):
        if not hasattr(other, "items"):
            return NotImplemented
        return not self == other

    __hash__ = None

    def __or__(self, other):
        if not hasattr(other, "items"):
            return NotImplemented
        made = self.copy()
        made.update(other)
        return made

    def __ior__(self, other):
        self.update(other)
        return self

    def __repr__(self):
        return f"<{type(self).__name__} at {id(self):#x}>"


class WeakValueDictionary(_WeakMapping):
    """A dictionary that drops an entry when its value ends."""

    def __init__(self, other=(), /, **named):
        weak_self = ref(self)

        def ended(reference):
            this = weak_self()
            if this is not None and this._data.get(reference.key) is reference:
                del this._data[reference.key]

        self._ended = ended
        self._data = {}
        self.update(other, **named)

    def _live(self):
        live = []
        for key, reference in list(self._data.items()):
            value = reference()
            if value is not None:
                live.append((key, value))
        return live

    def __getitem__(self, key):
        value = self._data[key]()
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key, value):
        self._data[key] = _KeyedRef(value, self._ended, key)

    def __delitem__(self, key):
        del self._data[key]

    def __contains__(self, key):
        reference = self._data.get(key)
        return reference is not None and reference() is not None

    def itervaluerefs(self):
        for reference in self.valuerefs():
            yield reference

    def valuerefs(self):
        return list(self._data.values())


class WeakKeyDictionary(_WeakMapping):
    """A dictionary that drops an entry when its key ends."""

    def __init__(self, other=None, /):
        weak_self = ref(self)

        def ended(reference):
            this = weak_self()
            if this is not None:
                this._data.pop(reference, None)

        self._ended = ended
        self._data = {}
        if other is not None:
            self.update(other)

    def _live(self):
        live = []
        for reference, value in list(self._data.items()):
            key = reference()
            if key is not None:
                live.append((key, value))
        return live

    def __getitem__(self, key):
        return self._data[ref(key)]

    def __setitem__(self, key, value):
        self._data[ref(key, self._ended)] = value

    def __delitem__(self, key):
        del self._data[ref(key)]

    def __contains__(self, key):
        try:
            reference = ref(key)
        except TypeError:
            return False
        return reference in self._data

    def keyrefs(self):
        return list(self._data)


class WeakSet:
    """A set that drops its elements when they end."""

    def __init__(self, data=None):
        weak_self = ref(self)

        def ended(reference):
            this = weak_self()
            if this is not None:
                this._data.discard(reference)

        self._ended = ended
        self._data = set()
        if data is not None:
            self.update(data)

    def _live(self):
        live = []
        for reference in list(self._data):
            item = reference()
            if item is not None:
                live.append(item)
        return live

    def __iter__(self):
        for item in self._live():
            yield item

    def __len__(self):
        return len(self._live())

    def __contains__(self, item):
        try:
            reference = ref(item)
        except TypeError:
            return False
        return reference in self._data

    def add(self, item):
        self._data.add(ref(item, self._ended))

    def discard(self, item):
        self._data.discard(ref(item))

    def remove(self, item):
        self._data.remove(ref(item))

    def pop(self):
        for item in self._live():
            self.discard(item)
            return item
        raise KeyError("pop from empty WeakSet")

    def clear(self):
        self._data.clear()

    def update(self, other):
        for item in other:
            self.add(item)

    def copy(self):
        return type(self)(self)

    def union(self, other):
        made = self.copy()
        made.update(other)
        return made

    __or__ = union

    def intersection(self, other):
        return type(self)(item for item in other if item in self)

    __and__ = intersection

    def difference(self, other):
        return type(self)(item for item in self if item not in other)

    __sub__ = difference

    def issubset(self, other):
        return all(item in other for item in self)

    __le__ = issubset

    def issuperset(self, other):
        return all(item in self for item in other)

    __ge__ = issuperset

    def isdisjoint(self, other):
        return not any(item in self for item in other)

    def __eq__(self, other):
        if not isinstance(other, WeakSet):
            return NotImplemented
        return set(self) == set(other)

    def __ne__(self, other):
        if not isinstance(other, WeakSet):
            return NotImplemented
        return not self == other

    __hash__ = None

    def __repr__(self):
        return repr(set(self._data))


class _Pending:
    """What a finalizer that was not called yet will do."""

    __slots__ = ("reference", "function", "args", "named", "atexit", "number")


class finalize:
    """Calls a function when an object ends, or at the end of the program."""

    # The finalizers that are alive; the class keeps them, nobody else must.
    _pending = {}
    _count = 0
    __slots__ = ()

    def __init__(self, obj, func, /, *args, **kwargs):
        cls = finalize
        if not cls._count:
            _set_at_exit(_call_at_exit)
        pending = _Pending()
        pending.reference = ref(obj, self)
        pending.function = func
        pending.args = args
        pending.named = kwargs
        pending.atexit = True
        pending.number = cls._count
        cls._count += 1
        cls._pending[self] = pending

    def __call__(self, _=None):
        """Calls the function, unless it was called or detached before."""
        pending = self._pending.pop(self, None)
        if pending is not None:
            return pending.function(*pending.args, **pending.named)

    def detach(self):
        """Gives up the call; (object, function, args, keywords) where it was alive."""
        pending = self._pending.get(self)
        obj = pending and pending.reference()
        if obj is not None and self._pending.pop(self, None):
            return obj, pending.function, pending.args, pending.named

    def peek(self):
        """(object, function, args, keywords) where it is alive."""
        pending = self._pending.get(self)
        obj = pending and pending.reference()
        if obj is not None:
            return obj, pending.function, pending.args, pending.named

    @property
    def alive(self):
        """Whether the call is still to come."""
        return self in self._pending

    @property
    def atexit(self):
        """Whether the call is made at the end of the program at the latest."""
        pending = self._pending.get(self)
        return bool(pending) and pending.atexit

    @atexit.setter
    def atexit(self, value):
        pending = self._pending.get(self)
        if pending:
            pending.atexit = bool(value)

    def __repr__(self):
        pending = self._pending.get(self)
        obj = pending and pending.reference()
        if obj is None:
            return f"<{type(self).__name__} object at {id(self):#x}; dead>"
        return (
            f"<{type(self).__name__} object at {id(self):#x}; "
            f"for {type(obj).__name__!r} at {id(obj):#x}>"
        )


def _call_at_exit():
    """Calls what is alive, the newest first."""
    while True:
        waiting = [
            (pending.number, this)
            for this, pending in list(finalize._pending.items())
            if pending.atexit
        ]
        if not waiting:
            return
        number, this = waiting[-1]
        for pair in waiting:
            if pair[0] > number:
                number, this = pair
        try:
            this()
        except Exception:
            import sys

            sys.excepthook(*sys.exc_info())
