"""The lock files hold together, hold hashes, and name no place that they came from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(?: ; ([^\\]*?))? \\$", re.MULTILINE)


def _pins(name: str) -> dict[tuple[str, str], str]:
    text = (ROOT / "requirements" / name).read_text()
    return {(match[1], match[3] or ""): match[2] for match in PIN.finditer(text)}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_a_hash_and_nothing_names_a_source(lock: Path) -> None:
    text = lock.read_text()
    entries = [line for line in text.splitlines() if line and not line[0].isspace()]
    assert entries
    assert all(PIN.match(f"{entry}\n") for entry in entries), "an entry is not pinned"
    assert text.count("==") <= text.count("--hash=sha256:")
    for trace in ("://", "index-url", "find-links", "trusted-host", " @ ", "/work", "/home"):
        assert trace not in text


def test_the_test_environment_contains_the_running_one() -> None:
    everything = {(name, version) for (name, _), version in _pins("all.txt").items()}
    for (name, _), version in _pins("run.txt").items():
        assert (name, version) in everything


def test_build_tools_are_the_same_wherever_they_are_locked() -> None:
    everything = {name: version for (name, _), version in _pins("all.txt").items()}
    for lock in ("build.txt", "uv.txt"):
        for (name, _), version in _pins(lock).items():
            assert everything.get(name, version) == version


def test_running_needs_no_tensorflow() -> None:
    names = {name for name, _ in _pins("run.txt")}
    assert not names & {"tensorflow", "tensorflow-cpu", "keras", "librosa", "pytest"}


def test_the_build_requirement_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = (ROOT / "requirements" / "build.in").read_text().splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    assert wanted == project["build-system"]["requires"]
