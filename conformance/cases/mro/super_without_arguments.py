# cites: B172 B173
# differs: 3.12: the message did not name the types


class Base:
    def __len__(self):
        return 7

    def __getitem__(self, key):
        return "item", key

    def who(self):
        return "Base"

    def __eq__(self, other):
        return "compared"


class Sub(Base):
    def __len__(self):
        return super().__len__() + 1

    def dotted(self):
        return super().__getitem__(1), super().__len__()

    def implicit(self, what):
        return what(super())

    def no_arguments():
        return super().who()

    def deleted(self):
        del self
        return super().who()

    def replaced(self):
        self = Sub()
        return super().who()

    def wrong(self):
        self = 5
        return super().who()

    def starred(*args):
        return super().who()

    def nested(self):
        def inner():
            return super().who()

        return inner()

    def given_to_nested(self):
        def inner(self):
            return super().who()

        return inner(self)

    @staticmethod
    def static():
        return super().who()


def outside():
    return super()


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


s = Sub()
print("B172", error(outside), "|", error(Sub.no_arguments), "|", error(s.deleted))
print("B172", error(s.replaced), "|", error(s.wrong), "|", error(s.starred), "|", error(s.nested), "|", error(s.static))
print("B172", error(s.given_to_nested), "|", error(lambda: super()))
print("B173", len(s), s.dotted(), error(s.implicit, len), "|", error(s.implicit, lambda up: up[1]))
print("B173", error(s.implicit, lambda up: up == up), error(s.implicit, lambda up: iter(up)), "|", error(s.implicit, bool), error(s.implicit, lambda up: up.__eq__(1)))
