# cites: B018 B019
import sys


class Slotted:
    __slots__ = ()


class Loose:
    pass


for kind in (object, float, complex, list, dict, set, frozenset, str, bytes, int, range, slice, property, super, staticmethod, classmethod, BaseException, OSError, StopIteration):
    print("B018", kind.__name__, kind.__basicsize__)
print("B018", Slotted.__basicsize__, Loose.__basicsize__)

print("B019", Slotted.__basicsize__, Slotted().__sizeof__(), sys.getsizeof(Slotted()))
print("B019", Loose().__sizeof__(), sys.getsizeof(Loose()) - Loose().__sizeof__())
print("B019", [].__sizeof__(), sys.getsizeof([]), sys.getsizeof(object()), sys.getsizeof(1.0))
