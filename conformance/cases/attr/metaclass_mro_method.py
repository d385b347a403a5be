# cites: B045


class Meta(type):
    def mro(cls):
        usual = super().mro()
        calls.append((cls.__name__, [base.__name__ for base in usual]))
        return [usual[0]] + [extra for extra in extras if extra not in usual] + usual[1:]


def names(cls):
    return [base.__name__ for base in cls.__mro__]


class Extra:
    from_extra = "Extra"


calls, extras = [], []


class A(metaclass=Meta):
    a = "A"


extras.append(Extra)


class B(A):
    pass


print("B045", calls)
print("B045", names(A), names(B), B.from_extra, B().from_extra, hasattr(A, "from_extra"))
print("B045", B.__bases__, issubclass(B, Extra), isinstance(B(), Extra), B.__base__)
print("B045", [base.__name__ for base in B.mro()], [base.__name__ for base in type.mro(B)], len(calls))
print("B045", [base.__name__ for base in int.mro()], [base.__name__ for base in type.mro(bool)])
