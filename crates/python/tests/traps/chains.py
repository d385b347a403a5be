"""Objects that hang on one another, deeper than a C stack is."""

import gc

from mortice import Base, delegate, hold, slot

DEPTH = 10_000


class Node(Base):
    next = slot()
    value = slot(0)


class Free(Node):
    __slots__ = ("__dict__", "__weakref__", "m")


class Items(Node, list):
    pass


class Failure(Node, Exception):
    pass


def chain(cls):
    head = None
    for number in range(DEPTH):
        head = cls(next=head, value=number)
    return head


def trap_long_chains_end():
    for cls in (Node, Free, Items, Failure):
        head = chain(cls)
        assert head.value == DEPTH - 1
        del head
        first = chain(cls)
        last = first
        while last.next is not None:
            last = last.next
        last.next = first
        del first, last
        assert gc.collect() >= DEPTH


def trap_long_chains_through_other_things():
    head = None
    for number in range(DEPTH):
        head = Node(next=[head], value=number)
    del head
    head = None
    for number in range(DEPTH):
        head = Free(next=head)
        head.m, head.free = (head.next,), {"next": head.next}
    del head
    gc.collect()


def trap_long_chains_of_finalizers():
    count = 0

    class Counts(Node):
        def __del__(self):
            nonlocal count
            count += 1

    head = chain(Counts)
    del head
    assert count == DEPTH
    kept = []

    class Stays(Node):
        def __del__(self):
            kept.append(self)

    head = chain(Stays)
    del head
    for number in reversed(range(DEPTH)):
        # The head comes back, and takes the next one with it; it ends for good when it is let go again.
        assert [obj.value for obj in kept] == [number]
        kept.clear()
    assert not kept


def trap_long_chains_of_delegation():
    first = Node(value="far")
    last = first
    for _ in range(DEPTH):
        node = Node()
        try:
            delegate(node, "value", to=last)
        except RecursionError:
            break
        last = node
    try:
        assert last.value == "far"
        last.value = "written"
        assert first.value == "written"
    except RecursionError:
        pass
    del first, last, node
    gc.collect()


def trap_long_chains_of_subscriptions():
    nodes = [Node() for _ in range(DEPTH)]
    for one, two in zip(nodes, nodes[1:]):
        one.observe("value", lambda change, two=two: setattr(two, "value", change.new))
    with hold():
        nodes[0].value = 1
    assert all(node.value == 1 for node in nodes)
    subscription = nodes[0].observe("value", print)
    subscription.cancel()
    nodes.clear()
    del one, two, subscription
    gc.collect()


def trap_recursion_to_the_limit():
    class Deep(Base):
        x = slot()

        def __eq__(self, other):
            return self.x == other.x

    one, two = Deep(), Deep()
    one.x, two.x = two, one
    one.observe("x", lambda change: None)
    for _ in range(3):
        try:
            one.x = Deep(x=one)
        except RecursionError:
            pass
        assert type(one.x) is Deep
    one.x = two.x = None
