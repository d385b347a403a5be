# cites: B240 B247
import gc


class Phoenix:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        calls.append(self.name)
        saved.append(self)


calls, saved = [], []
p = Phoenix("p")
print("B247", gc.is_finalized(p))
del p
print("B240", calls, len(saved), saved[0].name)
print("B247", gc.is_finalized(saved[0]))
saved.clear()
print("B240", calls, len(saved))

cycle = Phoenix("cycle")
cycle.me = cycle
del cycle
gc.collect()
print("B240", calls, len(saved), saved[0].me is saved[0], gc.is_finalized(saved[0]))
one = saved.pop()
one.name = "changed"
print("B247", gc.is_finalized(one), gc.is_finalized(Phoenix), gc.is_finalized([]), gc.is_finalized(5))
del one
gc.collect()
print("B240", calls, len(saved))

again = Phoenix("called by hand")
again.__del__()
print("B247", gc.is_finalized(again), calls)
saved.clear()
del again
print("B240", calls, len(saved))
saved.clear()
made = Phoenix.__new__(Phoenix)
made.name = "made"
made = None
print("B240", calls[-1], len(saved))
