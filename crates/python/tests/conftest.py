"""Finds the modules beside the tests, and names what tests can be chosen by."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))


def pytest_configure(config):
    config.addinivalue_line("markers", "checkers: runs type checkers, which say the same on every version")
