# cites: B161 B162 B163 B164
# differs: 3.12: the message had a line break


def build(**classes):
    made = {}
    for name, bases in classes.items():
        made[name] = type(name, tuple(made[base] for base in bases), {})
    return made


def order(cls):
    return "".join(base.__name__ for base in cls.__mro__[:-1])


def error(name, *bases):
    try:
        return order(type(name, bases, {}))
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


diamond = build(A="", B="A", C="A", D="BC")
print("B161", order(diamond["D"]))
wide = build(O="", A="O", B="O", C="O", D="O", E="O", K="ABC", L="DBE", M="DA", Z="KLM")
print("B161", order(wide["K"]), order(wide["L"]), order(wide["M"]), order(wide["Z"]))
deep = build(A="", B="A", C="B", D="C", X="", Y="X", Z="Y", M="DZ", N="ZD")
print("B162", order(deep["M"]), order(deep["N"]))
book = build(O="", F="O", E="O", D="O", C="DF", B="DE", A="BC")
print("B162", order(book["A"]))
book = build(O="", F="O", E="O", D="O", C="DF", B="ED", A="BC")
print("B163", order(book["B"]), order(book["A"]))
for name, cls in wide.items():
    for base in cls.__bases__:
        inherited = [one for one in cls.__mro__ if one in base.__mro__]
        if inherited != list(base.__mro__):
            print("B163 broken", name)
print("B163", error("S", wide["K"], wide["M"]), "|", error("S", wide["M"], wide["K"]))

two = build(X="", Y="", A="XY", B="YX")
print("B164", error("C", two["A"], two["B"]))
print("B164", error("C", object, two["X"]))
print("B164", error("C", diamond["A"], diamond["B"]))
print("B164", error("C", int, bool), "|", error("C", diamond["A"], diamond["D"], diamond["B"]))
