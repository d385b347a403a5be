# cites: B074
# differs: 3.12: __get__ of a method bound again

# A method that is bound stays bound to what it has.


class Plain:
    def method(self):
        return self.tag

    def __init__(self, tag):
        self.tag = tag


p, q = Plain("p"), Plain("q")
print("B074", p.method.__get__(q, Plain)(), p.method.__get__(q).__self__.tag, p.method.__get__(None, Plain)())
