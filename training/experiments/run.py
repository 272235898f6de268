"""Runs experiments one after the other; what is finished is not run again."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from timbrescope.models.frontend import FeatureKind
from timbrescope.models.instruments import NAMES
from timbrescope.models.probabilities import calibrated
from timbrescope.training.experiments.catalogue import Experiment
from timbrescope.training.experiments.measuring import (
    Answerer,
    DevFiles,
    measure_files,
    measure_windows,
    read_dev,
)
from timbrescope.training.features.cache import FLAGSHIP_KIND, WindowSet, load_set
from timbrescope.training.features.prepare import prepare_features
from timbrescope.training.files import write_json
from timbrescope.training.fit.cnn import LOGITS as PAPER_LOGITS
from timbrescope.training.fit.examples import Examples
from timbrescope.training.fit.flagship.batches import CLASSES_WITH_BACKGROUND
from timbrescope.training.fit.flagship.head import window_logits
from timbrescope.training.fit.flagship.loop import fit_flagship
from timbrescope.training.fit.settings import FitSettings
from timbrescope.training.fit.train_cnn import fit, predict
from timbrescope.training.packages.pinned_trunk import fetch_trunk
from timbrescope.training.release.recipe import ReleaseRecipe, write_recipe

EXPERIMENTS_FOLDER = "experiments"
RESULT_FILE = "result.json"
# The fold of the groups that no experiment learns from.
FOLD = 0


def run_experiments(
    chosen: Iterable[Experiment],
    *,
    baseline: Experiment,
    corpora: list[Path],
    cache_dir: Path,
    dev: Path,
    workers: int,
) -> dict[str, dict[str, Any]]:
    """Run experiments and return their results by name.

    Each leaves ``experiments/<name>/result.json`` below `cache_dir`; one that has the same
    recipe and settings there is not run again.
    """
    judging = prepare_features(
        corpora, cache_dir, recipe=baseline.recipe, workers=workers, current=False
    ).folder
    files, trunk = read_dev(dev), fetch_trunk(cache_dir)
    found = {}
    for experiment in chosen:
        folder = cache_dir / EXPERIMENTS_FOLDER / experiment.name
        stated = {
            "recipe": experiment.recipe.as_dict(),
            "settings": experiment.settings.as_dict(),
            "against": experiment.against,
            "published": experiment.published,
            "ensemble": experiment.ensemble,
        }
        result = _finished(folder, stated)
        if result is None:
            prepared = prepare_features(
                corpora, cache_dir, recipe=experiment.recipe, workers=workers, current=False
            )
            kind = _kind_of(experiment)
            train = load_set(prepared.folder, part="train", kind=kind, fold=FOLD)
            held_out = load_set(judging, part="validation", kind=kind, fold=FOLD)
            answer = _learn(experiment, train, held_out, folder=folder, trunk=trunk)
            result = stated | _figures(answer, held_out=held_out, files=files)
            recipe = ReleaseRecipe(windows=experiment.recipe, flagship=experiment.settings)
            write_recipe(folder, recipe, tables=("windows", "flagship"))
            write_json(folder / RESULT_FILE, result)
            keras.utils.clear_session()
        print(f"{experiment.name}: {_line(result)}", flush=True)
        found[experiment.name] = result
    return found


def _kind_of(experiment: Experiment) -> FeatureKind:
    return "mel" if experiment.learner == "paper" else FLAGSHIP_KIND


def _finished(folder: Path, stated: dict[str, Any]) -> dict[str, Any] | None:
    path = folder / RESULT_FILE
    if not path.is_file():
        return None
    result: dict[str, Any] = json.loads(path.read_text("utf-8"))
    same = json.loads(json.dumps(stated))
    return result if all(result.get(key) == value for key, value in same.items()) else None


def _figures(answer: Answerer, *, held_out: WindowSet, files: DevFiles) -> dict[str, Any]:
    return {
        "validation": asdict(measure_windows(answer, held_out)),
        "dev": asdict(measure_files(answer, files)),
    }


def _line(result: dict[str, Any]) -> str:
    return "; ".join(
        f"{part} {result[part]['accuracy']:.3f} [{result[part]['low']:.3f}, "
        f"{result[part]['high']:.3f}], macro {result[part]['macro_recall']:.3f}"
        for part in ("validation", "dev")
    )


def _learn(
    experiment: Experiment,
    train: WindowSet,
    held_out: WindowSet,
    *,
    folder: Path,
    trunk: Path,
) -> Answerer:
    """Train what the experiment asks for and return what answers with logits."""
    if experiment.learner == "paper":
        return _learn_paper(experiment, train, held_out, folder=folder)
    published = trunk if experiment.published else None
    believed = None
    if experiment.ensemble:
        believed = _ensemble(experiment, train, held_out, folder=folder, trunk=published)
    model = fit_flagship(
        train=train,
        validation=held_out,
        folder=folder / "run",
        settings=experiment.settings,
        trunk=published,
        ensemble=believed,
    )
    return Answerer(FLAGSHIP_KIND, partial(window_logits, model))


def _ensemble(
    experiment: Experiment,
    train: WindowSet,
    held_out: WindowSet,
    *,
    folder: Path,
    trunk: Path | None,
) -> NDArray[np.float32]:
    """Train networks of other seeds and return their mean belief of every row, (rows, 29)."""
    total = np.zeros((len(train.labels), CLASSES_WITH_BACKGROUND), np.float32)
    for number in range(experiment.ensemble):
        model = fit_flagship(
            train=train,
            validation=held_out,
            folder=folder / f"of-ensemble-{number}",
            settings=replace(experiment.settings, seed=experiment.settings.seed + 1 + number),
            trunk=trunk,
        )
        known = calibrated(window_logits(model, train.features), temperature=1.0, background=True)
        total += np.hstack([known, 1 - known.sum(axis=1, keepdims=True)]) / experiment.ensemble
        keras.utils.clear_session()
    return total


def _learn_paper(
    experiment: Experiment, train: WindowSet, held_out: WindowSet, *, folder: Path
) -> Answerer:
    """Train the paper's CNN as long as the flagship is, on the instruments' windows."""
    settings = FitSettings(
        epochs=experiment.settings.epochs,
        patience=experiment.settings.epochs,
        seed=experiment.settings.seed,
    )
    model = fit(
        "mel",
        train=_instruments(train),
        validation=_instruments(held_out),
        folder=folder / "run",
        settings=settings,
    )
    return Answerer("mel", lambda features: predict(model, features, output=PAPER_LOGITS))


def _instruments(windows: WindowSet) -> Examples:
    count = int(np.searchsorted(windows.labels, len(NAMES)))
    rows = np.arange(0, count, windows.variants)
    return Examples(np.asarray(windows.features[rows]), windows.labels[rows])
