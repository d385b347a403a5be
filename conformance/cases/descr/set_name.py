# cites: B080 B081


class Named:
    def __set_name__(self, owner, name):
        calls.append((owner.__name__, name, name in owner.__dict__))
        self.owner, self.name = owner, name


class Failing:
    def __set_name__(self, owner, name):
        raise KeyError("no thanks")


class Odd:
    __set_name__ = None


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []


class Holder:
    b = Named()
    a = Named()
    shared = again = Named()
    listed = [Named()]


print("B080", calls, Holder.shared.name, Holder.a.owner is Holder)
calls.clear()
Holder.late = Named()
print("B080", calls, hasattr(Holder.late, "name"))
type("Made", (), {"x": Named()})
type("Sub", (Holder,), {})
print("B080", calls)
instance_hook = Named.__new__(Named)
plain = type("Plain", (), {})()
plain.__set_name__ = lambda owner, name: calls.append("never")
type("Other", (), {"p": plain})
print("B080", calls)

try:

    class Bad:
        x = Failing()

except Exception as problem:
    print("B081", type(problem).__name__, problem, getattr(problem, "__notes__", None), problem.__cause__)
print("B081", error(type, "Bad", (), {"x": Odd()}))
print("B080", "Bad" in globals())
