"""Plays scenarios of slot operations, and tells what they do; the same file runs on every host.

A scenario is a list of steps, each a tuple that begins with the name of a method of Player below. Objects,
subscriptions and holds go by number. What a step names that is not there makes it do nothing.

Cycles end when a step collects and at no other time; what is in none ends with its last reference. Whoever still
hears of changes tells the one from the other.
"""

import copy
import gc

import mortice
from mortice import UNSET, Base, delegate, delegated, hold, layout, slot, slots, undelegate

ONE = 1.0  # equal to 1, and another object
WORD = "word"


def half(obj, value):
    if not isinstance(value, int):
        raise TypeError("no int")
    return value // 2


def refuse(obj, value):
    raise ValueError("refused")


def make_list():
    return [0]


CALLABLES = {"half": half, "refuse": refuse, "list": make_list, "int": int, "str": str, "five": lambda: 5}


class Missing(Exception):
    """A step names something that is not there."""


class Player:
    def __init__(self):
        self.classes = {"Base": Base}
        self.objects, self.subscriptions, self.holds = {}, {}, {}
        self.log = []

    # Names

    def find(self, table, key):
        if key not in table:
            raise Missing
        return table[key]

    def value(self, what):
        if what == "UNSET":
            return UNSET
        if what == "ONE":
            return ONE
        if what == "WORD":
            return WORD
        if isinstance(what, tuple):
            return self.find(self.objects, what[0])
        return what

    def subject(self, what):
        if isinstance(what, tuple):
            return self.find(self.objects, what[0])
        return self.find(self.classes, what)

    def show(self, value):
        if isinstance(value, tuple):
            return "(" + ", ".join([self.show(item) for item in value]) + ")"
        if isinstance(value, Base):
            for number in self.objects:
                if self.objects[number] is value:
                    return "o" + str(number)
            return "o? of " + type(value).__name__
        return repr(value)

    def tell(self, error):
        if isinstance(error, BaseExceptionGroup):
            inner = ", ".join([self.tell(one) for one in error.exceptions])
            return type(error).__name__ + " " + error.message + " [" + inner + "]"
        # Types of the module show with its name where they are native.
        return type(error).__name__ + ": " + str(error).replace("mortice.", "")

    # Steps

    def declaration(self, made):
        kind = made[0]
        if kind == "plain":
            return made[1]
        if kind == "delegated":
            return delegated(*made[1:])
        keywords = {}
        for key, value in made[1]:
            keywords[key] = CALLABLES[value] if key in ("factory", "type", "validate") else self.value(value)
        return slot(**keywords)

    def define(self, name, bases, body, methods):
        namespace = {}
        for key, made in body:
            namespace[key] = self.declaration(made)
        player = self

        def hear(self, change):
            player.heard("method of " + player.show(self), change)

        namespace["hear"] = hear
        for method, names in methods:
            namespace[method] = self.method(method, names)
        found = tuple([self.find(self.classes, base) for base in bases])
        self.classes[name] = type(Base)(name, found, namespace)

    def method(self, name, names):
        player = self

        def watcher(self, change):
            player.heard(name, change)

        return mortice.observe(*names)(watcher)

    def declare(self, name, key, made):
        setattr(self.find(self.classes, name), key, self.declaration(made))

    def undeclare(self, name, key):
        delattr(self.find(self.classes, name), key)

    def describe(self, name):
        found = slots(self.find(self.classes, name))
        lines = layout(self.find(self.classes, name)).split("\n")[:-1]
        return [(key, found[key].owner.__name__, found[key].index) for key in found], lines

    def new(self, number, name, keywords):
        values = {}
        for key, value in keywords:
            values[key] = self.value(value)
        self.objects[number] = self.find(self.classes, name)(**values)

    def read(self, number, key):
        return self.show(getattr(self.find(self.objects, number), key))

    def write(self, number, key, value):
        setattr(self.find(self.objects, number), key, self.value(value))

    def delete(self, number, key):
        delattr(self.find(self.objects, number), key)

    def raw(self, name, number, key):
        found = slots(self.find(self.classes, name))
        if key not in found:
            raise Missing
        return self.show(found[key].__get__(self.find(self.objects, number)))

    def raw_write(self, name, number, key, value):
        found = slots(self.find(self.classes, name))
        if key not in found:
            raise Missing
        found[key].__set__(self.find(self.objects, number), self.value(value))

    def observe(self, number, subject, key, reaction):
        left = list(reaction)

        def observer(change):
            self.heard(number, change)
            if left:
                step = left.pop(0)
                if step[0] == "raise":
                    raise KeyboardInterrupt("observer") if step[1] else ValueError("observer")
                self.run(step)

        self.subscriptions[number] = self.subject(subject).observe(key, observer)

    def observe_method(self, number, subject, key, receiver):
        bound = self.find(self.objects, receiver).hear
        self.subscriptions[number] = self.subject(subject).observe(key, bound)

    def cancel(self, number):
        self.find(self.subscriptions, number).cancel()

    def active(self, number):
        return self.find(self.subscriptions, number).active

    def open(self, number, objects):
        if number in self.holds:
            # One that nobody closes any more would hold back all changes to come.
            raise Missing
        held = hold(*[self.find(self.objects, one) for one in objects])
        held.__enter__()
        self.holds[number] = held

    def close(self, number):
        held = self.find(self.holds, number)
        del self.holds[number]
        held.__exit__(None, None, None)

    def delegate(self, number, key, target, name):
        delegate(self.find(self.objects, number), key, to=self.find(self.objects, target), name=name)

    def undelegate(self, number, key):
        undelegate(self.find(self.objects, number), key)

    def assign(self, number, name):
        self.find(self.objects, number).__class__ = self.find(self.classes, name)

    def copy(self, number, of, deep):
        made = self.find(self.objects, of)
        self.objects[number] = copy.deepcopy(made) if deep else copy.copy(made)

    def drop(self, number):
        self.find(self.objects, number)
        del self.objects[number]

    def collect(self):
        gc.collect()

    # Telling

    def heard(self, who, change):
        source = change.source
        if source is not None:
            source = self.show(source[0]) + "." + source[1]
        old, new = self.show(change.old), self.show(change.new)
        self.log.append(f"  {who} heard {self.show(change.object)}.{change.name} {old} -> {new} from {source}")

    def run(self, step):
        try:
            answer = getattr(self, step[0])(*step[1:])
            self.log.append(f"{step} {answer}")
        except Missing:
            self.log.append(f"{step} skipped")
        except BaseException as error:
            self.log.append(f"{step} {self.tell(error)}")

    def end(self):
        while self.holds:
            # What is heard then may open another.
            self.run(("close", min(self.holds)))
        for number in sorted(self.objects):
            one = self.objects[number]
            for key in slots(type(one)):
                self.run(("read", number, key))
        self.run(("collect",))
        for number in sorted(self.subscriptions):
            self.run(("active", number))


def play(text):
    """Plays a scenario, given as a Python literal; the answer has a line for everything that happened."""
    gc.disable()  # the thresholds are each host's own
    player = Player()
    for step in eval(text):
        player.run(step)
    player.end()
    answer = "\n".join(player.log)
    # What the scenario made ends here, on every host at the same point.
    player.objects.clear()
    player.subscriptions.clear()
    player.classes.clear()
    gc.collect()
    return answer
