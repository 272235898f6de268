"""Fits one of the paper's classical models to a split of a study and exports it."""

from pathlib import Path

from timbrescope.training.export.classical import ClassicalReport, export_classical
from timbrescope.training.export.sidecar import Provenance
from timbrescope.training.files import write_json
from timbrescope.training.fit.classical import fit_classical
from timbrescope.training.study.split.material import Material

# What `training.fit.train_cnn` calls its own summary.
SUMMARY_FILE = "fit.json"


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
