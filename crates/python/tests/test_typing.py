"""What type checkers say of programs that use the package, line by line."""

import importlib.util
import json
import os
import pathlib
import re
import runpy
import shutil
import site
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent / "typing"
STUBS = HERE.parent.parent / "python"
EXPECTED = re.compile(r"# error: (\S+) (\S+)$")
MYPY_LINE = re.compile(r"(?P<path>.+?):(?P<line>\d+): error: .*\[(?P<rule>[a-z-]+)\]$")


def run(*command, **variables):
    """Runs a tool of this Python."""
    environment = os.environ | {"NO_COLOR": "1"} | variables
    command = [sys.executable, "-m", *map(str, command)]
    return subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, timeout=300)


def mypy(tmp_path, file):
    """The lines with errors, and the rule of each."""
    if importlib.util.find_spec("mypy") is None:
        pytest.skip("mypy is not installed")
    options = ["--config-file=", f"--cache-dir={tmp_path}", "--strict", "--no-pretty", "--hide-error-context"]
    result = run("mypy", *options, HERE / file, MYPYPATH=str(STUBS))
    assert result.returncode in (0, 1), result.stdout + result.stderr
    lines = [line for line in result.stdout.splitlines() if ": error: " in line]
    found = [MYPY_LINE.fullmatch(line) for line in lines]
    assert all(found), result.stdout
    assert {pathlib.Path(one["path"]).name for one in found} <= {file}, result.stdout
    return {(int(one["line"]), one["rule"]) for one in found}


def pyright(tmp_path, file):
    """The same of pyright, or of basedpyright, which brings what it runs on."""
    checker = next((name for name in ("pyright", "basedpyright") if importlib.util.find_spec(name)), None)
    if checker is None:
        pytest.skip("neither pyright nor basedpyright is installed")
    shutil.copy(HERE / file, tmp_path)
    settings = {"include": [file], "extraPaths": [str(STUBS)], "typeCheckingMode": "standard"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    result = run(checker, "--outputjson", "--project", tmp_path)
    if not result.stdout.lstrip().startswith("{"):
        pytest.skip(f"{checker} does not start: {result.stderr.strip().splitlines()[-1:]}")
    report = json.loads(result.stdout)
    assert report["summary"]["filesAnalyzed"] == 1, result.stdout
    errors = [one for one in report["generalDiagnostics"] if one["severity"] == "error"]
    return {(one["range"]["start"]["line"] + 1, one["rule"]) for one in errors}


@pytest.mark.checkers
@pytest.mark.parametrize(("checker", "column"), [(mypy, 1), (pyright, 2)])
def test_expected_errors(tmp_path, checker, column):
    expected = set()
    for number, line in enumerate((HERE / "bad.py").read_text().splitlines(), 1):
        match = EXPECTED.search(line)
        assert match or "# error" not in line, line
        if match and match[column] != "-":
            expected |= {(number, rule) for rule in match[column].split(",")}
    assert len(expected) > 40
    assert sorted(checker(tmp_path, "bad.py")) == sorted(expected)


@pytest.mark.checkers
@pytest.mark.parametrize("checker", [mypy, pyright])
def test_no_errors(tmp_path, checker):
    assert checker(tmp_path, "good.py") == set()


def test_what_checkers_accept_runs():
    pytest.importorskip("mortice._mortice", reason="the package is not built")
    runpy.run_path(str(HERE / "good.py"))


@pytest.mark.checkers
def test_stubs_agree_with_the_package():
    module = pytest.importorskip("mortice._mortice", reason="the package is not built")
    if importlib.util.find_spec("mypy") is None:
        pytest.skip("mypy is not installed")
    path = str(pathlib.Path(module.__file__).parent.parent)
    # mypy finds what is installed, and refuses to be told where.
    variables = {} if path in site.getsitepackages() else {"MYPYPATH": path, "PYTHONPATH": path}
    result = run("mypy.stubtest", "mortice", "--allowlist", HERE / "stubtest.txt", **variables)
    assert result.returncode == 0, result.stdout + result.stderr
