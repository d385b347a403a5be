# feature: methods of list
# differs: 3.12 3.13: other words for a missing item


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


a = [3, 1, 2]
a.append(5)
a.extend("xy")
a.extend(n for n in (7, 8))
a.insert(0, "first")
a.insert(-1, "before last")
a.insert(100, "end")
print(a, len(a), a.index(5), a.count(1), a.pop(), a.pop(0), a.pop(-2))
a.remove("x")
a.reverse()
print(a, a.copy() == a, a.copy() is a, 5 in a, a[0], a[-1])
a.clear()
print(a, bool(a), [] == [], [1, 2] < [1, 3], [1] < [1, 0], [2] > [1, 5], [1, 2] == [1, 2.0], [1] != [2], [1, 2] + [3], [0] * 2)
numbers = [5, 2, 8, 1]
words = ["pear", "fig", "apple", "kiwi"]
numbers.sort()
print(numbers, sorted(words), sorted(words, key=len), sorted(words, key=len, reverse=True), sorted(words, reverse=True), sorted("hello"), sorted({3: 1, 1: 2}))
rows = [("b", 2), ("a", 2), ("c", 1)]
rows.sort(key=lambda row: row[1])
print(rows, sorted(rows), sorted(rows, key=lambda row: (-row[1], row[0])), sorted([True, False, 2, -1]), sorted([[2], [1, 5], [1]]))


class Item:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        compared.append((self.value, other.value))
        return self.value < other.value

    def __repr__(self):
        return f"Item({self.value})"


compared = []
print(sorted([Item(2), Item(1)]), compared, min([Item(4), Item(3)]))
print(error(sorted, [1, "a"]), "|", error([].pop), "|", error([1].pop, 5), "|", error([].remove, 1), "|", error([1].index, 2), "|", error([].sort, len), "|", error([1].extend, 5), "|", error(lambda: [] + 5), "|", error(lambda: [][0]))


def modifies():
    items = [3, 1, 2]
    items.sort(key=lambda n: items.append(n))


print(error(modifies))
grown = [1, 2]
for n in grown:
    if len(grown) < 6:
        grown.append(n * 10)
print(grown)
shrunk = [1, 2, 3, 4]
for n in shrunk:
    shrunk.remove(n)
print(shrunk)
print(list("ab"), list({"k": 1}), list(range(3)), [[0] * 2 for _ in range(2)], [1, [2, [3]]][1][1][0], [[]] * 2, repr([1, "a", None, [2.5]]), list((1,)), [] or "empty")
square = [[1, 2], [3, 4]]
print([list(row) for row in zip(*square)], [*map(sum, square)], sum(square, []), [x for row in square for x in row], square[1][0], [1, 2, 3].__contains__(2), [].__iter__().__length_hint__())
big = list(range(1000))
big[::2] = [0] * 500
del big[100:900]
print(len(big), sum(big), big[98:102], all(isinstance(n, int) for n in big), sorted(range(50), key=lambda n: (n * 37) % 50)[:5])
