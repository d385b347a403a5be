# feature: traceback of a cause
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places


def first():
    raise KeyError("first")


try:
    first()
except KeyError as problem:
    raise RuntimeError("second") from problem
