"""Every way to reach a slot of an object, beside the attribute itself."""

import inspect
import operator

from mortice import Base, slots


class Saved:
    """The descriptors of some classes and their bound methods, kept from before other classes were made."""

    def __init__(self, *classes):
        self.rows = []
        for cls in classes:
            for name in slots(cls):
                for owner in cls.__mro__:
                    if name in vars(owner):
                        self.keep(owner, name)
                        break

    def keep(self, owner, name):
        raw = vars(owner)[name]
        self.rows.append((owner, name, raw, raw.__get__, raw.__set__, raw.__delete__))


def or_type_error(call, *args):
    """What the call returns; TypeError itself where it is raised, which is safe."""
    try:
        return call(*args)
    except TypeError:
        return TypeError


def expect(obj, values):
    """Every slot holds the value of that name, whichever way it is read."""
    cls = type(obj)
    for name, value in values.items():
        assert getattr(obj, name) is value, name
        assert object.__getattribute__(obj, name) is value, name
        assert operator.attrgetter(name)(obj) is value, name
        assert inspect.getattr_static(obj, name).__get__(obj, cls) is value, name
        for owner in cls.__mro__:
            if name in vars(owner):
                raw = vars(owner)[name]
                assert raw.__get__(obj) is value and raw.__get__(obj, cls) is value, (owner, name)
                assert type(raw).__get__(raw, obj, cls) is value, (owner, name)
        for before in cls.__mro__[:-1]:
            found = getattr(super(before, obj), name, TypeError)
            assert found is value or found is TypeError, (before, name, found)


def walk(obj, *saved):
    """Writes each slot by each route and looks at all of them after each write."""
    cls = type(obj)
    values = {name: object() for name in slots(cls)}
    for name, value in values.items():
        setattr(obj, name, value)
    expect(obj, values)
    for name in values:
        writers = [lambda value: object.__setattr__(obj, name, value)]
        for owner in cls.__mro__:
            if name in vars(owner):
                writers.append(lambda value, raw=vars(owner)[name]: raw.__set__(obj, value))
                writers.append(lambda value, raw=vars(owner)[name]: type(raw).__set__(raw, obj, value))
        for write in writers:
            value = object()
            if or_type_error(write, value) is not TypeError:
                values[name] = value
            expect(obj, values)
    for rows in saved:
        for owner, name, raw, get, set_, delete in rows.rows:
            if owner not in cls.__mro__:
                assert or_type_error(raw.__get__, obj) is TypeError, (owner, name)
                assert or_type_error(get, obj) is TypeError, (owner, name)
                assert or_type_error(set_, obj, 1) is TypeError, (owner, name)
                assert or_type_error(delete, obj) is TypeError, (owner, name)
                expect(obj, values)
                continue
            assert raw.__get__(obj, cls) is values[name], (owner, name)
            assert or_type_error(get, obj, cls) in (values[name], TypeError), (owner, name)
            value = object()
            if or_type_error(set_, obj, value) is not TypeError:
                values[name] = value
            expect(obj, values)
            if or_type_error(delete, obj) is not TypeError:
                assert not hasattr(obj, name)
                setattr(obj, name, values[name])
            expect(obj, values)
            raw.__delete__(obj)
            assert not hasattr(obj, name)
            others = {other: value for other, value in values.items() if other != name}
            expect(obj, others)
            setattr(obj, name, values[name])
            expect(obj, values)


def refuses(kind, call, *args, **keywords):
    """The call raises that."""
    try:
        call(*args, **keywords)
    except kind:
        return
    raise AssertionError(f"{call} did not raise {kind.__name__}")


assert isinstance(Base, type)
