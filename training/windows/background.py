"""What is none of the 28 instruments: noise, speech, other instruments; and unlabelled music."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from timbrescope.models.frontend import SAMPLE_RATE_HZ, Samples
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.labels import UNLABELLED_KIND
from timbrescope.training.windows.draw import GroupMaterial, load_samples
from timbrescope.training.windows.split import require_train

# Windows of each kind, in multiples of those of one instrument. Nearly all false answers fall on
# other instruments, hardly any on noise.
WINDOWS_OF_KIND = {"noise": 2.0, "speech": 1.0, "other": 3.0, UNLABELLED_KIND: 6.0}
SHORTEST_PIECE_S = 0.1
# Longer recordings are more than one event or note.
LONGEST_ALONE_S = 6.0


def load_pieces(recordings: Sequence[Recording]) -> list[GroupMaterial]:
    """Load what is none of the 28, by group, weighted by the root of its length.

    Short recordings are heard alone as well, as notes are: a door, a word, a note of a harp. Other
    instruments' notes are also played; all the rest is only cropped.
    """
    by_group = defaultdict(list)
    for recording in require_train(recordings):
        by_group[recording.group].append(recording)
    found = []
    for group, listed in sorted(by_group.items()):
        loaded = [load_samples(recording) for recording in listed]
        pieces = tuple(
            samples
            for samples in loaded
            if samples.size >= SHORTEST_PIECE_S * SAMPLE_RATE_HZ and np.abs(samples).max() > 1e-3
        )
        if pieces:
            short = tuple(p for p in pieces if p.size < LONGEST_ALONE_S * SAMPLE_RATE_HZ)
            cropped = any(recording.kind != "other" for recording in listed)
            found.append(
                GroupMaterial(group, _weight(pieces), short, pieces, cropped, _weight(short))
            )
    return found


def _weight(pieces: Sequence[Samples]) -> float:
    return float(np.sqrt(sum(piece.size for piece in pieces) / SAMPLE_RATE_HZ))
