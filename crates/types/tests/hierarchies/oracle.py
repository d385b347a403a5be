"""Answers, line by line, what CPython makes of class hierarchies.

The first line of input is the list of native bases; the answer has a line for each. Every further
line is a hierarchy as `testkit` writes it; the answer is a line for each class and each trial.
"""

import ast
import ctypes
import struct
import sys
import types

BASETYPE = 1 << 10


def native(name):
    if name == "module":
        return types.ModuleType
    return __builtins__.__dict__[name]


def cells(cls):
    """The class's own slots with offsets; a `+` marks those behind the items."""
    found = []
    for name, descriptor in cls.__dict__.items():
        if type(descriptor) is types.MemberDescriptorType and descriptor.__objclass__ is cls:
            member = struct.unpack("6q", ctypes.string_at(id(descriptor), 48))[5]
            _, _, offset, flags, _ = struct.unpack("5q", ctypes.string_at(member, 40))
            found.append((offset, name, "+" if flags & 16 else ""))
    return " ".join(f"{name}@{offset}{mark}" for offset, name, mark in sorted(found))


def describe(cls):
    figures = f"{cls.__basicsize__} {cls.__itemsize__} {cls.__dictoffset__} {cls.__weakrefoffset__}"
    base = cls.__base__.__name__ if cls.__base__ else "-"
    return f"{figures} | {base} | {' '.join(c.__name__ for c in cls.__mro__)} | {cells(cls)}"


def build(classes, name, bases, slots, body):
    if any(classes[base] is None for base in bases):
        return None, "skipped"
    namespace = dict.fromkeys(body, 1)
    if slots is not None:
        namespace["__slots__"] = slots
    try:
        made = type(name, tuple(classes[base] for base in bases), namespace)
    except (TypeError, ValueError) as error:
        return None, f"{type(error).__name__}: {error}"
    own = [n for n in ("__dict__", "__weakref__") if n in made.__dict__]
    return made, f"{describe(made)} | {' '.join(own)}"


def attempt(classes, kind, old, new, slotted=0):
    old, new = classes[old], classes[new]
    if old is None or new is None:
        return "skipped"
    if kind == "class":
        if not (old.__flags__ & new.__flags__ & 512):
            return "skipped"
        try:
            instance = old.__new__(old)
        except TypeError:
            return "skipped"
        try:
            instance.__class__ = new
        except TypeError as error:
            return str(error)
        return "ok"
    try:
        subclass = type("X", (old,), {"__slots__": ()} if slotted else {})
    except TypeError:
        return "skipped"
    try:
        subclass.__bases__ = (new,)
    except TypeError as error:
        return str(error)
    return "ok"


def main():
    sys.stdin.reconfigure(encoding="utf-8")
    sys.stdout.reconfigure(encoding="utf-8")
    natives = [native(name) for name in sys.stdin.readline().split()]
    for cls in natives:
        print(int(bool(cls.__flags__ & BASETYPE)), "|", describe(cls).rsplit("|", 1)[0])
    sys.stdout.flush()
    for line in sys.stdin:
        statements, trials = ast.literal_eval(line)
        classes = list(natives)
        for statement in statements:
            made, answer = build(classes, *statement)
            classes.append(made)
            print(answer)
        for trial in trials:
            print(attempt(classes, *trial))
        sys.stdout.flush()


main()
