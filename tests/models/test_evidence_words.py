"""The sentence on the evidence says what is in the map, and when; it says nothing of nothing."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from timbrescope.models.evidence import OTHERS, Evidence, band_centres_hz, sound_heights_db
from timbrescope.models.evidence_parts import DETAILS, LEAST_NATS, parts_of
from timbrescope.models.evidence_words import evidence_in_every_length, evidence_in_words
from timbrescope.models.frontend import (
    SAMPLE_RATE_HZ,
    WINDOW_S,
    WINDOW_SAMPLES,
    FeatureKind,
    feature_shape,
    features,
)
from timbrescope.models.notes import nearest_note, note_hz
from timbrescope.models.spectral_peaks import BIN_HZ, spectral_peaks

KINDS: tuple[FeatureKind, ...] = ("mel", "logmel", "mfcc")


def evidence_with(grid: NDArray[np.floating], kind: FeatureKind) -> Evidence:
    cells = grid.astype(np.float32)
    return Evidence(3, OTHERS, cells, float(cells.sum()), 0.0, kind)


def note_from(start_s: float, *, kind: FeatureKind, bands: tuple[int, ...] = ()) -> Evidence:
    """A note that begins at a moment and dies away within half a second."""
    rows, frames = feature_shape(kind)
    times = (np.arange(frames) + 0.5) * WINDOW_S / frames - start_s
    shape = np.where(times > 0, np.exp(-times / 0.1), 0.0)
    heights = np.zeros(rows)
    heights[list(bands) or slice(None)] = 1.0
    return evidence_with(np.outer(heights, shape), kind)


@settings(max_examples=40, deadline=None)
@given(moment_s=st.floats(0.4, 2.4), kind=st.sampled_from(KINDS), start_s=st.floats(0.0, 5_000.0))
def test_an_attack_is_told_where_it_is(moment_s: float, kind: FeatureKind, start_s: float) -> None:
    found = parts_of(note_from(moment_s, kind=kind), start_s=start_s)
    assert found is not None
    assert found.attacks_s == pytest.approx((start_s + moment_s,), abs=0.05)
    assert found.moments_s == ()
    assert "the attack at" in evidence_in_words(note_from(moment_s, kind=kind), start_s=start_s)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), kind=st.sampled_from(("mel", "logmel")))
def test_partials_are_told_with_their_pitch(data: st.DataObject, kind: FeatureKind) -> None:
    rows, frames = feature_shape(kind)
    bands = data.draw(st.sets(st.integers(2, rows // 8 - 2), min_size=1, max_size=3))
    bands = {8 * band for band in bands}
    grid = np.zeros((rows, frames))
    grid[sorted(bands)] = 1.0
    found = parts_of(evidence_with(grid, kind))
    assert found is not None
    told_hz = [each.hertz for each in found.partials]
    assert told_hz == pytest.approx(band_centres_hz(kind)[sorted(bands)])
    assert found.attacks_s == ()
    assert found.share == pytest.approx(1.0)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    kind=st.sampled_from(KINDS),
    start_s=st.floats(-2.9, 5_000.0),
    power=st.floats(1.0, 8.0),
)
def test_whatever_the_map_nothing_lies_outside_of_the_window(
    seed: int, kind: FeatureKind, start_s: float, power: float
) -> None:
    rng = np.random.default_rng(seed)
    grid = rng.normal(size=feature_shape(kind)) * rng.random(feature_shape(kind)[1]) ** power
    found = parts_of(evidence_with(grid, kind), start_s=start_s)
    assert found is not None
    for moment_s in (*found.attacks_s, *found.moments_s):
        assert max(0.0, start_s) <= moment_s <= start_s + WINDOW_S
    for each in found.partials:
        assert band_centres_hz(kind)[0] <= each.hertz <= band_centres_hz(kind)[-1]
    assert 0.0 <= found.share <= 1.0 + 1e-9
    doubled = parts_of(evidence_with(2 * grid, kind), start_s=start_s)
    assert doubled is not None
    assert doubled.attacks_s == found.attacks_s
    assert evidence_in_words(evidence_with(grid, kind), start_s=start_s).startswith(
        ("mostly from", "partly from", "spread over")
    )


@pytest.mark.parametrize("kind", KINDS)
def test_of_what_does_not_speak_for_the_class_nothing_is_told(kind: FeatureKind) -> None:
    assert evidence_in_words(evidence_with(np.zeros(feature_shape(kind)), kind)) == ""
    against = np.full(feature_shape(kind), -1.0)
    assert evidence_in_words(evidence_with(against, kind)) == ""
    faint = np.full(feature_shape(kind), 0.5 * LEAST_NATS / np.prod(feature_shape(kind)))
    assert evidence_in_words(evidence_with(faint, kind)) == ""
    assert set(evidence_in_every_length(evidence_with(faint, kind))) == {""}


def sounding(*tones: tuple[float, float, float], kind: FeatureKind) -> Evidence:
    """Evidence that lies on all of a sound: tones of a frequency, from one second to another."""
    times = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE_HZ
    window = np.zeros(WINDOW_SAMPLES)
    for hertz, start_s, end_s in tones:
        is_on = (times >= start_s) & (times < end_s)
        window += 0.3 * np.sin(2 * np.pi * hertz * times) * is_on
    heights = sound_heights_db(features(window, kind=kind), kind=kind)
    grid = 5.0 * heights**4 / (heights**4).sum()
    found = evidence_with(grid, kind)
    return replace(found, peaks=spectral_peaks(window.astype(np.float32)))


def test_a_sentence_names_moments_and_notes() -> None:
    bands = (int(np.abs(band_centres_hz("mel") - 880.0).argmin()),)
    note = note_from(0.4, kind="mel", bands=bands)
    heard = sounding((880.0, 0.4, 1.5), kind="mel")
    found = evidence_in_words(replace(note, peaks=heard.peaks))
    assert found == "mostly from the attack at 0:00.4 and the partial near 880 Hz (A5)"


def test_short_forms_tell_of_the_strongest_alone() -> None:
    grid = np.zeros(feature_shape("mel"))
    grid[20], grid[60], grid[100] = 1.0, 3.0, 2.0
    found = evidence_with(grid, "mel")
    told = evidence_in_every_length(found)
    assert len(told) == len(DETAILS)
    assert told[0] == evidence_in_words(found)
    assert sorted(map(len, told), reverse=True) == list(map(len, told))
    least = parts_of(found, detail=0)
    assert least is not None
    (strongest,) = least.partials
    assert strongest.hertz == pytest.approx(band_centres_hz("mel")[60])
    assert told[-1].startswith("mostly from the partial near ")


@pytest.mark.parametrize("kind", ["mel", "logmel"])
def test_bands_alone_name_no_note(kind: FeatureKind) -> None:
    band = int(np.abs(band_centres_hz(kind) - 880.0).argmin())
    found = evidence_in_words(note_from(0.4, kind=kind, bands=(band,)))
    assert re.search(r"the partial near (8\d0|900) Hz$", found), found


@settings(max_examples=30, deadline=None)
@given(midi=st.floats(41.0, 95.0), kind=st.sampled_from(("mel", "logmel")))
def test_a_tone_is_told_by_its_own_note(midi: float, kind: FeatureKind) -> None:
    hertz = note_hz(69) * 2.0 ** ((midi - 69) / 12)
    found = parts_of(sounding((hertz, 0.2, 2.8), kind=kind))
    assert found is not None
    assert found.partials
    for each in found.partials:
        assert each.step_hz == 0
        assert abs(1200 * np.log2(each.hertz / hertz)) < 5


@settings(max_examples=40, deadline=None)
@given(
    midi=st.integers(50, 90),
    apart=st.integers(1, 7),
    together=st.booleans(),
    kind=st.sampled_from(("mel", "logmel")),
)
def test_of_two_tones_one_is_told_and_nothing_between(
    midi: int, apart: int, together: bool, kind: FeatureKind
) -> None:
    assume(note_hz(midi + apart) - note_hz(midi) > 6 * BIN_HZ)
    low, high = note_hz(midi), note_hz(midi + apart)
    spans = ((0.2, 2.8), (0.2, 2.8)) if together else ((0.1, 1.5), (1.5, 2.9))
    found = parts_of(sounding((low, *spans[0]), (high, *spans[1]), kind=kind))
    assert found is not None
    assert found.partials
    for each in found.partials:
        off = min(abs(1200 * np.log2(each.hertz / hertz)) for hertz in (low, high))
        assert each.step_hz == 0
        assert off < 50, (each, low, high)


def test_noise_has_no_partials() -> None:
    noise = np.random.default_rng(5).normal(scale=0.1, size=WINDOW_SAMPLES).astype(np.float32)
    assert spectral_peaks(noise).hertz.size == 0
    assert spectral_peaks(np.zeros_like(noise)).hertz.size == 0


def test_what_is_spread_evenly_is_told_so() -> None:
    even = np.ones(feature_shape("mel"))
    assert evidence_in_words(evidence_with(even, "mel")).startswith("spread over the sound from ")


def test_from_a_minute_on_times_are_those_of_a_clock() -> None:
    found = evidence_in_words(note_from(1.0, kind="mel"), start_s=120.0)
    assert "the attack at 2:01.0" in found


@pytest.mark.parametrize(
    ("hertz", "name"), [(440.0, "A4"), (27.5, "A0"), (4_186.0, "C8"), (466.2, "A♯4"), (20.0, "")]
)
def test_notes(hertz: float, name: str) -> None:
    assert nearest_note(hertz) == name
