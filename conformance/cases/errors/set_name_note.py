# cites: B081
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places


class Failing:
    def __set_name__(self, owner, name):
        print("B081", owner.__name__, name)
        raise LookupError("no thanks")


class Holder:
    attribute = Failing()
