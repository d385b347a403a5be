# feature: import of built-in modules and of files beside the program
import sys

import _sibling
import _imports_back as back
from _sibling import Made, function as renamed, value


def error(call):
    try:
        return call()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print(_sibling.value is value is back.seen, renamed(), Made.__module__, Made, _sibling.__name__)
_sibling.value.append(3)
_sibling.value = "rebound"
print(value, renamed())
print(back.bump(), back.bump(), back.counter, "_sibling" in sys.modules, sys.modules["_sibling"] is _sibling, sys.modules["__main__"].value is value)


def local_import():
    import _sibling as local
    from sys import modules

    return local is _sibling, modules is sys.modules


def fails():
    import _fails


def absent():
    import no_such_file_here


def absent_name():
    from _sibling import no_such_name


def from_builtin():
    from gc import no_such_name


print(local_import(), "local" in globals())
print(error(fails), "_fails" in sys.modules, error(fails))
print(error(absent), "|", error(absent_name).partition(" (")[0], "|", error(from_builtin).partition(" (")[0])
print(error(lambda: _sibling.no_such_name), "|", error(lambda: sys.no_such_name), hasattr(_sibling, "__file__"))
from _sibling import *

print(function is _sibling.function, "_private" in globals(), __name__)
sys.modules["made_up"] = "anything"
import made_up

print(made_up, type(sys).__name__, type(_sibling) is type(sys))
del sys.modules["made_up"], sys.modules["_sibling"]
import _sibling as fresh

print(fresh is _sibling, fresh.value)
