# cites: B001 B002 B004

# An object's id stays, and `is` compares ids.


class Node:
    pass


node = Node()
first = id(node)
node.x = 1
node.__class__ = type("Other", (Node,), {})
print("B001", type(first) is int, id(node) == first, first > 0)
alive = [Node() for _ in range(500)]
print("B001 distinct", len({id(one) for one in alive}))

other = Node()
for a, b in ((node, node), (node, other), ([], []), (None, None), (Node, Node), (Node, type(other))):
    print("B002", a is b, (a is b) == (id(a) == id(b)), a is not b)

a, b = [], []
c = d = []
print("B004", a is b, c is d, a == b, [] is [])
c.append(1)
print("B004", d, a)
rows = [[]] * 3
rows[0].append("x")
columns = [[] for _ in range(3)]
columns[0].append("x")
print("B004", rows, columns)
