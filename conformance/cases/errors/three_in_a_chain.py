# feature: traceback of a chain with causes and contexts
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places


def one():
    raise ValueError("one")


def two():
    try:
        one()
    except ValueError:
        raise KeyError("two")


def three():
    try:
        two()
    except KeyError as problem:
        raise RuntimeError("three") from problem


three()
