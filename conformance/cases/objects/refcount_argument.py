# cites: B010
# differs: 3.12 3.13: the temporary reference of an argument was counted

# sys.getrefcount counts its own argument's reference, unless the interpreter lent it (3.14).
import sys


def local_only():
    thing = object()
    return sys.getrefcount(thing)


def passed(thing):
    return sys.getrefcount(thing)


def from_list():
    return sys.getrefcount([object()][0])


def twice():
    thing = object()
    another = thing
    return sys.getrefcount(thing)


print("B010", local_only(), passed(object()), from_list(), twice(), sys.getrefcount(object()))
