# cites: S040
# seed: 000_85b8fabe2820a541.txt

# A slot of an instance shows, and writes, a slot of another object in the data model.

from mortice import Base, delegate, slot


class Body(Base):
    mass = slot(10, type=int)
    colour = slot(validate=lambda obj, value: value.upper())


class Part(Base):
    mass = slot(1, type=str)
    paint = slot("own")


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


body, part = Body(), Part()
print("S040", delegate(part, "mass", to=body), part.mass, body.mass)
delegate(part, "paint", to=body, name="colour")
print("S040", attempt(lambda: part.paint), hasattr(part, "paint"))
part.mass = 20
part.paint = "red"
print("S040", body.mass, body.colour, part.mass, part.paint)
body.mass = 30
print("S040", part.mass, Part.mass.__get__(part), part.__getattribute__("mass"))

# The target's rules hold, and its errors are those of the target.
print("S040", attempt(setattr, part, "mass", "heavy"), "|", attempt(setattr, part, "paint", 5))
del part.paint
print("S040", hasattr(body, "colour"), attempt(delattr, part, "paint"), attempt(lambda: part.paint))
Part.mass.__set__(part, 40)
print("S040", body.mass, Part().mass)


class Lazy(Base):
    value = slot(factory=lambda: calls.append("made") or "made")


calls = []
lazy = Lazy()
delegate(part, "paint", to=lazy, name="value")
print("S040", calls, part.paint, lazy.value, calls)

# To another slot of the same object, and to the class's other instances.
pair = Part(paint="p")
delegate(pair, "mass", to=pair, name="paint")
pair.mass = "both"
print("S040", pair.paint, pair.mass)
