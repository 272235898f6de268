"""What the runs that left groups out answer to those groups' recordings, as whole files.

Held-out windows are mostly composed, with rooms and noises around them; recordings are what
people drop on the window. Real ones only: a soundfont is nobody playing.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from timbrescope.models.audio.decode import iter_windows
from timbrescope.models.frontend import features
from timbrescope.models.instruments import NAMES, index_of
from timbrescope.models.pooling import Pooled, pool
from timbrescope.models.probabilities import calibrated
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.export.sidecar import QUIET_DBFS
from timbrescope.training.features.cache import FLAGSHIP_KIND
from timbrescope.training.fit.flagship.folds import at_share
from timbrescope.training.fit.flagship.head import window_logits
from timbrescope.training.fit.flagship.settings import FlagshipSettings
from timbrescope.training.measures.calibration import Calibration, fit_temperature
from timbrescope.training.windows.split import is_soundfont, split_groups

# A group of many notes says little more with all of them, nor a long recording with all of it.
MOST_OF_GROUP = 20
MOST_WINDOWS = 6
LEAST_PROBABILITY = 1e-6
HEAD = "| Share of the way | Top-1 | Mean of groups | Macro recall | Notes | Phrases | Log loss |"


@dataclass(frozen=True)
class HeldOutFiles:
    """Recordings that folds hold out, and the features of their windows.

    Attributes
    ----------
    features : ndarray, shape (windows, 64, 256), float16
    file_of : ndarray of int, shape (windows,)
    weights_s : ndarray, shape (windows,)
        The sound that each window adds to its file.
    labels, folds : ndarray of int, shape (files,)
    groups, kinds : ndarray of str, shape (files,)
    """

    features: NDArray[np.float16]
    file_of: NDArray[np.int64]
    weights_s: NDArray[np.float64]
    labels: NDArray[np.int64]
    folds: NDArray[np.int64]
    groups: NDArray[np.str_]
    kinds: NDArray[np.str_]


def held_out_recordings(
    recordings: Iterable[Recording], *, fold: int, seed: int = 0
) -> list[Recording]:
    """Return the real recordings that a fold holds out, some of each group of many."""
    _, held = split_groups(recordings, fold=fold)
    by_group: dict[tuple[str, str], list[Recording]] = defaultdict(list)
    for recording in held:
        if not is_soundfont(recording):
            by_group[recording.instrument or "", recording.group].append(recording)
    chosen = []
    for _, of_group in sorted(by_group.items()):
        random.Random(seed).shuffle(of_group)
        chosen += of_group[:MOST_OF_GROUP]
    return chosen


def read_held_out(recordings: Sequence[Recording], *, folds: int) -> HeldOutFiles:
    """Decode what each fold holds out, cut into windows as the product does.

    Raises
    ------
    AudioFileError
        If a recording cannot be decoded.
    """
    listed = [
        (fold, each) for fold in range(folds) for each in held_out_recordings(recordings, fold=fold)
    ]
    maps, file_of, weights = [], [], []
    for number, (_, recording) in enumerate(listed):
        for window in islice(iter_windows(recording.path), MOST_WINDOWS):
            maps.append(features(window.samples, kind=FLAGSHIP_KIND).astype(np.float16))
            weights.append(window.new_sound_s(quiet_dbfs=QUIET_DBFS))
            file_of.append(number)
    return HeldOutFiles(
        np.stack(maps),
        np.array(file_of),
        np.array(weights),
        np.array([index_of(recording.instrument or "") for _, recording in listed]),
        np.array([fold for fold, _ in listed]),
        np.array([recording.group for _, recording in listed]),
        np.array([recording.kind for _, recording in listed]),
    )


def logits_at(
    files: HeldOutFiles, *, run: Path, settings: FlagshipSettings, share: float
) -> NDArray[np.float64]:
    """Return the logits of the windows, (N, 28), by the run that held each file's group out.

    Parameters
    ----------
    files : HeldOutFiles
    run : Path
        Of the finished flagship, with the folds' runs in it.
    settings : FlagshipSettings
    share : float
        Of the way from the start of the training to its end.
    """
    logits = np.zeros((len(files.features), len(NAMES)))
    for fold in np.unique(files.folds):
        model = at_share(run / f"fold-{fold}", settings=settings, share=share)
        rows = files.folds[files.file_of] == fold
        logits[rows] = window_logits(model, files.features[rows])
    return logits


def answers(files: HeldOutFiles, logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the probabilities of the files, (files, 28), at the best temperature."""
    of_windows = files.labels[files.file_of]
    temperature = fit_temperature(logits, of_windows, background=True)
    return np.stack(
        [each.probabilities for each in _pooled(files, logits, temperature=temperature)]
    )


def _pooled(
    files: HeldOutFiles, logits: NDArray[np.floating], *, temperature: float
) -> list[Pooled]:
    windows = calibrated(logits, temperature=temperature, background=True)
    rows_of = (files.file_of == number for number in range(len(files.labels)))
    return [pool(windows[rows], weights=files.weights_s[rows]) for rows in rows_of]


def named(
    files: HeldOutFiles, logits: NDArray[np.floating], *, limits: Calibration
) -> dict[str, float]:
    """Return the share of files that are named at the limits of a model, and of these the right."""
    answers = _pooled(files, logits, temperature=limits.temperature)
    probabilities = np.stack([answer.probabilities for answer in answers])
    known = expit([answer.log_odds for answer in answers]) >= limits.least_known
    claimed = known & (probabilities.max(axis=1) >= limits.not_sure)
    right = probabilities.argmax(axis=1) == files.labels
    return {
        "named": float(claimed.mean()),
        "right": float(right[claimed].mean()) if claimed.any() else np.nan,
    }


def figures(files: HeldOutFiles, probabilities: NDArray[np.floating]) -> dict[str, float]:
    """Return top-1, the mean over groups, and macro recalls whose classes are means of groups.

    Notes and phrases are macro recalls of these kinds of recordings alone, and the log loss is
    the mean over files.
    """
    right = probabilities.argmax(axis=1) == files.labels
    own = probabilities[np.arange(len(files.labels)), files.labels]
    everything = np.ones(len(right), bool)
    return {
        "accuracy": float(right.mean()),
        "of_groups": float(np.mean(list(_by_group(files, right, everything).values()))),
        "macro_recall": _macro(files, right, everything),
        "notes": _macro(files, right, files.kinds == "note"),
        "phrases": _macro(files, right, files.kinds == "phrase"),
        "log_loss": float(-np.log(np.maximum(own, LEAST_PROBABILITY)).mean()),
    }


def row_of(share: float, found: dict[str, float]) -> str:
    """Return a row of the table below `HEAD`."""
    *shares, log_loss = found.values()
    cells = [f"{share:g}", *(f"{100 * value:.1f}" for value in shares), f"{log_loss:.3f}"]
    return f"| {' | '.join(cells)} |"


def _by_group(
    files: HeldOutFiles, right: NDArray[np.bool_], rows: NDArray[np.bool_]
) -> dict[tuple[int, str], float]:
    pairs = defaultdict(list)
    for row in np.flatnonzero(rows):
        pairs[int(files.labels[row]), str(files.groups[row])].append(right[row])
    return {pair: float(np.mean(values)) for pair, values in pairs.items()}


def _macro(files: HeldOutFiles, right: NDArray[np.bool_], rows: NDArray[np.bool_]) -> float:
    of_class = defaultdict(list)
    for (label, _), value in _by_group(files, right, rows).items():
        of_class[label].append(value)
    return float(np.mean([np.mean(values) for values in of_class.values()])) if of_class else np.nan
