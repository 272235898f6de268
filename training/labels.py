"""What a row's label and a recording's kind mean: 28 instruments, background, unlabelled music.

The labels of what is none of the 28 follow theirs, so that arrays in label order hold the
instruments first.
"""

from timbrescope.models.instruments import NAMES

# The split whose recordings may be learned from; every other one only measures.
TRAIN_SPLIT = "train"

INSTRUMENT_KINDS = ("note", "phrase")
BACKGROUND_KINDS = ("noise", "speech", "other")
# Real music without labels: for what a teacher says of it, see `training.teacher.tagger`.
UNLABELLED_KIND = "music"
KINDS = (*INSTRUMENT_KINDS, *BACKGROUND_KINDS, "ir", UNLABELLED_KIND)

BACKGROUND_LABEL = len(NAMES)
UNLABELLED = BACKGROUND_LABEL + 1


def label_of_kind(kind: str) -> int:
    """Return the label of the windows of a kind that is no instrument of ours."""
    return UNLABELLED if kind == UNLABELLED_KIND else BACKGROUND_LABEL
