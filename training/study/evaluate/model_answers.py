"""What a study's exported models answer to sets of clips, measured as the app would hear it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.classifier import Classifier
from timbrescope.models.instruments import NAMES
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.extract.store import FeatureStore

_ROWS_AT_ONCE = 64


def model_probabilities(
    path: Path, clips: Sequence[Clip], *, store: FeatureStore
) -> NDArray[np.float32]:
    """Return the calibrated probabilities of a model file for clips, shape (N, 28).

    The exported graph answers, one window at a time, as in the app: a figure of the report is
    one of the file that can be shipped.

    Raises
    ------
    ModelFileError
        If the model file is damaged.
    FeatureStoreError
        If a clip's features are not stored.
    """
    classifier = Classifier.load(path=path)
    features = store.table(clips, kind=classifier.kind)
    answers = np.empty((len(clips), len(NAMES)), dtype=np.float32)
    for start in range(0, len(clips), _ROWS_AT_ONCE):
        rows = np.asarray(features[slice(start, start + _ROWS_AT_ONCE)], dtype=np.float32)
        for place, row in enumerate(rows, start=start):
            answers[place] = classifier.predict(row).probabilities
    return answers
