"""Trains one CNN on the feature cache as the paper does, on a plain processor.

Adam 1e-3, cross-entropy, batches of 16, balanced class weights, early stopping on the
validation loss with patience 5, best weights kept (Senatori & Nardone, Information 2025, 16,
864). `FitSettings.max_minutes` ends a run early; the summary and the sidecar then say so.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from sklearn.utils.class_weight import compute_class_weight

from timbrescope.models.frontend import FeatureKind
from timbrescope.models.instruments import NAMES
from timbrescope.training.features.cache import SetPart, load_features
from timbrescope.training.files import write_csv, write_json
from timbrescope.training.fit.batches import EpochBatches
from timbrescope.training.fit.checkpoints import (
    BEST_FILE,
    STATE_FILE,
    ResumableEarlyStopping,
    RunState,
    TrainingError,
    checkpoint_path,
    read_state,
)
from timbrescope.training.fit.cnn import PROBABILITIES, build_cnn, compile_cnn, layer_output
from timbrescope.training.fit.examples import Examples, Rows
from timbrescope.training.fit.settings import SUMMARY_FILE, FitSettings
from timbrescope.training.hashes import short_hash
from timbrescope.training.measures.scores import Scores, score

HISTORY_FILE = "history.csv"


def load_part(cache_dir: Path, *, kind: FeatureKind, part: SetPart) -> Examples:
    """Return one part ('train' or 'validation') of the feature cache as a memory map.

    Raises
    ------
    TrainingError
        If a class has no training window.
    """
    features, labels, _ = load_features(cache_dir, kind=kind, part=part)
    if part == "train":
        require_all_classes(labels)
    return Examples(features, labels)


def forget_run(folder: Path) -> None:
    """Remove what an earlier run left in `folder`, so that the next one starts afresh."""
    for pattern in ("epoch-*.keras", STATE_FILE, BEST_FILE, SUMMARY_FILE, HISTORY_FILE):
        for path in folder.glob(pattern):
            path.unlink()


def require_all_classes(labels: NDArray[np.integer]) -> None:
    """Check that every class has training windows.

    Raises
    ------
    TrainingError
        If one has none: such a network could never answer it.
    """
    missing = [name for index, name in enumerate(NAMES) if index not in set(labels.tolist())]
    if missing:
        raise TrainingError(
            f"no training windows for {', '.join(missing)}; add a source that covers them "
            "and run `timbrescope-train prepare` again"
        )


def class_weights(labels: NDArray[np.integer]) -> dict[int, float]:
    """Return scikit-learn's balanced weight of every class that occurs, 1 for the others."""
    present = np.unique(labels)
    weights = compute_class_weight("balanced", classes=present, y=labels)
    found = dict(zip(present.tolist(), weights.tolist(), strict=True))
    return {label: found.get(label, 1.0) for label in range(len(NAMES))}


def fit(
    kind: FeatureKind,
    *,
    train: Examples,
    validation: Examples,
    folder: Path,
    settings: FitSettings,
) -> keras.Model:
    """Train, or go on with the unfinished run in `folder`, and return the best network.

    Writes into `folder`: a checkpoint after every epoch, the best weights, ``history.csv``
    and, at the end, ``fit.json`` with settings and validation figures.

    Raises
    ------
    TrainingError
        If there is nothing to train with or to stop by.
    """
    for name, part in (("training", train), ("validation", validation)):
        if not len(part.labels):
            raise TrainingError(f"there is no {name} window for the {kind} network")
    folder.mkdir(parents=True, exist_ok=True)
    weights = class_weights(train.labels)
    use_threads(settings.threads)
    keras.utils.set_random_seed(settings.seed)
    state = read_state(folder, identity=identity(kind, train=train, settings=settings))
    model = _start_or_resume(kind, folder=folder, state=state, settings=settings)
    if state.stopped_by != "patience" or state.epochs_without_progress < settings.patience:
        _train(
            model,
            (train, validation),
            weights=weights,
            folder=folder,
            state=state,
            settings=settings,
        )
    best = load_best(kind, folder=folder)
    found = score(predict(best, validation.features), validation.labels)
    _write_history(state, folder / HISTORY_FILE)
    summary = _summary(kind, settings, state, train=train, validation=found)
    write_json(folder / SUMMARY_FILE, summary)
    return best


def identity(kind: FeatureKind, *, train: Examples, settings: FitSettings) -> str:
    """Return a fingerprint of what decides a run's weights, however long it is trained."""
    chosen = (kind, settings.batch_size, settings.learning_rate, settings.seed)
    labels = np.asarray(train.labels, dtype=np.int64)
    return short_hash(chosen, labels, np.asarray(train.features[:1]))


def use_threads(threads: int) -> None:
    """Limit TensorFlow to so many threads inside one operation (0: its own choice)."""
    if threads:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)


def _start_or_resume(
    kind: FeatureKind, *, folder: Path, state: RunState, settings: FitSettings
) -> keras.Model:
    if state.epochs_done:
        print(f"going on after epoch {state.epochs_done} of the run in {folder}", flush=True)
        return keras.models.load_model(checkpoint_path(folder, epochs_done=state.epochs_done))
    model = build_cnn(kind)
    compile_cnn(model, learning_rate=settings.learning_rate)
    return model


def _train(
    model: keras.Model,
    parts: tuple[Examples, Examples],
    *,
    weights: dict[int, float],
    folder: Path,
    state: RunState,
    settings: FitSettings,
) -> None:
    train, validation = parts
    size = settings.batch_size
    batches = EpochBatches(train.features, train.labels, batch_size=size, seed=settings.seed)
    held_out = EpochBatches(validation.features, validation.labels, batch_size=size, seed=None)
    stopping = ResumableEarlyStopping(
        folder,
        state=state,
        batches=batches,
        patience=settings.patience,
        max_minutes=settings.max_minutes,
    )
    print(f"{len(train.labels)} windows to train on, {len(validation.labels)} held out", flush=True)
    model.fit(
        batches.dataset(),
        validation_data=held_out.dataset(),
        epochs=settings.epochs,
        initial_epoch=state.epochs_done,
        class_weight=weights,
        callbacks=[stopping],
        shuffle=False,
        verbose=0,
    )


def load_best(kind: FeatureKind, *, folder: Path) -> keras.Model:
    """Return the float32 network with the best weights of the run in `folder`.

    Raises
    ------
    TrainingError
        If there is no such run.
    """
    path = folder / BEST_FILE
    if not path.exists():
        raise TrainingError(f"no trained {kind} network in {folder}; run `timbrescope-train fit`")
    model = build_cnn(kind)
    model.load_weights(path)
    return model


def predict(
    model: keras.Model,
    features: Rows,
    *,
    output: str = PROBABILITIES,
    batch_size: int = 64,
) -> NDArray[np.float32]:
    """Return the named layer's output for many windows, reading a batch of them at a time."""
    named = layer_output(model, output)
    answers = [
        named(np.asarray(features[start : start + batch_size], np.float32), training=False)[output]
        for start in range(0, len(features), batch_size)
    ]
    return np.concatenate([answer.numpy() for answer in answers])


def _summary(
    kind: FeatureKind,
    settings: FitSettings,
    state: RunState,
    *,
    train: Examples,
    validation: Scores,
) -> dict[str, Any]:
    # From the history, as a run that was resumed has taken longer than its last part.
    seconds = [row["seconds"] for row in state.history]
    return {
        "kind": kind,
        "settings": asdict(settings) | {"max_minutes": str(settings.max_minutes)},
        "epochs": state.epochs_done,
        "best_epoch": state.best_epoch + 1,
        "stopped_by": state.stopped_by or "epochs",
        "seconds_per_epoch": round(float(np.mean(seconds)), 1),
        "minutes": round(sum(seconds) / 60, 1),
        "train_windows": len(train.labels),
        "validation": validation.as_dict() | {"loss": round(state.best_val_loss, 4)},
    }


def _write_history(state: RunState, path: Path) -> None:
    names = list(state.history[0])
    rows = ([n, *(row[name] for name in names)] for n, row in enumerate(state.history, start=1))
    write_csv(path, ["epoch", *names], rows)
