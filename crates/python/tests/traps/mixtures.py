"""Classes made at random of one another, of native and plain bases, and objects that are moved between them."""

import collections
import gc
import random

from mortice import Base, SealedError, slot, slots

from .routes import Saved, or_type_error, walk

set_class = object.__dict__["__class__"].__set__

NATIVE = [list, dict, set, Exception, OSError, KeyError, bytearray, float, collections.deque, collections.OrderedDict]


class Plain:
    pass


class Slotted:
    __slots__ = ("s",)


class Mixture:
    """What a run has made, and what it may do next."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.classes, self.saved, self.objects = [Base], [], []
        self.moved = 0

    def make(self):
        pick = self.random
        bases = pick.sample(self.classes, min(len(self.classes), pick.choice([1, 1, 2, 2, 3])))
        if pick.random() < 0.25:
            bases.insert(pick.randrange(len(bases) + 1), pick.choice([*NATIVE, Plain, Slotted]))
        body = {name: slot() for name in pick.sample("abcdefgh", pick.choice([0, 1, 1, 2, 3]))}
        if pick.random() < 0.3:
            names = ["m", "n", "o", "__dict__", "__weakref__"]
            body["__slots__"] = tuple(pick.sample(names, pick.choice([0, 1, 2])))
        cls = or_type_error(type(Base), f"C{len(self.classes)}", tuple(bases), body)
        if cls is TypeError:
            return
        self.classes.append(cls)
        if pick.random() < 0.3:
            try:
                cls.late = slot()
            except SealedError:
                pass
        if pick.random() < 0.5:
            self.saved.append(Saved(cls))

    def create(self):
        obj = or_type_error(self.random.choice(self.classes))
        if obj is TypeError or type(obj) is Base:
            return
        self.objects.append(obj)
        if slots(type(obj)) and self.random.random() < 0.3:
            obj.observe(self.random.choice(list(slots(type(obj)))), lambda change: None)

    def move(self):
        if self.objects:
            obj = self.random.choice(self.objects)
            self.moved += or_type_error(set_class, obj, self.random.choice([*self.classes, Plain])) is None

    def look(self):
        if self.objects:
            walk(self.random.choice(self.objects), *self.random.sample(self.saved, min(len(self.saved), 3)))

    def forget(self):
        self.random.shuffle(self.objects)
        del self.objects[len(self.objects) // 2 :]
        del self.classes[max(3, len(self.classes) - 25) : -10]
        del self.saved[:-10]
        gc.collect()


def mix(*seeds, steps=300):
    moved = 0
    for seed in seeds:
        mixture = Mixture(seed)
        acts = mixture.make, mixture.create, mixture.move, mixture.look, mixture.forget
        for _ in range(steps):
            mixture.random.choices(acts, (50, 25, 10, 12, 3))[0]()
        for obj in mixture.objects:
            walk(obj, *mixture.saved[:3])
        moved += mixture.moved
    return moved


def trap_random_classes():
    assert mix(1, 2, 3) > 0
