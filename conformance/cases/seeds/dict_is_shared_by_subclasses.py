# cites: B023 B090
# seed: 003_c5777e93237733cd.txt

# Each instance of a conventional class has a __dict__, an ordinary dictionary.


class Plain:
    pass


class Slotted(Plain):
    __slots__ = ("x",)


a, b = Plain(), Plain()
a.x = 1
a.__dict__["y"] = 2
print("B023", type(a.__dict__) is dict, a.__dict__, b.__dict__, a.y, a.__dict__ is a.__dict__)
del a.__dict__["x"]
print("B023", hasattr(a, "x"), vars(a), "x" in Plain.__dict__, "y" in Plain.__dict__)
setattr(a, "z", 3)
delattr(a, "y")
print("B023", a.__dict__)

# __slots__ takes the dictionary away only where no base has one.
s = Slotted()
s.x, s.other = 1, 2
print("B090", s.__dict__, s.x, Slotted.__dictoffset__ == Plain.__dictoffset__, Slotted.__basicsize__ - Plain.__basicsize__)
