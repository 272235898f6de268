"""Fits and ships the classical models on the same windows as the networks that ship.

What a run keeps of a fitted model is what decides it: the windows' key and the seed. The export
fits it again, which takes seconds, and makes sure that it is the same by what it answers; nothing
is stored that a program would have to be trusted with to read, as pickles are.
"""

import json
from pathlib import Path
from typing import Any

from timbrescope.models.catalogue import CLASSICAL_NAMES
from timbrescope.training.export.classical import ClassicalReport, export_classical
from timbrescope.training.export.provenance import release_provenance
from timbrescope.training.features.cache import current_folder, load_features, load_silence
from timbrescope.training.files import write_json
from timbrescope.training.fit.classical import (
    ClassicalModelError,
    Fitted,
    fit_classical,
    mean_vectors,
    probabilities,
)
from timbrescope.training.fit.settings import SUMMARY_FILE, run_folder
from timbrescope.training.measures.scores import score

TRAINING_KEYS = ("seconds", "settings")


def fit_for_release(name: str, *, cache_dir: Path, seed: int) -> dict[str, Any]:
    """Fit a classical model to the prepared windows and say how good it is.

    Returns
    -------
    dict
        The summary, as written to ``runs/<name>/fit.json``.

    Raises
    ------
    FeatureCacheError
        If nothing is prepared.
    ClassicalModelError
        If the name is unknown or fewer than two classes have windows.
    """
    folder = _run_folder(cache_dir, name)
    fitted = _fitted(name, cache_dir=cache_dir, seed=seed)
    summary = {
        "model": name,
        "features": current_folder(cache_dir).name,
        "settings": fitted.settings,
        "seconds": fitted.seconds,
        "train_windows": fitted.settings["windows"],
        "validation": _validation(fitted, cache_dir=cache_dir),
    }
    write_json(folder / SUMMARY_FILE, summary)
    return summary


def _fitted(name: str, *, cache_dir: Path, seed: int) -> Fitted:
    features, labels, _ = load_features(cache_dir, kind="mfcc", part="train")
    return fit_classical(name, mean_vectors(features), labels, seed=seed)


def _validation(fitted: Fitted, *, cache_dir: Path) -> dict[str, Any]:
    features, labels, _ = load_features(cache_dir, kind="mfcc", part="validation")
    return score(probabilities(fitted, mean_vectors(features)), labels).as_dict()


def release_classical(name: str, *, cache_dir: Path, path: Path) -> ClassicalReport:
    """Export the fitted model of a run as a model file with its sidecar.

    Raises
    ------
    ClassicalModelError
        If there is no run, it was fitted to other windows than those prepared last, or a fit
        of today answers otherwise.
    ParityError
        If the graph differs from scikit-learn; nothing is written then.
    """
    summary = _read_summary(name, cache_dir=cache_dir)
    fitted = _fitted(name, cache_dir=cache_dir, seed=summary["settings"]["seed"])
    if _validation(fitted, cache_dir=cache_dir) != summary["validation"]:
        raise ClassicalModelError(
            f"{name}, fitted again, answers otherwise than in its run: another version of "
            f"scikit-learn? {_advice(name)}"
        )
    features, labels, _ = load_features(cache_dir, kind="mfcc", part="validation")
    return export_classical(
        fitted,
        path,
        features=features,
        labels=labels,
        silence=load_silence(cache_dir, kind="mfcc"),
        provenance=release_provenance(cache_dir, summary=summary, keys=TRAINING_KEYS),
    )


def _run_folder(cache_dir: Path, name: str) -> Path:
    if name not in CLASSICAL_NAMES:
        raise ClassicalModelError(
            f"there is no classical model {name!r}; known are {', '.join(CLASSICAL_NAMES)}"
        )
    return run_folder(cache_dir, name)


def _advice(name: str) -> str:
    return f"run `timbrescope-train fit --model {name}`"


def _read_summary(name: str, *, cache_dir: Path) -> dict[str, Any]:
    folder = _run_folder(cache_dir, name)
    try:
        summary: dict[str, Any] = json.loads((folder / SUMMARY_FILE).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ClassicalModelError(
            f"no fitted {name} in {folder} ({error}); {_advice(name)}"
        ) from error
    prepared = current_folder(cache_dir).name
    if summary["features"] != prepared:
        raise ClassicalModelError(
            f"{name} was fitted to the windows {summary['features']}, but {prepared} were "
            f"prepared since; {_advice(name)}"
        )
    return summary
