"""Whether two clips that look alike are one recording: their waveforms are laid over each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from timbrescope.models.audio.decode import iter_windows
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.corpus.errors import CorpusError
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.explore.near_duplicates import NearDuplicates, NearPair

# Copies of one recording reach 0.87 and more; different hits stay below 0.4, and different notes
# of one pitch below 0.84, and that only where they are nearly sine waves.
SAME_RECORDING = 0.85
LONGEST_SHIFT_S = 1.0


def check_waveforms(near: NearDuplicates, clips: Iterable[Clip]) -> NearDuplicates:
    """Correlate the waveforms of the examples that cross groups or classes.

    Parameters
    ----------
    near : NearDuplicates
    clips : iterable of Clip
        Among them those that the examples name. A clip that cannot be read stays unchecked.
    """
    by_name = {clip.name: clip for clip in clips}
    examples = tuple(_checked(pair, by_name) for pair in near.examples)
    return replace(near, examples=examples)


def is_same_recording(pair: NearPair) -> bool:
    """Return whether the waveforms of a checked pair show one recording."""
    return pair.waveform is not None and pair.waveform >= SAME_RECORDING


def shared_pairs(near: NearDuplicates) -> list[NearPair]:
    """Return the examples of one class in two groups that are one recording."""
    return [
        pair
        for pair in near.examples
        if pair.relation == "across groups" and is_same_recording(pair)
    ]


def join_groups(clips: Sequence[Clip], near: NearDuplicates) -> list[Clip]:
    """Return the clips with groups that share a recording made one, named after the first.

    Only pairs of one class whose waveforms were checked count: a grouped split keeps the two
    groups on one side then.
    """
    group_of = {clip.name: clip.group for clip in clips}
    groups = sorted(set(group_of.values()))
    number_of = {group: number for number, group in enumerate(groups)}
    shared = [
        (number_of[group_of[pair.first]], number_of[group_of[pair.second]])
        for pair in shared_pairs(near)
        # An exploration may be older than the list of clips.
        if pair.first in group_of and pair.second in group_of
    ]
    first, second = np.array(shared, dtype=np.intp).reshape(-1, 2).T
    links = coo_array((np.ones(len(first)), (first, second)), shape=(len(groups), len(groups)))
    part = connected_components(links, directed=False)[1]
    names: dict[int, str] = {}
    for number, group in enumerate(groups):
        names.setdefault(int(part[number]), group)
    return [replace(clip, group=names[int(part[number_of[clip.group]])]) for clip in clips]


def _checked(pair: NearPair, by_name: Mapping[str, Clip]) -> NearPair:
    if pair.relation == "within a group":
        return pair
    if pair.first not in by_name or pair.second not in by_name:
        return pair
    try:
        first, second = read_window(by_name[pair.first]), read_window(by_name[pair.second])
    except TimbrescopeError:
        return pair
    return replace(pair, waveform=round(waveform_correlation(first, second), 4))


def read_window(clip: Clip) -> NDArray[np.float32]:
    """Return the samples of a clip, shape (66150,), just as its features were made from them.

    Raises
    ------
    AudioFileError
        If the file cannot be decoded.
    CorpusError
        If it ends before the clip.
    """
    found = next(islice(iter_windows(clip.path), clip.number, None), None)
    if found is None:
        raise CorpusError(f"{clip.path} ends before the clip at {clip.start_s:g} s begins")
    return found.samples


def waveform_correlation(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Return the largest absolute correlation of two sounds under shifts up to a second.

    Parameters
    ----------
    first, second : array, shape (n,)
        At 22,050 Hz; of the same length.
    """
    energy = float(np.dot(first, first) * np.dot(second, second))
    if energy <= 0:
        return 0.0
    found = correlate(first, second, mode="full", method="fft")
    middle, reach = len(second) - 1, int(LONGEST_SHIFT_S * SAMPLE_RATE_HZ)
    near = found[max(middle - reach, 0) : middle + reach + 1]
    return float(np.abs(near).max() / np.sqrt(energy))
