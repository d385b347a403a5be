# feature: a class body that binds `__annotate__`

# What the body binds goes before what is assigned later.


class Bound:
    __annotate__ = 5


def assigned(form):
    return {"x": 1}


print(Bound.__annotate__)
Bound.__annotate__ = assigned
print(Bound.__annotate__, Bound.__annotations__)
print(sorted(name for name in vars(Bound) if "annot" in name))


class Both:
    x: int
    __annotate__ = 5


print(Both.__annotate__, Both.__annotations__)
print(sorted(name for name in vars(Both) if "annot" in name))


class Called:
    def __annotate__(form):
        return {"y": form}


print(Called.__annotations__)
Called.__annotate__ = assigned
print(Called.__annotations__)
Called.__annotations__ = {"z": 2}
print(Called.__annotate__, Called.__annotations__)
