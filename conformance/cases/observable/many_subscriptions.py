# cites: S024 S023

# Five thousand observers on one object, and most of them cancelled again.

from mortice import Base, slot

COUNT = 5000


class A(Base):
    x = slot(0)


def hear(number):
    return lambda change: calls.append(number)


calls = []
a = A()
subscriptions = [a.observe("x", hear(number)) for number in range(COUNT)]
a.x = 1
print("S024", len(calls), calls == list(range(COUNT)))
for number, subscription in enumerate(subscriptions):
    if number % 1000 != 7:
        subscription.cancel()
calls.clear()
a.x = 2
print("S023", calls)
again = [a.observe("x", hear(COUNT + number)) for number in range(COUNT)]
for subscription in reversed(again[3:]):
    subscription.cancel()
calls.clear()
a.x = 3
print("S023", calls)
print("S024", sum(one.active for one in subscriptions), sum(one.active for one in again))
for subscription in subscriptions + again:
    subscription.cancel()
calls.clear()
a.x = 4
print("S024", calls, a.x)
