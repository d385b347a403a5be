# feature: an exception with its own text
# exit: 1
# stderr: yes


class Failure(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code

    def __str__(self):
        return f"code {self.code}\nand a second line"


class Outer:
    class Inner(Failure):
        pass


try:
    raise Failure(1)
except Failure as problem:
    raise Outer.Inner(2) from problem
