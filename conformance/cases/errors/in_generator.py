# feature: traceback from a generator
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places


def numbers():
    yield 1
    yield int("x")


def consume(source):
    total = 0
    for number in source:
        total += number
        print("so far", total)
    return total


consume(numbers())
