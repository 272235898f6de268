"""From a finished run to the files that ship: calibrate, describe, export."""

import json
from pathlib import Path
from typing import Any

from timbrescope.models.frontend import FeatureKind
from timbrescope.training.export.cnn import export_model
from timbrescope.training.export.held_out import HeldOutAnswers, spread
from timbrescope.training.export.parity import ParityReport
from timbrescope.training.export.provenance import release_provenance
from timbrescope.training.features.cache import PARTS, load_silence
from timbrescope.training.fit.cnn import LOGITS
from timbrescope.training.fit.settings import SUMMARY_FILE, FitSettings, run_folder
from timbrescope.training.fit.train_cnn import fit, forget_run, load_best, load_part, predict

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
    held_out = load_part(cache_dir, kind=kind, part="validation")
    silence = load_silence(cache_dir, kind=kind)
    summary = json.loads((folder / SUMMARY_FILE).read_text("utf-8"))
    return export_model(
        model,
        path,
        kind=kind,
        features=spread(held_out.features),
        provenance=release_provenance(cache_dir, summary=summary, keys=TRAINING_KEYS),
        answers=HeldOutAnswers(
            predict(model, held_out.features, output=LOGITS),
            held_out.labels,
            silence=predict(model, silence, output=LOGITS) if len(silence) else None,
        ),
    )
