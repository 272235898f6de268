import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbrescope.desktop.views.spectrogram.mel_scale import (
    band_from_hz,
    hz_from_band,
    hz_from_mel,
    hz_ticks,
    mel_from_hz,
    note_ticks,
)
from timbrescope.models.notes import nearest_note, note_hz, note_name


@given(st.floats(0.0, 8000.0))
def test_mel_and_back(frequency_hz: float) -> None:
    assert hz_from_mel(mel_from_hz(frequency_hz)) == pytest.approx(frequency_hz, abs=1e-6)
    assert hz_from_band(band_from_hz(frequency_hz)) == pytest.approx(frequency_hz, abs=1e-6)


def test_slaney_values() -> None:
    assert mel_from_hz(1000.0) == pytest.approx(15.0)
    assert mel_from_hz(6400.0) == pytest.approx(42.0)


def test_band_centres_are_those_of_the_front_end() -> None:
    librosa = pytest.importorskip("librosa")
    corners = librosa.mel_frequencies(n_mels=130, fmin=0.0, fmax=8000.0)
    for band in (0, 1, 17, 64, 127):
        assert hz_from_band(band + 0.5) == pytest.approx(corners[band + 1], rel=1e-9)


def test_notes() -> None:
    assert note_name(60) == "C4"
    assert note_hz(69) == 440.0
    assert note_hz(60) == pytest.approx(261.6256, abs=1e-3)
    assert nearest_note(440.0) == "A4"
    assert nearest_note(277.0) == "C♯4"
    assert nearest_note(5.0) == ""


@given(st.floats(0.1, 64.0))
def test_labels_keep_their_distance_and_their_place(gap: float) -> None:
    for ticks in (hz_ticks(gap=gap), note_ticks(gap=gap)):
        heights = [tick.height for tick in ticks]
        assert heights == sorted(heights)
        assert all(b - a >= gap for a, b in itertools.pairwise(heights))


def test_a4_stands_at_440_hz() -> None:
    a4 = next(tick for tick in note_ticks(gap=1.0) if tick.text == "A4")
    assert math.isclose(hz_from_band(a4.height), 440.0)
