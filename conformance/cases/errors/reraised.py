# feature: traceback of an exception raised again
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places


def fails():
    raise LookupError("once")


def passes_on():
    try:
        fails()
    except LookupError:
        raise


try:
    passes_on()
except LookupError as problem:
    kept = problem
raise kept
