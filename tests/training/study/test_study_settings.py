"""Settings, ledger and selection of a study."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.models.instruments import NAMES
from timbrescope.training.cli import main
from timbrescope.training.commands.study import STEP_NAMES
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.ledger import Ledger
from timbrescope.training.study.pipeline import STEPS
from timbrescope.training.study.settings import StudyError, StudySettings, settle
from timbrescope.training.study.split.selection import limit_clips
from timbrescope.training.study.study import command_line

ASKED = StudySettings(("a",), clips_per_class=3)


def test_the_command_line_names_the_steps_of_the_pipeline() -> None:
    assert tuple(STEPS) == STEP_NAMES


def test_settings_are_those_of_the_studys_beginning(tmp_path: Path) -> None:
    path = tmp_path / "out" / "study.json"
    assert settle(ASKED, path) == ASKED
    assert settle(None, path) == ASKED
    more = replace(ASKED, epochs=7, models=("mel",))
    assert settle(more, path) == more
    with pytest.raises(StudyError, match=r"corpora: \('a',\) then, \('b',\) now"):
        settle(replace(ASKED, corpora=("b",)), path)


def test_a_study_needs_a_corpus_at_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "--out", str(tmp_path / "none")]) == 1
    assert "name a corpus" in capsys.readouterr().err


def test_damaged_settings_are_named(tmp_path: Path) -> None:
    path = tmp_path / "study.json"
    path.write_text("{", "utf-8")
    with pytest.raises(StudyError, match=r"study\.json"):
        settle(None, path)


def test_a_corpus_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("tensorflow", reason="the command asks for the train extra")
    assert main(["study", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")]) == 1
    assert "nowhere" in capsys.readouterr().err


def test_the_command_that_repeats_a_study_says_what_is_not_default() -> None:
    settings = StudySettings(("my corpus", "b"), tests=("c",), epochs=3, models=("mel",))
    said = command_line(settings, Path("out"))
    assert said == (
        "timbrescope-train study 'my corpus' b --test c --epochs 3 --model mel --out out"
    )


def test_a_task_is_done_once_for_the_same_input(tmp_path: Path) -> None:
    path, made = tmp_path / "ledger.json", tmp_path / "made"
    calls: list[str] = []

    def work() -> None:
        calls.append("work")
        made.write_text("x", "utf-8")

    assert Ledger(path).run("t", work, key="1", files=[made])
    assert not Ledger(path).run("t", work, key="1", files=[made])
    assert Ledger(path).run("t", work, key="2", files=[made])
    made.unlink()
    assert Ledger(path).run("t", work, key="2", files=[made])
    assert len(calls) == 3
    assert set(json.loads(path.read_text("utf-8"))) == {"t"}


def test_a_task_that_breaks_is_not_done(tmp_path: Path) -> None:
    def broken() -> None:
        raise KeyboardInterrupt

    ledger = Ledger(tmp_path / "ledger.json")
    with pytest.raises(KeyboardInterrupt):
        ledger.run("t", broken, key="1")
    assert not Ledger(tmp_path / "ledger.json").is_done("t", key="1")


rows = st.lists(
    st.tuples(st.sampled_from(NAMES[:3]), st.integers(0, 4), st.sampled_from("ab")), max_size=60
)


@given(rows, st.integers(1, 8))
def test_a_limit_keeps_order_and_takes_groups_in_turn(
    listed: list[tuple[str, int, str]], limit: int
) -> None:
    clips = [
        Clip(f"{n}", Path("x"), 0.0, "h", name, f"g{group}", "s", corpus)
        for n, (name, group, corpus) in enumerate(listed)
    ]
    kept = limit_clips(clips, per_class=limit, seed=1)
    assert [clip for clip in clips if clip in kept] == kept
    for corpus in "ab":
        for name in NAMES[:3]:
            every = [c for c in clips if (c.corpus, c.instrument) == (corpus, name)]
            chosen = [c for c in kept if (c.corpus, c.instrument) == (corpus, name)]
            assert len(chosen) == min(limit, len(every))
            groups = len({c.group for c in every})
            assert len({c.group for c in chosen}) == min(limit, groups)


def test_without_a_limit_all_clips_stay() -> None:
    clips = [Clip("1", Path("x"), 0.0, "h", "Piano", "g", "s", "c")]
    assert limit_clips(clips, per_class=None, seed=0) == clips
