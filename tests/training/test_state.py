"""Files in which runs remember where they are: damaged ones are set aside, never in the way."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("msgspec", reason="needs the train extra")

from timbrescope.training.state import BusyError, alone_in, read_state, set_aside
from timbrescope.training.study.extract.store import FeatureStore
from timbrescope.training.study.ledger import Ledger

DAMAGES = {
    "empty": b"",
    "cut": b'{"a": {"key": "x", "sec',
    "null": b"null",
    "another shape": b'{"a": 3}',
    "a list": b"[1, 2]",
    "not UTF-8": b'{"a": "\xff\xfe"}',
    "deep": b"[" * 100_000,
    "nothing but zeros": bytes(64),
}


@dataclass(frozen=True)
class Position:
    epoch: int
    loss: float = 0.0


@pytest.fixture(params=DAMAGES)
def damaged(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give a file ``ledger.json`` that is damaged in one way."""
    path = tmp_path / "ledger.json"
    path.write_bytes(DAMAGES[request.param])
    return path


def test_a_damaged_file_is_named_kept_and_made_again(
    damaged: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = damaged.read_bytes()
    assert read_state(damaged, dict[str, Position]) is None
    assert not damaged.exists()
    assert damaged.with_name("ledger.json.damaged-1").read_bytes() == content
    assert str(damaged) in caplog.text
    assert "ledger.json.damaged-1" in caplog.text


def test_what_is_set_aside_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for text in ("first", "second"):
        path.write_text(text)
        set_aside(path, "it is odd")
    kept = [(tmp_path / f"a.json.damaged-{number}").read_text() for number in (1, 2)]
    assert kept == ["first", "second"]


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        ({"epoch": 3, "loss": 0.5}, Position, Position(3, 0.5)),
        ({"a": 1.5}, dict[str, float], {"a": 1.5}),
        ([["ab", 2]], list[tuple[str, int]], [("ab", 2)]),
    ],
)
def test_what_is_whole_is_read(tmp_path: Path, content: Any, kind: Any, expected: Any) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(content), "utf-8")
    assert read_state(path, kind) == expected
    assert read_state(tmp_path / "none.json", kind) is None


def test_a_study_goes_on_without_its_damaged_ledger(damaged: Path) -> None:
    ledger = Ledger(damaged)
    assert ledger.run("split", lambda: None, key="k")
    assert Ledger(damaged).is_done("split", key="k")


def test_one_damaged_index_of_the_store_leaves_the_others(tmp_path: Path) -> None:
    store = FeatureStore(tmp_path)
    folder = store.prepare()
    (folder / "good.json").write_text(json.dumps([["a" * 64, 0], ["b" * 64, 1]]), "utf-8")
    for number, content in enumerate(DAMAGES.values()):
        (folder / f"bad{number}.json").write_bytes(content)
    again = FeatureStore(tmp_path)
    assert len(again) == 2
    assert ("a" * 64, 0) in again
    assert len(list(folder.glob("bad*.json"))) == 0
    assert len(FeatureStore(tmp_path)) == 2


def test_two_processes_do_not_work_in_one_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from timbrescope.training.state import alone_in\n"
        "with alone_in(Path(sys.argv[1])):\n"
        "    print('in', flush=True); sys.stdin.read()\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        with pytest.raises(BusyError, match="another process is at work"), alone_in(tmp_path):
            pass
    finally:
        other.communicate("")
    with alone_in(tmp_path):
        assert other.returncode == 0
