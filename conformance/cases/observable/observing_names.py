# cites: S022

# One slot, or None for every slot; a name that is no slot is refused with the nearest one.

from mortice import Base, delegated, slot


class Shape(Base):
    colour = slot("red")
    width = slot(1)
    height = slot(1)
    plain = 5


class Picture(Shape):
    frame = slot()
    edge = delegated("frame", "width")


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


shape = Shape()
heard = []
shape.observe("width", lambda change: heard.append(("width", change.new)))
shape.observe(None, lambda change: heard.append((change.name, change.new)))
shape.width, shape.colour = 2, "blue"
print("S022", heard)
for name in ("color", "colr", "widht", "Height", "plain", "x", "", "heightheight", "c" * 200):
    print("S022", attempt(shape.observe, name, print))
print("S022", attempt(Picture.observe, "frme", print), "|", attempt(Picture().observe, "egde", print))
print("S022", attempt(Picture.observe, "edge", print))
for name in (5, b"width", shape, Shape, ["width"]):
    print("S022", attempt(shape.observe, name, print))
for callback in (None, "print", 5):
    print("S022", attempt(shape.observe, "width", callback))
print("S022", attempt(Base.observe, "width", print), "|", attempt(Base.observe, shape, print))
print("S022", attempt(Base.observe, shape, "width", print)[:9], attempt(shape.observe, "width")[:9])


class Text(str):
    pass


print("S022", repr(shape.observe(Text("width"), print)))
