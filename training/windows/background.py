"""What is none of the 28 instruments: noise, speech, other instruments; and unlabelled music.

Their labels follow those of the 28 classes, so that arrays in label order hold the instruments
first.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.labels import UNLABELLED_KIND
from timbrescope.training.windows.draw import GroupMaterial, load_samples
from timbrescope.training.windows.split import require_train

# Windows of each kind, in multiples of those of one instrument.
WINDOWS_OF_KIND = {"noise": 3.0, "speech": 1.0, "other": 2.0, UNLABELLED_KIND: 6.0}
SHORTEST_PIECE_S = 0.1


def load_pieces(recordings: Sequence[Recording]) -> list[GroupMaterial]:
    """Load what is only cropped, by group, weighted by the root of its length."""
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
            seconds = sum(piece.size for piece in pieces) / SAMPLE_RATE_HZ
            found.append(GroupMaterial(group, float(np.sqrt(seconds)), (), pieces))
    return found
