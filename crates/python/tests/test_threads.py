"""Queues and holds belong to a thread: two real ones, which hand over to each other by events."""

import gc
import threading
import weakref

import pytest
from mortice import Base, hold, slot

SECONDS = 60


class Item(Base):
    __slots__ = ("__weakref__",)
    x = slot(0)
    y = slot(0)


def start(act, *arguments):
    """Runs a function in a thread of its own. What comes back waits for its end, and gives what it gives."""
    results = []

    def run():
        try:
            results.append((act(*arguments), None))
        except BaseException as error:
            results.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def ended():
        thread.join(SECONDS)
        assert results, "the thread did not end"
        result, error = results[0]
        if error is not None:
            raise error
        return result

    return ended


def in_thread(act, *arguments):
    """Runs a function in a thread of its own while this one waits, and returns what it gives."""
    return start(act, *arguments)()


def heard_by(*items):
    """A list of what is heard of these objects, with the thread that tells it."""
    heard = []

    def hear(change):
        heard.append((threading.get_ident(), items.index(change.object), change.name, change.old, change.new))

    for item in items:
        item.observe(None, hear)
    return heard


def test_a_hold_does_not_delay_another_thread():
    item, other = Item(), Item()
    heard = heard_by(item, other)

    def write():
        me = threading.get_ident()
        other.x = 1
        item.y = 2
        assert heard == [(me, 1, "x", 0, 1), (me, 0, "y", 0, 2)]

    for held in [(), (item, other)]:
        with hold(*held):
            item.x = 1
            assert heard == []
            in_thread(write)
            heard.clear()
            item.x = 2
            assert heard == []
        assert heard == [(threading.get_ident(), 0, "x", 0, 2)]
        item.x = item.y = other.x = 0
        heard.clear()


def test_holds_of_two_threads_end_each_for_itself():
    item, other = Item(), Item()
    heard = heard_by(item, other)
    begun, ended = threading.Event(), threading.Event()
    numbers = []

    def holding():
        numbers.append(threading.get_ident())
        with hold():
            item.x = 1
            other.x = 1
            begun.set()
            assert ended.wait(SECONDS)
            assert heard == [(main, 0, "x", 1, 5)]
            heard.clear()

    main = threading.get_ident()
    with hold(item):
        thread_ended = start(holding)
        assert begun.wait(SECONDS)
        item.x = 5
        assert heard == []
    ended.set()
    thread_ended()
    assert heard == [(numbers[0], 0, "x", 0, 5), (numbers[0], 1, "x", 0, 1)]


def test_a_thread_tells_at_once_while_another_is_inside_an_observer():
    first, second = Item(), Item()
    lines = []
    go, done = threading.Event(), threading.Event()

    def inside(change):
        lines.append("first begins")
        first.y = 1  # waits for the running event of this thread
        go.set()
        assert done.wait(SECONDS)
        lines.append("first ends")

    def writes_more(change):
        lines.append(f"second.x {change.new}")
        second.y = 10 * change.new  # waits for this event
        lines.append("second.y is written")

    first.observe("x", inside)
    first.observe("y", lambda change: lines.append("first.y"))
    second.observe("x", writes_more)
    second.observe("y", lambda change: lines.append(f"second.y {change.new}"))

    def other():
        assert go.wait(SECONDS)
        second.x = 1
        lines.append("between")
        second.x = 2
        done.set()

    ended = start(other)
    first.x = 1
    ended()
    assert lines == [
        "first begins",
        *["second.x 1", "second.y is written", "second.y 10"],
        "between",
        *["second.x 2", "second.y is written", "second.y 20"],
        "first ends",
        "first.y",
    ]


def test_an_error_reaches_the_writer_of_its_thread():
    first, second = Item(), Item()

    def fail(change):
        raise ValueError("second")

    def write():
        with pytest.raises(ValueError, match="second"):
            second.x = 1
        return second.x

    second.observe("x", fail)
    results = []
    first.observe("x", lambda change: results.append(in_thread(write)))
    first.x = 1
    assert results == [1]


def test_a_hold_is_ended_by_the_thread_that_began_it():
    item = Item()
    heard = heard_by(item)
    block = hold()

    def end():
        with pytest.raises(RuntimeError, match="hold is not open in this thread"):
            block.__exit__(None, None, None)
        with block:
            item.y = 1
            assert heard == []
        return heard.copy()

    with block:
        item.x = 1
        assert [line[2:] for line in in_thread(end)] == [("y", 0, 1)]
        heard.clear()
        item.x = 2
    assert [line[2:] for line in heard] == [("x", 0, 2)]
    with pytest.raises(RuntimeError, match="hold is not open in this thread"):
        block.__exit__(None, None, None)


def test_holds_end_with_their_thread():
    item = Item()
    heard = heard_by(item)
    kept = []

    def leave_open():
        block = hold()
        block.__enter__()
        kept.append(block)
        gone = Item()
        gone.observe("x", heard.append)
        item.x = gone.x = gone
        return weakref.ref(gone)

    def write(number):
        item.y = number

    for number in range(1, 20):
        reference = in_thread(leave_open)
        assert heard == []
        # The system may give this thread the number of the one that ended.
        in_thread(write, number)
        assert [line[2:] for line in heard] == [("y", number - 1, number)]
        heard.clear()
        with pytest.raises(RuntimeError, match="hold is not open in this thread"):
            kept[-1].__exit__(None, None, None)
        gone = item.x
        item.x = 0
        assert [line[2:] for line in heard] == [("x", gone, 0)]
        heard.clear()
        del gone
        gc.collect()
        assert reference() is None, "what the thread held is let go of"


def test_a_generator_does_not_carry_its_hold_to_another_thread():
    item = Item()
    heard = heard_by(item)

    def steps():
        with hold():
            item.x = 1
            yield
            item.x = 2

    def go_on(generator):
        with pytest.raises(RuntimeError, match="hold is not open in this thread"):
            next(generator)

    def begin():
        generator = steps()
        next(generator)
        in_thread(go_on, generator)
        item.y = 1

    in_thread(begin)
    assert [line[2:] for line in heard] == [("x", 1, 2)]
