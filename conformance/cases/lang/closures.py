# cites: B135
# feature: closures, global and nonlocal


def counter(start):
    count = start

    def step(by=1):
        nonlocal count
        count += by
        return count

    def look():
        return count

    return step, look


step, look = counter(10)
other, _ = counter(0)
print(step(), step(5), look(), other(), look())
functions = [lambda: n for n in range(3)]
print([f() for f in functions], [f() for f in [lambda n=n: n for n in range(3)]])
late = []
for n in range(3):
    late.append(lambda: n)
print([f() for f in late])

total = 0


def add(number):
    global total, made_here
    total += number
    made_here = number * 2


add(5)
add(6)
print(total, made_here)


def three_levels():
    x = "outer"

    def middle():
        def inner():
            nonlocal x
            x = "set by inner"
            return x

        return inner(), x

    return middle(), x


print(three_levels())


def error(call):
    try:
        return call()
    except NameError as problem:
        return f"{type(problem).__name__}: {problem}"


def unbound_local():
    print(value)
    value = 1


def unbound_free():
    def inner():
        return value

    if False:
        value = 1
    return inner()


def deleted():
    value = 1
    del value
    return value


def deleted_free():
    value = 1

    def inner():
        return value

    del value
    return inner()


print(error(unbound_local), "|", error(unbound_free), "|", error(deleted), "|", error(deleted_free), "|", error(lambda: no_such_name))


def recursive(n):
    def factorial(k):
        return 1 if k == 0 else k * factorial(k - 1)

    return factorial(n)


print(recursive(20), step.__closure__[0].cell_contents, step.__code__.co_freevars, look.__closure__[0] is step.__closure__[0])


class Holder:
    def make(self):
        return lambda: (self, __class__)


made = Holder().make()
print("B135", type(made()[0]).__name__, made()[1])


def shadows(len):
    def inner():
        return len

    return inner()


print(shadows(5), len([1]), (lambda x: (lambda y: x + y))(1)(2))
