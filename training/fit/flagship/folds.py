"""What held-out groups say of a flagship: runs that leave out a fold each, and only those decide.

The network that ships learns from every group. How far it goes from its start, its temperature
and its limits are found by runs that leave a third of what may be held out to validation, in turn.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from timbrescope.training.features.cache import WindowSet, load_set
from timbrescope.training.files import write_arrays
from timbrescope.training.fit.flagship.head import window_logits
from timbrescope.training.fit.flagship.loop import (
    END_FILE,
    START_FILE,
    STATE_FILE,
    between,
    fit_flagship,
)
from timbrescope.training.fit.flagship.network import build_flagship
from timbrescope.training.fit.flagship.settings import FlagshipSettings

HELD_OUT_FILE = "held-out.npz"


@dataclass(frozen=True)
class HeldOut:
    """What the runs that left out a fold answered to its windows.

    Attributes
    ----------
    logits : ndarray, shape (N, 28)
    labels : ndarray of int, shape (N,)
    groups, subjects, ways : ndarray of str, shape (N,)
        As in `training.features.cache.WindowSet`.
    """

    logits: NDArray[np.float32]
    labels: NDArray[np.int64]
    groups: NDArray[np.str_]
    subjects: NDArray[np.str_]
    ways: NDArray[np.str_]

    @classmethod
    def of(cls, logits: NDArray[np.floating], windows: WindowSet) -> "HeldOut":
        """Put the answers to all rows of a set beside what is known of them."""
        return cls(
            logits=logits.astype(np.float32),
            labels=windows.labels,
            groups=np.array(windows.groups, np.str_),
            subjects=np.array(windows.subjects, np.str_),
            ways=np.array(windows.ways, np.str_),
        )

    @classmethod
    def joined(cls, parts: Sequence["HeldOut"]) -> "HeldOut":
        """Return the answers of all folds."""
        names = cls.__dataclass_fields__
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    @classmethod
    def read(cls, folder: Path) -> "HeldOut":
        """Read what `write` left in the folder of a run."""
        with np.load(folder / HELD_OUT_FILE, allow_pickle=False) as stored:
            return cls(**{name: stored[name] for name in cls.__dataclass_fields__})

    def write(self, folder: Path) -> None:
        """Write everything into the folder of a run."""
        write_arrays(folder / HELD_OUT_FILE, dict(vars(self)), compressed=True)

    def of_subjects(self, *subjects: str) -> NDArray[np.float32]:
        """Return the logits for some instruments or kinds."""
        return self.logits[np.isin(self.subjects, subjects)]


def fit_fold(
    prepared: Path, *, fold: int, folder: Path, settings: FlagshipSettings, trunk: Path | None
) -> list[dict[str, float]]:
    """Train without the groups of a fold, or go on, and return the scores along the way.

    Raises
    ------
    TrainingError
        As `training.fit.flagship.loop.fit_flagship` does.
    """
    fit_flagship(
        train=load_set(prepared, part="train", fold=fold),
        validation=load_set(prepared, part="validation", fold=fold),
        folder=folder,
        settings=settings,
        trunk=trunk,
    )
    way: list[dict[str, float]] = json.loads((folder / STATE_FILE).read_text("utf-8"))["way"]
    return way


def best_share(ways: Sequence[Sequence[dict[str, float]]]) -> float:
    """Return the share of the way with the highest macro recall, in the mean of all folds.

    Of several that are as good, the smallest: it is nearest to what the published weights know.
    """
    shares = [row["share"] for row in ways[0]]
    recalls = np.mean([[row.get("macro_recall", 0.0) for row in way] for way in ways], axis=0)
    return shares[int(np.argmax(recalls))]


def held_out_answers(
    prepared: Path, *, fold: int, folder: Path, settings: FlagshipSettings, share: float
) -> HeldOut:
    """Return what the finished run in `folder` answers at a share of its way."""
    model = at_share(folder, settings=settings, share=share)
    windows = load_set(prepared, part="validation", fold=fold)
    return HeldOut.of(window_logits(model, windows.features), windows)


def at_share(folder: Path, *, settings: FlagshipSettings, share: float) -> keras.Model:
    """Return the float32 network at a share of the way of the finished run in `folder`."""
    model = build_flagship(settings.shape)
    ends = []
    for name in (START_FILE, END_FILE):
        model.load_weights(folder / name)
        ends.append(model.get_weights())
    model.set_weights(between(*ends, share=share))
    return model
