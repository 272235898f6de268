"""Trains one model on one split of a study and exports it."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from timbrescope.models.frontend import FeatureKind
from timbrescope.training.export.classical import ClassicalReport, export_classical
from timbrescope.training.export.parity import ParityReport
from timbrescope.training.export.sidecar import Provenance
from timbrescope.training.files import write_json
from timbrescope.training.fit.classical import fit_classical
from timbrescope.training.fit.examples import Examples
from timbrescope.training.fit.settings import SUMMARY_FILE, FitSettings
from timbrescope.training.measures.calibration import calibrate
from timbrescope.training.study.folder import PartName
from timbrescope.training.study.split.material import Material

# Each costs 28 gradients; a study exports four networks.
PARITY_WINDOWS = 8


def train_network(
    kind: FeatureKind, material: Material, *, folder: Path, settings: FitSettings
) -> None:
    """Train, or go on training, one network; `folder` keeps its checkpoints and its history.

    Raises
    ------
    TrainingError
        If a part is empty, or the folder holds a run with other clips or settings.
    """
    from timbrescope.training.fit.train_cnn import fit

    train = _part(kind, material, "train")
    validation = _part(kind, material, "validation")
    fit(kind, train=train, validation=validation, folder=folder, settings=settings)


def _part(kind: FeatureKind, material: Material, name: PartName) -> Examples:
    return Examples(material.features(name, kind=kind), material.labels(name))


def export_network(
    kind: FeatureKind, material: Material, *, folder: Path, path: Path, name: str
) -> ParityReport:
    """Calibrate and export the best network of the run in `folder`.

    Raises
    ------
    ParityError
        If the graph differs from the network; nothing is written then.
    """
    from timbrescope.training.export.cnn import export_model
    from timbrescope.training.fit.cnn import LOGITS
    from timbrescope.training.fit.train_cnn import load_best, predict

    model = load_best(kind, folder=folder)
    validation = _part(kind, material, "validation")
    calibration = calibrate(predict(model, validation.features, output=LOGITS), validation.labels)
    summary: dict[str, Any] = json.loads((folder / SUMMARY_FILE).read_text("utf-8"))
    rows = np.unique(np.linspace(0, len(validation.labels) - 1, PARITY_WINDOWS).astype(int))
    provenance = Provenance(
        name=name,
        temperature=calibration.temperature,
        not_sure=calibration.not_sure,
        corpus=material.corpus_facts(),
        split=material.split_facts(),
        metrics={
            "validation": summary["validation"],
            "calibration": calibration.as_dict(),
            "training": {key: value for key, value in summary.items() if key != "validation"},
        },
        attributions=material.attributions(),
    )
    windows = np.asarray(validation.features[rows], dtype=np.float32)
    return export_model(model, path, kind=kind, features=windows, provenance=provenance)


def train_classical(
    model: str, material: Material, *, folder: Path, path: Path, name: str
) -> ClassicalReport:
    """Fit to the mean vectors of the training clips, calibrate on the validation clips, export.

    Raises
    ------
    ClassicalModelError
        If there are fewer than two classes.
    ParityError
        If the graph differs from scikit-learn; nothing is written then.
    """
    vectors = material.features("train", kind="mean")[:]
    fitted = fit_classical(model, vectors, material.labels("train"), seed=material.seed)
    report = export_classical(
        fitted,
        path,
        features=material.features("validation", kind="mfcc"),
        labels=material.labels("validation"),
        provenance=Provenance(
            name=name,
            corpus=material.corpus_facts(),
            split=material.split_facts(),
            metrics={"training": {"seconds": fitted.seconds, **fitted.settings}},
            attributions=material.attributions(),
        ),
    )
    summary = {
        "kind": model,
        "settings": fitted.settings,
        "minutes": round(fitted.seconds / 60, 2),
        "train_windows": len(vectors),
        "bytes": report.size_bytes,
        "window_ms": report.window_ms,
        "pruning": report.pruning,
    }
    write_json(folder / SUMMARY_FILE, summary)
    return report
