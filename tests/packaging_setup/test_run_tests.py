"""How the suite is started: in two runs, with arguments in one, and with coverage where asked."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "run_tests.py"


@pytest.fixture
def script() -> ModuleType:
    """Give the script, loaded by path as the Makefile runs it."""
    spec = importlib.util.spec_from_file_location("run_tests", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_whole_suite_runs_real_time_tests_alone(script: ModuleType) -> None:
    together, alone = script.runs_of([], coverage=False)
    assert "not slow and not e2e" in together
    assert "not slow and e2e" in alone
    assert "-n" not in alone


def test_arguments_are_passed_on_in_one_run(script: ModuleType) -> None:
    assert script.runs_of(["-k", "mel"], coverage=False) == [("-k", "mel")]


def test_coverage_adds_up_over_the_runs(script: ModuleType) -> None:
    runs = script.runs_of([], coverage=True)
    assert all("--cov-append" in run for run in runs)
