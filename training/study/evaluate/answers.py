"""A model's answers on a set of clips, and the NPZ file that holds them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray

from timbrescope.training.study.evaluate.records import MetricsError


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
    # Not dict[str, ndarray]: the checker would take them for savez's own options.
    arrays: dict[str, Any] = {
        "probabilities": np.asarray(probabilities, np.float32),
        "labels": np.asarray(labels, np.int64),
        "groups": np.asarray(groups, np.str_),
        "clips": np.asarray(clips, np.str_),
    }
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) != 1:
        raise MetricsError(f"answers of different lengths are not stored: {lengths}")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    with draft.open("wb") as file:
        np.savez_compressed(file, **arrays)
    draft.replace(path)


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
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise MetricsError(
            f"cannot read the answers {path}: {error!r}; run the step 'evaluate' again"
        ) from error
