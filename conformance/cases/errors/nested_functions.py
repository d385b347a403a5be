# feature: traceback through functions
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places


def inner(value):
    raise TypeError("not " + value)


def middle(value):
    inner(value)


class Holder:
    def method(self):
        middle("this")


Holder().method()
