# cites: B014 B017
# seed: 001_404d3b1628fae2ef.txt

# A list holds a pointer for each element, whatever the elements are.
import sys

numbers = [float(n) for n in range(8)]
lists = [None] * 8, [1.5] * 8, [numbers] * 8, ["text"] * 8
print("B014", len({sys.getsizeof(one) for one in lists}), sys.getsizeof([None] * 8) - sys.getsizeof([]))
print("B014", sys.getsizeof([None] * 9) - sys.getsizeof([None] * 8), sys.getsizeof([[0] * 1000]) == sys.getsizeof([0]))
print("B014", sys.getsizeof((1, 2)) - sys.getsizeof((1,)), sys.getsizeof(([0] * 50, "x")) == sys.getsizeof((0, 0)))
print("B017", list.__itemsize__, list.__basicsize__, tuple.__itemsize__)
