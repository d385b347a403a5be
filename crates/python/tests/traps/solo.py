"""Instances that one observer watches, who is kept in the companion itself until something comes beside it."""

import gc
import os
import weakref

from mortice import Base, delegate, hold, slot


class Node(Base):
    x = slot(0)
    y = slot(1)


class Watcher:
    def hear(self, change):
        pass


def trap_subscriptions_outlive_their_instance():
    for others in ((), ("y",), ("y", None)):
        node = Node()
        kept = [node.observe("x", print)] + [node.observe(name, print) for name in others]
        assert all(one.active for one in kept)
        del node
        gc.collect()
        rest = [Node() for _ in range(100)]
        assert not any(one.active for one in kept)
        for one in kept:
            one.cancel()
        del rest


def trap_a_second_subscription_takes_the_place_of_a_cancelled_one():
    node, heard = Node(), []
    first = node.observe("x", heard.append)
    first.cancel()
    second = node.observe("y", heard.append)
    assert second.active and not first.active
    first.cancel()
    node.x, node.y = 5, 6
    assert [change.new for change in heard] == [6]
    del heard[:], node
    assert not second.active and not first.active
    node = Node()
    assert not second.active and not first.active


def trap_what_comes_beside_the_only_observer_keeps_it():
    def others(node):
        yield node.observe("x", heard.append)
        yield node.observe(None, heard.append)
        yield delegate(node, "y", to=Node())
        yield delegate(Node(), "y", to=node)
        with hold(node):
            yield
        del node.y
        yield
        yield node.observe("y", Watcher().hear)

    for steps in range(8):
        node, heard = Node(), []
        only = node.observe("x", heard.append)
        number = 0
        for number, _ in zip(range(steps), others(node)):
            node.x = number + 1
        assert only.active
        del heard[:]
        node.x = 100
        assert heard and all(change.new == 100 for change in heard)
        only.cancel()
        assert not only.active


def trap_the_collector_sees_the_only_observer():
    node, watcher = Node(), Watcher()
    watcher.node = node
    kept = node.observe("x", watcher.hear, strong=True)
    gone = weakref.ref(watcher)
    del node, watcher
    gc.collect()
    assert gone() is None and not kept.active


def trap_a_comparison_that_subscribes_leaves_the_only_observer():
    class Equal:
        def __eq__(self, other):
            node.observe("x", late.append)
            return False

    node, heard, late = Node(), [], []
    node.observe("x", heard.append)
    node.x = Equal()
    assert (len(heard), len(late)) == (1, 0)
    node.x = Equal()
    assert (len(heard), len(late)) == (2, 1)


def trap_observers_that_keep_one_another_end():
    last = None
    for _ in range(200_000):
        node = Node()
        if last is not None:
            node.observe("x", (lambda kept: lambda change: kept)(last), strong=True)
        last = node
    del last, node
    gc.collect()


def rounds(count):
    for number in range(count):
        node = Node(x=number)
        kept = node.observe("x", lambda change: None)
        if number % 5 == 0:
            node.observe("y", lambda change: None)
        if number % 7 == 0:
            delegate(node, "y", to=Node())
        if number % 3:
            kept.cancel()
        if number % 2:
            del kept


def resident():
    """Pages of the process that are in memory."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1])


def trap_a_million_rounds_leave_nothing():
    if not os.path.exists("/proc/self/statm") or "ASAN_OPTIONS" in os.environ:
        # The sanitizer keeps what is released.
        return
    rounds(50_000)
    gc.collect()
    before, objects = resident(), len(gc.get_objects())
    rounds(1_000_000)
    gc.collect()
    assert len(gc.get_objects()) - objects < 10
    # A byte for each round would be 244 pages.
    assert resident() - before < 200, f"{resident() - before} pages are not given back"
