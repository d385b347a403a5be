# feature: none
"""A stock exchange: orders that wait by price, meet, and become trades.

    mortice run examples/market.py
    mortice run --record-allocations market.trace examples/market.py
    mortice profile market.trace

Two hundred traders send orders for eight stocks. An order meets what waits on the other side of its book, best price
and oldest first, and waits itself for what it did not get. Traders keep what they hold and the trades they made; a
ledger keeps the last of all. So there are objects that die at once, some that live for a while and some that stay,
which makes the program worth recording. It runs on CPython as well.
"""

import sys


class Random:
    """A linear congruential generator, so that every run is the same."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % limit


class Order:
    __slots__ = ("trader", "buys", "price", "shares", "number")

    def __init__(self, trader, buys, price, shares, number):
        self.trader = trader
        self.buys = buys
        self.price = price
        self.shares = shares
        self.number = number


class Trade:
    __slots__ = ("stock", "price", "shares", "buyer", "seller", "note")

    def __init__(self, stock, price, shares, buyer, seller):
        self.stock = stock
        self.price = price
        self.shares = shares
        self.buyer = buyer
        self.seller = seller
        self.note = f"{shares} of {stock} at {price}"


class Trader:
    """Has attributes in a dict, as most programs' objects do."""

    def __init__(self, name):
        self.name = name
        self.cash = 1_000_000
        self.holdings = {}
        self.trades = []

    def settle(self, trade, sign):
        self.cash -= sign * trade.price * trade.shares
        self.holdings[trade.stock] = self.holdings.get(trade.stock, 0) + sign * trade.shares
        self.trades.append(trade)
        if len(self.trades) > 200:
            self.trades = self.trades[-100:]


class Book:
    """What waits for one stock: for each price the orders, oldest first."""

    def __init__(self, stock, price):
        self.stock = stock
        self.price = price
        self.bids = {}
        self.offers = {}

    def levels(self, order):
        """The other side's prices that an order would take, best first."""
        if order.buys:
            return self.offers, sorted([price for price in self.offers if price <= order.price])
        return self.bids, sorted([price for price in self.bids if price >= order.price], reverse=True)

    def place(self, order):
        """Matches an order and gives its trades."""
        side, prices = self.levels(order)
        for price in prices:
            waiting = side[price]
            while waiting and order.shares:
                other = waiting[0]
                shares = min(order.shares, other.shares)
                order.shares -= shares
                other.shares -= shares
                if not other.shares:
                    waiting.pop(0)
                self.price = price
                buyer, seller = (order, other) if order.buys else (other, order)
                yield Trade(self.stock, price, shares, buyer.trader, seller.trader)
            if not waiting:
                del side[price]
            if not order.shares:
                return
        own = self.bids if order.buys else self.offers
        own.setdefault(order.price, []).append(order)

    def tidy(self, oldest):
        """Drops the orders that have waited too long."""
        for side in (self.bids, self.offers):
            for price in list(side):
                left = [order for order in side[price] if order.number >= oldest]
                if left:
                    side[price] = left
                else:
                    del side[price]


def run(orders):
    random = Random(20)
    traders = [Trader(f"trader {number}") for number in range(200)]
    books = [Book(name, 100 + 50 * number) for number, name in enumerate("ABCDEFGH")]
    ledger = []
    count = 0
    volume = 0
    for number in range(orders):
        book = books[random.below(len(books))]
        trader = traders[random.below(len(traders))]
        price = max(book.price + random.below(21) - 10, 1)
        order = Order(trader, random.below(2) == 0, price, 1 + random.below(50), number)
        for trade in book.place(order):
            trade.buyer.settle(trade, 1)
            trade.seller.settle(trade, -1)
            ledger.append((number, trade))
            count += 1
            volume += trade.price * trade.shares
        if number % 1000 == 999:
            for book in books:
                book.tidy(number - 20_000)
            ledger = ledger[-20_000:]
    return traders, books, count, volume


def main():
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000
    traders, books, count, volume = run(orders)
    print(f"{orders} orders, {count} trades, volume {volume}")
    for book in books:
        waiting = sum([len(level) for side in (book.bids, book.offers) for level in side.values()])
        print(f"{book.stock}: {book.price}, {waiting} orders wait")
    richest = max(traders, key=lambda trader: trader.cash)
    print(f"{richest.name} has {richest.cash}")
    assert sum([trader.cash for trader in traders]) == 200 * 1_000_000


main()
