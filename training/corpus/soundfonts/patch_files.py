"""Instruments of the Gravis Ultrasound's patch format: read, and played by a sampler in NumPy."""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.packages.fetch import PackageError
from timbrescope.training.playing.melodies import NoteEvent

HEADER = b"GF1PATCH110\0ID#000002\0"
FIRST_SAMPLE_AT = 239
SAMPLE_HEADER_BYTES = 96
SIXTEEN_BITS, UNSIGNED, LOOPED, BACK_AND_FORTH = 1, 2, 4, 8
A4_HZ, A4_KEY = 440.0, 69
LOUDEST_VELOCITY = 127
ATTACK_S, RELEASE_S = 0.004, 0.12
LONGEST_RING_S = 4.0


@dataclass(frozen=True)
class PatchSample:
    """One recording of a patch.

    Attributes
    ----------
    samples : ndarray
        Mono, full scale 1.
    rate_hz, root_hz : float
        Sampling rate, and the pitch that sounds at that rate.
    low_hz, high_hz : float
        Pitches that it is for.
    loop : tuple of int, or None
        First sample of the loop and the first one after it.
    """

    samples: Samples
    rate_hz: float
    root_hz: float
    low_hz: float
    high_hz: float
    loop: tuple[int, int] | None


# What sounds for a key, and by which factor it is played faster than recorded.
Instrument = Callable[[int], tuple[PatchSample, float]]
Hold = Literal["sustained", "decaying", "struck"]


def read_patch(path: Path) -> list[PatchSample]:
    """Return the recordings of a ``.pat`` file.

    The format is that of Forte's Ultrasound SDK: a header, then for each recording a header
    of 96 bytes and its samples. Frequencies are in mHz.

    Raises
    ------
    PackageError
        If the file is no patch or ends early.
    """
    content = path.read_bytes()
    if not content.startswith(HEADER):
        raise PackageError(f"{path} is no Ultrasound patch: it begins with {content[:12]!r}")
    found, at = [], FIRST_SAMPLE_AT
    try:
        for _ in range(content[198]):
            sample, at = _read_sample(content, at)
            found.append(sample)
    except (struct.error, ValueError) as error:
        raise PackageError(f"{path} ends within a recording ({error}); fetch it again") from error
    return found


def _read_sample(content: bytes, at: int) -> tuple[PatchSample, int]:
    size, start, end, rate_hz, low, high, root = struct.unpack_from("<IIIHIII", content, at + 8)
    modes = content[at + 55]
    after = at + SAMPLE_HEADER_BYTES + size
    kind = ("<u2" if modes & UNSIGNED else "<i2") if modes & SIXTEEN_BITS else "u1"
    if kind == "u1" and not modes & UNSIGNED:
        kind = "i1"
    width = np.dtype(kind).itemsize
    raw = np.frombuffer(content, kind, size // width, at + SAMPLE_HEADER_BYTES)
    scale = 2.0 ** (8 * width - 1)
    samples = (raw.astype(np.float32) / scale - (1.0 if modes & UNSIGNED else 0.0)).astype("f4")
    loop = (start // width, end // width) if modes & LOOPED and end - start > width else None
    if loop and modes & BACK_AND_FORTH:
        samples = np.concatenate([samples[: loop[1]], samples[loop[0] : loop[1]][::-1]])
        loop = (loop[0], 2 * loop[1] - loop[0])
    return PatchSample(samples, rate_hz, root / 1000, low / 1000, high / 1000, loop), after


def pitched(patch: Sequence[PatchSample]) -> Instrument:
    """Return a patch as an instrument with a pitch for every key."""

    def sample_of(key: int) -> tuple[PatchSample, float]:
        wanted_hz = A4_HZ * 2 ** ((key - A4_KEY) / 12)
        sample = min(patch, key=lambda candidate: _distance(candidate, wanted_hz))
        return sample, wanted_hz / sample.root_hz

    return sample_of


def drums(patches: Mapping[int, Sequence[PatchSample]]) -> Instrument:
    """Return patches, by key, as a kit: each key sounds as it was recorded."""
    return lambda key: (patches[key][0], 1.0)


def play(
    instrument: Instrument, events: Iterable[NoteEvent], *, length_s: float, hold: Hold
) -> Samples:
    """Return `events` played on an instrument, mono at 22050 Hz.

    Parameters
    ----------
    instrument : callable
        See `pitched` and `drums`.
    events : iterable of NoteEvent
        Keys, velocities and times.
    length_s : float
        Length of the result.
    hold : str
        ``sustained``: recordings are looped while a key is down; ``decaying``: they die away by
        themselves, or when the key is let go; ``struck``: nothing lets them go.
    """
    line = np.zeros(int(length_s * SAMPLE_RATE_HZ), dtype=np.float32)
    for event in events:
        at = int(event.start_s * SAMPLE_RATE_HZ)
        sample, ratio = instrument(event.key)
        held_s = LONGEST_RING_S if hold == "struck" else event.length_s
        note = _note(sample, ratio=ratio, held_s=held_s, looped=hold == "sustained")
        room = max(0, line.size - at)
        loud = np.float32((event.velocity / LOUDEST_VELOCITY) ** 2)
        line[at : at + note.size] += note[:room] * loud
    return line


def _distance(sample: PatchSample, wanted_hz: float) -> float:
    """Return by how many octaves a pitch lies outside of what a recording is for."""
    outside = max(sample.low_hz / wanted_hz, wanted_hz / sample.high_hz, 1.0)
    return float(np.log2(outside)) + 1e-3 * abs(float(np.log2(wanted_hz / sample.root_hz)))


def _note(sample: PatchSample, *, ratio: float, held_s: float, looped: bool) -> Samples:
    step = ratio * sample.rate_hz / SAMPLE_RATE_HZ
    count = int((held_s + RELEASE_S) * SAMPLE_RATE_HZ)
    loop = sample.loop if looped else None
    if loop is None:
        count = min(count, int((sample.samples.size - 1) / step))
    places = np.arange(count) * step
    if loop is not None:
        places = np.where(
            places < loop[1], places, loop[0] + (places - loop[0]) % (loop[1] - loop[0])
        )
    at = np.arange(sample.samples.size)
    note: Samples = np.interp(places, at, sample.samples).astype(np.float32)
    attack, release = (min(count, int(s * SAMPLE_RATE_HZ)) for s in (ATTACK_S, RELEASE_S))
    note[:attack] *= np.linspace(0, 1, attack, dtype=np.float32)
    note[count - release :] *= np.linspace(1, 0, release, dtype=np.float32) ** 2
    return note
