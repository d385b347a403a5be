# cites: B011
# seed: 001_404d3b1628fae2ef.txt

# Counts as differences: one more holder, one more reference.
import sys


def count(thing):
    return sys.getrefcount(thing)


thing = object()
start = count(thing)
alias = thing
print("B011 name", count(thing) - start)
held = [thing, thing]
print("B011 list", count(thing) - start)
table = {"a": thing}
print("B011 dict", count(thing) - start)
pair = (thing,)
print("B011 tuple", count(thing) - start)


class Holder:
    __slots__ = ("one",)


class Loose:
    pass


holder, loose = Holder(), Loose()
holder.one = thing
print("B011 slot", count(thing) - start)
loose.one = thing
print("B011 attribute", count(thing) - start)


inner = (lambda kept: lambda: kept)(thing)
print("B011 closure", count(thing) - start)
method = thing.__repr__
print("B011 method", count(thing) - start)
del method, inner, loose, holder, pair, table, held, alias
print("B011 all gone", count(thing) - start)

