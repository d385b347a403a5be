"""What is shown of instances and classes, where it is about CPython: threads, copies of awkward names."""

import copy
import pickle
import threading

from mortice import Base, slot


class Awkward(Base):
    """Slots that are called like functions of the package."""

    _state = slot(1)
    _restore = slot(2)
    shown = slot(3)
    replace = slot(4)


def test_slots_may_be_called_like_functions_of_the_package():
    one = Awkward(_state="s", shown=None)
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one)), one.__replace__()):
        assert repr(other) == "Awkward(_state='s', _restore=2, shown=None, replace=4)"
    assert repr(one.__replace__(_restore=0)) == "Awkward(_state='s', _restore=0, shown=None, replace=4)"


class Meets:
    """Its repr waits until another thread's is there as well."""

    def __init__(self):
        self.barrier = threading.Barrier(2)

    def __repr__(self):
        self.barrier.wait(60)
        return "<meets>"


class Holder(Base):
    value = slot()


def test_two_threads_show_the_same_object_at_once():
    one, found = Holder(value=Meets()), []
    threads = [threading.Thread(target=lambda: found.append(repr(one))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["Holder(value=<meets>)"] * 2
