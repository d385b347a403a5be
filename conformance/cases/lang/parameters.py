# feature: parameters of every kind


def every(a, b=2, /, c=3, *rest, d, e=5, **named):
    return a, b, c, rest, d, e, named


def only_positional(a, b=1, /):
    return a, b


def only_named(*, a, b=1):
    return a, b


def anything(*args, **named):
    return args, named


print(every(1, d=4))
print(every(1, 20, 30, 40, 50, d=4, e=6, f=7, a="named too", b="and this"))
print(every(*[1, 2], *(3, 4), d=5, **{"e": 6}, **{"g": 7}))
print(only_positional(1), only_positional(1, 2), only_named(a=1), only_named(b=2, a=1))
print(anything(), anything(1, *"ab", x=2, **{"not a name": 3}))
print((lambda *args, key=1, **named: (args, key, named))(1, 2, key=3, other=4))


def defaults(a, items=[], *, table={}):
    items.append(a)
    table[a] = len(items)
    return items, table


print(defaults(1), defaults(2), defaults(3, []))
print(every.__defaults__, every.__kwdefaults__, only_positional.__defaults__, anything.__defaults__)
x = 10


def early(value=x):
    return value


x = 20
print(early())


def annotated(a: int, b: "text" = 1, *args: float, c: str = "s", **named: dict) -> list:
    return a


print(sorted(annotated.__annotations__), annotated(1))
