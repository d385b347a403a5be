"""What a change carries, and the methods that hear it, by each way that the wheel has for them."""

import pytest
from mortice import Base, delegated, observe, slot
from process import run


class Stock(Base):
    price = slot(0)


class Order(Base):
    stock = slot()
    price = delegated("stock")


def test_the_changes_of_an_event_have_their_sources():
    first, second = Stock(), Stock()
    orders = [Order(stock=stock) for stock in (first, second, first, second)]
    followers = [Order(stock=order) for order in orders]
    heard = []
    for order in orders + followers:
        order.observe("price", heard.append)
    # Both events wait until the first one has run.
    token = first.observe("price", lambda change: setattr(second, "price", change.new + 1))
    first.price = 1
    token.cancel()
    assert [(change.object, change.source) for change in heard] == [
        (orders[0], (first, "price")),
        (followers[0], (orders[0], "price")),
        (orders[2], (first, "price")),
        (followers[2], (orders[2], "price")),
        (orders[1], (second, "price")),
        (followers[1], (orders[1], "price")),
        (orders[3], (second, "price")),
        (followers[3], (orders[3], "price")),
    ]


KEPT = """
import gc, weakref
from mortice import Base, delegated, slot
class Stock(Base):
    __slots__ = ("__weakref__",)
    price = slot(0)
class Order(Base):
    stock = slot()
    price = delegated("stock")
stock = Stock()
orders = [Order(stock=stock) for _ in range(3)]
for order in orders:
    order.observe("price", lambda change: print(change.source == (stock, "price")))
stock.price = 1
reference = weakref.ref(stock)
del stock, order, orders
gc.collect()
print(reference())
"""


def test_an_event_keeps_no_source_alive():
    assert run(KEPT) == "True\n" * 3 + "None\n"


def test_methods_are_looked_up_on_the_object_at_each_call():
    calls = []

    class A(Base):
        x = slot(0)

        @observe("x")
        def on_x(self, change):
            calls.append(("A", self, change.new))

    class WithDict(A):
        __slots__ = ("__dict__",)

    class Asking(A):
        def __getattribute__(self, name):
            if name == "on_x":
                return lambda change: calls.append(("asked", self, change.new))
            return super().__getattribute__(name)

    class Missing(A):
        on_x = property(lambda self: None)

    class Static(A):
        on_x = staticmethod(lambda change: calls.append(("static", None, change.new)))

    plain, with_dict, asking = A(), WithDict(), Asking()
    plain.x = with_dict.x = asking.x = Missing().x = 1
    Static().x = 1
    assert calls == [("A", plain, 1), ("A", with_dict, 1), ("asked", asking, 1), ("static", None, 1)]
    calls.clear()
    with_dict.on_x = lambda change: calls.append(("own", None, change.new))
    with_dict.x = 2
    A.on_x = lambda self, change: calls.append(("new", self, change.new))
    plain.x = 2
    assert calls == [("own", None, 2), ("new", plain, 2)]
    A.on_x = 5
    with pytest.raises(TypeError, match="'int' object is not callable"):
        plain.x = 3
    del A.on_x
    with pytest.raises(AttributeError, match="on_x"):
        plain.x = 4
    assert plain.x == 4
