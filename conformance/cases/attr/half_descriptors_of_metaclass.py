# feature: descriptors of a metaclass that can only set or only delete

# What has one of the two methods is a data descriptor for the class, and the other one is missing by its name.


class Setting:
    def __set__(self, instance, value):
        print("set", instance.__name__, value)


class Deleting:
    def __delete__(self, instance):
        print("delete", instance.__name__)


class Meta(type):
    setting = Setting()
    deleting = Deleting()


class A(metaclass=Meta):
    pass


def tell(call, *args):
    try:
        print(call(*args))
    except AttributeError as error:
        print("AttributeError:", error)


for name in ("setting", "deleting"):
    tell(setattr, A, name, 1)
    tell(delattr, A, name)
    print(name in vars(A))
