import csv
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timbrescope.models.audio.decode import read_mono
from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.playing.pitch import onset_of, pitch_of

SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
# Names of notes in this source are right, save for a few octaves.
NAMED_SOURCE = "adewale/keyboardia"


def _string(key: float, *, seconds: float = 1.0, partials: int = 12) -> np.ndarray:
    times = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    hz = 440 * 2 ** ((key - 69) / 12)
    waves = [
        np.sin(2 * np.pi * hz * n * times + n) * np.exp(-n * times) / n
        for n in range(1, partials + 1)
        if n * hz < SAMPLE_RATE_HZ / 2
    ]
    return np.sum(waves, axis=0).astype(np.float32)


@settings(max_examples=60)
@given(key=st.floats(28, 100), noise=st.sampled_from((0.0, 0.01)))
def test_the_pitch_of_a_string_is_found(key: float, noise: float) -> None:
    note = _string(key)
    note += noise * np.random.default_rng(1).normal(size=note.size).astype(np.float32)
    assert pitch_of(note) == pytest.approx(key, abs=0.3)


@pytest.mark.parametrize("key", [24, 40, 64, 90, 105])
def test_silence_before_a_note_and_a_missing_fundamental_do_not_matter(key: int) -> None:
    note = _string(key)
    late = np.concatenate([np.zeros(9_000, np.float32), note])
    assert pitch_of(late) == pytest.approx(key, abs=0.3)
    if key < 70:
        times = np.arange(note.size) / SAMPLE_RATE_HZ
        hz = 440 * 2 ** ((key - 69) / 12)
        hollow = note - np.sin(2 * np.pi * hz * times + 1) * np.exp(-times)
        assert pitch_of(hollow.astype(np.float32)) == pytest.approx(key, abs=0.3)


def test_what_has_no_pitch_has_none() -> None:
    rng = np.random.default_rng(2)
    assert np.isnan(pitch_of(rng.normal(size=20_000).astype(np.float32)))
    assert np.isnan(pitch_of(np.zeros(20_000, np.float32)))
    assert np.isnan(pitch_of(_string(60, seconds=0.02)))


def test_the_onset_is_where_it_gets_loud() -> None:
    samples = np.concatenate([np.full(500, 0.001), np.full(500, 0.5)]).astype(np.float32)
    assert onset_of(samples) == 500
    assert onset_of(np.zeros(10, np.float32)) == 0


def test_real_notes_have_the_pitch_that_their_names_say(shared_audio: Path) -> None:
    with (shared_audio / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] == NAMED_SOURCE]
    away = []
    for row in rows:
        named = re.search(r"/([A-G])(s|#)?(\d)[-.]", row["origin"])
        if named and row["split"] == "train" and row["instrument"] == "Piano":
            key = SEMITONES[named[1]] + bool(named[2]) + 12 * (int(named[3]) + 1)
            away.append(pitch_of(read_mono(shared_audio / row["path"])) - key)
    assert len(away) > 10
    assert np.mean(np.abs(away) < 0.3) > 0.9
