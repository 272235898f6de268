"""Which group a window is drawn from, and its clean windows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from timbrescope.models.frontend import SAMPLE_RATE_HZ, WINDOW_SAMPLES
from timbrescope.training.augment import Background
from timbrescope.training.corpus.recordings import CorpusError, Recording
from timbrescope.training.decoding import read_mono
from timbrescope.training.labels import INSTRUMENT_KINDS
from timbrescope.training.windows.compose import window_of_notes, window_of_phrases
from timbrescope.training.windows.split import is_soundfont, require_train

Samples = NDArray[np.float32]

# Where a class has real recordings, soundfonts only widen it.
SOUNDFONT_WEIGHT = 0.5
# A hit of a tenth of a second, struck in many patterns, is worth more than its length.
LEAST_WORTH_OF_NOTE_S = 3.0
SHORTEST_NOTE_S = 0.02
LONGEST_PHRASE_S = 60.0
FROM_NOTES_SHARE = 0.5


@dataclass(frozen=True)
class Window:
    """One example: float32 samples of shape (66150,), label, group it was made from."""

    samples: Samples
    label: int
    group: str


@dataclass(frozen=True)
class GroupMaterial:
    """The samples of one group of one class; notes and phrases are used differently."""

    group: str
    weight: float
    notes: tuple[Samples, ...]
    phrases: tuple[Samples, ...]


def load_samples(recording: Recording) -> Samples:
    """Return a recording as mono float32 at 22050 Hz, at most `LONGEST_PHRASE_S` of it.

    Raises
    ------
    CorpusError
        If the file cannot be decoded or has samples that are not finite.
    """
    samples = read_mono(recording.path, longest_s=LONGEST_PHRASE_S)
    if not np.isfinite(samples).all():
        raise CorpusError(f"{recording.path} has samples that are not finite; replace it")
    return samples


def load_background(recordings: Iterable[Recording]) -> Background:
    """Return the noises, voices and room responses among training recordings."""
    listed = require_train(recordings)
    noises, rooms, voices = (
        tuple(s for s in map(load_samples, (r for r in listed if r.kind == kind)) if s.size)
        for kind in ("noise", "ir", "speech")
    )
    return Background(noises=noises, rooms=rooms, voices=voices)


def load_material(recordings: Iterable[Recording]) -> list[GroupMaterial]:
    """Load the recordings of one class, by group, weighted by the root of what they sound.

    The root keeps a big source from drowning the others, and one note from counting as much
    as an hour.
    """
    by_group: Mapping[str, list[Recording]] = defaultdict(list)
    for recording in require_train(recordings):
        if recording.kind in INSTRUMENT_KINDS:
            by_group[recording.group].append(recording)
    fonts = {g for g, listed in by_group.items() if all(map(is_soundfont, listed))}
    only_fonts = len(fonts) == len(by_group)
    found = []
    for group, listed in sorted(by_group.items()):
        notes = _sounding(r for r in listed if r.kind == "note")
        phrases = _sounding(r for r in listed if r.kind == "phrase")
        if not notes and not phrases:
            continue
        worth_s = sum(max(s.size / SAMPLE_RATE_HZ, LEAST_WORTH_OF_NOTE_S) for s in notes)
        worth_s += sum(s.size / SAMPLE_RATE_HZ for s in phrases)
        weight = np.sqrt(worth_s)
        if group in fonts and not only_fonts:
            weight *= SOUNDFONT_WEIGHT
        found.append(GroupMaterial(group, float(weight), notes, phrases))
    return found


def _sounding(recordings: Iterable[Recording]) -> tuple[Samples, ...]:
    loaded = (load_samples(recording) for recording in recordings)
    return tuple(
        samples
        for samples in loaded
        if samples.size >= SHORTEST_NOTE_S * SAMPLE_RATE_HZ and np.abs(samples).max() > 1e-3
    )


def composed_windows(
    name: str,
    material: Sequence[GroupMaterial],
    *,
    label: int,
    count: int,
    seed: int,
    naive: bool = False,
) -> Iterator[Window]:
    """Yield `count` clean windows; each depends on nothing but `seed`, `label` and its number.

    Parameters
    ----------
    name : str
        The instrument; or the kind of a background, whose recordings are only cropped.
    material : sequence of GroupMaterial
        At least one; a group is drawn for every window, by weight.
    label, count, seed : int
    naive : bool
        Whether a window holds a recording as it is instead of a performance made of several.
    """
    weights = np.array([m.weight for m in material])
    for number in range(count):
        rng = np.random.default_rng([seed, label, number])
        chosen = material[rng.choice(len(material), p=weights / weights.sum())]
        if naive:
            samples = as_recorded((*chosen.notes, *chosen.phrases), rng=rng)
        else:
            samples = compose(chosen, instrument=name, rng=rng)
        yield Window(samples, label, chosen.group)


def as_recorded(recordings: Sequence[Samples], *, rng: Generator) -> Samples:
    """Return 3 s of one of the recordings, from anywhere in it, zeros behind a short one."""
    chosen = recordings[int(rng.integers(len(recordings)))]
    start = int(rng.integers(max(1, chosen.size - WINDOW_SAMPLES + 1)))
    piece = chosen[start : start + WINDOW_SAMPLES]
    return np.pad(piece, (0, WINDOW_SAMPLES - piece.size))


def compose(material: GroupMaterial, *, instrument: str, rng: Generator) -> Samples:
    """Return one window of a group, not augmented yet, from its notes or from its phrases."""
    from_notes = material.notes and (not material.phrases or rng.random() < FROM_NOTES_SHARE)
    if from_notes:
        return window_of_notes(material.notes, instrument=instrument, rng=rng)
    return window_of_phrases(material.phrases, rng=rng)
