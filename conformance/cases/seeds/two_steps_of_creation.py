# cites: B143 B147
# seed: 004_c42657047262de89.txt

# Creating an object takes two steps: storage, then initialization.


class Noted:
    def __new__(cls, *args):
        self = super().__new__(cls)
        print("B143 storage", cls.__name__, args, self.__dict__)
        return self

    def __init__(self, *args):
        self.args = args
        print("B147 initialization", self.args)


class Sub(Noted):
    pass


Noted(1, 2)
Sub()
bare = Noted.__new__(Sub, "x")
print("B143", type(bare).__name__, hasattr(bare, "args"))
bare.__init__("first")
bare.__init__("second")
print("B147", bare.args)
print("B143", type(Noted.__dict__["__new__"]).__name__)
