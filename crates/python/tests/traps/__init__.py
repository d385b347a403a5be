"""Programs that would read or write a wrong place, or crash, if slots were not where CPython looks for them.

Each function `trap_*` of the modules here is run by `test_traps.py` in a process of its own.
"""
