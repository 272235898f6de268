"""What is none of the 28 instruments: noise, speech, other instruments; and unlabelled music.

Their labels follow those of the 28 classes, so that arrays in label order hold the instruments
first.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.recordings import BACKGROUND_KINDS, UNLABELLED_KIND, Recording
from timbrescope.training.windows.draw import GroupMaterial, load_samples, require_train

BACKGROUND_LABEL = len(NAMES)
UNLABELLED = BACKGROUND_LABEL + 1
# Windows of each kind, in multiples of those of one instrument.
WINDOWS_OF_KIND = {"noise": 3.0, "speech": 1.0, "other": 2.0, UNLABELLED_KIND: 6.0}
HELD_OUT_SHARE = 0.2
SHORTEST_PIECE_S = 0.1


def label_of_kind(kind: str) -> int:
    """Return the label of the windows of a kind that is no instrument of ours."""
    return UNLABELLED if kind == UNLABELLED_KIND else BACKGROUND_LABEL


def split_background(
    recordings: Iterable[Recording], *, seed: int
) -> tuple[list[Recording], list[Recording]]:
    """Split noise, speech, other instruments and rooms by whole groups, a fifth held out.

    A kind with a single group is not held out; unlabelled music only trains.
    """
    listed = [r for r in require_train(recordings) if r.instrument is None]
    held: set[tuple[str, str]] = set()
    for number, kind in enumerate((*BACKGROUND_KINDS, "ir")):
        groups = sorted({r.group for r in listed if r.kind == kind})
        count = min(len(groups) - 1, max(1, round(HELD_OUT_SHARE * len(groups))))
        if count > 0:
            rng = np.random.default_rng([seed, len(NAMES) + number])
            held |= {(kind, groups[i]) for i in rng.permutation(len(groups))[:count]}
    train = [r for r in listed if (r.kind, r.group) not in held]
    return train, [r for r in listed if (r.kind, r.group) in held]


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
