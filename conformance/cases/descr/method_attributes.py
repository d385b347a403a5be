# cites: B076 B072
# differs: 3.12: the message did not yet mention the missing __dict__


class Plain:
    def method(self):
        """What it does."""

    method.extra = "on the function"


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


p = Plain()
print("B076", p.method.extra, p.method.__name__, p.method.__qualname__, p.method.__doc__, p.method.__module__ == __name__)
for name in ("extra", "__name__", "__doc__", "other"):
    print("B076", error(setattr, p.method, name, "new"))
print("B076", error(delattr, p.method, "extra"), "|", error(getattr, p.method, "absent"))
Plain.method.extra = "changed"
Plain.method.other = "added"
print("B076", p.method.extra, p.method.other)
print("B072", p.method.__code__ is Plain.method.__code__, p.method.__defaults__, "extra" in Plain.method.__dict__, p.method.__func__.__dict__)


def shape(text):
    head, found, rest = text.partition(" at 0x")
    return head


print("B072", shape(repr(p.method)), shape(repr(Plain.method)), shape(repr([].append)), repr(list.append))
