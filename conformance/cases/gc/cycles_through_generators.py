# cites: B242 B255
# differs: 3.12 3.13: some of these were counted as collected
import gc
import weakref

# A suspended generator is finalized first. That frees the cycle, and nothing is left for the collector to count.


class Target:
    pass


def suspended(t):
    def generator():
        yield t

    t.holder = generator()
    next(t.holder)


def not_started(t):
    t.holder = (lambda x: (yield x))(t)


def in_finally(t):
    def generator():
        try:
            yield t
        finally:
            calls.append("finally")

    t.holder = generator()
    next(t.holder)


def saves(t):
    def generator():
        try:
            yield
        finally:
            calls.append("saved")
            saved.append(t)

    t.holder = generator()
    next(t.holder)


calls, saved = [], []
gc.collect()
gc.disable()
for make in (suspended, not_started, in_finally):
    target = Target()
    ref = weakref.ref(target)
    make(target)
    del target
    print("B242", make.__name__, ref() is not None, end=" ")
    found = gc.collect()
    print(ref() is None, calls)
    print("B255", make.__name__, found)
target = Target()
saves(target)
del target
print("B255", gc.collect(), calls[1:], type(saved[0]).__name__, list(saved[0].holder))
saved.clear()
gc.collect()
print("B242", calls)
gc.enable()
