"""The recordings of a class or kind by group: loaded, and how often each group is drawn."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.audio.decode import read_mono
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.augment import Background
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.labels import INSTRUMENT_KINDS
from timbrescope.training.windows.split import (
    LEAST_WORTH_OF_NOTE_S,
    is_soundfont,
    require_train,
)

# Where a class has real recordings, soundfonts only widen it.
SOUNDFONT_WEIGHT = 0.5
LARGEST_SHARE_OF_SOUNDFONTS = 0.35
# So many real groups, each of so many seconds, can do without more of them.
ENOUGH_REAL_GROUPS, ENOUGH_S = 2, 25.0
# Of the windows of a class, before the shares of larger groups are cut to it.
LARGEST_SHARE_OF_GROUP = 0.3
LARGEST_RAISE = 1.5
SHORTEST_NOTE_S = 0.02
LONGEST_PHRASE_S = 60.0


@dataclass(frozen=True)
class GroupMaterial:
    """The samples of one group of one class; notes and phrases are used differently.

    Attributes
    ----------
    group : str
    weight, note_weight : float
        How often the group is drawn, beside others: for any window, and for a note alone.
    notes, phrases : tuple of arrays
    cropped : bool
        Whether it is only cropped and never played: noise, speech.
    """

    group: str
    weight: float
    notes: tuple[Samples, ...]
    phrases: tuple[Samples, ...]
    cropped: bool = False
    note_weight: float = 0.0


def load_samples(recording: Recording) -> Samples:
    """Return a recording as mono float32 at 22050 Hz, at most `LONGEST_PHRASE_S` of it.

    Raises
    ------
    CorpusError
        If the file cannot be decoded or has samples that are not finite.
    """
    try:
        return read_mono(recording.path, longest_s=LONGEST_PHRASE_S)
    except AudioFileError as error:
        raise CorpusError(f"cannot read {recording.path}: {error}; replace it") from error


def load_background(recordings: Iterable[Recording]) -> Background:
    """Return the noises, voices and room responses among training recordings."""
    listed = require_train(recordings)
    noises, rooms, voices = (
        tuple(s for s in map(load_samples, (r for r in listed if r.kind == kind)) if s.size)
        for kind in ("noise", "ir", "speech")
    )
    return Background(noises=noises, rooms=rooms, voices=voices)


def load_material(recordings: Iterable[Recording]) -> list[GroupMaterial]:
    """Load the recordings of one class, by group, weighted as `weighed` says."""
    by_group: Mapping[str, list[Recording]] = defaultdict(list)
    for recording in require_train(recordings):
        if recording.kind in INSTRUMENT_KINDS:
            by_group[recording.group].append(recording)
    fonts = {g for g, listed in by_group.items() if all(map(is_soundfont, listed))}
    found = []
    for group, listed in sorted(by_group.items()):
        notes = _sounding(r for r in listed if r.kind == "note")
        phrases = _sounding(r for r in listed if r.kind == "phrase")
        if notes or phrases:
            found.append(GroupMaterial(group, 1.0, notes, phrases))
    return weighed(found, fonts=fonts)


def weighed(material: Sequence[GroupMaterial], *, fonts: Collection[str]) -> list[GroupMaterial]:
    """Return `material` with weights by the root of what it sounds, that add up to 1.

    The root keeps a big source from drowning the others, and one note from counting as much
    as an hour. Groups of `fonts` weigh half, and together no more than
    `LARGEST_SHARE_OF_SOUNDFONTS` where real ones can do without them; a group that would be heard
    in more than `LARGEST_SHARE_OF_GROUP` of the windows is cut to that share, see `tamed`.
    """
    rendered = np.array([group.group in fonts for group in material], dtype=bool)
    of_notes = np.array([_worth_of_notes_s(group) for group in material])
    phrases = (sum(s.size for s in group.phrases) / SAMPLE_RATE_HZ for group in material)
    of_all = of_notes + np.array(list(phrases))
    return [
        replace(group, weight=float(weight), note_weight=float(note_weight))
        for group, weight, note_weight in zip(
            material, shares_of(of_all, rendered), shares_of(of_notes, rendered), strict=True
        )
    ]


def shares_of(worth_s: NDArray[np.floating], rendered: NDArray[np.bool_]) -> NDArray[np.floating]:
    """Return how often each group is drawn; see `weighed`.

    Parameters
    ----------
    worth_s : ndarray, shape (G,)
        Seconds that each group is worth.
    rendered : ndarray of bool, shape (G,)
        Which groups come from soundfonts.

    Returns
    -------
    ndarray, shape (G,)
        Adds up to 1; all zero if nothing is worth anything.
    """
    if not worth_s.any():
        return np.zeros(worth_s.size)
    weights = np.sqrt(worth_s)
    if (worth_s[~rendered] > 0).any():
        weights[rendered] *= SOUNDFONT_WEIGHT
    if np.count_nonzero(worth_s[~rendered] >= ENOUGH_S) >= ENOUGH_REAL_GROUPS:
        share = LARGEST_SHARE_OF_SOUNDFONTS / (1 - LARGEST_SHARE_OF_SOUNDFONTS)
        most = weights[~rendered].sum() * share
        weights[rendered] *= min(1.0, most / max(weights[rendered].sum(), most))
    return tamed(weights / weights.sum(), LARGEST_SHARE_OF_GROUP)


def _worth_of_notes_s(material: GroupMaterial) -> float:
    return sum(max(s.size / SAMPLE_RATE_HZ, LEAST_WORTH_OF_NOTE_S) for s in material.notes)


def tamed(shares: NDArray[np.floating], most: float) -> NDArray[np.floating]:
    """Return shares that add up to 1, those above `most` cut to it before they do.

    So one source is never heard more than `most` beside enough others. Less is cut where these
    would be heard `LARGEST_RAISE` times as often: a source of one note never stands in for those
    that are missing.
    """
    kept = 1 / LARGEST_RAISE
    if np.minimum(shares, most).sum() < kept:
        descending = np.sort(shares)[::-1]
        rest = 1 - np.cumsum(descending)
        # What so many of the largest are cut to, for all to add up to `kept`.
        limits = (kept - rest) / np.arange(1, shares.size + 1)
        most = float(limits[np.argmax(np.append(limits[:-1] >= descending[1:], True))])
    cut = np.minimum(shares, most)
    return np.asarray(cut / cut.sum())


def _sounding(recordings: Iterable[Recording]) -> tuple[Samples, ...]:
    loaded = (load_samples(recording) for recording in recordings)
    return tuple(
        samples
        for samples in loaded
        if samples.size >= SHORTEST_NOTE_S * SAMPLE_RATE_HZ and np.abs(samples).max() > 1e-3
    )
