"""What exported models answer to clips, and the NPZ file that keeps it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray

from timbrescope.models.classifier import Classifier
from timbrescope.models.instruments import NAMES
from timbrescope.training.files import write_arrays
from timbrescope.training.state import set_aside
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.evaluate.records import MetricsError
from timbrescope.training.study.extract.store import FeatureStore

_ROWS_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model said of some clips.

    Attributes
    ----------
    probabilities : ndarray of float32, shape (N, 28)
        As the model gives them, its temperature applied.
    labels : ndarray of int64, shape (N,)
    groups, clips : ndarray of str, shape (N,)
        Origin and name of each clip.
    """

    probabilities: NDArray[np.float32]
    labels: NDArray[np.int64]
    groups: NDArray[np.str_]
    clips: NDArray[np.str_]


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


def save_answers(
    path: Path,
    *,
    probabilities: ArrayLike,
    labels: ArrayLike,
    groups: ArrayLike,
    clips: ArrayLike,
) -> None:
    """Write answers as NPZ so that a reader never sees half a file.

    Raises
    ------
    MetricsError
        If the four do not have one entry for each clip.
    """
    arrays: dict[str, NDArray[Any]] = {
        "probabilities": np.asarray(probabilities, np.float32),
        "labels": np.asarray(labels, np.int64),
        "groups": np.asarray(groups, np.str_),
        "clips": np.asarray(clips, np.str_),
    }
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) != 1:
        raise MetricsError(f"answers of different lengths are not stored: {lengths}")
    write_arrays(path, arrays, compressed=True)


def load_answers(path: Path) -> Answers:
    """Return answers that were saved.

    Raises
    ------
    MetricsError
        If the file is missing or holds something else.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            return Answers(
                probabilities=stored["probabilities"],
                labels=stored["labels"],
                groups=stored["groups"],
                clips=stored["clips"],
            )
    except OSError as error:
        raise MetricsError(
            f"cannot read the answers {path}: {error}; run the step 'evaluate' again"
        ) from error
    # EOFError: an empty file; zlib.error: one with a hole in it.
    except (EOFError, KeyError, ValueError, BadZipFile, zlib.error) as error:
        raise MetricsError(f"{set_aside(path, repr(error))} by the step 'evaluate'") from error
