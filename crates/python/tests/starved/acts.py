"""What is done while memory runs out."""

import copy
import pickle

from mortice import UNSET, Base, delegate, delegated, hold, layout, slot, slots, undelegate


class Node(Base):
    x = slot(0)
    y = slot(1)
    z = slot(factory=list)


class Other(Base):
    w = slot(2)


class Both(Node, Other):
    v = slot(3)


class Carrier(Base):
    node = slot()
    x = delegated("node")


class Typed(Base):
    x = slot(0, type=int, validate=lambda node, value: value + 1)


def values(node):
    return {name: getattr(node, name) for name in ("x", "y") if hasattr(node, name)}


def works(node):
    """A write is heard once by who subscribes now, and no more once that was cancelled."""
    heard = []
    kept = node.observe("x", heard.append)
    node.x = object()
    kept.cancel()
    node.x = 0
    assert len(heard) == 1 and heard[0].object is node and heard[0].name == "x"


def starve_a_class():
    made = []

    def do():
        made.append(type(Base)("Made", (Node, Other), {"__doc__": "made", "u": slot(5, doc="late"), "o": slot()}))

    def check(failed):
        assert failed or made
        for cls in made:
            assert list(slots(cls)) == ["x", "y", "z", "w", "u", "o"] and layout(cls)
            works(cls(u=6))
        works(Both())

    return do, check


def starve_a_late_slot():
    cls = type(Base)("Late", (Node,), {})

    def do():
        cls.late = slot(7)

    def check(failed):
        assert ("late" in slots(cls)) or failed
        node = cls()
        assert not failed or "late" not in slots(cls) or node.late == 7
        works(node)

    return do, check


def starve_an_instance():
    made = [None, None, None]

    def do():
        made[0] = Both()
        made[1] = Both(x=5, v=6)
        made[2] = Typed(x=5)

    def check(failed):
        for node, x in zip(made, (0, 5, 6)):
            assert node.x == x if node else failed
        works(made[0] or Both())
        works(made[1] or Both())

    return do, check


def starve_a_subscription():
    node, heard, kept = Node(), [], [None, None]
    hear = heard.append

    def do():
        kept[0] = node.observe("x", hear)
        kept[1] = node.observe(None, hear)

    def check(failed):
        assert failed or None not in kept
        kept[:] = filter(None, kept)
        node.x = 5
        assert len(heard) == len(kept) and all(one.active for one in kept), (failed, heard, kept)
        for one in kept:
            one.cancel()
        node.x = 6
        assert len(heard) == len(kept)
        works(node)

    return do, check


def starve_a_subscription_to_a_class():
    cls, heard, kept = type(Base)("Watched", (Node,), {}), [], [None]
    node, hear = cls(), heard.append

    def do():
        kept[0] = cls.observe("x", hear)

    def check(failed):
        assert failed or None not in kept
        kept[:] = filter(None, kept)
        node.x = 5
        assert len(heard) == len(kept)
        for one in kept:
            one.cancel()
        works(node)

    return do, check


def starve_a_write():
    node, heard = Node(), []
    kept = [node.observe("x", lambda change: heard.append(change.new)) for _ in range(3)]
    new = object()

    def do():
        node.x = new
        del node.y

    def check(failed):
        assert node.x in (0, new) and all(one.active for one in kept)
        assert set(heard) <= {new} and len(heard) <= 3
        assert node.x is new or not heard
        assert failed or len(heard) == 3 and not hasattr(node, "y")
        del heard[:]
        node.x = 5
        assert heard == [5, 5, 5], heard
        works(node)

    return do, check


def starve_writes_of_observers():
    node, heard = Node(), []
    node.observe("x", lambda change: setattr(node, "y", change.new))
    node.observe("y", lambda change: heard.append(change.new))

    def do():
        node.x = 5

    def check(failed):
        assert node.x in (0, 5) and node.y in (1, 5)
        assert failed or heard == [5]
        del heard[:]
        node.x = 6
        assert heard == [6] and node.y == 6
        works(node)

    return do, check


def starve_delegation():
    node, target, heard = Node(), Node(x=5), []
    node.observe("x", lambda change: heard.append(change.new))
    done = []

    def do():
        delegate(node, "x", to=target)
        done.append("delegated")
        target.x = 6
        done.append("written")
        undelegate(node, "x")
        done.append("undelegated")

    def check(failed):
        assert failed or len(done) == 3
        assert node.x in (0, 5, 6) and target.x in (5, 6)
        undelegate(node, "x") if failed and done[:1] and node.x == target.x else None
        del heard[:]
        node.x = 7
        assert heard == [7] and node.x == 7
        works(node)
        works(target)

    return do, check


def starve_a_delegated_name():
    made, heard = [], []
    first, second = Node(x=5), Node(x=6)

    def do():
        carrier = Carrier(node=first)
        made.append(carrier)
        carrier.observe("x", lambda change: heard.append(change.new))
        carrier.node = second
        carrier.x = 7

    def check(failed):
        assert failed or heard == [6, 7]
        for carrier in made:
            assert carrier.node in (first, second)
            assert carrier.x == carrier.node.x
            carrier.node = first
            carrier.x = 8
            assert first.x == 8 and carrier.x == 8
        works(first)
        works(second)

    return do, check


def starve_a_hold():
    node, heard = Node(), []
    node.observe("x", lambda change: heard.append((change.old, change.new)))

    def do():
        with hold(node):
            node.x = 5
            node.x = 6

    def check(failed):
        assert node.x in (0, 5, 6)
        assert failed or heard == [(0, 6)]
        assert len(heard) <= 1
        del heard[:]
        node.x = 7
        assert [new for _, new in heard] == [7], heard
        works(node)

    return do, check


def starve_copies():
    node, made = Both(x=5), []
    node.z.append(6)
    delegate(node, "y", to=Node(y=7))

    def do():
        made.append(copy.copy(node))
        made.append(copy.deepcopy(node))
        made.append(pickle.loads(pickle.dumps(node)))
        made.append(node.__replace__(x=5))

    def check(failed):
        assert failed or len(made) == 4
        for one in [node, *made]:
            assert (one.x, one.y, one.z, one.v) == (5, 7, [6], 3)
            works(one)

    return do, check


def starve_other_classes():
    node = type(Base)("One", (Node,), {})()
    node.observe("x", lambda change: None)
    other = type(Base)("Two", (Node,), {})
    node.x = 5

    def do():
        node.__class__ = other

    def check(failed):
        assert failed or type(node) is other
        assert node.x == 5 and node.y == 1
        works(node)

    return do, check


def starve_words():
    node = Both(x="x")

    def do():
        repr(node)
        layout(Both)
        slots(Both)
        node.z
        for act in (lambda: node.none, lambda: Both(none=1), lambda: node.observe("none", print)):
            try:
                act()
            except (AttributeError, TypeError):
                pass

    def check(failed):
        assert node.z in ([], UNSET)
        works(node)

    return do, check
