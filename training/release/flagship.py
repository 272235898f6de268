"""From windows to the flagship that ships: hold out and calibrate, train on all, export."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from timbrescope.models.catalogue import FLAGSHIP_NAME
from timbrescope.models.instruments import NAMES
from timbrescope.training.export.flagship import FlagshipParity, export_flagship
from timbrescope.training.export.held_out import HeldOutAnswers, calibration, spread
from timbrescope.training.export.provenance import release_provenance
from timbrescope.training.features.cache import (
    SILENT_SUBJECTS,
    WindowSet,
    current_folder,
    load_set,
)
from timbrescope.training.files import write_json
from timbrescope.training.fit.checkpoints import TrainingError
from timbrescope.training.fit.flagship.answers import window_scores
from timbrescope.training.fit.flagship.folds import (
    HeldOut,
    best_share,
    fit_fold,
    held_out_answers,
)
from timbrescope.training.fit.flagship.head import LinearHead
from timbrescope.training.fit.flagship.loop import (
    STATE_FILE,
    fit_flagship,
    load_flagship,
)
from timbrescope.training.fit.flagship.settings import FlagshipSettings
from timbrescope.training.fit.settings import SUMMARY_FILE, run_folder
from timbrescope.training.measures.calibration import Calibration
from timbrescope.training.packages.pinned_trunk import TRUNK_PACKAGE, fetch_trunk
from timbrescope.training.settings_files import settings_of

OTHER_SUBJECT = "other"
STATED_KEYS = ("epochs", "folds", "way_share", "core_hours", "hours", "cores", "settings")


def fit_for_release(
    cache_dir: Path, *, settings: FlagshipSettings, restart: bool = False
) -> dict[str, Any]:
    """Train the flagship on the windows prepared last, or go on, and return the summary.

    First come the runs that hold a fold of the groups out, then the one that ships. A set without
    a teacher's answers is learned from labels only.

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
    train = load_set(prepared, part="train")
    if train.teacher_logits is None:
        print("no teacher's answers: learning from labels only", flush=True)
        settings = replace(settings, teacher_weight=0.0, realism=0.0)
    trunk = fetch_trunk(cache_dir)
    share, held_out = _hold_out(prepared, folder=folder, settings=settings, trunk=trunk)
    fit_flagship(
        train=train,
        validation=_nothing(train),
        folder=folder,
        settings=replace(settings, way_shares=(share,)),
        trunk=trunk,
    )
    summary = {
        "features": prepared.name,
        "settings": settings.as_dict(),
        "epochs": settings.epochs,
        "folds": settings.folds,
        "way_share": share,
        **_cost([folder, *_fold_folders(folder, settings)]),
        "train_windows": len(train.labels) // train.variants,
        "validation": _scores(held_out),
    }
    write_json(folder / SUMMARY_FILE, summary)
    return summary


def _fold_folders(folder: Path, settings: FlagshipSettings) -> list[Path]:
    return [folder / f"fold-{fold}" for fold in range(settings.folds)]


def _hold_out(
    prepared: Path, *, folder: Path, settings: FlagshipSettings, trunk: Path | None
) -> tuple[float, HeldOut]:
    """Train without each fold in turn; return the best share of the way and the answers there."""
    folders = _fold_folders(folder, settings)
    ways = []
    for fold, of_fold in enumerate(folders):
        print(f"fold {fold + 1} of {settings.folds} held out", flush=True)
        ways.append(fit_fold(prepared, fold=fold, folder=of_fold, settings=settings, trunk=trunk))
    share = best_share(ways)
    answers = (
        held_out_answers(prepared, fold=fold, folder=of_fold, settings=settings, share=share)
        for fold, of_fold in enumerate(folders)
    )
    held_out = HeldOut.joined(list(answers))
    held_out.write(folder)
    return share, held_out


def _nothing(windows: WindowSet) -> WindowSet:
    """Return no windows: nothing validates a run that learns from every group."""
    return windows.chosen(np.zeros(len(windows.labels), dtype=bool))


def _cost(folders: Sequence[Path]) -> dict[str, Any]:
    """Return what all runs took together."""
    states = [json.loads((folder / STATE_FILE).read_text("utf-8")) for folder in folders]
    seconds = sum(row["seconds"] for state in states for row in state["history"])
    return {
        "core_hours": round(sum(state["core_seconds"] for state in states) / 3600, 2),
        "hours": round(seconds / 3600, 2),
        "cores": os.cpu_count(),
    }


def _scores(held_out: HeldOut) -> dict[str, Any]:
    """Return the figures of held-out windows, notes alone and phrases apart as well."""
    found: dict[str, Any] = window_scores(held_out.logits, held_out.labels)
    for way in np.unique(held_out.ways):
        chosen = (held_out.ways == way) & (held_out.labels < len(NAMES))
        of_way = window_scores(held_out.logits[chosen], held_out.labels[chosen])
        found[str(way)] = {name: of_way[name] for name in ("accuracy", "macro_recall")}
    return found | {"n": len(held_out.labels)}


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
    held_out = HeldOut.read(folder)
    stated = release_provenance(cache_dir, summary=summary, keys=STATED_KEYS)
    return export_flagship(
        model,
        path,
        head=LinearHead.of(model),
        shape=settings.shape,
        features=spread(load_set(current_folder(cache_dir), part="validation").features),
        provenance=replace(stated, attributions=(*stated.attributions, TRUNK_PACKAGE.credit)),
        answers=_judged(held_out),
    )


def _judged(held_out: HeldOut) -> HeldOutAnswers:
    return HeldOutAnswers(
        held_out.logits,
        held_out.labels,
        silence=held_out.of_subjects(*SILENT_SUBJECTS),
        others=held_out.of_subjects(OTHER_SUBJECT),
        background=True,
    )


def calibration_of(held_out: HeldOut) -> Calibration:
    """Return temperature and limits as `release_flagship` fits them."""
    return calibration(_judged(held_out))


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
