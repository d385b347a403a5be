# cites: B071
# differs: 3.12: the chain still bound the property to the class


class Chained:
    @classmethod
    @property
    def name(cls):
        return cls.__name__.lower()


class Sub(Chained):
    pass


for answer in (Chained.name, Sub.name, Sub().name):
    print("B071", type(answer).__name__)
