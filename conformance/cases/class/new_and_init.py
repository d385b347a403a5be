# cites: B143 B144 B145 B146


class Base:
    def __new__(cls, *args):
        calls.append(("new", cls.__name__, args))
        return args[0] if args and isinstance(args[0], (Base, str)) else super().__new__(cls)

    def __init__(self, *args):
        calls.append(("init of Base", type(self).__name__, args))


class Sub(Base):
    def __init__(self, *args):
        calls.append(("init of Sub", type(self).__name__, args))


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def show(tag):
    for call in calls:
        print(tag, call[0], call[1], len(call[2]))
    calls.clear()


calls = []
base, sub = Base(), Sub(1, 2)
show("B143")
print("B143", type(Base.__dict__["__new__"]).__name__, Base.__new__(Sub) is not None, error(Base.__new__), "|", error(object.__new__))
show("B143")
print("B144", Base("text"), Sub(base) is base)
show("B144")
print("B145", Base(sub) is sub)
show("B145")


class Answers:
    def __init__(self, answer):
        self.kept = answer
        return answer


for answer in (None, 5, "text", [], False):
    print("B146", type(error(Answers, answer)).__name__, error(Answers, answer) if answer is not None else "")


class Generating:
    def __init__(self):
        yield


print("B146", error(Generating))
Base.__new__ = lambda cls, *args: 5
print("B144", Base(), Sub())
