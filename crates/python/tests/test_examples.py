"""The examples, on few objects."""

import importlib.util
import json
import pathlib
import re
import subprocess

import pytest

from process import PYTHON, run

ROOT = pathlib.Path(__file__).resolve().parents[3]
SIMULATION = ROOT / "examples" / "simulation.py"


def simulation(*options, path=SIMULATION, isolated=False):
    command = [PYTHON, *(["-I", "-S"] if isolated else []), str(path), "--python", PYTHON, *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def test_the_simulation_comes_to_the_same_end_in_every_way(tmp_path):
    figures = tmp_path / "figures.json"
    ended = simulation("--objects", "3000", "--steps", "4", "--json", str(figures))
    assert (ended.returncode, ended.stderr) == (0, "")
    first, order, *_ = ended.stdout.splitlines()
    assert first.startswith("3,000 objects; ")
    assert order.startswith("StopOrder(position=Position(account=Account(number=")
    found = json.loads(figures.read_text())
    end, results = found["end"], found["results"]
    # Four steps: each order hears of each new price of its stock, and of another stock at times.
    assert end["prices heard"] >= 4 * 300
    assert end["trades heard"] > end["sold"] > 0
    names = ["mortice", "atom", "__slots__ by hand"]
    assert list(results) == [name for name in names if name != "atom" or importlib.util.find_spec("atom")]
    for one in results.values():
        assert one["prices"] > 0 and one["trades"] > 0


def test_the_simulation_notices_another_end(tmp_path):
    other = tmp_path / "simulation.py"
    other.write_text(SIMULATION.read_text().replace("if old != new:", "if old == new:"))
    ended = simulation("--objects", "500", "--steps", "1", path=other)
    assert ended.returncode == 1
    assert "__slots__ by hand came to another end" in ended.stderr


def test_the_simulation_draws(tmp_path):
    picture = tmp_path / "market.svg"
    ended = simulation("--objects", "500", "--steps", "1", "--plot", str(picture))
    if importlib.util.find_spec("matplotlib") is None:
        assert (ended.returncode, picture.exists()) == (2, False)
        assert "--plot needs matplotlib: pip install" in ended.stderr
    else:
        assert (ended.returncode, ended.stderr) == (0, "")
        text = picture.read_text()
        assert "bytes an object" in text and "mortice" in text


@pytest.mark.parametrize(
    "options, words",
    [
        (["--help"], "usage: simulation.py"),
        (["--objects", "5"], "--objects must be at least 100"),
        (["--steps", "0"], "--steps must be at least 1"),
        ([], "the package mortice is not installed: pip install ./crates/python"),
    ],
)
def test_the_simulation_says_what_is_wrong(options, words):
    ended = simulation(*options, isolated=True)
    assert ended.returncode == (0 if "--help" in options else 2)
    assert words in (ended.stdout if "--help" in options else ended.stderr)


@pytest.mark.parametrize("readme", ["README.md", "crates/python/README.md"])
def test_the_first_lines_of_a_readme_print_what_they_say(readme):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / readme).read_text(), re.DOTALL)
    program = next(block for block in blocks if "print(car)" in block)
    said = re.findall(r"# (?:prints )?(\S+ → \S+|Car\(.*)$", program, re.MULTILINE)
    assert len(said) == 2
    assert run(program).splitlines() == said


@pytest.mark.skipif(importlib.util.find_spec("atom") is not None, reason="atom is installed")
def test_the_simulation_says_that_atom_is_missing():
    ended = simulation("--alone", "atom")
    assert ended.returncode == 2
    assert "--alone atom needs atom: pip install" in ended.stderr
    assert "atom is not installed" in simulation("--objects", "100", "--steps", "1").stdout
