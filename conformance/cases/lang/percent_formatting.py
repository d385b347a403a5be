# feature: the % operator of strings
# differs: 3.12 3.13: the messages said less


def error(call):
    try:
        return call()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


class Index:
    def __index__(self):
        return 7


print("%s %r %d %i %% %c %c" % ("text", "text", 5, 6.9, "x", 65))
print("%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o" % (42, 42, 42, 42, 42, 255, 255, 255, 8, 8))
print("%f|%.2f|%8.3f|%-8.1f|%e|%.3e|%g|%g|%G|%+.1f|%08.2f" % (1.5, 1.005, 3.14159, 2.5, 12345.678, 0.00012, 1e10, 0.0001, 1e-10, 2.25, -1.5))
print("%10s|%-10s|%.2s|%5.1s|%*d|%-*s|%.*f" % ("a", "b", "cde", "fgh", 6, 42, 5, "x", 2, 1.2345))
print("%(name)s is %(age)d, %(name)r, %(ratio).1f%%" % {"name": "n", "age": 5, "ratio": 50, "unused": 1})
print("%s" % [1, 2], "%s" % (("tuple",),), "%s" % None, "%d" % True, "%s %s" % ("a", ("b",)), "plain" % (), "plain" % {}, "%x" % Index(), "%d" % 10**25, "%.3d" % 5)
print(error(lambda: "%d" % "x"), "|", error(lambda: "%s %s" % "one"), "|", error(lambda: "%s" % (1, 2)), "|", error(lambda: "%x" % 1.5), "|", error(lambda: "%c" % "ab"))
print(error(lambda: "%y" % 1), "|", error(lambda: "%(a)s" % 5), "|", error(lambda: "%(a)s" % {"b": 1}), "|", error(lambda: "%" % 1), "|", error(lambda: "%f" % "1"), "|", error(lambda: "%d" % None))
print("%a %a" % ("é", "a"), "%s%s" % (1, 2), "%r" % ("é\n",), "%-5s|%5s" % ("é", "é"))
