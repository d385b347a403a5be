# cites: B239 B241 B244


class Noted:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        calls.append(self.name)


class Replaces(Noted):
    def __del__(self):
        calls.append("own " + self.name)


class Extends(Noted):
    def __del__(self):
        calls.append("before " + self.name)
        super().__del__()


class Inherits(Noted):
    pass


def show(tag):
    print(tag, *calls)
    calls.clear()


calls = []
a = b = Noted("a")
del a
show("B241 one name left:")
del b
show("B241 none left:")
x = Noted("first")
x = Noted("second")
show("B239 rebinding:")
x = None
show("B239 rebinding:")
Noted("temporary")
show("B239 expression:")
[Noted("in a list"), Noted("too")]
show("B239 list:")


def function():
    local = Noted("local")
    calls.append("end of the function")


function()
show("B239 function:")


def returns():
    local = Noted("returned")
    calls.append("end")
    return local


returns()
show("B239 result dropped:")
kept = returns()
show("B239 result kept:")
holder = {"k": kept, "l": [kept]}
del kept
del holder["k"]
show("B241 still in a list:")
holder.clear()
show("B241 gone:")
for name in ("loop 1", "loop 2"):
    one = Noted(name)
show("B239 loop:")
del one
calls.clear()
Replaces("r")
show("B244")
Extends("e")
show("B244")
Inherits("i")
show("B244")
one = Noted("on the instance")
one.__del__ = lambda: calls.append("never")
one = None
show("B244 instance attribute ignored:")
late = Noted("late")
Noted.__del__ = lambda self: calls.append("replaced " + self.name)
late = None
show("B244")
del Noted.__del__
Noted("none left")
show("B244 deleted:")
