"""Refuses each request for memory of what the acts do, in a process of its own."""

import importlib.util
import sys

import pytest
from process import run

has_hooks = importlib.util.find_spec("_testcapi") is not None
ACTS = """a_late_slot an_instance a_subscription a_subscription_to_a_class a_write writes_of_observers delegation
a_delegated_name a_hold other_classes""".split()

# CPython 3.12 and 3.13 crash by themselves where a dict cannot grow in `type.__new__`, or a function not be made.
if sys.version_info >= (3, 15):
    ACTS += ["a_class", "copies", "words"]


@pytest.mark.skipif(not has_hooks, reason="this Python has no _testcapi")
@pytest.mark.parametrize("act", ACTS)
def test_starved(act):
    said = run(f"from starved import starve; from starved.acts import starve_{act}; print(starve(starve_{act}))")
    assert int(said) > 0
