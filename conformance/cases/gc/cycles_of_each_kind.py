# cites: B285 B283 B242
import gc
import weakref


class Target:
    pass


class Slotted:
    __slots__ = ("x",)


def by_list(t):
    holder = [t]
    t.holder = holder


def by_tuple(t):
    t.holder = (1, (2, t))


def by_dict(t):
    t.holder = {"key": t}


def by_key(t):
    t.holder = {t: "value"}


def by_set(t):
    t.holder = {t}


def by_frozenset(t):
    t.holder = frozenset([t])


def by_slot(t):
    s = Slotted()
    s.x = t
    t.holder = s


def by_closure(t):
    t.holder = lambda: t


def by_default(t):
    t.holder = lambda x=t: x


def by_method(t):
    t.holder = t.__repr__


def by_exception(t):
    t.holder = ValueError(t)


def by_cause(t):
    t.holder = ValueError()
    t.holder.__cause__ = KeyError(t)


def by_traceback(t):
    try:
        raise ValueError
    except ValueError as problem:
        t.holder = problem


def by_iterator(t):
    t.holder = iter([t])


def by_map(t):
    t.holder = map(len, [t])


def by_slice(t):
    t.holder = slice(t)


def by_property(t):
    t.holder = property(lambda self: t)


def by_partial_super(t):
    t.holder = super(Target, t)


def by_class(t):
    t.holder = type("Local", (), {"t": t})


def by_metaclass(t):
    t.holder = type("Meta", (type,), {"t": t})("Local", (), {})


def by_module(t):
    t.holder = type(gc)("made")
    t.holder.t = t


def by_weak_callback(t):
    t.holder = weakref.ref(Target, lambda ref, t=t: None)


def by_dict_view(t):
    t.holder = {"k": t}.values()


def by_proxy_of_class(t):
    t.holder = type("Local", (), {"t": t}).__dict__


gc.collect()
gc.disable()
for make in (by_list, by_tuple, by_dict, by_key, by_set, by_frozenset, by_slot, by_closure, by_default, by_method, by_exception, by_cause, by_traceback, by_iterator, by_map, by_slice, by_property, by_partial_super, by_class, by_metaclass, by_module, by_weak_callback, by_dict_view, by_proxy_of_class):
    target = Target()
    ref = weakref.ref(target)
    make(target)
    del target
    before = ref() is not None
    found = gc.collect() > 0
    tag = "B285" if make is by_tuple else "B283" if make in (by_class, by_metaclass) else "B242"
    print(tag, make.__name__, before, found, ref() is None)
gc.enable()
