"""The golden clips' making: with sources that cost nothing, and nothing fetched."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator

from timbrescope.models.analysis import State
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Samples
from timbrescope.models.instruments import NAMES
from timbrescope.models.level import rms_dbfs
from timbrescope.models.listening import FileAnswer
from timbrescope.training import cli, prerequisites
from timbrescope.training.clips import golden as golden_clips
from timbrescope.training.clips.golden import (
    ENOUGH_MARGIN,
    GOLDEN_SEED,
    LIST_NAME,
    mastered,
    model_judge,
    write_golden,
)
from timbrescope.training.clips.golden_sources import GOLDEN_SOURCES, GoldenSource

FREE = {"MIT", "CC0", "CC-BY 3.0"}
SONIC_PI, FLUID = "sonic-pi-samples", "fluid-soundfont-gm"


def _tone(_folder: Path, rng: Generator) -> Samples:
    time_s = np.arange(4 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    return np.sin(2 * np.pi * rng.uniform(200, 2_000) * time_s).astype(np.float32)


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = (GoldenSource(SONIC_PI, "a tone", _tone), GoldenSource(FLUID, "a tone", _tone))
    monkeypatch.setattr(prerequisites.shutil, "which", lambda name: name)
    monkeypatch.setattr(golden_clips, "GOLDEN_SOURCES", dict.fromkeys(NAMES, sources))
    monkeypatch.setattr(
        golden_clips,
        "fetch_packages",
        lambda _cache, *, packages: {package.name: Path() for package in packages},
    )


def _height(_instrument: str, samples: Samples) -> float:
    """Judge by pitch: half of what is drawn is below 1100 Hz, and wrong; none is enough."""
    pitch_hz = float(np.abs(np.fft.rfft(samples)).argmax()) / samples.size * SAMPLE_RATE_HZ
    return (pitch_hz - 1_100) / SAMPLE_RATE_HZ


def test_every_instrument_has_sources_that_may_be_stored() -> None:
    assert set(GOLDEN_SOURCES) == set(NAMES)
    for sources in GOLDEN_SOURCES.values():
        assert {source.pinned.licence for source in sources} <= FREE
    for name in ("Ukulele", "Mandolin", "Dobro"):
        assert all("imitation" in source.made for source in GOLDEN_SOURCES[name])


def test_all_are_stored_and_listed_and_the_seed_makes_them_again(
    fakes: None, tmp_path: Path
) -> None:
    first = write_golden(tmp_path / "a")
    assert first == write_golden(tmp_path / "b")
    assert all(choice.right and choice.margin is None for choice in first)
    listed = json.loads((tmp_path / "a" / LIST_NAME).read_text("utf-8"))
    assert [entry["instrument"] for entry in listed] == list(NAMES)
    assert {(entry["candidate"], entry["seed"]) for entry in listed} == {(0, GOLDEN_SEED)}
    assert {(entry["package"], entry["licence"]) for entry in listed} == {(SONIC_PI, "CC0")}
    for entry in listed:
        one, other = ((tmp_path / place / entry["file"]).read_bytes() for place in "ab")
        heard = golden_clips.decoded(one)
        assert heard.size == WINDOW_SAMPLES
        np.testing.assert_array_equal(heard, golden_clips.decoded(other))


def test_the_candidate_of_the_highest_margin_is_kept(fakes: None, tmp_path: Path) -> None:
    choices = write_golden(tmp_path, candidates=3, judge=_height)
    assert {choice.clip.candidate for choice in choices} == {0, 1, 2}
    for choice in choices:
        kept = golden_clips.decoded((tmp_path / choice.clip.file).read_bytes())
        assert _height("", kept) == choice.margin
        assert choice.clip.package == (SONIC_PI, FLUID, SONIC_PI)[choice.clip.candidate]
        assert choice.right == (choice.margin > 0)
    alone = write_golden(tmp_path, judge=_height)
    assert all(best.margin >= one.margin for best, one in zip(choices, alone, strict=True))
    assert not all(choice.right for choice in alone)


def test_no_other_is_rendered_after_one_that_leads_by_enough(fakes: None, tmp_path: Path) -> None:
    margins = iter([-0.2, ENOUGH_MARGIN, 1.0] + [1.0] * len(NAMES))
    choices = write_golden(tmp_path, candidates=3, judge=lambda *_: next(margins))
    assert [choice.clip.candidate for choice in choices] == [1] + [0] * (len(NAMES) - 1)


@pytest.mark.parametrize("candidates", [0, 2])
def test_nothing_is_chosen_without_a_judge(candidates: int, tmp_path: Path) -> None:
    with pytest.raises(TimbrescopeError, match=f"{candidates} candidates"):
        write_golden(tmp_path / "none", candidates=candidates)
    assert not (tmp_path / "none").exists()


def test_a_model_judges_by_its_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = np.full(28, 0.01)
    answer[[3, 5]] = 0.5, 0.2
    heard = FileAnswer((), answer, State.INSTRUMENT)
    monkeypatch.setattr(golden_clips, "listen", lambda *_: heard)
    judge = model_judge(object())  # type: ignore[arg-type]
    silence = np.zeros(WINDOW_SAMPLES, np.float32)
    assert judge(NAMES[3], silence) == pytest.approx(0.3)
    assert judge(NAMES[5], silence) == pytest.approx(-0.3)
    # A clip that is named is worth more than one that leads by as much and is not sure.
    heard = replace(heard, state=State.NOT_SURE)
    assert judge(NAMES[3], silence) == pytest.approx(0.15)
    assert judge(NAMES[5], silence) == pytest.approx(-0.3)


def test_the_command_says_which_instruments_have_no_clip(
    fakes: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from timbrescope.models.classifier import Classifier

    monkeypatch.setattr(Classifier, "load", lambda *, path: path)
    monkeypatch.setattr(
        golden_clips, "model_judge", lambda _: lambda name, _: -0.5 if name == "Flute" else 0.25
    )
    command = ["golden", "--output", str(tmp_path), "--model", "some.onnx", "--candidates", "2"]
    assert cli.main(command) == 1
    said = capsys.readouterr().out
    assert "Violin: candidate 0, leads by 0.25" in said
    assert said.endswith("no candidate is classified right of: Flute\n")
    assert cli.main(command[:3]) == 0
    assert capsys.readouterr().out.endswith("no candidate is classified right of: none\n")


@given(st.integers(0, 90_000), st.floats(1e-3, 3.0), st.integers(1, 120_000))
def test_mastering_begins_with_the_sound(lead: int, gain: float, size: int) -> None:
    noise = np.random.default_rng(1).uniform(-gain, gain, size).astype(np.float32)
    out = mastered(np.concatenate([np.zeros(lead, np.float32), noise]))
    assert (out.size, out.dtype) == (WINDOW_SAMPLES, np.float32)
    assert np.abs(out[: int(0.02 * SAMPLE_RATE_HZ)]).max() > 0
    assert np.abs(out).max() <= 0.8901
    assert abs(out[-1]) < 1e-6
    assert rms_dbfs(out) < -17.9


def test_mastering_leaves_silence_silent() -> None:
    assert not mastered(np.zeros(10, np.float32)).any()
    assert mastered(np.zeros(0, np.float32)).size == WINDOW_SAMPLES
