# cites: B286
import gc
import sys


def churn():
    for _ in range(100):
        kept = [[] for _ in range(50)], [(n, n) for n in range(50)], [{} for _ in range(50)], [float(n) for n in range(50)]
        del kept


gc.collect()
churn()
before = sys.getallocatedblocks()
gc.collect()
after = sys.getallocatedblocks()
print("B286", after <= before)
gc.collect()
print("B286", abs(sys.getallocatedblocks() - after) < 100)
