"""What is none of the 28 instruments: noise, speech, other instruments; and unlabelled music."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.labels import UNLABELLED_KIND
from timbrescope.training.windows.groups import GroupMaterial, load_samples, shares_of
from timbrescope.training.windows.split import is_soundfont, require_train

# Windows of each kind, in multiples of those of one instrument. Nearly all false answers fall on
# other instruments, hardly any on noise.
WINDOWS_OF_KIND = {"noise": 2.0, "speech": 1.0, "other": 3.0, UNLABELLED_KIND: 5.0}
SHORTEST_PIECE_S = 0.1
# Longer recordings are more than one event or note.
LONGEST_ALONE_S = 6.0


def load_pieces(recordings: Sequence[Recording]) -> list[GroupMaterial]:
    """Load what is none of the 28, by group, weighted as instruments are.

    Short recordings are heard alone as well, as notes are: a door, a word, a note of a harp. Other
    instruments' notes are also played; all the rest is only cropped.
    """
    by_group = defaultdict(list)
    for recording in require_train(recordings):
        by_group[recording.group].append(recording)
    found = [_material(group, listed) for group, listed in sorted(by_group.items())]
    found = [material for material in found if material.phrases]
    rendered = np.array([is_soundfont(by_group[m.group][0]) for m in found], dtype=bool)
    of_all = shares_of(np.array([_seconds(m.phrases) for m in found]), rendered)
    of_notes = shares_of(np.array([_seconds(m.notes) for m in found]), rendered)
    return [
        replace(material, weight=float(weight), note_weight=float(note_weight))
        for material, weight, note_weight in zip(found, of_all, of_notes, strict=True)
    ]


def _material(group: str, recordings: Sequence[Recording]) -> GroupMaterial:
    loaded = [load_samples(recording) for recording in recordings]
    pieces = tuple(
        samples
        for samples in loaded
        if samples.size >= SHORTEST_PIECE_S * SAMPLE_RATE_HZ and np.abs(samples).max() > 1e-3
    )
    short = tuple(piece for piece in pieces if piece.size < LONGEST_ALONE_S * SAMPLE_RATE_HZ)
    cropped = any(recording.kind != "other" for recording in recordings)
    return GroupMaterial(group, 1.0, short, pieces, cropped)


def _seconds(pieces: Sequence[Samples]) -> float:
    return sum(piece.size for piece in pieces) / SAMPLE_RATE_HZ
