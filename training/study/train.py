"""Trains the paper's two CNNs on one split of a study and exports them."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from timbrescope.models.frontend import FeatureKind
from timbrescope.training.export.cnn import export_model
from timbrescope.training.export.parity import ParityReport
from timbrescope.training.export.sidecar import Provenance
from timbrescope.training.fit.cnn import LOGITS
from timbrescope.training.fit.settings import FitSettings
from timbrescope.training.fit.train_cnn import SUMMARY_FILE, Part, fit, load_best, predict
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
    train = _part(kind, material, "train")
    validation = _part(kind, material, "validation")
    fit(kind, train=train, validation=validation, folder=folder, settings=settings)


def _part(kind: FeatureKind, material: Material, name: PartName) -> Part:
    return Part(material.features(name, kind=kind), material.labels(name))


def export_network(
    kind: FeatureKind, material: Material, *, folder: Path, path: Path, name: str
) -> ParityReport:
    """Calibrate and export the best network of the run in `folder`.

    Raises
    ------
    ParityError
        If the graph differs from the network; nothing is written then.
    """
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
