"""Runs each trap in a process of its own, also with the allocator that checks and fills what it hands out."""

import importlib

import pytest
from process import run

traps = []
for module in ("descriptors", "classes", "bases", "mixtures", "chains", "solo", "hook", "reach"):
    for name in vars(importlib.import_module(f"traps.{module}")):
        trap = f"{module}.{name}"
        if name.startswith("trap_"):
            traps.append(trap)


@pytest.mark.parametrize("allocator", ["default", "debug"])
@pytest.mark.parametrize("trap", traps)
def test_trap(trap, allocator):
    module, function = trap.split(".")
    run(f"from traps.{module} import {function}; {function}()", PYTHONMALLOC=allocator)
