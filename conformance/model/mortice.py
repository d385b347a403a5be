"""Observable slots in plain Python: the shortest exact description of what they do.

Every rule cites its number in conformance/slots.tsv; what is decided beyond them stands in docs/slots.md. The
model is naive on purpose: it asks again where an engine remembers, and searches where an engine keeps a table.

    declaring   a class has the slots of its bases and its own              mortice_classes: order, slots_of, rules
    storing     an instance keeps values and links in a hidden Storage      mortice_storage: Storage; storage_of
    finding     obj.x is the place at the end of obj.x's chain of links     find, read
    altering    a write changes its place and all places that show it       affected, alter
    telling     an event waits its turn, then reaches the observers         tell, emit, run

A *place* is a pair (storage, name). A *link* is one delegation, of a place to a place of another object.

Pure Python cannot refer weakly to an object without __weakref__. There is a weak reference to its Storage instead,
and the collector is asked who owns that (object_of).
"""

import copy
import itertools
import threading
import weakref
from collections import deque
from types import FunctionType, MethodType

from mortice_classes import (
    Attribute, BaseMeta, check_keywords, delegated, followers, order, rules, same_slots, seal, slot, slots_of, state_of,
)  # fmt: skip
from mortice_show import layout, represent, slots
from mortice_storage import Link, Storage, check_attribute, keep, object_of, real_dict, refer, slotted, stored
from mortice_words import (
    UNSET, Change, DelegationError, SealedError, check_callable, check_name, count_of, differ, final, no_slot, what,
)  # fmt: skip

__all__ = [
    "Base", "slot", "delegated", "observe", "delegate", "undelegate", "hold", "Change", "Subscription", "UNSET",
    "slots", "layout", "SealedError", "DelegationError",
]  # fmt: skip


# Storing -----------------------------------------------------------------------------------------------------------


def storage_of(obj):
    """The storage of an instance; the first call makes it, with the defaults (S001, S002)."""
    storage = stored(obj)
    if storage is not None:
        return storage
    cls = type(obj)
    seal(cls, "its first instance")
    storage = Storage(cls)
    keep(obj, storage)
    begin(storage, order(cls, slot))
    if order(cls, delegated):
        refer(obj)
        settle([(storage, name) for name in order(cls, delegated)])
    return storage


def begin(storage, names):
    """Gives places what their class has for them: a default, or a factory that waits (S002)."""
    for name in names:
        if rules(storage.cls, name).factory is not None:
            storage.pending.add(name)
        elif rules(storage.cls, name).default is not UNSET:
            storage.values[name] = rules(storage.cls, name).default


# Finding -----------------------------------------------------------------------------------------------------------


def declared(storage, name):
    """The `delegated` that decides where a place leads, unless delegate() overrides it (S045)."""
    link, attribute = storage.links.get(name), slots_of(storage.cls).get(name)
    return attribute if isinstance(attribute, delegated) and not (link and link.explicit) else None


def find(storage, name, obj=None, run=False):
    """The place at the end of all links, as (object, storage, name): a loop, for any depth (S040, S042).

    A delegated name whose via slot is unset leads nowhere: None. With `run`, a pending factory of that slot runs
    first, and leading nowhere is an error. The object is the one given where the place given is the end.
    """
    start, blocked, seen = None, None, set()
    while True:
        link, leads = storage.links.get(name), None
        if link is not None:
            obj, storage, name = link.target, storage_of(link.target), link.target_name
        elif (leads := declared(storage, name)) is not None and (storage, name) not in seen:
            if not run:
                return None
            seen.add((storage, name))
            if blocked is None:
                start, blocked = (obj, storage, name), leads
            name = leads.via  # its value decides where the delegation leads
        elif blocked is None:
            return obj, storage, name
        elif leads is None and name in storage.pending:
            run_factory(storage, name)
            (obj, storage, name), blocked, seen = start, None, set()
        else:
            raise nowhere(start[1], blocked)


def nowhere(storage, leads):
    """The error for a delegated name without a target."""
    value = shown(storage, leads.via)
    if leads.via not in slots_of(storage.cls):
        why = f"'{storage.cls.__name__}' object has no slot '{leads.via}'"
    elif value is UNSET:
        why = f"its slot '{leads.via}' is unset"
    else:
        why = f"'{type(value).__name__}' object has no slot '{leads.target}'"
    return AttributeError(f"'{storage.cls.__name__}' object has no attribute '{leads.name}': {why}")


def shown(storage, name):
    """What a place shows, without running a factory: a value or UNSET (S020)."""
    end = find(storage, name)
    return UNSET if end is None else end[1].values.get(end[2], UNSET)


def values_shown(obj):
    """What the slots of an instance show, by name."""
    values = {name: shown(storage_of(obj), name) for name in slots_of(type(obj))}
    return {name: value for name, value in values.items() if value is not UNSET}


def read(storage, name):
    """Reads a place (S001, S002, S040)."""
    _, storage, name = find(storage, name, run=True)
    if name in storage.pending:
        run_factory(storage, name)
    if name in storage.values:
        return storage.values[name]
    raise AttributeError(f"'{storage.cls.__name__}' object has no attribute '{name}'")


def run_factory(storage, name):
    """Calls the factory of a pending slot, unless it writes the slot itself (S002)."""
    value = rules(storage.cls, name).factory()
    if name in storage.pending:
        alter(None, storage, name, lambda: put(storage, name, value), silent=True)


# Writing -----------------------------------------------------------------------------------------------------------


def put(storage, name, value):
    storage.pending.discard(name)
    storage.values[name] = value


def drop(storage, name):
    storage.pending.discard(name)
    storage.values.pop(name, None)


def write(obj, storage, name, value, silent=False):
    """Writes a place, by the rules of the place at the end (S003, S020, S040)."""
    obj, storage, name = find(storage, name, obj, run=True)
    if name not in order(storage.cls, slot):
        raise AttributeError(f"'{storage.cls.__name__}' object has no attribute '{name}'")
    value = rules(storage.cls, name).admit(obj, value)
    alter(obj, storage, name, lambda: put(storage, name, value), silent)


def delete(obj, storage, name):
    """Deletes a place's value (S002, S020, S040)."""
    obj, storage, name = find(storage, name, obj, run=True)
    if name not in storage.values and name not in storage.pending:
        raise AttributeError(name)
    alter(obj, storage, name, lambda: drop(storage, name))


def checked(self, obj):
    """The storage of an object that has this slot; a foreign object is refused (S009, S054)."""
    if self.owner is None:
        raise TypeError("slot is not in a class")
    if self.owner not in type(obj).__mro__:
        kinds = f"'{self.owner.__name__}' objects doesn't apply to a '{type(obj).__name__}' object"
        raise TypeError(f"descriptor '{self.name}' for {kinds}")
    return storage_of(obj)


def descriptor_get(self, obj, owner=None):
    if obj is not None:
        return read(checked(self, obj), self.name)
    if owner is None:
        raise TypeError("__get__(None, None) is invalid")
    return self


# A descriptor goes by its name: all those of a name reach one place (S004, S009).
Attribute.__get__ = descriptor_get
Attribute.__set__ = lambda self, obj, value: write(obj, checked(self, obj), self.name, value)
Attribute.__delete__ = lambda self, obj: delete(obj, checked(self, obj), self.name)


# Altering ----------------------------------------------------------------------------------------------------------


def affected(storage, name, links_only=False):
    """All places that depend on a place: itself, its delegators, and names that follow it (S023, S041, S045).

    Each with all that depends on it before the next, as (storage, name, parent): the parent is the index of the
    place that it is linked to, None where it has other reasons.
    """
    found, seen, waiting = [], set(), [(storage, name, None)]
    while waiting:
        storage, name, parent = waiting.pop()
        if (storage, name) in seen:
            continue
        seen.add((storage, name))
        found.append((storage, name, parent))
        further = []
        for link in storage.delegators.get(name, ()):
            holder = link.holder()
            if holder is not None and holder.links.get(link.name) is link:
                further.append((holder, link.name, len(found) - 1))
        for follower in () if links_only else followers(storage.cls, name):
            if declared(storage, follower) is not None:
                further.append((storage, follower, None))
        waiting.extend(reversed(further))
    return found


def connect(storage, name, target, target_name, explicit):
    """Links a place to another, unless that one is linked to it by any number of links (S042)."""
    goal = storage_of(target)
    if any((s, n) == (goal, target_name) for s, n, _ in affected(storage, name, links_only=True)):
        here = f"'{name}' of '{storage.cls.__name__}' object"
        there = f"'{target_name}' of '{type(target).__name__}' object"
        raise DelegationError(f"delegating {here} to {there} would close a cycle")
    storage.links.pop(name, None)  # a new link is the last one
    link = storage.links[name] = Link(storage, name, target, target_name, explicit)
    # A dict that forgets links that are gone, and keeps the order of the others.
    goal.delegators.setdefault(target_name, weakref.WeakKeyDictionary())[link] = None


def goal_of(storage, name, leads):
    """The object to which a delegated name leads now, or None; a name that depends on itself has none (S045)."""
    if leads.via not in slots_of(storage.cls):
        return None
    if any((s, n) == (storage, leads.via) for s, n, _ in affected(storage, name)):
        return None
    value = shown(storage, leads.via)
    return value if slotted(value) and leads.target in slots_of(type(value)) else None


def settle(places):
    """Points delegated names at what their via slots show: again while one moves, for they can follow others (S045)."""
    for _ in range(len(places) + 1):
        moved = False
        for storage, name in places:
            leads, link = declared(storage, name), storage.links.get(name)
            if leads is None:
                continue
            goal = goal_of(storage, name, leads)
            if goal is None:
                moved |= storage.links.pop(name, None) is not None
            elif link is None or link.target is not goal or link.target_name != leads.target:
                connect(storage, name, goal, leads.target, explicit=False)
                moved = True
        if not moved:
            break


def alter(obj, storage, name, act, silent=False):
    """Lets `act` change a place, and tells the observers of all places that show it (S020, S041, S043)."""
    found = affected(storage, name)
    places = [(s, n) for s, n, _ in found]
    follow = [(s, n) for s, n in places if (leads := declared(s, n)) and (s, leads.via) in set(places)]
    heard = not silent and (thread.holds or any(observers(s, n) for s, n in places))

    def all_shown():
        values = []
        for s, n, parent in found:
            same = parent is not None and (s, n) not in follow
            values.append(values[parent] if same else shown(s, n))
        return values

    before = all_shown() if heard else None
    kept = dict(storage.values), set(storage.pending), {s: dict(s.links) for s, _ in [places[0], *follow]}
    try:
        act()
        settle([places[0], *follow])
    except DelegationError:
        storage.values, storage.pending, links = kept
        for s in links:
            s.links = links[s]
        raise
    if heard:
        tell(obj, places, before, all_shown())


def delegate(obj, slot, /, *, to, name=None):
    """Makes a slot of obj show a slot of another object, of the same name or another (S040, S043)."""
    name = slot if name is None else name
    if not slotted(obj):
        raise TypeError(f"delegate() needs an instance of Base, not {what(obj)}")
    check_slot(obj, slot)
    if not slotted(to):
        raise TypeError(f"delegate() target must be an instance of Base, not {what(to)}")
    check_slot(to, name)
    storage = storage_of(obj)
    refer(obj)
    alter(obj, storage, slot, lambda: connect(storage, slot, to, name, explicit=True))


def undelegate(obj, slot, /):
    """Ends a delegation: the object's own value, or its class's delegation, shows again (S043, S044)."""
    if not slotted(obj):
        raise TypeError(f"undelegate() needs an instance of Base, not {what(obj)}")
    check_slot(obj, slot)
    storage = storage_of(obj)
    link = storage.links.get(slot)
    if link is None or not link.explicit:
        words = "is not delegated" if declared(storage, slot) is None else "is delegated by its class"
        raise DelegationError(f"'{slot}' of '{type(obj).__name__}' object {words}")
    alter(obj, storage, slot, lambda: storage.links.pop(slot))


def check_slot(obj, name):
    """Refuses a name that is no slot of an instance."""
    check_name(name)
    if name not in slots_of(type(obj)):
        raise no_slot(obj, name, slots_of(type(obj)))


# Subscribing -------------------------------------------------------------------------------------------------------

# Subscriptions and events in the order in which they were made.
serials = itertools.count(1)


@final
class Subscription:
    """One callback for one slot, or for all, of an instance or a class (S024, S025)."""

    __slots__ = ("_name", "_serial", "_table", "_function", "_receiver", "__weakref__")

    def __new__(cls, *args, **keywords):
        raise TypeError("cannot create 'mortice.Subscription' instances")

    @property
    def active(self):
        """Whether the callback can still be called."""
        alive = self._receiver is None or self._receiver() is not None
        return self._function is not None and alive and self._table() is not None

    def cancel(self):
        """Ends the subscription; again, it does nothing."""
        table = self._table()
        if table is not None:
            table.subscriptions.pop(self._serial, None)
        self._function = self._receiver = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.cancel()

    def __repr__(self):
        name = "every slot" if self._name is None else f"'{self._name}'"
        return f"<Subscription to {name}, {'active' if self.active else 'inactive'}>"

    def _hold_weakly(self, receiver):
        """Replaces a bound method by its function and a weak reference, which ends the subscription."""
        this = weakref.ref(self)
        watched = receiver
        if slotted(receiver):
            watched = storage_of(receiver)
            refer(receiver)
        try:
            self._receiver = weakref.ref(watched, lambda _: (lost := this()) and lost.cancel())
        except TypeError:
            kind = type(receiver).__name__
            raise TypeError(f"cannot create weak reference to '{kind}' object: use strong=True") from None
        self._function = self._function.__func__

    def _call(self, change):
        function = self._function
        if function is None:
            return
        if self._receiver is not None:
            receiver = self._receiver()
            receiver = object_of(receiver) if isinstance(receiver, Storage) else receiver
            if receiver is None:
                return
            function = MethodType(function, receiver)
        function(change)


def subscribe(observed, name, callback, *, strong=False):
    """Base.observe: watches an instance, or every instance of a class (S022)."""
    of_class = isinstance(observed, BaseMeta)
    names = slots_of(observed if of_class else type(observed))
    check_name(name, also=" or None")
    if name is not None and name not in names:
        raise no_slot(observed, name, names)
    check_callable(callback, "observer")
    made = object.__new__(Subscription)
    made._name, made._serial, made._function, made._receiver = name, next(serials), callback, None
    table = state_of(observed) if of_class else storage_of(observed)
    made._table = weakref.ref(table)
    if isinstance(callback, MethodType) and not strong:
        made._hold_weakly(callback.__self__)
    table.subscriptions[made._serial] = made
    return made


def observe(*names):
    """Decorates a method to be called at changes of these slots, in every instance (S026)."""
    if not names:
        raise TypeError("observe() needs at least one slot name")
    for name in names:
        check_name(name, also=" or None")

    def mark(function):
        if not isinstance(function, FunctionType):
            raise TypeError(f"observe() decorates functions, not {what(function)}")
        function.__observes__ = names + getattr(function, "__observes__", ())
        return function

    return mark


def observers(storage, name, serial=float("inf")):
    """Those who hear of a place and were there before: subscriptions, and names of methods (S023, S028).

    The instance's first, then along the MRO each class's: its observing methods, then its subscriptions.
    """

    def wanted(table):
        return [s for s in table.subscriptions.values() if s._name in (name, None) and s._serial < serial]

    found = wanted(storage)
    methods = state_of(storage.cls).methods.items()
    for cls in storage.cls.__mro__:
        found += [method for method, (klass, names) in methods if klass is cls and (name in names or None in names)]
        if isinstance(cls, BaseMeta):
            found += wanted(state_of(cls))
    return found


# Telling -----------------------------------------------------------------------------------------------------------


class Thread(threading.local):
    """What each thread has of its own (S027, S030)."""

    def __init__(self):
        self.waiting, self.running = deque(), False
        self.holds, self.held = [], {}


thread = Thread()


class Event:
    """The changes of one write, and when it was made."""

    def __init__(self):
        self.serial, self.changes = next(serials), deque()

    def add(self, obj, storage, name, old, new):
        end, link = find(storage, name), storage.links.get(name)
        stored = end is not None and end[2] in order(end[1].cls, slot)
        compare = rules(end[1].cls, end[2]).compare if stored else "equal"
        source = None if link is None else (link.target, link.target_name)
        self.changes.append((storage, compare, Change(obj, name, old, new, source)))


def tell(obj, places, before, after):
    """Makes an event of the changes that somebody could hear; holds keep theirs back (S030)."""
    event = Event()
    for (storage, name), old, new in zip(places, before, after):
        held = any(one.covers(storage) for one in thread.holds)
        if held and (storage, name) in thread.held or not (held or observers(storage, name)):
            continue
        owner = obj if storage is places[0][0] and obj is not None else object_of(storage)
        if owner is not None and held:
            thread.held[storage, name] = owner, old
        elif owner is not None:
            event.add(owner, storage, name, old, new)
    emit(event)


def emit(event):
    """Puts an event behind those that wait, and runs them unless one is running (S027, S029)."""
    thread.waiting.append(event)
    if thread.running:
        return
    errors, thread.running = [], True
    try:
        while thread.waiting:
            run(thread.waiting.popleft(), errors)
    finally:
        thread.running = False
    if errors:
        error = errors[0] if len(errors) == 1 else BaseExceptionGroup("observers raised", list(errors))
        errors.clear()  # the frames of the errors know the list
        try:
            raise error
        finally:
            del error


def run(event, errors):
    """Calls the observers of each change, whatever they raise (S028, S029)."""
    while event.changes:  # a change that was told keeps nothing alive
        tell_change(event, errors)


def tell_change(event, errors):
    storage, compare, change = event.changes.popleft()
    found = observers(storage, change.name, event.serial)
    try:
        if not found or not differ(change.old, change.new, compare):
            return
    except BaseException as error:  # no Exception: the change is heard, and the error too
        errors.append(error)
    for observer in found:
        try:
            if isinstance(observer, Subscription):
                observer._call(change)
            elif (method := getattr(change.object, observer)) is not None:
                method(change)
        except BaseException as error:
            errors.append(error)


@final
class hold:
    """Delays the events of this thread, of all objects or some, and joins those of each place (S030)."""

    def __init__(self, *objects):
        for obj in objects:
            if not slotted(obj):
                raise TypeError(f"hold() needs instances of Base, not {what(obj)}")
        self._objects = objects

    def covers(self, storage):
        return not self._objects or any(storage_of(obj) is storage for obj in self._objects)

    def __enter__(self):
        thread.holds.append(self)
        return self

    def __exit__(self, *error):
        if self not in thread.holds:
            raise RuntimeError("hold is not open in this thread")
        thread.holds.remove(self)
        emit(released())

    def __repr__(self):
        return f"<hold of {count_of(len(self._objects), 'object') if self._objects else 'everything'}>"


def released():
    """The held changes that no open hold covers any more, as an event."""
    event = Event()
    for (storage, name), (obj, old) in list(thread.held.items()):
        if not any(one.covers(storage) for one in thread.holds):
            del thread.held[storage, name]
            event.add(obj, storage, name, old, shown(storage, name))
    return event


# Base --------------------------------------------------------------------------------------------------------------


class Observe:
    """Base.observe, for instances and for classes."""

    def __get__(self, obj, cls):
        return MethodType(subscribe, cls if obj is None else obj)


# The flag of classes that Python itself refuses to assign.
IMMUTABLE = 1 << 8


def construct(obj, name, value):
    """Writes a keyword of the constructor: silently, unless it leads to another object (S014)."""
    storage = storage_of(obj)
    own = name not in storage.links and declared(storage, name) is None
    write(obj, storage, name, value, silent=own)


class Base(metaclass=BaseMeta):
    """What classes with observable slots inherit from."""

    __slots__ = ("__dict__",)
    observe = Observe()

    def __new__(cls, *args, **keywords):
        following = super(Base, cls).__new__
        made = following(cls) if following is object.__new__ else following(cls, *args, **keywords)
        storage_of(made)
        return made

    def __init__(self, /, *args, **values):
        """Takes slots as keywords and emits nothing, but for those that lead to other objects (S014)."""
        cls = type(self)
        if args:
            raise TypeError(f"{cls.__name__}() takes no positional arguments")
        check_keywords(cls, cls.__name__, values)
        for name, value in values.items():
            construct(self, name, value)

    def __setattr__(self, name, value):
        check_attribute(self, name)
        if name == "__dict__":
            BaseMeta.instance_dict.__set__(self, value)
        else:
            super(Base, self).__setattr__(name, value)

    def __delattr__(self, name):
        check_attribute(self, name)
        super(Base, self).__delattr__(name)

    def __repr__(self):
        return represent(self, super(Base, type(self)).__repr__, values_shown)

    def __sizeof__(self):
        """Counts eight bytes for each slot (S006)."""
        bases = [base for base in type(self).__mro__ if not isinstance(base, BaseMeta)]
        native = next(base for base in bases if "__sizeof__" in vars(base))
        return native.__sizeof__(self) + 8 * len(order(type(self), slot))

    def __getstate__(self):
        """What Python itself would copy, the values, the names that are unset, and the delegations (S051)."""
        storage = storage_of(self)
        unset = [n for n in order(type(self), slot) if n not in storage.values and n not in storage.pending]
        links = [(n, link.target, link.target_name) for n, link in storage.links.items() if link.explicit]
        values = {n: storage.values[n] for n in order(type(self), slot) if n in storage.values}
        own = object.__getstate__(self)
        attributes, members = own if isinstance(own, tuple) else (own, None)
        return dict(attributes or {}), members or {}, values, unset, links

    def __setstate__(self, state):
        """Restores all that without rules, events and observers (S003, S051)."""
        attributes, members, values, unset, links = state
        storage = storage_of(self)
        real_dict().__get__(self).update(attributes)
        for name, value in members.items():
            setattr(self, name, value)
        for name, target, target_name in links:
            alter(self, storage, name, lambda: connect(storage, name, target, target_name, True), silent=True)
        for name, value in values.items():
            alter(self, storage, name, lambda: put(storage, name, value), silent=True)
        for name in unset:
            alter(self, storage, name, lambda: drop(storage, name), silent=True)

    def __replace__(self, /, **values):
        """A copy with other values in some slots, written as by the constructor (S003, S014, S051)."""
        cls = type(self)
        check_keywords(cls, f"{cls.__name__}.__replace__", values)
        copied = copy.copy(self)
        if copied is self or type(copied) is not cls:
            raise TypeError(f"copy of '{cls.__name__}' object is not another '{cls.__name__}' object")
        for name, value in values.items():
            end, other = find(storage_of(self), name), find(storage_of(copied), name)
            if end is not None and other is not None and end[1:] == other[1:]:
                there = f"'{end[2]}' of '{end[1].cls.__name__}' object"
                raise DelegationError(f"replacing '{name}' of '{cls.__name__}' object would change {there} too")
            construct(copied, name, value)
        return copied

    def change_class(self, cls):
        """Allows classes with the same storage and the same slots (S010, S054)."""
        storage, old = storage_of(self), type(self)
        mutable = isinstance(cls, type) and not cls.__flags__ & IMMUTABLE
        if Base in (cls, old):
            raise TypeError("__class__ assignment only supported for mutable types or ModuleType subclasses")
        if mutable and not same_slots(old, cls):
            raise TypeError(f"__class__ assignment: '{cls.__name__}' object layout differs from '{old.__name__}'")
        object.__dict__["__class__"].__set__(self, cls)
        seal(cls, "its first instance")
        storage.cls = cls
        pending, storage.pending = storage.pending, set()
        begin(storage, pending)
        settle([(storage, name) for name in order(cls, delegated)])

    __class__ = property(lambda self: type(self), change_class)


type.__delattr__(Base, "change_class")
