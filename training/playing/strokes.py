"""What a player does, note by note, and how it sounds together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.playing.notes import Note, bent, detuned, lengthened, released
from timbrescope.training.playing.pitch import Floats

RINGS_OUT_S = 8.0
IN_TUNE_SEMITONES = 0.1
# A recording is not held for more than this multiple of its own length.
LONGEST_HOLD = 3.0
RAMP_S = 0.003


@dataclass(frozen=True)
class Bend:
    """How the pitch of a note moves.

    Attributes
    ----------
    path : tuple of (float, float)
        Seconds after the onset and semitones beside the note's own pitch; straight between.
    vibrato_hz, vibrato_semitones, vibrato_after_s : float
        Rate, depth to either side, and when it sets in.
    """

    path: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    vibrato_hz: float = 5.5
    vibrato_semitones: float = 0.0
    vibrato_after_s: float = 0.15


@dataclass(frozen=True)
class Stroke:
    """One note of a performance.

    Attributes
    ----------
    start_s, length_s : float
        When it begins, and how long until it is let go.
    note : Note
        The recording that sounds.
    shift : float
        Semitones by which it is played higher than recorded.
    gain_db : float
        Beside a peak of 1.
    attack_s, skip_s : float
        It fades in within `attack_s` from `skip_s` of the recording on: a slurred note has no
        attack of its own.
    release_s : float
        How long it takes to fade after `length_s`.
    sustained : bool
        Whether the recording is repeated in itself where it is shorter than the note.
    bend : Bend or None
    swell : tuple of (float, float)
        Seconds after the onset and gain; empty for none.
    """

    start_s: float
    length_s: float
    note: Note
    shift: float = 0.0
    gain_db: float = 0.0
    attack_s: float = 0.0
    skip_s: float = 0.0
    release_s: float = 0.04
    sustained: bool = False
    bend: Bend | None = None
    swell: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Wave:
    """A slow change of loudness of everything: a motor, bellows, a hand before the reeds."""

    hz: float
    depth: float
    phase: float = 0.0


@dataclass(frozen=True)
class Performance:
    """What is played, and what all of it goes through."""

    strokes: tuple[Stroke, ...]
    wave: Wave | None = None


def sound_of(
    stroke: Stroke, *, longest_s: float = RINGS_OUT_S, shifted: "Shifted | None" = None
) -> Samples:
    """Return one stroke as it is heard, from its onset to the end of its release.

    Parameters
    ----------
    stroke : Stroke
    longest_s : float
        What comes after this many seconds is not needed.
    shifted : Shifted, optional
        Where recordings at other pitches are kept for the strokes that follow.
    """
    size = int(min(stroke.length_s + stroke.release_s, longest_s) * SAMPLE_RATE_HZ) + 1
    heard = _tuned(stroke, size=size, shifted=shifted or Shifted())
    heard = released(heard, length_s=stroke.length_s, release_s=stroke.release_s)
    heard = heard * np.float32(stroke.note.gain * 10 ** (stroke.gain_db / 20))
    ramp_s = max(stroke.attack_s, RAMP_S if stroke.skip_s else 0.0)
    ramp = min(heard.size, int(ramp_s * SAMPLE_RATE_HZ))
    heard[:ramp] *= np.linspace(0, 1, ramp, dtype=np.float32)
    if stroke.swell:
        seconds, gains = zip(*stroke.swell, strict=True)
        heard *= np.interp(np.arange(heard.size) / SAMPLE_RATE_HZ, seconds, gains).astype("f4")
    return heard


class Shifted:
    """Recordings at other pitches, made once for all strokes of a window."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, float], Samples] = {}

    def of(self, note: Note, *, shift: float, size: int) -> Samples:
        """Return at least `size` samples of `note`, `shift` semitones higher, if it has them."""
        factor = 2 ** (shift / 12)
        place = (note.samples.__array_interface__["data"][0], round(shift, 3))
        made = self._made.get(place)
        if made is None or (made.size < size and made.size < int(note.samples.size / factor) - 1):
            made = detuned(note.samples[: int(size * factor) + 1], factor=factor)
            self._made[place] = made
        return made


def _highest(stroke: Stroke) -> float:
    if stroke.bend is None:
        return stroke.shift
    highest = max(semitones for _, semitones in stroke.bend.path)
    return stroke.shift + highest + stroke.bend.vibrato_semitones


def _lowest(stroke: Stroke) -> float:
    if stroke.bend is None:
        return stroke.shift
    lowest = min(semitones for _, semitones in stroke.bend.path)
    return stroke.shift + lowest - stroke.bend.vibrato_semitones


def _tuned(stroke: Stroke, *, size: int, shifted: Shifted) -> Samples:
    """Return at most `size` samples of a stroke's recording at the pitch that it has."""
    skipped = int(stroke.skip_s * SAMPLE_RATE_HZ)
    source = stroke.note.samples[skipped:]
    in_tune = abs(stroke.shift) < IN_TUNE_SEMITONES
    needed = int(size * 2 ** (_highest(stroke) / 12)) + 8
    if stroke.sustained and stroke.note.lasts and source.size < needed:
        needed = min(needed, int(LONGEST_HOLD * source.size))
        body = int(stroke.note.body_s * SAMPLE_RATE_HZ) - skipped
        source = lengthened(source, size=needed, key=stroke.note.key, body=body)
    elif stroke.bend is None and not in_tune:
        whole = shifted.of(stroke.note, shift=stroke.shift, size=size + skipped)
        return whole[skipped : skipped + size]
    if stroke.bend is not None:
        size = min(size, int(source.size * 2 ** (-_lowest(stroke) / 12)) + 1)
        return bent(source, semitones=stroke.shift + path_of(stroke.bend, size=size))
    if in_tune:
        return source[:size]
    factor = 2 ** (stroke.shift / 12)
    return detuned(source[: int(size * factor) + 1], factor=factor)[:size]


def path_of(bend: Bend, *, size: int) -> Floats:
    """Return the semitones of a bend at each of `size` samples."""
    times = np.arange(size) / SAMPLE_RATE_HZ
    seconds, semitones = zip(*bend.path, strict=True)
    path: Floats = np.interp(times, seconds, semitones)
    if bend.vibrato_semitones:
        grown = np.clip((times - bend.vibrato_after_s) / 0.25, 0.0, 1.0)
        path += bend.vibrato_semitones * grown * np.sin(2 * np.pi * bend.vibrato_hz * times)
    return path


def played(strokes: Sequence[Stroke], *, from_s: float, seconds: float) -> Samples:
    """Return what is heard of `strokes` from `from_s` on, for `seconds`."""
    line = np.zeros(round(seconds * SAMPLE_RATE_HZ), dtype=np.float32)
    shifted = Shifted()
    for stroke in strokes:
        sounds_s = min(stroke.length_s + stroke.release_s, RINGS_OUT_S)
        if stroke.start_s + sounds_s <= from_s or stroke.start_s >= from_s + seconds:
            continue
        longest_s = from_s + seconds - stroke.start_s
        heard = sound_of(stroke, longest_s=longest_s, shifted=shifted)
        at = round((stroke.start_s - from_s) * SAMPLE_RATE_HZ)
        heard = heard[max(0, -at) : line.size - at]
        line[max(0, at) : max(0, at) + heard.size] += heard
    return line


def waved(line: Samples, wave: Wave) -> Samples:
    """Return `line` with its loudness moving `wave.depth` below full, `wave.hz` times a second."""
    times = np.arange(line.size, dtype=np.float32) * np.float32(2 * np.pi / SAMPLE_RATE_HZ)
    moving = np.float32(0.5) - np.float32(0.5) * np.cos(times * wave.hz + wave.phase)
    return np.asarray(line * (1 - np.float32(wave.depth) * moving), dtype=np.float32)
