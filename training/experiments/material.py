"""What each part of the prepared windows adds to a linear head on the published trunk.

The trunk stays as it was published, so that the averages of its maps are computed once and a
comparison costs a regression for each fold, of all windows that the flagship itself learns from.
Two comparisons give the head the teacher's embedding, in the trunk's place or beside it; the
teacher hears every window before it is degraded, so that its figures are too good by that.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.instruments import NAMES
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.features.cache import WindowSet, load_set
from timbrescope.training.fit.flagship.answers import map_averages, window_scores
from timbrescope.training.fit.flagship.network import build_flagship
from timbrescope.training.fit.flagship.settings import FlagshipSettings
from timbrescope.training.fit.flagship.start import fit_labels, mean_and_spread
from timbrescope.training.fit.flagship.trunk import load_published
from timbrescope.training.fit.flagship.window_weights import window_weights
from timbrescope.training.labels import BACKGROUND_LABEL
from timbrescope.training.windows.split import FOLDS, is_soundfont

FIGURES = ("accuracy", "macro_recall", "notes", "phrases", "refused", "log_loss")
HEAD = "| Learned from | Windows | Top-1 | Macro recall | Notes | Phrases | Refused | Log loss |"


@dataclass(frozen=True)
class Windows:
    """What a head learns from or is judged by.

    Attributes
    ----------
    averages : ndarray, shape (N, channels of all maps)
    embeddings : ndarray, shape (N, 384)
        The teacher's, of the clean windows; no columns where there was no teacher.
    labels : ndarray, shape (N,)
    groups, subjects, ways : ndarray of str, shape (N,)
        As in `training.features.cache.WindowSet`.
    held_by : ndarray of uint8, shape (N,)
        A bit for each fold that holds the window's group out.
    weights : ndarray, shape (N,)
        By the teacher's belief in the label, see `training.fit.flagship.window_weights`.
    """

    averages: NDArray[np.float32]
    embeddings: NDArray[np.float32]
    labels: NDArray[np.int64]
    groups: NDArray[np.str_]
    subjects: NDArray[np.str_]
    ways: NDArray[np.str_]
    held_by: NDArray[np.uint8]
    weights: NDArray[np.float32]

    def chosen(self, rows: NDArray[np.bool_]) -> "Windows":
        """Return some of them."""
        return Windows(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def of_fold(self, fold: int) -> NDArray[np.bool_]:
        """Return which a fold holds out."""
        return (self.held_by >> fold & 1).astype(bool)


Choice = Callable[[Windows], NDArray[np.bool_]]
# Comparisons that are of what the head sees, not of what it learns from.
TEACHER_ONLY, BOTH_TRUNKS = "everything, the teacher's embedding only", "everything, both trunks"


def choices(recordings: Iterable[Recording], *, of_packages: Iterable[str]) -> dict[str, Choice]:
    """Return what is learned from in each comparison, by what the table calls it.

    What is none of the instruments stays, but for the comparison that leaves it out.

    Parameters
    ----------
    recordings : iterable of Recording
        All that windows are made of.
    of_packages : iterable of str
        Groups that the command ``corpus build`` makes.
    """
    fonts = sorted({r.group for r in recordings if is_soundfont(r)})
    packages = sorted(of_packages)

    def instruments(windows: Windows, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return rows | (windows.labels >= len(NAMES))

    def everything(windows: Windows) -> NDArray[np.bool_]:
        return np.ones(len(windows.labels), bool)

    return {
        "everything": everything,
        TEACHER_ONLY: everything,
        BOTH_TRUNKS: everything,
        "every second window": lambda w: np.arange(len(w.labels)) % 2 == 0,
        "no notes alone": lambda w: instruments(w, w.ways != "note"),
        "notes alone": lambda w: instruments(w, w.ways == "note"),
        "no soundfonts": lambda w: instruments(w, ~np.isin(w.groups, fonts)),
        "soundfonts only": lambda w: instruments(w, np.isin(w.groups, fonts)),
        "packages only": lambda w: instruments(w, np.isin(w.groups, packages)),
        "the manifest only": lambda w: instruments(w, ~np.isin(w.groups, packages)),
        "no other instruments": lambda w: w.subjects != "other",
    }


def compare_material(
    folder: Path, *, trunk: Path, settings: FlagshipSettings, chosen: Mapping[str, Choice]
) -> dict[str, dict[str, float]]:
    """Return the held-out figures of heads that learned from parts of a prepared set.

    Parameters
    ----------
    folder : Path
        Of the prepared set.
    trunk : Path
        The unpacked package with the published weights.
    settings : FlagshipSettings
        The strength of the head, and which maps it sees.
    chosen : mapping
        From `choices`.

    Returns
    -------
    dict
        For each choice `FIGURES`, means over the folds, and ``windows`` that were learned from.
    """
    whole = _averaged(folder, trunk=trunk, settings=settings)
    found = {}
    for name, choice in chosen.items():
        if name in (TEACHER_ONLY, BOTH_TRUNKS) and not whole[0].embeddings.size:
            print(f"left out, as the windows were prepared without a teacher: {name}", flush=True)
            continue
        train, held_out = (_as_seen(windows, name) for windows in whole)
        rows = choice(train) & (train.labels <= BACKGROUND_LABEL)
        scores = [
            _scores(train.chosen(rows & ~train.of_fold(fold)), held_out, fold, settings=settings)
            for fold in range(FOLDS)
        ]
        found[name] = {figure: float(np.mean([s[figure] for s in scores])) for figure in scores[0]}
        print(_row(name, found[name]), flush=True)
    return found


def _as_seen(windows: Windows, name: str) -> Windows:
    """Return windows with what the head of a comparison sees in the place of the averages."""
    if name == TEACHER_ONLY:
        return replace(windows, averages=windows.embeddings)
    if name == BOTH_TRUNKS:
        return replace(windows, averages=np.hstack([windows.averages, windows.embeddings]))
    return windows


def table(found: Mapping[str, Mapping[str, float]]) -> str:
    """Return the figures as a table for a document."""
    return "\n".join(
        [HEAD, "|---" * HEAD.count(" | ") + "|---|", *map(_row, found, found.values())]
    )


def _row(name: str, figures: Mapping[str, float]) -> str:
    cells = [name, f"{figures['windows']:.0f}"]
    cells += [f"{100 * figures[figure]:.1f}" for figure in FIGURES[:-1]]
    return f"| {' | '.join([*cells, format(figures['log_loss'], '.3f')])} |"


def _averaged(folder: Path, *, trunk: Path, settings: FlagshipSettings) -> tuple[Windows, Windows]:
    """Return the first variant of each window to train on, and all to validate with."""
    model = build_flagship(settings.shape)
    load_published(model, trunk)

    def of(windows: WindowSet, *, step: int) -> Windows:
        embeddings = windows.teacher_embedding
        if embeddings is None:
            embeddings = np.empty((len(windows.labels) // windows.variants, 0), np.float16)
        return Windows(
            map_averages(model, windows.features[::step]),
            np.repeat(embeddings, windows.variants, axis=0)[::step].astype(np.float32),
            windows.labels[::step],
            np.array(windows.groups[::step]),
            np.array(windows.subjects[::step]),
            np.array(windows.ways[::step]),
            windows.held_by[::step],
            np.repeat(window_weights(windows, power=settings.realism), windows.variants)[::step],
        )

    train = load_set(folder, part="train")
    return of(train, step=train.variants), of(load_set(folder, part="validation"), step=1)


def _scores(
    train: Windows, held_out: Windows, fold: int, *, settings: FlagshipSettings
) -> dict[str, float]:
    mean, spread = mean_and_spread(train.averages)
    kernel, bias = fit_labels(
        (train.averages - mean) / spread,
        train.labels,
        strength=settings.head_strength,
        weights=train.weights,
    )
    judged = held_out.chosen(held_out.of_fold(fold))
    logits = (judged.averages - mean) / spread @ kernel + bias
    scores = window_scores(logits, judged.labels) | {"windows": float(len(train.labels))}
    right = logits.argmax(axis=1) == judged.labels
    known = judged.labels < len(NAMES)
    for way, figure in (("note", "notes"), ("phrase", "phrases")):
        scores[figure] = float(right[known & (judged.ways == way)].mean())
    return scores
