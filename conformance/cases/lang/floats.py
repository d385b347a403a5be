# feature: arithmetic and text of floats
# differs: 3.12 3.13: other words for a division by zero


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


inf, nan = float("inf"), float("nan")
print(0.1 + 0.2, 1 / 3, 2.0**0.5, 1e16, 1e15, 123456789.123456789, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, -0.0, 0.0 == -0.0, 100.0, 1e22, 1e23, 0.1)
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, divmod(-7.5, 2), 2.5**2, (-8.0) ** 2, 2**0.5 == 2.0**0.5, 1.5 * 2, 1 - 0.9, 1e308 * 10, -1e308 * 10, inf - inf)
print(inf, -inf, nan, inf == inf, nan == nan, nan != nan, inf > 10**400, nan < 1, min(1.0, nan), max(nan, 1.0), inf // 1, inf % 2 != inf % 2, 5 % inf, -5 % inf)
print(round(2.5), round(3.5), round(2.675, 2), round(-2.5), round(1234.5, -2), round(0.5), round(1.5), round(2.0, 3), round(1e20), type(round(1.5, 0)).__name__, type(round(1.5)).__name__)
print(int(2.9), int(-2.9), (2.5).is_integer(), (2.0).is_integer(), (0.75).as_integer_ratio(), (1.5).hex(), float.fromhex("0x1.8p+0"), (3.7).__trunc__(), (3.2).__ceil__(), (3.7).__floor__(), abs(-1.5), bool(0.0), bool(nan))
print(float("1.5"), float(" 1e3 "), float("-inf"), float("NaN"), float("1_0.5"), float(5), float(), float("1e400"), float(".5"), float("5."), repr(1.0), str(1e100), hash(1.5) == hash(1.5), hash(2.0) == hash(2), 1e3 == 1000)
print(1.5 + 2j, (1 + 2j) * (3 - 1j), abs(3 + 4j), (1 + 2j).conjugate(), 1j**2, complex(1, -0.0), (1 + 2j) == (1 + 2j), (2 + 0j) == 2, repr(1j), -(1 + 2j), (1 + 2j).real, (1 + 2j).imag)
print(error(lambda: 1.0 / 0), "|", error(lambda: 1.0 // 0), "|", error(lambda: 1.0 % 0), "|", error(lambda: 0.0**-1), "|", error(lambda: 10.0**400), "|", error(lambda: float("x")), "|", error(lambda: float(None)), "|", error(lambda: 1.5 << 1), "|", error(lambda: 1.5 < 1j), "|", error(lambda: "%d" % nan), "|", error(lambda: round(inf)), "|", error([1].__getitem__, 1.0))
print(f"{1/3:.3}", f"{2/3:.0f}", f"{1e6:.1e}", f"{12345.6789:.6g}", f"{0.00001234:g}", f"{1e21:f}", f"{123.456:8.1f}", f"{1.0:g}", f"{1.5:n}", f"{100.0:.0f}", f"{1e-7:f}", f"{-1.5:+.2f}")
