"""Clips that sound nearly the same: repeated passages, other encodings, overlapping cuts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from timbrescope.training.study.extract.store import FeatureTable

Relation = Literal["within a group", "across groups", "across classes"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)

# The coarse picture of a clip: its log-mel spectrogram in blocks of 4 bands and 10 frames. What
# is 40 dB below the loudest is all one: another encoding or a little noise changes it.
BANDS_PER_BLOCK = 4
FRAMES_PER_BLOCK = 10
FLOOR_DB = 40.0
# From this correlation of their coarse pictures on, two clips count as nearly the same. On real
# recordings it finds all clips that were encoded anew or had noise added at -20 dB, and 97 of
# 100 that were shifted by 25 ms; `waveforms` tells them from hits that merely look alike.
THRESHOLD = 0.975
# So many pairs are kept; those across groups are worth knowing, as they undermine a split.
EXAMPLES: dict[Relation, int] = {
    "within a group": 100,
    "across groups": 1000,
    "across classes": 200,
}

_CLIPS_READ = 512
# Bounds the memory: so many clips are compared with all others at a time.
_CLIPS_COMPARED = 256

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class NearPair:
    """Two clips that sound nearly the same.

    Attributes
    ----------
    first, second : str
        Names of the clips.
    relation : {"within a group", "across groups", "across classes"}
        ``across groups`` are clips of one class in two groups: a grouped split may put them on
        two sides. ``across classes`` may be a wrong label.
    similarity : float
        Correlation of their coarse pictures.
    waveform : float or None
        Largest correlation of their waveforms under any small shift; None if not computed (see
        `training.study.explore.waveforms`).
    """

    first: str
    second: str
    relation: Relation
    similarity: float
    waveform: float | None = None


@dataclass(frozen=True)
class NearDuplicates:
    """How many pairs of clips sound nearly the same.

    Attributes
    ----------
    threshold : float
        The similarity from which on a pair counts.
    compared : int
        Clips that were compared, each with each.
    pairs, clips : dict
        By relation: pairs, and clips that are in at least one.
    groups : dict
        By relation: pairs of groups (or groups) that have at least one such pair of clips.
    examples : tuple of NearPair
        The most similar pair of each of these, the most similar first, at most `EXAMPLES`.
    """

    threshold: float
    compared: int
    pairs: dict[Relation, int]
    clips: dict[Relation, int]
    groups: dict[Relation, int]
    examples: tuple[NearPair, ...]


def compact(table: FeatureTable) -> Vectors:
    """Return the coarse picture of every clip of a table of mel features, shape (N, 416)."""
    batches = _batches(len(table), _CLIPS_READ)
    pictures = [coarse(np.asarray(table[rows], dtype=np.float32)) for rows in batches]
    return np.concatenate(pictures) if pictures else np.empty((0, 0), dtype=np.float32)


def coarse(mel_db: NDArray[np.float32]) -> Vectors:
    """Return spectrograms as pictures of few blocks, each with mean 0 and length 1.

    Parameters
    ----------
    mel_db : array, shape (n, bands, frames)
        Decibels.

    Returns
    -------
    array, shape (n, blocks)
        Zeros for a spectrogram without any contrast, which resembles nothing.
    """
    n, bands, frames = mel_db.shape
    floor = mel_db.max(axis=(1, 2), keepdims=True) - FLOOR_DB
    blocks = np.maximum(mel_db, floor).reshape(
        n, bands // BANDS_PER_BLOCK, BANDS_PER_BLOCK, frames // FRAMES_PER_BLOCK, FRAMES_PER_BLOCK
    )
    return unit(blocks.mean(axis=(2, 4)).reshape(n, -1))


def unit(vectors: Vectors) -> Vectors:
    """Return vectors with mean 0 and length 1, so that their products are correlations."""
    centred = vectors - vectors.mean(axis=1, keepdims=True)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    found: Vectors = np.divide(centred, length, out=np.zeros_like(centred), where=length > 1e-6)
    return found


def near_duplicates(
    vectors: Vectors,
    names: Sequence[str],
    groups: Sequence[str],
    labels: Sequence[int] | NDArray[np.int64],
    *,
    threshold: float = THRESHOLD,
) -> NearDuplicates:
    """Compare every clip with every other one.

    Parameters
    ----------
    vectors : array, shape (N, d)
        See `compact`.
    names, groups : sequence of str
    labels : sequence of int
    threshold : float
        Correlation from which on two clips are nearly the same.
    """
    of_group = np.unique(np.asarray(groups, dtype=str), return_inverse=True)[1]
    of_class = np.asarray(labels)
    pairs = np.zeros(len(RELATIONS), dtype=np.int64)
    touched = np.zeros((len(RELATIONS), len(names)), dtype=bool)
    best: dict[tuple[int, int, int], tuple[float, int, int]] = {}
    for first, second, similarity in _pairs(unit(vectors), threshold):
        same_group = of_group[first] == of_group[second]
        relation = np.where(of_class[first] != of_class[second], 2, np.where(same_group, 0, 1))
        pairs += np.bincount(relation, minlength=len(RELATIONS))
        touched[relation, first] = touched[relation, second] = True
        groups_met = np.sort(np.stack([of_group[first], of_group[second]]), axis=0)
        _keep_best(best, np.stack([relation, *groups_met]), first, second, similarity)
    return NearDuplicates(
        threshold=threshold,
        compared=len(names),
        pairs={name: int(count) for name, count in zip(RELATIONS, pairs, strict=True)},
        clips={name: int(row.sum()) for name, row in zip(RELATIONS, touched, strict=True)},
        groups={
            name: sum(kind == number for kind, _, _ in best)
            for number, name in enumerate(RELATIONS)
        },
        examples=tuple(_examples(best, names)),
    )


def _pairs(
    vectors: Vectors, threshold: float
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]]:
    """Yield rows of similar clips, each pair once, and their similarity."""
    for rows in _batches(len(vectors), _CLIPS_COMPARED):
        similarity = vectors[rows] @ vectors[rows.start :].T
        first, second = np.nonzero(np.triu(similarity >= threshold, k=1))
        yield first + rows.start, second + rows.start, similarity[first, second]


def _keep_best(
    best: dict[tuple[int, int, int], tuple[float, int, int]],
    keys: NDArray[np.integer],
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    similarity: NDArray[np.float32],
) -> None:
    """Keep the most similar pair for each column of `keys`, shape (3, pairs)."""
    order = np.argsort(-similarity, kind="stable")
    _, places = np.unique(keys[:, order], axis=1, return_index=True)
    for place in order[places]:
        relation, one, other = (int(part) for part in keys[:, place])
        found = (float(similarity[place]), int(first[place]), int(second[place]))
        held = best.get((relation, one, other))
        if held is None or found[0] > held[0]:
            best[relation, one, other] = found


def _examples(
    best: dict[tuple[int, int, int], tuple[float, int, int]], names: Sequence[str]
) -> Iterator[NearPair]:
    for number, relation in enumerate(RELATIONS):
        found = (pair for (kind, _, _), pair in best.items() if kind == number)
        ordered = sorted(found, key=lambda pair: (-pair[0], pair[1:]))
        for similarity, first, second in ordered[: EXAMPLES[relation]]:
            yield NearPair(names[first], names[second], relation, round(similarity, 4))


def _batches(count: int, size: int) -> Iterator[slice]:
    return (slice(first, first + size) for first in range(0, count, size))
