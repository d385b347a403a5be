"""The package as a module: import, reload, interpreters."""

import gc
import importlib

import mortice
import pytest
from process import run


def test_the_words_of_the_package_are_there():
    for word in mortice.__all__:
        assert hasattr(mortice, word), word
    assert mortice.Base.__module__ == "mortice"
    assert set(mortice.__all__) <= set(dir(mortice))


def test_a_first_program():
    class Wheel(mortice.Base):
        radius = mortice.slot(1.0, type=float)

    heard = []
    wheel = Wheel()
    wheel.observe("radius", heard.append)
    wheel.radius = 2.0
    assert [(change.old, change.new) for change in heard] == [(1.0, 2.0)]
    with pytest.raises(TypeError):
        wheel.radius = "wide"
    assert wheel.radius == 2.0


RELOAD = """
import importlib, gc, sys
import mortice
class A(mortice.Base):
    x = mortice.slot(1)
a = A(x="kept")
heard = []
a.observe("x", heard.append)
for _ in range(3):
    importlib.reload(mortice)
    importlib.reload(mortice._mortice)
assert a.x == "kept"
a.x = 2
assert len(heard) == 1 and heard[0].new == 2
class B(mortice.Base):
    y = mortice.slot(3)
b = B()
b.y = 4
assert b.y == 4
print("ok")
"""


def test_a_reload_leaves_what_there_is():
    assert run(RELOAD) == "ok\n"


AGAIN = """
import gc, sys
import mortice as first
class A(first.Base):
    x = first.slot(1)
a = A(x="kept")
heard = []
a.observe("x", heard.append)
def forget():
    for name in [name for name in sys.modules if name.split(".")[0] == "mortice"]:
        del sys.modules[name]
for _ in range(3):
    forget()
    import mortice as second
    gc.collect()
    class B(second.Base):
        y = second.slot(2)
    b = B(y=3)
    b.y = 4
    a.x = b.y
    assert (a.x, b.y) == (4, 4)
    a.x = "kept"
    try:
        class C(A, B):
            pass
    except TypeError:
        pass
    else:
        assert C().x == 1 and C().y == 2
del first
forget()
gc.collect()
a.x = 5
b.y = 6
assert (a.x, b.y) == (5, 6) and heard
del a, b, A, B
C = None
gc.collect()
print("ok")
"""


def test_a_second_import_after_the_module_was_forgotten():
    assert run(AGAIN) == "ok\n"


INTERPRETERS = """
import mortice
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
program = '''
try:
    import mortice
except ImportError as error:
    word = "refused"
else:
    word = "imported"
import sys
sys.stdout.write(word + chr(10))
sys.stdout.flush()
'''
for _ in range(3):
    try:
        number = interpreters.create("isolated")
    except TypeError:
        number = interpreters.create()
    failed = interpreters.run_string(number, program)
    assert failed is None, failed
    interpreters.destroy(number)
class A(mortice.Base):
    x = mortice.slot(1)
assert A().x == 1
"""


def test_other_interpreters_of_the_process_are_refused():
    assert run(INTERPRETERS) == "refused\n" * 3


def test_the_end_of_the_interpreter_with_everything_in_use():
    program = """
from mortice import Base, delegate, hold, slot
class A(Base):
    x = slot()
    y = slot(factory=list)
    def __del__(self):
        self.x, self.y
a, b = A(), A()
a.x, b.x = b, a
delegate(a, "y", to=b)
a.observe("y", lambda change: a)
A.observe("x", print)
block = hold(a)
block.__enter__()
a.x = a
keep = [vars(A)["x"], vars(A)["x"].__get__, A.observe]
"""
    for _ in range(5):
        assert run(program) == ""


def test_importing_again_is_the_same_module():
    assert importlib.import_module("mortice") is mortice
    assert importlib.import_module("mortice._mortice").Base is mortice.Base
    gc.collect()
