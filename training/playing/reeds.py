"""Voices that are held with others: organs and the free reeds."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from timbrescope.training.playing.band import Band
from timbrescope.training.playing.keyed import chord_tones, pressed, wave_between
from timbrescope.training.playing.lines import Tone, below, melody
from timbrescope.training.playing.ornaments import trill, with_scoops
from timbrescope.training.playing.rhythm import beat_s, pulse, rhythm
from timbrescope.training.playing.strokes import Performance, Stroke, Wave


def organ(band: Band, length_s: float, rng: Generator) -> Performance:
    """Hold chords, play a line or both; now and then with tremulant."""
    strokes = _reeds(band, length_s, rng, shares=(0.3, 0.3, 0.0))
    return Performance(tuple(strokes), _wave_sometimes(rng, 0.15, (5.0, 7.5), (0.1, 0.5)))


def accordion(band: Band, length_s: float, rng: Generator) -> Performance:
    """Play bass and chord in turn below a line, held chords, thirds; the bellows swell."""
    if rng.random() < 0.22:
        strokes = _oom_pah(band, length_s, rng)
    else:
        strokes = _reeds(band, length_s, rng, shares=(0.25, 0.2, 0.25))
    return Performance(tuple(strokes), _bellows(rng))


def harmonica(band: Band, length_s: float, rng: Generator) -> Performance:
    """Play lines with second notes, chords, and bends; the hand before it trembles."""
    strokes = _reeds(band, length_s, rng, shares=(0.45, 0.15, 0.3))
    if rng.random() < 0.4:
        strokes = with_scoops(strokes, rng)
    return Performance(tuple(strokes), _wave_sometimes(rng, 0.35, (4.0, 7.0), (0.2, 0.7)))


def harmonium(band: Band, length_s: float, rng: Generator) -> Performance:
    """Play a line over a drone of root and fifth, or as other reeds; the bellows swell."""
    if rng.random() < 0.6:
        strokes = _over_drone(band, length_s, rng)
    else:
        strokes = _reeds(band, length_s, rng, shares=(0.3, 0.3, 0.1))
    return Performance(tuple(strokes), _bellows(rng))


def _bellows(rng: Generator) -> Wave | None:
    """Return the slow breath of bellows; or, seldom, a shake of them."""
    if rng.random() < 0.12:
        return wave_between(rng, (5.0, 9.0), (0.3, 0.8))
    return _wave_sometimes(rng, 0.55, (0.2, 1.2), (0.2, 0.75))


def _reeds(
    band: Band, length_s: float, rng: Generator, *, shares: tuple[float, float, float]
) -> list[Stroke]:
    """Play a line, chords, a line in thirds, or a line over chords; `shares` of the first three."""
    way, beat = rng.random(), beat_s(rng)
    tones = melody(band, rhythm(length_s, rng, beat=beat, rests=0.04), rng)
    if way < shares[0]:
        return _trilled(band, _held(band, tones, rng), rng)
    if way < shares[0] + shares[1]:
        return _held_chords(band, length_s, rng)
    if way < sum(shares):
        share = float(rng.uniform(0.3, 0.95))
        second = [(t, below(band, t.key)) for t in tones if rng.random() < share]
        thirds = [tone._replace(key=key) for tone, key in second if key is not None]
        return _held(band, tones, rng) + _held(band, thirds, rng)
    middle = band.scale[len(band.scale) // 2]
    low, high = band.within(band.scale[0], middle), band.within(middle, band.scale[-1])
    return _held_chords(low, length_s, rng, gain_db=-4.0) + _held(
        high, melody(high, rhythm(length_s, rng, beat=beat), rng), rng
    )


def _held(band: Band, tones: Sequence[Tone], rng: Generator) -> list[Stroke]:
    strokes = pressed(band, tones, rng, rings=False, sustained=True)
    slurred = rng.random() < 0.5
    return [
        replace(
            stroke,
            length_s=stroke.length_s * (1.0 if slurred else 0.9),
            attack_s=0.012,
            gain_db=0.4 * stroke.gain_db,
        )
        for stroke in strokes
    ]


def _trilled(band: Band, strokes: Sequence[Stroke], rng: Generator) -> list[Stroke]:
    found: list[Stroke] = []
    for stroke in strokes:
        if stroke.length_s > 0.4 and rng.random() < 0.12:
            key = round(stroke.note.key + stroke.shift - band.tuning)
            found += trill(band, stroke, key=key, rate_hz=float(rng.uniform(5, 9)), rng=rng)
        else:
            found.append(stroke)
    return found


def _held_chords(
    band: Band, length_s: float, rng: Generator, *, gain_db: float = 0.0
) -> list[Stroke]:
    held_s = float(rng.choice((0.4, 0.8, 1.6, 3.0, 5.0))) * float(rng.uniform(0.8, 1.25))
    times = [(float(t), held_s) for t in np.arange(0.0, length_s, held_s)]
    tones = chord_tones(band, times, rng, voices=int(rng.integers(2, 5)))
    return [replace(s, gain_db=s.gain_db + gain_db) for s in _held(band, tones, rng)]


def _over_drone(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    root = int(rng.integers(max(1, len(band.scale) // 2)))
    keys = [band.scale[root]]
    keys += [key for key in band.scale if key - keys[0] in (7, 12)][: int(rng.integers(3))]
    drone = [
        replace(
            band.stroke(key, start_s=0.0, length_s=length_s),
            gain_db=-float(rng.uniform(2, 9)),
            sustained=True,
            attack_s=0.05,
        )
        for key in keys
    ]
    tones = melody(band, rhythm(length_s, rng, beat=beat_s(rng, slowest=50), rests=0.03), rng)
    return drone + _held(band, tones, rng)


def _oom_pah(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Play a bass note and chords above it in turn, below a line."""
    beat, to_bar = beat_s(rng, slowest=85, fastest=170), int(rng.choice((2, 3, 4)))
    third = max(2, len(band.scale) // 3)
    low = band.scale[:third]
    tones: list[Tone] = []
    for number, time_s in enumerate(pulse(length_s, rng, step=beat)):
        if number % to_bar == 0:
            tones.append(Tone(float(time_s), 0.6 * beat, int(rng.choice(low))))
        else:
            keys = band.triad(third, voices=3)
            tones += [Tone(float(time_s), 0.4 * beat, key) for key in keys]
    below_it = _held(band, tones, rng)
    high = band.within(band.scale[-third], band.scale[-1])
    line = melody(high, rhythm(length_s, rng, beat=beat), rng)
    return below_it + (_held(high, line, rng) if rng.random() < 0.7 else [])


def _wave_sometimes(
    rng: Generator, share: float, hz: tuple[float, float], depth: tuple[float, float]
) -> Wave | None:
    return wave_between(rng, hz, depth) if rng.random() < share else None
