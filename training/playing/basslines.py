"""Bass lines: walking, and riffs that repeat."""

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from timbrescope.training.playing.band import Band
from timbrescope.training.playing.lines import melody
from timbrescope.training.playing.rhythm import beat_s, pulse
from timbrescope.training.playing.strokes import Stroke


def bass_line(band: Band, length_s: float, rng: Generator) -> list[Stroke]:
    """Walk in quarters, or repeat a riff on root, fifth, octave and seventh; some dead notes."""
    walking = rng.random() < 0.35
    beat = beat_s(rng, slowest=75, fastest=180)
    if walking:
        times = [(float(t), beat) for t in pulse(length_s, rng, step=beat)]
        tones = [(t.start_s, t.key) for t in melody(band, times, rng)]
    else:
        tones = _riff(band, length_s, rng, step_s=beat / 2)
    held = float(rng.choice((0.35, 0.8, 1.0)))
    strokes = []
    for number, (start_s, key) in enumerate(tones):
        after = tones[number + 1][0] if number + 1 < len(tones) else start_s + beat
        dead = rng.random() < 0.06
        held_s = 0.05 if dead else max(0.05, (after - start_s) * held)
        stroke = band.stroke(key, start_s=start_s, length_s=held_s)
        strokes.append(replace(stroke, gain_db=-float(rng.uniform(0, 5)) - 4 * dead))
    return strokes


def _riff(band: Band, length_s: float, rng: Generator, *, step_s: float) -> list[tuple[float, int]]:
    root = int(rng.choice(band.scale[: max(1, len(band.scale) // 2)]))
    wanted = rng.choice((0, 0, 0, 0, 3, 5, 7, 7, 10, 12), size=8)
    near = np.array(band.scale)
    riff = [int(near[np.argmin(np.abs(near - root - add))]) for add in wanted]
    plays = rng.random(8) < rng.uniform(0.5, 1.0)
    plays[0] = True
    times = pulse(length_s, rng, step=step_s)
    return [(float(t), riff[i % 8]) for i, t in enumerate(times) if plays[i % 8]]
