"""Imitated strings: higher, thinner, and never silent."""

from collections.abc import Callable

import numpy as np
import pytest

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.clips.golden_sources import as_played
from timbrescope.training.clips.imitations import dobro, guitar_notes, mandolin, ukulele
from timbrescope.training.windows.compose import is_sounding

Player = Callable[..., Samples]


def _plucked(key: float) -> Samples:
    time_s = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    hertz = 440 * 2 ** ((key - 69) / 12)
    tones = [np.sin(2 * np.pi * hertz * n * time_s) / n for n in range(1, 8)]
    return (np.sum(tones, axis=0) * np.exp(-2 * time_s)).astype(np.float32)


@pytest.fixture(scope="module")
def guitar() -> list[Samples]:
    return [_plucked(key) for key in (45, 50, 55, 60, 65, 70)]


def test_guitar_notes_are_heard_higher(guitar: list[Samples]) -> None:
    notes = guitar_notes(guitar, semitones=8)
    assert [round(note.key) for note in notes] == [53, 58, 63, 68, 73, 78]


@pytest.mark.parametrize("player", [ukulele, mandolin, dobro])
def test_imitations_sound_have_no_bass_and_repeat(player: Player, guitar: list[Samples]) -> None:
    for seed in range(4):
        line = player(guitar, np.random.default_rng(seed))
        assert line.dtype == np.float32
        assert np.isfinite(line).all()
        assert is_sounding(line)
        power = np.abs(np.fft.rfft(line)) ** 2
        bass = power[: int(100 * line.size / SAMPLE_RATE_HZ)]
        assert bass.sum() < 0.02 * power.sum()
        np.testing.assert_array_equal(line, player(guitar, np.random.default_rng(seed)))


def test_recorded_notes_are_played_as_their_instrument_is(guitar: list[Samples]) -> None:
    line = as_played(guitar, np.random.default_rng(2), instrument="Acoustic Guitar")
    assert line.size == 4 * SAMPLE_RATE_HZ
    assert is_sounding(line)
