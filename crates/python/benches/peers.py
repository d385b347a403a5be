"""What slots cost on CPython, beside `__slots__`, atom and traits, in one process.

    python crates/python/benches/peers.py [--json FILE] [--rounds N] [--only TEXT]

The loads of a row run in turn, round after round, so that all see the same machine; the loop itself is measured
and taken off; the median of the rounds counts. A peer that is not installed is left out. Every row has a goal, a
ratio to one of the others, and says whether it is met.
"""

import argparse
import gc
import json
import statistics
import sys
import time

from mortice import Base, delegate, slot

try:
    from atom.api import Atom, Value
except ImportError:
    Atom = None
try:
    from traits.api import Any, DelegatesTo, HasTraits
except ImportError:
    HasTraits = None

IS_NEW = sys.version_info >= (3, 15)


def quiet(change):
    """What every observer does."""


class Plain:
    __slots__ = ("x", "y", "z", "w")

    def __init__(self, x=None, y=None, z=None, w=None):
        self.x, self.y, self.z, self.w = x, y, z, w


def slotted(*names, **more):
    """A new class, so that what one load observes slows no other."""
    return type(Base)("Slotted", (Base,), {name: slot() for name in names} | more)


def own_init(self, x=None, y=None, z=None, w=None):
    self.x, self.y, self.z, self.w = x, y, z, w


def read(obj):
    def load(count):
        for _ in range(count):
            obj.x

    return load


def write(obj):
    def load(count):
        for value in range(count):
            obj.x = value

    return load


def write_equal(obj):
    one, other = float("1.5"), float("1.5")
    obj.x = one

    def load(count):
        for _ in range(count):
            obj.x = other

    return load


def create(cls):
    def load(count):
        for _ in range(count):
            cls()

    return load


def create_four(cls):
    def load(count):
        for _ in range(count):
            cls(x=1, y=2, z=3, w=4)

    return load


def subscribe(obj, before):
    for _ in range(before):
        obj.observe("x", quiet)

    def load(count):
        for _ in range(count):
            obj.observe("x", quiet).cancel()

    return load


def observed(count, cls=None):
    """An instance with observers, and one of the same class without."""
    cls = cls or slotted("x", "y", "z", "w")
    one, other = cls(x=0), cls(x=0)
    for _ in range(count):
        one.observe("x", lambda change: None)
    return one, other


def atoms(count):
    class Atomic(Atom):
        x, y, z, w = Value(), Value(), Value(), Value()

    one, other = Atomic(x=0), Atomic(x=0)
    for number in range(count):
        one.observe("x", lambda change, number=number: None)
    return one, other


def linked():
    cls = slotted("x")
    one, target = cls(), cls(x=1)
    delegate(one, "x", to=target)
    return one


def traited():
    class Target(HasTraits):
        x = Any(1)

    class Linked(HasTraits):
        target = Any()
        x = DelegatesTo("target")

    return Linked(target=Target())


def checked():
    """An instance whose class moves the slots of a base, read by that base's descriptor."""
    first, second = slotted("a", "b"), slotted("x")
    type(Base)("Both", (first, second), {})
    return second(x=1)


def rows():
    """Name, loads by name, the load to compare with, and the goal."""
    four = ("x", "y", "z", "w")
    plain, fresh = Plain(1), slotted(*four)(x=1)
    yield "read", {"mortice": read(fresh), "__slots__": read(plain)}, "__slots__", 1.05
    yield "write, class not observed", {"mortice": write(fresh), "__slots__": write(plain)}, "__slots__", 1.05
    busy, idle = observed(1)
    peers = {}
    if Atom:
        peers = {"atom": write(atoms(1)[1])}
    yield "write, class observed elsewhere", {"mortice": write(idle), **peers}, "atom", 0.35
    peers = {"atom": read(atoms(0)[0])} if Atom else {}
    yield "read, checked", {"mortice": read(checked()), **peers}, "atom", 0.9
    for count, goal in ((1, 0.5 if IS_NEW else 0.35), (10, 0.75 if IS_NEW else 0.65)):
        peers = {"atom": write(atoms(count)[0])} if Atom else {}
        yield f"write, observers: {count}", {"mortice": write(observed(count)[0]), **peers}, "atom", goal
    peers = {"atom": write_equal(atoms(1)[0])} if Atom else {}
    yield "write, equal value, one observer", {"mortice": write_equal(observed(1)[0]), **peers}, "atom", 0.7
    peers = {}
    if Atom:
        cls = type(atoms(0)[0])
        peers = {"atom": create(cls)}
    yield "create", {"mortice": create(slotted(*four)), "__slots__": create(Plain), **peers}, "atom", 0.75 if IS_NEW else 0.65
    if Atom:
        peers = {"atom": create_four(cls)}
    loads = {"mortice": create_four(slotted(*four)), "__slots__": create_four(Plain), **peers}
    yield "create, four keywords", loads, "atom", 0.3 if IS_NEW else 0.25
    loads = {"mortice": create_four(slotted(*four, __init__=own_init)), "__slots__": create_four(Plain)}
    yield "create, __init__ in Python", loads, "__slots__", 1.5 if IS_NEW else 1.0
    link = linked()
    peers = {"traits": read(traited())} if HasTraits else {}
    yield "read, delegated", {"mortice": read(link), **peers}, "traits", 0.4
    peers = {"traits": write(traited())} if HasTraits else {}
    yield "write, delegated", {"mortice": write(link), **peers}, "traits", 0.03
    few, many = slotted("x")(), slotted("x")()
    loads = {"mortice": subscribe(many, 5000), "first": subscribe(few, 0)}
    yield "subscribe and cancel, the 5,000th", loads, "first", 1.5


def nothing(count):
    for _ in range(count):
        pass


def clocked(load, count):
    began = time.perf_counter()
    load(count)
    return (time.perf_counter() - began) / count * 1e9


def measure(loads, rounds):
    """The medians of the loads in ns, one after the other in each round."""
    counts = {}
    for name, load in loads.items():
        load(200)
        counts[name] = max(100, min(200_000, int(4e6 / max(clocked(load, 500), 1))))
    times = {name: [] for name in loads}
    for _ in range(rounds):
        for name, load in loads.items():
            times[name].append(clocked(load, counts[name]) - clocked(nothing, counts[name]))
    return {name: statistics.median(taken) for name, taken in times.items()}


def collections(loads, rounds, count=100_000):
    """Medians of a full collection, in ns for each live instance that one of `loads` makes."""
    taken = {name: [] for name in loads}
    for _ in range(max(3, rounds // 3)):
        for name, make in loads.items():
            kept = [make() for _ in range(count)]
            gc.collect()
            began = time.perf_counter()
            gc.collect()
            whole = time.perf_counter() - began
            del kept
            gc.collect()
            began = time.perf_counter()
            gc.collect()
            taken[name].append((whole - (time.perf_counter() - began)) / count * 1e9)
    return {name: statistics.median(each) for name, each in taken.items()}


def resident():
    """Bytes of the process that are in memory."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def bytes_each(make, count=200_000):
    """Bytes of one instance, with everything that it brings, by what the process grows."""
    gc.collect()
    gc.disable()
    kept = [None] * count
    for index in range(1000):
        kept[index] = make()
    before = resident()
    for index in range(1000, count):
        kept[index] = make()
    grown = resident() - before
    gc.enable()
    return grown / (count - 1000)


def memory():
    """Name, bytes of one instance, and the most that is allowed."""
    four = slotted("x", "y", "z", "w")
    sixteen = slotted(*(f"s{number}" for number in range(16)))

    def watched():
        made = four()
        made.observe("x", quiet)
        return made

    yield "bytes, 4 slots", bytes_each(four), 80
    yield "bytes, 16 slots", bytes_each(sixteen), 176
    yield "bytes, 4 slots and an observer", bytes_each(watched), 150


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", metavar="FILE", help="write a line of JSON for each row to this file")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of each row [default: 15]")
    parser.add_argument("--only", default="", metavar="TEXT", help="only rows with this in their name")
    args = parser.parse_args()
    lines = []
    print(f"CPython {sys.version.split()[0]}, ns, medians of {args.rounds} interleaved rounds")
    for name, loads, against, goal in rows():
        if args.only not in name:
            continue
        times = measure(loads, args.rounds)
        line = {"load": name, "unit": "ns", "ours": round(times.pop("mortice"), 1)}
        line["peers"] = {peer: round(taken, 1) for peer, taken in times.items()}
        if against in times:
            line |= {"ratio": round(line["ours"] / times[against], 3), "against": against, "goal": goal}
            line["met"] = line["ratio"] <= goal
        lines.append(line)
    if args.only in "collection, a live instance":
        cls = slotted("x", "y", "z", "w")
        loads = {"mortice": lambda: cls(x=1, y=2, z=3, w=4), "__slots__": lambda: Plain(1, 2, 3, 4)}
        times = collections(loads, args.rounds)
        ours, peer = (round(times[name], 1) for name in ("mortice", "__slots__"))
        goal, ratio = 1.25 if IS_NEW else 1.1, round(ours / peer, 3)
        line = {"load": "collection, a live instance", "unit": "ns", "ours": ours, "peers": {"__slots__": peer}}
        lines.append(line | {"ratio": ratio, "against": "__slots__", "goal": goal, "met": ratio <= goal})
    for name, ours, goal in memory():
        if args.only in name:
            lines.append({"load": name, "unit": "bytes", "ours": round(ours, 1), "goal": goal, "met": ours <= goal})
    for line in lines:
        peers = ", ".join(f"{peer} {taken}" for peer, taken in line.get("peers", {}).items())
        ratio = f"{line['ratio']:.3f} of {line['against']}, " if "ratio" in line else ""
        goal = f"goal {line['goal']}: {'met' if line['met'] else 'missed'}" if "goal" in line else "no peer installed"
        print(f"{line['load']:36} {line['ours']:8.1f} {line['unit']:5} {peers:34} {ratio}{goal}", flush=True)
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)


if __name__ == "__main__":
    main()
