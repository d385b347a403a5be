# feature: traceback from a class body
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places


def check(value):
    if value > 2:
        raise ValueError(f"{value} is too large")


class Outer:
    class Inner:
        check(1)
        check(3)
