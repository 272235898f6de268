"""Trains one model on one split of a study and exports it."""

import json
from pathlib import Path
from typing import Any

from timbrescope.models.frontend import FeatureKind
from timbrescope.training.export.classical import ClassicalReport, export_classical
from timbrescope.training.export.held_out import HeldOutAnswers, spread
from timbrescope.training.export.parity import ParityReport
from timbrescope.training.export.sidecar import Provenance
from timbrescope.training.files import write_json
from timbrescope.training.fit.classical import fit_classical
from timbrescope.training.fit.examples import Examples
from timbrescope.training.fit.settings import SUMMARY_FILE, FitSettings
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
    summary: dict[str, Any] = json.loads((folder / SUMMARY_FILE).read_text("utf-8"))
    training = {key: value for key, value in summary.items() if key != "validation"}
    return export_model(
        model,
        path,
        kind=kind,
        features=spread(validation.features, count=PARITY_WINDOWS),
        provenance=_provenance(
            material, name=name, metrics={"validation": summary["validation"], "training": training}
        ),
        answers=HeldOutAnswers(
            predict(model, validation.features, output=LOGITS), validation.labels
        ),
    )


def _provenance(material: Material, *, name: str, metrics: dict[str, Any]) -> Provenance:
    return Provenance(
        name=name,
        corpus=material.corpus_facts(),
        split=material.split_facts(),
        metrics=metrics,
        attributions=material.attributions(),
    )


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
        provenance=_provenance(
            material,
            name=name,
            metrics={"training": {"seconds": fitted.seconds, **fitted.settings}},
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
