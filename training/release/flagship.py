"""From windows to the flagship that ships: train, calibrate on held-out groups, export."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from timbrescope.models.catalogue import FLAGSHIP_NAME
from timbrescope.training.export.flagship import FlagshipParity, export_flagship
from timbrescope.training.export.held_out import HeldOutAnswers, spread
from timbrescope.training.export.provenance import release_provenance
from timbrescope.training.features.cache import SILENT_SUBJECTS, current_folder, load_set
from timbrescope.training.files import write_json
from timbrescope.training.fit.checkpoints import TrainingError
from timbrescope.training.fit.flagship.answers import map_averages, window_scores
from timbrescope.training.fit.flagship.head import LinearHead
from timbrescope.training.fit.flagship.loop import (
    STATE_FILE,
    fit_flagship,
    load_flagship,
)
from timbrescope.training.fit.flagship.settings import FlagshipSettings
from timbrescope.training.fit.settings import SUMMARY_FILE, run_folder
from timbrescope.training.packages.pinned_trunk import TRUNK_PACKAGE, fetch_trunk
from timbrescope.training.settings_files import settings_of

OTHER_SUBJECT = "other"
STATED_KEYS = ("epochs", "way_share", "core_hours", "hours", "cores", "settings")


def fit_for_release(
    cache_dir: Path, *, settings: FlagshipSettings, restart: bool = False
) -> dict[str, Any]:
    """Train the flagship on the windows prepared last, or go on, and return the summary.

    A set without a teacher's answers is learned from labels only.

    Raises
    ------
    FeatureCacheError
        If nothing is prepared.
    PackageError
        If the trunk's weights cannot be fetched.
    TrainingError
        If an unfinished run was begun with other windows or settings.
    """
    folder = run_folder(cache_dir, FLAGSHIP_NAME)
    if restart:
        shutil.rmtree(folder, ignore_errors=True)
    prepared = current_folder(cache_dir)
    train, validation = (load_set(prepared, part=part) for part in ("train", "validation"))
    if train.teacher_logits is None:
        print("no teacher's answers: learning from labels only", flush=True)
        settings = replace(settings, teacher_weight=0.0, realism=0.0)
    model = fit_flagship(
        train=train,
        validation=validation,
        folder=folder,
        settings=settings,
        trunk=fetch_trunk(cache_dir),
    )
    state = json.loads((folder / STATE_FILE).read_text("utf-8"))
    logits = LinearHead.of(model).logits(map_averages(model, validation.logmel))
    summary = {
        "features": prepared.name,
        "settings": settings.as_dict(),
        "epochs": settings.epochs,
        "way_share": state["way_share"],
        "core_hours": round(state["core_seconds"] / 3600, 2),
        "hours": round(sum(row["seconds"] for row in state["history"]) / 3600, 2),
        "cores": os.cpu_count(),
        "train_windows": len(train.labels) // train.variants,
        "validation": window_scores(logits, validation.labels) | {"n": len(validation.labels)},
    }
    write_json(folder / SUMMARY_FILE, summary)
    return summary


def release_flagship(cache_dir: Path, *, path: Path) -> FlagshipParity:
    """Calibrate and export the finished run as a model file with its sidecar.

    Raises
    ------
    TrainingError
        If there is no run, or it learned from other windows than those prepared last.
    ParityError
        If the graph differs from the network; nothing is written then.
    """
    folder = run_folder(cache_dir, FLAGSHIP_NAME)
    summary = _read_summary(folder, prepared=current_folder(cache_dir))
    settings = settings_of(FlagshipSettings, summary["settings"], where=folder / SUMMARY_FILE)
    model = load_flagship(folder, settings=settings)
    head = LinearHead.of(model)
    validation = load_set(current_folder(cache_dir), part="validation")
    logits = head.logits(map_averages(model, validation.logmel))
    silent = np.isin(validation.subjects, SILENT_SUBJECTS)
    others = np.array(validation.subjects) == OTHER_SUBJECT
    stated = release_provenance(cache_dir, summary=summary, keys=STATED_KEYS)
    return export_flagship(
        model,
        path,
        head=head,
        shape=settings.shape,
        features=spread(validation.logmel),
        provenance=replace(stated, attributions=(*stated.attributions, TRUNK_PACKAGE.credit)),
        answers=HeldOutAnswers(
            logits,
            validation.labels,
            silence=logits[silent],
            others=logits[others],
            background=True,
        ),
    )


def _read_summary(folder: Path, *, prepared: Path) -> dict[str, Any]:
    path = folder / SUMMARY_FILE
    if not path.is_file():
        raise TrainingError(
            f"no finished flagship in {folder}; run `timbrescope-train fit --model flagship`"
        )
    summary: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if summary["features"] != prepared.name:
        raise TrainingError(
            f"the flagship learned from the windows {summary['features']}, but {prepared.name} "
            "were prepared since; run `timbrescope-train fit --model flagship`"
        )
    return summary
