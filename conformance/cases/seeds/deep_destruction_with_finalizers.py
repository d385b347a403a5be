# cites: B239 B244
# seed: 001_404d3b1628fae2ef.txt

# Each link has a finalizer, and they run from the outermost to the innermost.


class Link:
    def __init__(self, number, inner):
        self.number, self.inner = number, inner

    def __del__(self):
        order.append(self.number)


class Loud(Link):
    def __del__(self):
        order.append(-self.number)
        super().__del__()


order = []
chain = None
for number in range(5000):
    chain = Link(number, chain)
print("B239", order)
chain = None
print("B239", len(order), order[:3], order[-3:], order == sorted(order, reverse=True))

order = []
chain = None
for number in range(1, 300):
    chain = (Loud if number % 2 else Link)(number, [chain])
chain = None
print("B244", len(order), order[:6], order[-3:])
