# feature: arithmetic of integers, large ones too
# differs: 3.12 3.13: other words for a division by zero


def error(call):
    try:
        return call()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print([(a // b, a % b, divmod(a, b)) for a in (7, -7) for b in (3, -3)], 7 / 2, -7 / 2, 6 / 3)
print(2**10, 2**100, (-2) ** 3, 2**-2, 0**0, 10**20 // 7, -(10**20) // 7, 10**20 % 7, -(10**20) % 7, 10**20 / 10**19)
print(5 & 3, 5 | 3, 5 ^ 3, ~5, -5 & 3, -5 | 3, -5 ^ 3, 1 << 70, -1 << 70, (1 << 70) >> 68, -5 >> 1, -1 >> 100, (1 << 70) & ((1 << 66) - 1), -(1 << 70) & 0xFF)
big = 123456789012345678901234567890
print(big, -big, big * big, big + 1, big - big, big // 10**15, big % 10**15, big == big + 0, big < big + 1, hash(big) == hash(big + 0), str(big)[::-1])
print((2**62) + (2**62), (2**61) * 4, 2**63 - 1, -(2**63), (2**63) - (2**63), 3037000500 * 3037000500, -(2**62) - 1, (2**62) * -2, abs(-(2**62)), -(-(2**62)), (-(2**62)) // -1)
print(int("123"), int("-0"), int("ff", 16), int("0b101", 0), int("  7 "), int("1_0"), int(3.9), int(-3.9), int(1e20), int(True), int(), int("٣"))
print((10).bit_length(), (0).bit_length(), (-8).bit_length(), (2**70).bit_length(), (255).to_bytes(2, "big"), int.from_bytes(b"\x01\x00", "big"), (5).bit_count(), (5).numerator, (3).real, (7).conjugate(), (4).__index__())
print(bin(10), oct(-8), hex(255), bin(2**65), hex(-(2**65)), abs(-5), pow(3, 4, 5), pow(2, -1, 7), round(15, -1), round(25, -1), round(-15, -1), round(12345678901234567890, -5), sum(range(101)), divmod(10**30, 7**20))
print(5 == 5.0, 2**53 == float(2**53), 2**53 + 1 == float(2**53), 10**400 > 1e308, -(10**400) < 1.5, 2**70 == float(2**70), 1 < 1.5 < 2, True + 1, 5 .__add__(6), (5).__radd__(6), (5).__add__("x"))
print(error(lambda: 1 // 0), "|", error(lambda: 1 / 0), "|", error(lambda: 10**30 % 0), "|", error(lambda: 1 << -1), "|", error(lambda: int("")), "|", error(lambda: int("12x")), "|", error(lambda: int("1", 1)), "|", error(lambda: int([])), "|", error(lambda: 10**400 * 1.0), "|", error(lambda: 10**400 / 3), "|", error(lambda: int(float("inf"))), "|", error(lambda: int(float("nan"))), "|", error(lambda: -"x"), "|", error(lambda: ~1.5))
n = 1
for k in range(1, 31):
    n *= k
print(n, n // (n - 1), len(str(3**1000)), 3**200 % 10**20, (7**100) ** 2 == 7**200, int(str(7**100)) == 7**100, isinstance(True, int))
