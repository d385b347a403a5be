# cites: S050 S025

# Cycles through values, observers, subscriptions and delegations are collected.

import gc
import weakref

from mortice import Base, delegate, delegated, slot


class A(Base):
    __slots__ = ("__weakref__",)
    x = slot()
    y = slot()
    follows = delegated("y", "x")

    def hear(self, change):
        pass


def through_value(a):
    a.x = a


def through_container(a):
    a.x = [{"a": (a,)}]


def through_callback(a):
    a.observe("x", lambda change: a)


def through_subscription(a):
    a.x = a.observe("y", a.hear, strong=True)


def through_weak_method(a):
    a.x = a.observe(None, a.hear), a


def through_delegation(a):
    b = A(y=a)
    delegate(a, "y", to=b, name="x")
    b.x = b


def through_class_delegation(a):
    b = A()
    a.y = b
    b.x = a


def through_each_other(a):
    b = A(x=a)
    a.observe("x", b.hear)
    b.observe("x", lambda change: (a, b))
    a.y = b


gc.disable()
gc.collect()
for make in (
    through_value,
    through_container,
    through_callback,
    through_subscription,
    through_weak_method,
    through_delegation,
    through_class_delegation,
    through_each_other,
):
    a = A()
    make(a)
    reference = weakref.ref(a)
    del a
    still = reference() is not None
    gc.collect()
    print("S050", make.__name__, still, reference() is None)

# Without a cycle nothing waits for the collector.
a = A(x=1)
a.observe("x", lambda change: None)
b = A(y=a)
subscription = b.observe("follows", a.hear)
a.x = 2
references = [weakref.ref(one) for one in (a, b)]
del a, b
print("S025", [reference() for reference in references], subscription.active)


# A class and its observers.
def make_class():
    class C(A):
        pass

    C.observe("x", lambda change: C)
    C().x = 1
    return weakref.ref(C)


reference = make_class()
gc.collect()
gc.collect()
print("S050", reference())
