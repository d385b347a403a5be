#!/usr/bin/env python
"""A stock market of a few hundred thousand objects, in which prices are heard by those who wait for them.

    pip install ./crates/python
    python examples/simulation.py
    python examples/simulation.py --objects 1000000 --steps 50 --plot market.svg

Accounts hold positions in stocks. A stop order shows the price of a stock, hears when that changes (also because the
order was given another stock), and sells a position when it falls below a limit. A ledger hears of every trade. The
same market is written three times: with mortice, with atom (where it is installed), and with __slots__ and observers
by hand. Each runs in a process of its own, does the same work and must come to the same end; then time and memory are
compared.

With pip install './crates/python[examples]' there are atom, a progress bar (tqdm) and plots (matplotlib) as well.
"""

import argparse
import gc
import importlib.util
import json
import random
import statistics
import subprocess
import sys
import time


# The market, with mortice ------------------------------------------------------------------------------------------


def with_mortice(market):
    from mortice import Base, delegated, observe, slot

    class Stock(Base):
        name = slot()
        price = slot()

    class Account(Base):
        number = slot()
        cash = slot(0.0)

    class Position(Base):
        account = slot()
        stock = slot()
        shares = slot(0)

    class StopOrder(Base):
        position = slot()
        stock = slot()
        limit = slot(0.0)
        price = delegated("stock")  # takes no storage: shows stock.price

        @observe("price")
        def on_price(self, change):
            market.prices_heard += 1
            if change.new < self.limit:
                market.sell(self)

    def on_shares(change):
        market.trades_heard += 1
        market.traded += abs(change.new - change.old)

    Position.observe("shares", on_shares)
    return Stock, Account, Position, StopOrder


# The same with atom ------------------------------------------------------------------------------------------------


def with_atom(market):
    from atom.api import Atom, Property, Value

    class Stock(Atom):
        name = Value()
        price = Value()

    class Account(Atom):
        number = Value()
        cash = Value(0.0)

    class Position(Atom):
        account = Value()
        stock = Value()
        shares = Value(0)

        def _observe_shares(self, change):
            if change["type"] == "update":  # not the value that the constructor was given
                market.trades_heard += 1
                market.traded += abs(change["value"] - change["oldvalue"])

    class StopOrder(Atom):
        position = Value()
        stock = Value()
        limit = Value(0.0)
        price = Property(lambda self: self.stock.price)

        def _observe_stock(self, change):
            old = change.get("oldvalue")
            if old is not None:
                old.unobserve("price", self.on_price)
            self.stock.observe("price", self.on_price)
            if old is not None and old.price != self.price:
                self.on_price({"value": self.price})

        def on_price(self, change):
            market.prices_heard += 1
            if change["value"] < self.limit:
                market.sell(self)

    return Stock, Account, Position, StopOrder


# The same by hand --------------------------------------------------------------------------------------------------


def by_hand(market):
    class Stock:
        __slots__ = ("name", "_price", "listeners")

        def __init__(self, name, price):
            self.name, self._price, self.listeners = name, price, []

        @property
        def price(self):
            return self._price

        @price.setter
        def price(self, new):
            old, self._price = self._price, new
            if old != new:
                for listener in self.listeners:
                    listener(old, new)

    class Account:
        __slots__ = ("number", "cash")

        def __init__(self, number, cash=0.0):
            self.number, self.cash = number, cash

    class Position:
        __slots__ = ("account", "stock", "_shares")
        listeners = []  # of all positions

        def __init__(self, account, stock, shares=0):
            self.account, self.stock, self._shares = account, stock, shares

        @property
        def shares(self):
            return self._shares

        @shares.setter
        def shares(self, new):
            old, self._shares = self._shares, new
            if old != new:
                for listener in self.listeners:
                    listener(old, new)

    class StopOrder:
        __slots__ = ("position", "_stock", "limit")

        def __init__(self, position, stock, limit=0.0):
            self.position, self._stock, self.limit = position, stock, limit
            stock.listeners.append(self.on_price)

        @property
        def stock(self):
            return self._stock

        @stock.setter
        def stock(self, new):
            old, self._stock = self._stock, new
            old.listeners.remove(self.on_price)
            new.listeners.append(self.on_price)
            if old.price != new.price:
                self.on_price(old.price, new.price)

        @property
        def price(self):
            return self._stock.price

        def on_price(self, old, new):
            market.prices_heard += 1
            if new < self.limit:
                market.sell(self)

    def on_shares(old, new):
        market.trades_heard += 1
        market.traded += abs(new - old)

    Position.listeners.append(on_shares)
    return Stock, Account, Position, StopOrder


# One run -----------------------------------------------------------------------------------------------------------


class Market:
    """The objects and what happened to them; the same for every way to write them."""

    def __init__(self, way, objects):
        self.prices_heard, self.trades_heard, self.traded, self.sold = 0, 0, 0, 0
        classes = Stock, Account, Position, StopOrder = way(self)
        for cls in classes:
            cls.__qualname__ = cls.__name__  # for their repr: that they are made in a function is of no interest
        chance = random.Random(1)
        orders = max(1, objects // 10)
        self.stocks = [Stock(name=f"S{number}", price=100.0) for number in range(max(2, objects // 1000))]
        self.accounts = [Account(number=number) for number in range(max(2, objects // 20))]
        rest = max(orders, objects - orders - len(self.stocks) - len(self.accounts))
        self.positions = [
            Position(
                account=chance.choice(self.accounts), stock=chance.choice(self.stocks), shares=chance.randint(1, 99)
            )  # fmt: skip
            for _ in range(rest)
        ]
        self.orders = [
            StopOrder(position=position, stock=position.stock, limit=chance.uniform(50, 95))
            for position in self.positions[:orders]
        ]
        self.objects = len(self.stocks) + len(self.accounts) + len(self.positions) + len(self.orders)

    def sell(self, order):
        position = order.position
        if position.shares:
            position.account.cash += position.shares * order.price
            position.shares = 0
            self.sold += 1

    def script(self, chance):
        """What one step does: a factor for each stock, other stocks for some orders, and trades."""
        factors = [(stock, chance.gauss(0.999, 0.02)) for stock in self.stocks]
        moves = [(chance.choice(self.orders), chance.choice(self.stocks)) for _ in range(len(self.orders) // 100)]
        trades = [(chance.choice(self.positions), chance.randint(1, 9)) for _ in range(len(self.positions) // 10)]
        return factors, moves, trades

    def change_prices(self, factors, moves):
        for stock, factor in factors:
            stock.price = stock.price * factor
        for order, stock in moves:
            order.stock = stock

    def trade(self, trades):
        for position, shares in trades:
            position.shares += shares
            position.account.cash -= shares * position.stock.price


WAYS = {"mortice": with_mortice, "atom": with_atom, "__slots__ by hand": by_hand}


def resident_bytes():
    """The memory of this process now."""
    gc.collect()
    try:
        with open("/proc/self/statm") as pages:
            return int(pages.read().split()[1]) * 4096
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def progress(steps, name):
    """The numbers of the steps, with a bar where somebody looks."""
    try:
        from tqdm import tqdm
    except ImportError:
        for step in range(steps):
            if sys.stderr.isatty():
                print(f"\r{name}: step {step + 1} of {steps} ", end="", file=sys.stderr, flush=True)
            yield step
        if sys.stderr.isatty():
            print(file=sys.stderr)
    else:
        yield from tqdm(range(steps), desc=f"{name:18}", unit="step", leave=False, disable=None)


def seconds(function, *given):
    """The processor time that a call takes."""
    begin = time.process_time()
    function(*given)
    return time.process_time() - begin


def simulate(name, objects, steps):
    """Runs the market written in one way; returns what it did and what that cost."""
    Market(WAYS[name], 1000)  # what is loaded and compiled on first use is not the market's
    before = resident_bytes()
    begin = time.process_time()
    market = Market(WAYS[name], objects)
    built = time.process_time() - begin
    memory = resident_bytes() - before
    chance, prices, trades = random.Random(2), 0.0, 0.0
    for _ in progress(steps, name):
        factors, moves, wanted = market.script(chance)
        prices += seconds(market.change_prices, factors, moves)
        trades += seconds(market.trade, wanted)
    end = {
        "objects": market.objects, "prices heard": market.prices_heard, "trades heard": market.trades_heard,
        "sold": market.sold, "traded": market.traded, "cash": sum(account.cash for account in market.accounts),
    }  # fmt: skip
    costs = {"built": built, "prices": prices, "trades": trades, "memory": memory / market.objects}
    return {"end": end, "costs": costs, "order": repr(market.orders[0])}


# All of them -------------------------------------------------------------------------------------------------------


def measure(names, python, objects, steps, rounds):
    """Runs each way in processes of its own, in turns; how they ended, and the medians of what they cost."""
    found = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            command = [python, __file__, "--objects", str(objects), "--steps", str(steps), "--alone", name]
            ended = subprocess.run(command, stdout=subprocess.PIPE, text=True)
            if ended.returncode:
                sys.exit(f"simulation.py: the run with {name} failed: exit status {ended.returncode}")
            found[name].append(json.loads(ended.stdout))
    first = found["mortice"][0]
    for name, runs in found.items():
        if any(one["end"] != first["end"] for one in runs):
            sys.exit(f"simulation.py: {name} came to another end: {runs[0]['end']}, not {first['end']}")
    results = {}
    for name, runs in found.items():
        costs = {key: statistics.median(one["costs"][key] for one in runs) for key in first["costs"]}
        rates = {what: first["end"][f"{what} heard"] / max(costs[what], 1e-9) for what in ("prices", "trades")}
        results[name] = {"built": costs["built"], **rates, "memory": costs["memory"]}
    return first["end"], first["order"], results


# The columns: title, key, format.
COLUMNS = [
    ("prices heard a second", "prices", "{:,.0f}"),
    ("trades heard a second", "trades", "{:,.0f}"),
    ("bytes an object", "memory", "{:,.0f}"),
]


def report(end, order, results):
    """The table, with each figure beside that of the slots by hand."""
    heard = f"{end['prices heard']:,} prices heard by orders, {end['trades heard']:,} trades by the ledger"
    print(f"{end['objects']:,} objects; {heard}; {end['sold']:,} positions sold\n{order}\n")
    last = results["__slots__ by hand"]
    print(f"{'(× of by hand)':18}{'built':>9}" + "".join(f"{title:>26}" for title, _, _ in COLUMNS))
    for name, one in results.items():
        cells = [f"{form.format(one[key])} ({one[key] / max(last[key], 1e-9):.2f} ×)" for _, key, form in COLUMNS]
        print(f"{name:18}{one['built']:>7.2f} s" + "".join(f"{cell:>26}" for cell in cells))


def plot(results, path):
    """A row of bars for each column of the table."""
    import matplotlib

    matplotlib.use("agg")
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "market", "font.size": 9}
    from matplotlib import pyplot

    figure, sides = pyplot.subplots(1, len(COLUMNS), figsize=(9, 1.5), sharey=True, layout="constrained")
    names = list(results)[::-1]
    colors = ["#0b7285" if name == "mortice" else "#adb5bd" for name in names]
    for side, (title, key, form) in zip(sides, COLUMNS):
        values = [results[name][key] for name in names]
        bars = side.barh(names, values, color=colors, height=0.62)
        side.bar_label(bars, [form.format(value) for value in values], padding=4)
        side.set_title(f"{title} ({'less' if key == 'memory' else 'more'} is better)", fontsize=9, loc="left")
        side.set_xlim(0, max(values) * 1.35)
        side.xaxis.set_visible(False)
        side.spines[["top", "right", "bottom"]].set_visible(False)
        side.tick_params(axis="y", length=0)
    is_svg = path.lower().endswith(".svg")
    figure.savefig(path, facecolor="white", metadata={"Date": None} if is_svg else None)


def arguments():
    words, _, more = __doc__.partition("\n\n")
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=words, epilog=more, formatter_class=form)
    for option, value, what in (
        ("--objects", 300_000, "how many objects"),
        ("--steps", 20, "how often prices move"),
        ("--rounds", 1, "runs of each, whose medians count"),
    ):
        parser.add_argument(option, type=int, default=value, metavar="N", help=f"{what} [default: %(default)s]")
    parser.add_argument("--plot", metavar="FILE", help="draw the comparison: .svg, .png or .pdf (needs matplotlib)")
    parser.add_argument("--json", metavar="FILE", help="write the figures")
    parser.add_argument("--python", default=sys.executable, metavar="PATH", help="what runs them [default: the same]")
    parser.add_argument("--alone", choices=WAYS, help="run one of them in this process and print its figures as JSON")
    given = parser.parse_args()
    for option, least in (("objects", 100), ("steps", 1), ("rounds", 1)):
        if getattr(given, option) < least:
            parser.error(f"--{option} must be at least {least}")
    if importlib.util.find_spec("mortice") is None:
        parser.error("the package mortice is not installed: pip install ./crates/python")
    if given.alone == "atom" and importlib.util.find_spec("atom") is None:
        parser.error("--alone atom needs atom: pip install './crates/python[examples]'")
    if given.plot and importlib.util.find_spec("matplotlib") is None:
        parser.error("--plot needs matplotlib: pip install './crates/python[examples]'")
    return given


def main():
    given = arguments()
    if given.alone:
        print(json.dumps(simulate(given.alone, given.objects, given.steps)))
        return
    names = [name for name in WAYS if name != "atom" or importlib.util.find_spec("atom")]
    end, order, results = measure(names, given.python, given.objects, given.steps, given.rounds)
    report(end, order, results)
    if "atom" not in names:
        print("\natom is not installed; with pip install './crates/python[examples]' it is compared too")
    if given.json:
        with open(given.json, "w") as file:
            json.dump({"end": end, "results": results}, file, indent=1)
    if given.plot:
        plot(results, given.plot)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
