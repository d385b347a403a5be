# cites: S045 S004 S009

# A name can become delegated in a subclass, or stop being so; a place in the storage stays where it is.

import sys

from mortice import Base, delegated, layout, slot, slots


class Engine(Base):
    power = slot(100)


class Plain(Base):
    engine = slot()
    power = slot("own")


class Delegating(Plain):
    power = delegated("engine")


class Again(Delegating):
    power = slot("again")


class Hidden(Delegating):
    @property
    def power(self):
        return "computed"


class Mixed(Again, Delegating):
    pass


engine = Engine()
for cls in (Plain, Delegating, Again, Hidden, Mixed):
    one = cls(engine=engine)
    size = sys.getsizeof(one) - sys.getsizeof(Plain())
    print("S004", cls.__name__, one.power, list(slots(cls)), size)
    print("S009", Plain.power.__get__(one), hasattr(one, "power"))
one = Delegating(engine=engine)
Plain.power.__set__(one, 200)
print("S009", engine.power, one.power, Plain.power.__get__(one), Delegating.power.__get__(Again(engine=engine)))
print("S045", "\n".join(layout(Delegating).split("\n")[:-1]))
print("S045", "\n".join(layout(Again).split("\n")[:-1]))


class Late(Base):
    engine = slot()


Late.power = delegated("engine")
print("S045", Late(engine=engine).power, list(slots(Late)))
try:
    Late.other = delegated("engine", "power")
except TypeError as error:
    print("S045", error)
