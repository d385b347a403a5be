# cites: B014 B015 B016 B017
import sys

big = list(range(1000))
print("B014", sys.getsizeof([big]) == sys.getsizeof([0]), sys.getsizeof((big,)) == sys.getsizeof((0,)))
print("B014", sys.getsizeof({"a": big}) == sys.getsizeof({"a": 0}))


def steps(make, sizes):
    return [make(size).__sizeof__() for size in sizes]


print("B015", [one.__sizeof__() - tuple.__basicsize__ for one in ((), (1,), (1, 2), (1,) * 10)])
print("B015", [b.__sizeof__() - bytes.__basicsize__ for b in (b"", b"a", b"abc", bytes(100))])
print("B015", [(1 << bits).__sizeof__() for bits in (0, 29, 30, 59, 60, 300)], (0).__sizeof__())
print("B015", [(chr(code) * 5).__sizeof__() - (chr(code) * 4).__sizeof__() for code in (97, 233, 1078, 128578)])
print("B015", steps(lambda n: [None] * n, (0, 1, 2, 8)))
for kind in (object, float, complex, str, list, dict, set, range, slice, property, type(None), type(len)):
    print("B016" if kind is not list else "B017", kind.__name__, kind.__itemsize__)
for kind in (int, bool, bytes, tuple, type):
    print("B016", kind.__name__, kind.__itemsize__)


class Items(tuple):
    pass


class Listed(list):
    pass


print("B016", Items.__itemsize__, Items((1, 2)).__sizeof__() - Items().__sizeof__())
print("B017", Listed.__itemsize__, list.__basicsize__)
