"""One rendered clip of each instrument, which the shipped model has to get right.

A guard against regressions, not a measure of accuracy: the clips are made of material that
models are trained with, and were chosen by a model.
"""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from timbrescope.models.catalogue import FLAGSHIP_NAME, model_path
from timbrescope.models.classifier import Classifier
from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.models.instruments import NAMES
from timbrescope.models.level import peak_dbfs, rms_dbfs
from timbrescope.models.listening import listen
from timbrescope.models.windows import cut_windows

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
LISTED = {entry["instrument"]: entry for entry in json.loads((GOLDEN / "golden.json").read_text())}
LARGEST_BYTES = 900_000


@pytest.fixture(scope="module")
def flagship() -> Classifier:
    path = model_path(FLAGSHIP_NAME)
    if not path.is_file():
        pytest.skip(f"the flagship model is not at {path}")
    return Classifier.load(FLAGSHIP_NAME)


def _heard(instrument: str) -> np.ndarray:
    samples, rate_hz = soundfile.read(GOLDEN / LISTED[instrument]["file"], dtype="float32")
    assert (rate_hz, samples.ndim) == (SAMPLE_RATE_HZ, 1)
    return samples


@pytest.mark.parametrize("instrument", NAMES)
def test_the_flagship_knows_the_golden_clip(flagship: Classifier, instrument: str) -> None:
    answer = listen(flagship, cut_windows(_heard(instrument))).probabilities
    assert NAMES[int(answer.argmax())] == instrument


@pytest.mark.parametrize("instrument", NAMES)
def test_a_golden_clip_is_one_window_of_a_sound_of_usual_level(instrument: str) -> None:
    samples = _heard(instrument)
    assert samples.size == WINDOW_SAMPLES
    assert -40 < rms_dbfs(samples) < -16
    assert -20 < peak_dbfs(samples) < 0


def test_all_golden_clips_are_credited_and_small() -> None:
    assert list(LISTED) == list(NAMES)
    stored = {path.name: path.stat().st_size for path in GOLDEN.glob("*.ogg")}
    assert set(stored) == {entry["file"] for entry in LISTED.values()}
    assert sum(stored.values()) <= LARGEST_BYTES
    readme = (GOLDEN / "README.md").read_text("utf-8")
    for entry in LISTED.values():
        assert entry["package"] in readme
        assert entry["licence"] in readme
        assert entry["credit"]
        assert entry["made"]
