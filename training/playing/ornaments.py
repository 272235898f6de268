"""What is done to single notes: trills, tremolo, vibrato, slides."""

from collections.abc import Sequence
from dataclasses import replace

from numpy.random import Generator

from timbrescope.training.playing.band import Band
from timbrescope.training.playing.rhythm import pulse
from timbrescope.training.playing.strokes import Bend, Stroke


def trill(band: Band, stroke: Stroke, *, key: int, rate_hz: float, rng: Generator) -> list[Stroke]:
    """Return `stroke` trilled: to the next key of the scale and back, `rate_hz` times a second."""
    above = next((k for k in band.scale if k > key), key + 2)
    apart = min(above - key, 2)
    half_s, fade_s = 0.5 / rate_hz, 0.012
    count = max(2, int(stroke.length_s / half_s))
    times = pulse(count * half_s, rng, step=half_s)[:count]
    skip_s = min(0.08, 0.3 * stroke.note.seconds)
    return [
        replace(
            stroke,
            start_s=stroke.start_s + float(time_s),
            length_s=half_s,
            shift=stroke.shift + apart * (number % 2),
            attack_s=fade_s if number else 0.0,
            skip_s=skip_s if number else 0.0,
            release_s=fade_s,
        )
        for number, time_s in enumerate(times)
    ]


def restruck(stroke: Stroke, *, step_s: float, rng: Generator, skip_s: float = 0.0) -> list[Stroke]:
    """Return `stroke` repeated every `step_s` for as long as it is held."""
    count = max(1, round(stroke.length_s / step_s))
    times = pulse(count * step_s, rng, step=step_s)[:count]
    uneven = rng.uniform(0, 3)
    return [
        replace(
            stroke,
            start_s=stroke.start_s + float(time_s),
            length_s=step_s,
            gain_db=stroke.gain_db - uneven * (number % 2) - float(rng.uniform(0, 1.5)),
            attack_s=0.008 if skip_s else 0.0,
            skip_s=min(skip_s, 0.2 * stroke.note.seconds),
            release_s=0.02,
        )
        for number, time_s in enumerate(times)
    ]


def with_vibrato(strokes: Sequence[Stroke], rng: Generator) -> list[Stroke]:
    """Give the longer notes vibrato of one rate and depth."""
    rate_hz, depth = float(rng.uniform(4, 7)), float(rng.uniform(0.1, 0.45))
    return [
        replace(
            stroke,
            bend=replace(
                stroke.bend or Bend(),
                vibrato_hz=rate_hz * float(rng.uniform(0.95, 1.05)),
                vibrato_semitones=depth,
                vibrato_after_s=float(rng.uniform(0, 0.3)),
            ),
        )
        if stroke.length_s > 0.3
        else stroke
        for stroke in strokes
    ]


def with_scoops(strokes: Sequence[Stroke], rng: Generator) -> list[Stroke]:
    """Slide into, out of or through some notes."""
    return [
        replace(stroke, bend=replace(stroke.bend or Bend(), path=_slide(stroke.length_s, rng)))
        if stroke.length_s > 0.12 and rng.random() < 0.5
        else stroke
        for stroke in strokes
    ]


def _slide(length_s: float, rng: Generator) -> tuple[tuple[float, float], ...]:
    far, taken_s = float(rng.uniform(0.5, 2.5)), min(0.6 * length_s, float(rng.uniform(0.06, 0.3)))
    way = rng.random()
    if way < 0.6:
        return ((0.0, -far), (taken_s, 0.0))
    if way < 0.7:
        return ((0.0, far), (taken_s, 0.0))
    if way < 0.85:
        return ((0.0, 0.0), (length_s - taken_s, 0.0), (length_s, -far))
    return ((0.0, 0.0), (0.3 * length_s, 0.0), (0.5 * length_s, -far), (0.8 * length_s, 0.0))


def slid(stroke: Stroke, rng: Generator) -> Stroke:
    """Return `stroke` with a glide of one to four semitones, most often upwards into it."""
    far = float(rng.choice((-4, -3, -2, -2, -1, -1, 1, 2)))
    taken_s = min(0.7 * stroke.length_s, float(rng.uniform(0.06, 0.35)))
    waits_s = float(rng.choice((0.0, 0.0, 0.15))) * stroke.length_s
    path = ((0.0, far), (waits_s, far), (waits_s + taken_s, 0.0))
    if rng.random() < 0.2:
        path = ((0.0, 0.0), (0.5 * stroke.length_s, 0.0), (stroke.length_s, far))
    return replace(stroke, bend=Bend(path))
