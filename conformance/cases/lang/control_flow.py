# feature: try, except, else, finally and loops


def order(problem=None, leave=None):
    log = []
    for turn in range(3):
        try:
            log.append(f"try {turn}")
            if turn == 1:
                if problem:
                    raise problem
                if leave == "return":
                    return log
                if leave == "break":
                    break
                if leave == "continue":
                    continue
        except ValueError as caught:
            log.append(f"caught {caught}")
        except (KeyError, TypeError):
            log.append("one of two")
            break
        else:
            log.append("else")
        finally:
            log.append("finally")
    else:
        log.append("loop else")
    return log


print(order())
for problem in (ValueError("v"), KeyError("k"), TypeError):
    print(order(problem))
for leave in ("return", "break", "continue"):
    print(leave, order(leave=leave))


def overrides():
    try:
        return "try"
    finally:
        log.append("finally ran")


def value_is_kept():
    x = 1
    try:
        return x
    finally:
        x = 2


def nested():
    try:
        try:
            raise ValueError("inner")
        finally:
            log.append("inner finally")
    except ValueError as problem:
        log.append(str(problem))
        try:
            raise KeyError("second")
        except KeyError as another:
            return another.__context__ is problem, log
    finally:
        log.append("outer finally")


log = []
print(overrides(), value_is_kept(), log)
log.clear()
print(nested(), log)


def unbinds():
    try:
        raise ValueError
    except ValueError as problem:
        pass
    try:
        return problem
    except UnboundLocalError as unbound:
        return str(unbound)


print(unbinds())


def loops():
    found = []
    n = 0
    while n < 10:
        n += 1
        if n == 2:
            continue
        if n == 5:
            break
        found.append(n)
    else:
        found.append("never")
    while n:
        n -= 1
    else:
        found.append("while else")
    for a in range(3):
        for b in range(3):
            if b == a:
                break
            found.append((a, b))
        else:
            found.append("inner else")
    return found


print(loops())


def error(call):
    try:
        return call()
    except BaseException as problem:
        return f"{type(problem).__name__}: {problem}", repr(problem.__cause__), repr(problem.__context__), problem.__suppress_context__


def raises(what, cause=...):
    def call():
        try:
            raise KeyError("first")
        except KeyError:
            if cause is ...:
                raise what
            raise what from cause

    return call


print(error(raises(ValueError("v"))), error(raises(ValueError, None)), error(raises(ValueError("v"), OSError)))
print(error(raises(5)), error(raises(int)), error(raises(ValueError, 5)), error(raises(None)))


def bare():
    raise


def not_a_class():
    try:
        raise ValueError
    except "text":
        pass


print(error(bare), error(not_a_class)[0])
x = 5
if x > 10:
    print("large")
elif x > 3:
    print("middle")
else:
    print("small")
print("yes" if x == 5 else "no", x > 3 and "and" or "or", not x, 1 < x < 10 < 5, 1 < x <= 5 == 5)
for x, (y, *z) in [(1, (2, 3, 4)), ("a", "bc")]:
    print(x, y, z)
for n in []:
    pass
print(n if "n" in globals() else "never bound")
pass
