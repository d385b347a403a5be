# cites: B069

# A classmethod and a staticmethod keep the annotations of what they wrap once they were asked; deleting what was
# never kept names the kind of wrapper, not its class, and neither the attribute nor the object.


class OfClass(classmethod):
    pass


class OfNone(staticmethod):
    pass


def function(x: int):
    pass


def attempt(action, *args):
    try:
        return action(*args)
    except AttributeError as problem:
        return str(problem), problem.name, problem.obj is None


for kind in (classmethod, staticmethod, OfClass, OfNone):
    one = kind(function)
    print("B069", attempt(delattr, one, "__annotations__"), attempt(delattr, one, "__annotate__"))
    print("B069", list(one.__annotations__), attempt(delattr, one, "__annotations__"))
    print("B069", attempt(delattr, one, "__annotations__"), list(one.__annotations__))
