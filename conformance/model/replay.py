"""Answers what the model does in a scenario: one JSON line in, one JSON line out, until the input ends.

A scenario is a list of steps; an answer has one entry for each. Names of classes are strings; objects,
subscriptions and holds are numbers of the sender's choice, each kind counted for itself. A scenario starts with
nothing but the class "Base".

Values are JSON integers, strings and null, {"o": 3} for object 3, and {"unset": 1} for UNSET. A subject is
{"o": 3} or {"c": "A"}. A declaration is one of

    {"slot": {"default": 1, "factory": 2, "type": "int", "validate": "half", "compare": "identity"}}
    {"delegated": ["via"]}    {"delegated": ["via", "name"]}    {"plain": 5}

where a factory returns the given value, "type" is "int", "str" or a class of the scenario, "validate" is "half" (of
an int, an error for others) or "raise", and keys may be missing.

    step                                        what it does                 value in the answer
    ["class", "A", ["B"], {"x": declaration}]   class A(B): …
    ["declare", "A", "x", declaration]          A.x = …
    ["undeclare", "A", "x"]                     del A.x
    ["slots", "A"]                              slots(A)                     rows of name, kind, owner, index
    ["layout", "A"]                             layout(A) without last line  lines
    ["new", 1, "A", {"x": value}]               object 1 = A(x=value)
    ["read", 1, "x"]                            object 1 .x                  the value
    ["write", 1, "x", value], ["delete", 1, "x"]
    ["raw", "A", 1, "x"]                        by the descriptor            the value
    ["raw_write", "A", 1, "x", value]           by the descriptor
    ["observe", 1, subject, "x" or null, reaction]
    ["method", 1, subject, "x" or null, 2]      by object 2's method
    ["cancel", 1], ["active", 1]                                             null; true or false
    ["hold", 1, [2, 3]], ["end", 1]             hold(2, 3), opened; closed
    ["delegate", 1, "x", 2, "y" or null], ["undelegate", 1, "x"]
    ["assign_class", 1, "A"]                    object 1 .__class__ = A
    ["copy", 2, 1], ["deepcopy", 2, 1]          object 2 = a copy of object 1
    ["drop", 1]                                 forgets object 1
    ["collect"]                                 a full collection            numbers of living objects

A reaction is a list of at most two things: steps to be made when the observer is called, and how often at most
(once, where it is missing); after those the step ["raise", "ValueError"] or ["raise", "KeyboardInterrupt"] raises.

An entry of the answer is {"value": …, "log": […]} or {"error": …, "log": […]}, or {"skip": 1, "log": []} where a
step names something that is not there. The value is null where the table gives none. An error is [type, message],
for a group [type, message, [errors]]. The log has what observers heard and what their steps answered, in order:

    {"to": 1, "object": {"o": 1}, "name": "x", "old": value, "new": value, "source": [{"o": 2}, "y"] or null}
    {"method_of": 2, …}       the same, heard by object 2's method
    {"did": entry}            an entry without a log of its own

Copied objects that have no number of their own show as {"o": -1}. The words of errors are those of docs/slots.md.
"""

import copy
import gc
import json
import sys
import types
import weakref

import mortice
from mortice import UNSET, Base, delegate, delegated, hold, layout, slot, slots, undelegate


class Skip(Exception):
    """A step names something that is not there."""


def half(obj, value):
    """Divides an int; anything else raises TypeError."""
    return value // 2


def refuse(obj, value):
    """Refuses every value."""
    raise ValueError("refused")


class Scenario:
    """What one scenario has made so far."""

    def __init__(self):
        self.classes = {"Base": Base, "int": int, "str": str}
        self.objects, self.subscriptions, self.holds = {}, {}, {}
        self.numbers = weakref.WeakKeyDictionary()  # of storages, so that they are known without being kept
        self.log = []

    # Values

    def get(self, kind, key):
        """What a step names, if it is there."""
        try:
            return getattr(self, kind)[key]
        except KeyError:
            raise Skip from None

    def value(self, encoded):
        if isinstance(encoded, dict):
            return UNSET if "unset" in encoded else self.get("objects", encoded["o"])
        return encoded

    def encoded(self, value):
        if value is UNSET:
            return {"unset": 1}
        if mortice.slotted(value):
            return {"o": self.numbers.get(mortice.storage_of(value), -1)}
        return value

    def subject(self, encoded):
        return self.get("classes", encoded["c"]) if "c" in encoded else self.get("objects", encoded["o"])

    def add(self, number, obj):
        self.objects[number] = obj
        self.numbers[mortice.storage_of(obj)] = number

    # Declarations

    def declaration(self, encoded):
        if "plain" in encoded:
            return encoded["plain"]
        if "delegated" in encoded:
            return delegated(*encoded["delegated"])
        given = {**encoded["slot"]}
        if "factory" in given:
            made = given["factory"]
            given["factory"] = lambda: made
        if "type" in given:
            given["type"] = self.get("classes", given["type"])
        if "validate" in given:
            given["validate"] = {"half": half, "raise": refuse}[given["validate"]]
        return slot(given.pop("default", UNSET), **given)

    def do_class(self, name, bases, declarations):
        numbers, log = self.numbers, self.log

        def hear(receiver, change):
            log.append(self.heard(("method_of", numbers.get(mortice.storage_of(receiver), -1)), change))

        namespace = {"hear": hear, "__module__": "scenario"}
        for key, encoded in declarations.items():
            namespace[key] = self.declaration(encoded)
        bases = tuple(self.get("classes", base) for base in bases)
        self.classes[name] = types.new_class(name, bases, {}, lambda space: space.update(namespace))

    def do_declare(self, cls, name, encoded):
        setattr(self.get("classes", cls), name, self.declaration(encoded))

    def do_undeclare(self, cls, name):
        delattr(self.get("classes", cls), name)

    def do_slots(self, cls):
        found = slots(self.get("classes", cls))
        return [[name, type(one).__name__, one.owner.__name__, one.index] for name, one in found.items()]

    def do_layout(self, cls):
        return layout(self.get("classes", cls)).split("\n")[:-1]

    # Objects

    def do_new(self, number, cls, values):
        values = {name: self.value(value) for name, value in values.items()}
        self.add(number, self.get("classes", cls)(**values))

    def do_read(self, number, name):
        return self.encoded(getattr(self.get("objects", number), name))

    def do_write(self, number, name, value):
        setattr(self.get("objects", number), name, self.value(value))

    def do_delete(self, number, name):
        delattr(self.get("objects", number), name)

    def descriptor(self, cls, name):
        found = slots(self.get("classes", cls)).get(name)
        if found is None:
            raise Skip
        return found

    def do_raw(self, cls, number, name):
        return self.encoded(self.descriptor(cls, name).__get__(self.get("objects", number)))

    def do_raw_write(self, cls, number, name, value):
        self.descriptor(cls, name).__set__(self.get("objects", number), self.value(value))

    def do_assign_class(self, number, cls):
        self.get("objects", number).__class__ = self.get("classes", cls)

    def do_copy(self, number, original):
        self.add(number, copy.copy(self.get("objects", original)))

    def do_deepcopy(self, number, original):
        self.add(number, copy.deepcopy(self.get("objects", original)))

    def do_drop(self, number):
        self.get("objects", number)
        del self.objects[number]

    def do_collect(self):
        gc.collect()
        return sorted(self.numbers.values())

    # Observers

    def heard(self, to, change):
        source = change.source and [self.encoded(change.source[0]), change.source[1]]
        old, new = self.encoded(change.old), self.encoded(change.new)
        obj = self.encoded(change.object)
        return {to[0]: to[1], "object": obj, "name": change.name, "old": old, "new": new, "source": source}

    def do_observe(self, number, subject, name, reaction):
        steps = reaction[0] if reaction else []
        times = reaction[1] if len(reaction) > 1 else 1

        def observer(change):
            nonlocal times
            self.log.append(self.heard(("to", number), change))
            if times == 0:
                return
            times -= 1
            for step in steps:
                if step[0] == "raise":
                    raise {"ValueError": ValueError, "KeyboardInterrupt": KeyboardInterrupt}[step[1]](number)
                self.log.append({"did": self.step(step)})

        self.subscriptions[number] = self.subject(subject).observe(name, observer)

    def do_method(self, number, subject, name, receiver):
        method = getattr(self.get("objects", receiver), "hear", None)
        if method is None:
            raise Skip
        self.subscriptions[number] = self.subject(subject).observe(name, method)

    def do_cancel(self, number):
        self.get("subscriptions", number).cancel()

    def do_active(self, number):
        return self.get("subscriptions", number).active

    def do_hold(self, number, objects):
        self.holds[number] = hold(*[self.get("objects", one) for one in objects])
        self.holds[number].__enter__()

    def do_end(self, number):
        open_hold = self.get("holds", number)
        del self.holds[number]
        open_hold.__exit__(None, None, None)

    # Delegation

    def do_delegate(self, number, name, to, target_name):
        delegate(self.get("objects", number), name, to=self.get("objects", to), name=target_name)

    def do_undelegate(self, number, name):
        undelegate(self.get("objects", number), name)

    # Steps

    def step(self, step):
        """Makes one step; its entry in the answer, without the log."""
        try:
            return {"value": getattr(self, "do_" + step[0])(*step[1:])}
        except Skip:
            return {"skip": 1}
        except BaseException as error:
            return {"error": described(error)}

    def entry(self, step):
        """Makes one step of the scenario; its entry in the answer."""
        self.log.clear()
        answer = self.step(step)
        return {**answer, "log": list(self.log)}


def described(error):
    """An exception as JSON."""
    if isinstance(error, BaseExceptionGroup):
        return [type(error).__name__, error.message, [described(one) for one in error.exceptions]]
    return [type(error).__name__, str(error)]


def replay(steps):
    """The answer to one scenario."""
    scenario = Scenario()
    answer = [scenario.entry(step) for step in steps]
    mortice.thread.holds.clear()
    mortice.thread.held.clear()
    return answer


def main():
    gc.freeze()  # the search for an object looks at those of the scenario only
    for line in sys.stdin:
        print(json.dumps(replay(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
