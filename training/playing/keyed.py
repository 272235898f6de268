"""Several voices that are struck: pianos and mallets."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from timbrescope.training.playing.band import Band
from timbrescope.training.playing.lines import Tone, melody
from timbrescope.training.playing.rhythm import beat_s, loudness, pulse, rhythm
from timbrescope.training.playing.strokes import Performance, Stroke, Wave

RINGS_S = 6.0


def piano(band: Band, length_s: float, rng: Generator) -> Performance:
    """Play a melody, chords, broken chords, or a melody over either; the pedal down or not."""
    way, pedal = rng.random(), rng.random() < 0.4
    beat = beat_s(rng)
    if way < 0.25:
        strokes = _line(band, length_s, rng, beat=beat, rings=pedal)
    elif way < 0.42:
        strokes = chords(band, length_s, rng, beat=beat, rings=pedal)
    elif way < 0.58:
        strokes = broken(band, length_s, rng, beat=beat, rings=pedal)
    else:
        strokes = _both_hands(band, length_s, rng, beat=beat, rings=pedal)
    return Performance(tuple(strokes))


def keyboard(band: Band, length_s: float, rng: Generator) -> Performance:
    """Play as a piano; an electric one now and then through its tremolo."""
    played = piano(band, length_s, rng)
    if rng.random() < 0.15:
        return replace(played, wave=wave_between(rng, (3.0, 7.0), (0.2, 0.6)))
    return played


def mallets(band: Band, length_s: float, rng: Generator) -> Performance:
    """Play a line that rings on, chords of up to four mallets, or rolls; the motor on or off."""
    way, rings = rng.random(), rng.random() < 0.6
    beat = beat_s(rng)
    if way < 0.55:
        strokes = _line(band, length_s, rng, beat=beat, rings=rings)
    elif way < 0.75:
        strokes = chords(band, length_s, rng, beat=beat, rings=rings)
    elif way < 0.9:
        strokes = broken(band, length_s, rng, beat=beat, rings=True)
    else:
        strokes = _rolled(band, length_s, rng)
    wave = wave_between(rng, (3.0, 8.0), (0.2, 0.85)) if rng.random() < 0.35 else None
    return Performance(tuple(strokes), wave)


def wave_between(rng: Generator, hz: tuple[float, float], depth: tuple[float, float]) -> Wave:
    """Return a wave of a rate (Hz) and a depth drawn from two ranges."""
    phase = float(rng.uniform(0, 2 * np.pi))
    return Wave(float(rng.uniform(*hz)), float(rng.uniform(*depth)), phase)


def pressed(
    band: Band, tones: Sequence[Tone], rng: Generator, *, rings: bool, sustained: bool = False
) -> list[Stroke]:
    """Return keys pressed for their time, or ringing on under the pedal."""
    held = float(rng.choice((0.5, 0.85, 1.0)))
    strokes = []
    for tone, gain in zip(tones, loudness(len(tones), rng), strict=True):
        held_s = RINGS_S if rings else tone.length_s * held
        stroke = band.stroke(tone.key, start_s=tone.start_s, length_s=held_s)
        release_s = float(rng.uniform(0.03, 0.12))
        stroke = replace(stroke, gain_db=float(gain), release_s=release_s, sustained=sustained)
        strokes.append(stroke)
    return strokes


def _line(band: Band, length_s: float, rng: Generator, *, beat: float, rings: bool) -> list[Stroke]:
    tones = melody(band, rhythm(length_s, rng, beat=beat), rng)
    return pressed(band, tones, rng, rings=rings)


def chord_tones(
    band: Band,
    times: Sequence[tuple[float, float]],
    rng: Generator,
    *,
    voices: int,
    spread_s: float = 0.0,
) -> list[Tone]:
    """Return a chord on each onset, its keys `spread_s` apart; a chord often stays a while."""
    tones: list[Tone] = []
    highest = max(1, len(band.scale) - 2 * voices)
    degree = int(rng.integers(highest))
    for start_s, length_s in times:
        if rng.random() < 0.6:
            degree = int(rng.integers(highest))
        for place, key in enumerate(band.triad(degree, voices=voices)):
            late_s = place * spread_s + float(rng.uniform(0, 0.008))
            tones.append(Tone(start_s + late_s, length_s, key))
    return tones


def chords(
    band: Band, length_s: float, rng: Generator, *, beat: float, rings: bool
) -> list[Stroke]:
    """Strike chords, all keys at once or quickly one after another."""
    times = rhythm(length_s, rng, beat=beat * float(rng.choice((1, 1, 2))))
    spread_s = float(rng.uniform(0.01, 0.05)) if rng.random() < 0.25 else 0.0
    tones = chord_tones(band, times, rng, voices=int(rng.integers(2, 5)), spread_s=spread_s)
    return pressed(band, tones, rng, rings=rings)


def broken(
    band: Band, length_s: float, rng: Generator, *, beat: float, rings: bool
) -> list[Stroke]:
    """Play the keys of a chord in turn, up, up and down, or as an Alberti bass."""
    step_s = beat / float(rng.choice((2, 3, 4)))
    orders = ((0, 1, 2), (0, 1, 2, 3), (0, 2, 1, 2), (0, 1, 2, 1), (3, 2, 1, 0), (0, 1, 2, 3, 2, 1))
    order = orders[int(rng.integers(len(orders)))]
    tones = []
    keys = band.triad(0, voices=4)
    for number, time_s in enumerate(pulse(length_s, rng, step=step_s)):
        if number % (2 * len(order)) == 0:
            keys = band.triad(int(rng.integers(max(1, len(band.scale) - 6))), voices=4)
        key = keys[order[number % len(order)] % len(keys)]
        tones.append(Tone(float(time_s), step_s * 1.2, key))
    return pressed(band, tones, rng, rings=rings)


def _both_hands(
    band: Band, length_s: float, rng: Generator, *, beat: float, rings: bool
) -> list[Stroke]:
    middle = band.scale[len(band.scale) // 2]
    left, right = band.within(band.scale[0], middle), band.within(middle, band.scale[-1])
    with_left = broken if rng.random() < 0.5 else chords
    below_it = with_left(left, length_s, rng, beat=beat, rings=rings)
    softer = [replace(stroke, gain_db=stroke.gain_db - 4) for stroke in below_it]
    return softer + _line(right, length_s, rng, beat=beat, rings=rings)


def _rolled(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Roll on notes with two mallets."""
    strokes: list[Stroke] = []
    for stroke in _line(band, length_s, rng, beat=float(rng.uniform(0.6, 1.6)), rings=False):
        step_s = 1 / float(rng.uniform(9, 15))
        for time_s in pulse(stroke.length_s, rng, step=step_s):
            quiet_db = stroke.gain_db - float(rng.uniform(0, 3))
            start_s = stroke.start_s + float(time_s)
            strokes.append(replace(stroke, start_s=start_s, length_s=1.5, gain_db=quiet_db))
    return strokes
