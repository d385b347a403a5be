# cites: B239
# differs: 3.12 3.13: locals died in the order of their slots, and the left operand before the right

# Where a temporary dies, and in which order the elements of a container do.


class Noted:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        calls.append(self.name)

    def __add__(self, other):
        return Noted(self.name + other.name)

    def method(self):
        calls.append("in method of " + self.name)
        return 1

    def __enter__(self):
        return Noted("entered")

    def __exit__(self, *args):
        calls.append("exit")


def show(what):
    print("B239", what + ":", *calls)
    calls.clear()


def note(*args):
    calls.append("called")


calls = []
note(Noted("argument"))
show("argument")
Noted("receiver").method()
show("receiver")
total = Noted("a") + Noted("b")
show("operands")
total = None
show("total")
items = [Noted("0"), Noted("1"), Noted("2")]
del items
show("list")
row = (Noted("0"), Noted("1"), Noted("2"))
del row
show("tuple")
table = {"x": Noted("x"), "y": Noted("y"), "z": Noted("z")}
del table
show("dict")
items = [Noted("0"), Noted("1"), Noted("2"), Noted("3")]
items[1:3] = [Noted("new")]
show("slice assignment")
items.pop()
show("pop")
items[0] = None
show("item assignment")
del items[:]
show("slice deletion")


class Plain:
    pass


p = Plain()
p.b, p.a = Noted("b"), Noted("a")
p.b = Noted("b again")
show("attribute assignment")
del p
show("instance dictionary")


class Slotted:
    __slots__ = ("z", "a", "m")


s = Slotted()
s.m, s.z, s.a = Noted("m"), Noted("z"), Noted("a")
del s
show("slots")


def locals_in_order():
    third = Noted("third")
    first = Noted("first")
    second = Noted("second")


locals_in_order()
show("locals")


def parameters(a, b, c=None):
    calls.append("body")


parameters(Noted("a"), c=Noted("c"), b=Noted("b"))
show("parameters")
with Noted("manager") as value:
    calls.append("body")
show("with")
value = None
show("the value of with")
for one in [Noted("for 0"), Noted("for 1")]:
    calls.append("round " + one.name)
show("for")
one = None
show("after for")
found = [n.name for n in (Noted("c0"), Noted("c1"))]
show("comprehension")
if Noted("condition") and True:
    calls.append("then")
show("if")
a, b = Noted("left"), Noted("right")
a, b = b, a
show("swap")
a = b = None
show("after swap")
x = Noted("in f-string").name + f"{Noted('f').name}"
show("f-string")
print("B239", (lambda: Noted("lambda"))() is None)
show("lambda")
