"""Synthesised noises that packages hold little of: weather, water, fire, engines, signals.

Each texture is drawn anew from its generator, as a piece of some seconds. In the manifest they
are one source, and every texture is a group of its own, so that whole textures are held out.
"""

import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.augment.signals import log_uniform
from timbrescope.training.corpus.stored import slug, store_once, write_samples
from timbrescope.training.labels import TRAIN_SPLIT

# Until it is written, sound is added up in double precision.
Samples64 = NDArray[np.float64]
Texture = Callable[[int, Generator], Samples64]

SOURCE = "synthesised-noise"
LICENCE = "Apache-2.0"
# To be raised when a texture sounds different.
TEXTURES_VERSION = 1
PIECES, PIECE_S = 12, 9.0
_NYQUIST_HZ = SAMPLE_RATE_HZ / 2


def slow(size: int, rng: Generator, *, rate_hz: float) -> Samples64:
    """Return a curve between 0 and 1 that wanders about `rate_hz` times a second."""
    points = max(4, int(size / SAMPLE_RATE_HZ * rate_hz) + 3)
    places = np.linspace(0, points - 1, size)
    return np.asarray(np.interp(places, np.arange(points), rng.random(points)), np.float64)


def band_noise(size: int, rng: Generator, *, low_hz: float, high_hz: float) -> Samples64:
    """Return white noise of about unit RMS within a band."""
    edges = (max(20.0, low_hz), min(high_hz, 0.95 * _NYQUIST_HZ))
    sections = butter(2, edges, btype="bandpass", fs=SAMPLE_RATE_HZ, output="sos")
    found = sosfilt(sections, rng.standard_normal(size))
    return np.asarray(found / max(float(found.std()), 1e-9))


def tone(frequency_hz: Samples64) -> Samples64:
    """Return a sine whose frequency follows a curve, one value a sample."""
    return np.asarray(np.sin(2 * np.pi * np.cumsum(frequency_hz) / SAMPLE_RATE_HZ))


def events(
    size: int, rng: Generator, *, per_s: float, one: Callable[[Generator], Samples64]
) -> Samples64:
    """Return short sounds at random times, `per_s` of them a second, some far louder."""
    found = np.zeros(size)
    for start in rng.integers(0, size, rng.poisson(per_s * size / SAMPLE_RATE_HZ)):
        sound = one(rng)[: size - start] * 10 ** (-rng.exponential(9.0) / 20)
        found[start : start + sound.size] += sound
    return found


def click(rng: Generator) -> Samples64:
    """Return a burst of noise of some milliseconds that dies away."""
    decay_s = log_uniform(0.0005, 0.012, rng=rng)
    times_s = np.arange(int(8 * decay_s * SAMPLE_RATE_HZ) + 8) / SAMPLE_RATE_HZ
    return np.asarray(rng.standard_normal(times_s.size) * np.exp(-times_s / decay_s))


def drop(rng: Generator) -> Samples64:
    """Return the rising chirp of a bubble that closes below water (van den Doel 2005)."""
    times_s = np.arange(int(0.15 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    start_hz, decay_s = log_uniform(350, 3_500, rng=rng), log_uniform(0.005, 0.04, rng=rng)
    rising = start_hz * (1 + rng.uniform(0, 0.4) * times_s / decay_s)
    return tone(np.minimum(rising, 0.9 * _NYQUIST_HZ)) * np.exp(-times_s / decay_s)


def wind(size: int, rng: Generator) -> Samples64:
    """Gusts: low noise that swells; now and then a gap that whistles."""
    swell = slow(size, rng, rate_hz=float(rng.uniform(0.3, 1.5))) ** 2
    found = band_noise(size, rng, low_hz=30, high_hz=log_uniform(250, 1_500, rng=rng)) * swell
    if rng.random() < 0.6:
        centre_hz = log_uniform(300, 1_800, rng=rng)
        wander = slow(size, rng, rate_hz=2.0)
        carrier = tone(centre_hz * (0.8 + 0.4 * wander))
        # A sine whose level flickers as fast as a narrow filter's answer to noise.
        flicker = band_noise(size, rng, low_hz=20, high_hz=log_uniform(40, 140, rng=rng))
        found += float(rng.uniform(0.1, 0.8)) * carrier * flicker * swell
    return found


def rain(size: int, rng: Generator) -> Samples64:
    """Hiss of many drops, with single ones near by."""
    hiss = band_noise(size, rng, low_hz=log_uniform(400, 2_500, rng=rng), high_hz=10_000)
    level = float(rng.uniform(0.0, 0.3))
    near = events(size, rng, per_s=log_uniform(15, 250, rng=rng), one=click)
    if rng.random() < 0.5:
        near += 0.5 * events(size, rng, per_s=log_uniform(2, 25, rng=rng), one=drop)
    return level * hiss * (0.6 + 0.4 * slow(size, rng, rate_hz=0.5)) + near


def water(size: int, rng: Generator) -> Samples64:
    """Bubbles above a rush, as of a brook or a tap; or waves."""
    rush = band_noise(size, rng, low_hz=200, high_hz=log_uniform(1_500, 9_000, rng=rng))
    if rng.random() < 0.4:
        return rush * slow(size, rng, rate_hz=0.4) ** 2
    bubbles = events(size, rng, per_s=log_uniform(8, 120, rng=rng), one=drop)
    return float(rng.uniform(0.02, 0.3)) * rush + bubbles


def fire(size: int, rng: Generator) -> Samples64:
    """Crackling above a low flutter."""
    flutter = band_noise(size, rng, low_hz=30, high_hz=300) * slow(size, rng, rate_hz=6.0)
    return float(rng.uniform(0.02, 0.25)) * flutter + events(
        size, rng, per_s=log_uniform(2, 40, rng=rng), one=click
    )


def engine(size: int, rng: Generator) -> Samples64:
    """Harmonics of a turning shaft with noise that beats at its rate; fans, motors, trains."""
    base_hz = log_uniform(15, 240, rng=rng)
    turning = base_hz * (1 + 0.15 * rng.random() * slow(size, rng, rate_hz=0.3))
    phase = 2 * np.pi * np.cumsum(turning) / SAMPLE_RATE_HZ
    slope = float(rng.uniform(0.4, 1.6))
    count = max(1, min(30, int(0.9 * _NYQUIST_HZ / (1.2 * base_hz))))
    found = np.zeros(size)
    for harmonic in range(1, count + 1):
        gain = rng.uniform(0.2, 1.0) * harmonic**-slope
        found += gain * np.sin(harmonic * phase + rng.uniform(0, 2 * np.pi))
    noise = band_noise(size, rng, low_hz=80, high_hz=log_uniform(600, 8_000, rng=rng))
    return found + float(rng.uniform(0.1, 1.5)) * noise * (1 + 0.8 * np.sin(phase))


def rattle(size: int, rng: Generator) -> Samples64:
    """Knocks that come again and again: clocks, wheels on rails, presses, wipers."""
    period_s, count = log_uniform(0.08, 1.2, rng=rng), int(rng.integers(1, 4))
    knocks = [fftconvolve(click(rng), _casing(rng)) for _ in range(count)]
    found = 0.02 * float(rng.random()) * band_noise(size, rng, low_hz=60, high_hz=4_000)
    for number in range(int(size / SAMPLE_RATE_HZ / period_s)):
        knock = knocks[number % count] * rng.uniform(0.6, 1.0)
        start = int((number + rng.uniform(-0.02, 0.02) + 0.05) * period_s * SAMPLE_RATE_HZ)
        piece = knock[: size - start]
        found[start : start + piece.size] += piece
    return found


def _casing(rng: Generator) -> Samples64:
    """Return the short, dull answer of wood or plastic to a knock."""
    times_s = np.arange(int(0.08 * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    modes_hz = [log_uniform(120, 2_500, rng=rng) for _ in range(int(rng.integers(2, 6)))]
    decays_s = [log_uniform(0.003, 0.015, rng=rng) for _ in modes_hz]
    found: Samples64 = np.sum(
        [
            np.sin(2 * np.pi * hz * times_s) * np.exp(-times_s / decay_s)
            for hz, decay_s in zip(modes_hz, decays_s, strict=True)
        ],
        axis=0,
    )
    return found


def traffic(size: int, rng: Generator) -> Samples64:
    """Tyres that come and go above a rumble."""
    found = 0.3 * band_noise(size, rng, low_hz=25, high_hz=160)
    for _ in range(int(rng.integers(1, 4))):
        passing = np.arange(size) / SAMPLE_RATE_HZ - rng.uniform(0, size / SAMPLE_RATE_HZ)
        near = 1 / (1 + (passing / rng.uniform(0.5, 2.5)) ** 2)
        found += near * band_noise(size, rng, low_hz=150, high_hz=log_uniform(900, 5_000, rng=rng))
    return found


def signals(size: int, rng: Generator) -> Samples64:
    """Beeps, ringing and sirens: tones that no instrument plays."""
    period_s, share = log_uniform(0.12, 2.0, rng=rng), float(rng.uniform(0.2, 0.8))
    times_s = np.arange(size) / SAMPLE_RATE_HZ
    low_hz = log_uniform(400, 3_200, rng=rng)
    step = float(rng.choice((1.0, 1.0, 1.26, 1.5)))
    way = rng.random()
    if way < 0.3:
        found = tone(low_hz * step ** (0.5 - 0.5 * np.cos(2 * np.pi * times_s / period_s)))
    else:
        second = (times_s / period_s).astype(int) % 2
        found = tone(np.where(second, low_hz * step, low_hz))
        found = found * ((times_s % period_s) < share * period_s)
    if rng.random() < 0.5:
        found = np.sign(found) * np.abs(found) ** 0.3
    return found + 0.01 * band_noise(size, rng, low_hz=100, high_hz=6_000)


TEXTURES: Mapping[str, Texture] = {
    "wind": wind,
    "rain": rain,
    "water": water,
    "fire": fire,
    "engine": engine,
    "rattle": rattle,
    "traffic": traffic,
    "signals": signals,
}


def texture(name: str, *, seconds: float, rng: Generator) -> NDArray[np.float32]:
    """Return a piece of a texture, mono at 22050 Hz, peak 1."""
    made = TEXTURES[name](int(seconds * SAMPLE_RATE_HZ), rng)
    return np.asarray(made / max(float(np.abs(made).max()), 1e-9), np.float32)


def store_textures(target: Path, *, seed: int) -> list[dict[str, str]]:
    """Store pieces of every texture as FLAC in `target` and return their manifest rows.

    What an earlier call stored is kept.
    """
    return [row for name in TEXTURES for row in _store(name, target, seed=seed)]


def _store(name: str, target: Path, *, seed: int) -> list[dict[str, str]]:
    def fill(place: Path) -> None:
        for number in range(PIECES):
            rng = np.random.default_rng([seed, zlib.crc32(name.encode()), number])
            piece = texture(name, seconds=PIECE_S, rng=rng)
            write_samples(place / f"{number:04}_{name}.flac", piece)

    recipe = f"{TEXTURES_VERSION} {PIECES} {PIECE_S} {seed}"
    paths = store_once(target / f"noise_{SOURCE}_{slug(name)}", recipe, fill)
    return [
        {
            "path": path.relative_to(target).as_posix(),
            "instrument": "",
            "source": SOURCE,
            "group": f"{SOURCE}-{name}:noise",
            "kind": "noise",
            "split": TRAIN_SPLIT,
            "seconds": f"{PIECE_S:.2f}",
            "licence": LICENCE,
            "origin": f"synthesised: {name}, seed {seed}",
        }
        for path in paths
    ]
