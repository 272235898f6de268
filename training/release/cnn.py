"""From a finished run to the files that ship: calibrate, describe, export."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.frontend import FeatureKind
from timbrescope.training.export.cnn import export_model
from timbrescope.training.export.parity import ParityReport
from timbrescope.training.export.provenance import release_provenance
from timbrescope.training.export.sidecar import Provenance
from timbrescope.training.features.cache import PARTS, load_silence
from timbrescope.training.fit.cnn import LOGITS
from timbrescope.training.fit.examples import Examples
from timbrescope.training.fit.settings import SUMMARY_FILE, FitSettings, run_folder
from timbrescope.training.fit.train_cnn import fit, forget_run, load_best, load_part, predict
from timbrescope.training.measures.calibration import Calibration, calibrate

PARITY_WINDOWS = 28
TRAINING_KEYS = ("epochs", "best_epoch", "stopped_by", "seconds_per_epoch", "minutes", "settings")


def fit_for_release(
    kind: FeatureKind, *, cache_dir: Path, settings: FitSettings, restart: bool = False
) -> dict[str, Any]:
    """Train one of the paper's networks on the windows prepared last, and return the summary.

    An unfinished run is gone on with, unless it is to be forgotten.

    Raises
    ------
    FeatureCacheError
        If nothing is prepared.
    TrainingError
        If a class has no training window, or the run was begun with other windows or settings.
    """
    folder = run_folder(cache_dir, kind)
    if restart:
        forget_run(folder)
    train, validation = (load_part(cache_dir, kind=kind, part=part) for part in PARTS)
    fit(kind, train=train, validation=validation, folder=folder, settings=settings)
    summary: dict[str, Any] = json.loads((folder / SUMMARY_FILE).read_text("utf-8"))
    return summary


def release(kind: FeatureKind, *, cache_dir: Path, path: Path) -> ParityReport:
    """Export the best network of the last run as a model file with its sidecar.

    Raises
    ------
    TrainingError
        If there is no run.
    ParityError
        If the graph differs from the network; nothing is written then.
    """
    folder = run_folder(cache_dir, kind)
    model = load_best(kind, folder=folder)
    validation = load_part(cache_dir, kind=kind, part="validation")
    logits = predict(model, validation.features, output=LOGITS)
    silence = load_silence(cache_dir, kind=kind)
    calibration = calibrate(
        logits,
        validation.labels,
        silence=predict(model, silence, output=LOGITS) if len(silence) else None,
    )
    summary = json.loads((folder / SUMMARY_FILE).read_text("utf-8"))
    return export_model(
        model,
        path,
        kind=kind,
        features=_spread(validation, PARITY_WINDOWS),
        provenance=_provenance(calibration, summary=summary, cache_dir=cache_dir),
    )


def _spread(part: Examples, count: int) -> NDArray[np.float32]:
    """Return `count` windows spread evenly over a part, and so over its classes."""
    rows = np.unique(np.linspace(0, len(part.labels) - 1, count).astype(int))
    return np.asarray(part.features[rows], dtype=np.float32)


def _provenance(
    calibration: Calibration, *, summary: dict[str, Any], cache_dir: Path
) -> Provenance:
    stated = release_provenance(
        cache_dir, summary=summary, training={key: summary[key] for key in TRAINING_KEYS}
    )
    return replace(
        stated,
        temperature=calibration.temperature,
        not_sure=calibration.not_sure,
        metrics=stated.metrics | {"calibration": calibration.as_dict()},
    )
