"""Fits and ships the classical models on the same windows as the networks that ship."""

import json
from pathlib import Path
from typing import Any

import joblib

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

FITTED_FILE = "fitted.joblib"
TRAINING_KEYS = ("seconds", "settings")


def fit_for_release(name: str, *, cache_dir: Path, seed: int) -> dict[str, Any]:
    """Fit a classical model to the prepared windows and keep it with its summary.

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
    features, labels, _ = load_features(cache_dir, kind="mfcc", part="train")
    fitted = fit_classical(name, mean_vectors(features), labels, seed=seed)
    held_out, truth, _ = load_features(cache_dir, kind="mfcc", part="validation")
    found = score(probabilities(fitted, mean_vectors(held_out)), truth)
    summary = {
        "model": name,
        "features": current_folder(cache_dir).name,
        "settings": fitted.settings,
        "seconds": fitted.seconds,
        "train_windows": len(labels),
        "validation": found.as_dict(),
    }
    folder = _run_folder(cache_dir, name)
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(fitted, folder / FITTED_FILE)
    write_json(folder / SUMMARY_FILE, summary)
    return summary


def release_classical(name: str, *, cache_dir: Path, path: Path) -> ClassicalReport:
    """Export the fitted model of a run as a model file with its sidecar.

    Raises
    ------
    ClassicalModelError
        If there is no run, or it was fitted to other windows than those prepared last.
    ParityError
        If the graph differs from scikit-learn; nothing is written then.
    """
    fitted, summary = _load_run(name, cache_dir=cache_dir)
    features, labels, _ = load_features(cache_dir, kind="mfcc", part="validation")
    return export_classical(
        fitted,
        path,
        features=features,
        labels=labels,
        silence=load_silence(cache_dir, kind="mfcc"),
        provenance=release_provenance(
            cache_dir, summary=summary, training={key: summary[key] for key in TRAINING_KEYS}
        ),
    )


def _run_folder(cache_dir: Path, name: str) -> Path:
    if name not in CLASSICAL_NAMES:
        raise ClassicalModelError(
            f"there is no classical model {name!r}; known are {', '.join(CLASSICAL_NAMES)}"
        )
    return run_folder(cache_dir, name)


def _load_run(name: str, *, cache_dir: Path) -> tuple[Fitted, dict[str, Any]]:
    folder = _run_folder(cache_dir, name)
    advice = f"run `timbrescope-train fit --model {name}`"
    try:
        summary = json.loads((folder / SUMMARY_FILE).read_text("utf-8"))
        fitted: Fitted = joblib.load(folder / FITTED_FILE)
    except (OSError, ValueError) as error:
        raise ClassicalModelError(f"no fitted {name} in {folder} ({error}); {advice}") from error
    prepared = current_folder(cache_dir).name
    if summary["features"] != prepared:
        raise ClassicalModelError(
            f"{name} was fitted to the windows {summary['features']}, but {prepared} were "
            f"prepared since; {advice}"
        )
    return fitted, summary
