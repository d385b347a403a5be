"""Runs each trap in a process of its own, also with the allocator that checks and fills what it hands out."""

import importlib

import pytest
from process import run

# Traps that the package is caught in, with the reason. One that it is not caught in any more fails.
CAUGHT = {
    "classes.trap_abstract_classes": "BaseMeta does not call the next __new__ of the metaclass's MRO",
}

traps = []
for module in ("descriptors", "classes", "bases", "mixtures", "chains"):
    for name in vars(importlib.import_module(f"traps.{module}")):
        trap = f"{module}.{name}"
        reason = CAUGHT.get(trap)
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        if name.startswith("trap_"):
            traps.append(pytest.param(trap, marks=marks))


@pytest.mark.parametrize("allocator", ["default", "debug"])
@pytest.mark.parametrize("trap", traps)
def test_trap(trap, allocator):
    module, function = trap.split(".")
    run(f"from traps.{module} import {function}; {function}()", PYTHONMALLOC=allocator)
