# cites: S041 S042

# In a chain the source is the immediate target.

from mortice import Base, delegate, slot, undelegate


class A(Base):
    x = slot("own")
    name = slot()

    def __repr__(self):
        return self.name


a, b, c, d = (A(name=name) for name in "abcd")
heard = []
for obj in (a, b, c, d):
    obj.observe("x", lambda change: heard.append((change.object, change.old, change.new, change.source)))
delegate(b, "x", to=a)
delegate(c, "x", to=b)
delegate(d, "x", to=c)
d.x = 1
print("S041", heard)
print("S042", a.x, b.x, c.x, d.x)
heard.clear()

# Ending one link in the middle.
undelegate(c, "x")
print("S041", heard, d.x)
heard.clear()
a.x = 2
print("S041", heard)
heard.clear()
d.x = 3
print("S042", a.x, b.x, c.x, d.x, heard)
heard.clear()

# A chain that is joined at its end later.
delegate(a, "x", to=A(name="e", x="end"))
print("S041", heard)
print("S042", b.x, c.x)
heard.clear()
delegate(c, "x", to=b)
d.x = 4
print("S042", [obj.x for obj in (a, b, c, d)], len(heard))
