"""Files that once were faults, a few mutations of every seed, and the command that finds more."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("onnx", reason="needs the train extra")

import run
from mutations import MOST_BYTES, mutated
from targets import SHORT_DEADLINE_S, TARGETS, is_refused

HERE = Path(__file__).parent
KEPT = sorted(path for path in (HERE / "regressions").rglob("*") if path.is_file())
# A graph may bring its runtime down, which only a process of its own survives.
IN_PROCESS = tuple(name for name in TARGETS if name != "model")
CASES = 20


@pytest.fixture(autouse=True)
def _short_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timbrescope.models.session.WINDOW_DEADLINE_S", SHORT_DEADLINE_S)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_a_fault_is_refused_or_right(path: Path) -> None:
    is_refused(TARGETS[path.parent.name], path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_is_refused_or_right(name: str) -> None:
    if name in ("settings",):
        pytest.importorskip("PySide6.QtCore", reason="needs Qt")
    for seed in TARGETS[name].seeds():
        is_refused(TARGETS[name], seed)


@pytest.mark.parametrize("name", IN_PROCESS)
def test_a_few_mutations_are_refused_or_right(name: str) -> None:
    if name in ("settings",):
        pytest.importorskip("PySide6.QtCore", reason="needs Qt")
    seeds, rng = TARGETS[name].seeds(), random.Random(7)
    for _ in range(CASES):
        is_refused(TARGETS[name], TARGETS[name].change(seeds, rng))


def test_cases_repeat_by_their_number() -> None:
    seeds = [b"abc" * 50, b"{}"]
    first, again = ([mutated(seeds, random.Random(f"22-{n}")) for n in range(50)] for _ in "ab")
    assert first == again
    assert len(set(first)) > 40
    assert max(map(len, first)) <= MOST_BYTES


def test_what_is_found_is_kept_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object, case: Path, **__: object) -> str:
        case.write_bytes(b"the case")
        return "signal 11"

    monkeypatch.setattr(run, "FOUND", tmp_path)
    monkeypatch.setattr(run, "_watch", crash)
    monkeypatch.setattr(sys, "argv", ["run.py", "sidecar", "--cases", "2"])
    assert run.main() == 1
    (kept,) = (tmp_path / "sidecar").iterdir()
    assert kept.read_bytes() == b"the case"
    assert "2 faults" in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["run.py", "model", "--cases", "2"])
    # The product tries models in a process of its own, as the worker is one.
    assert run.main() == 0


def test_the_command_tells_its_figures() -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "run.py"), "sidecar", "--cases", "3"],
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sidecar: 3 cases" in done.stdout
    assert "0 faults" in done.stdout
