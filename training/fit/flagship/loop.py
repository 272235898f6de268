"""The flagship's training: AdamW on cosines, a checkpoint after every epoch, resumable."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic, process_time

import keras
import numpy as np
import tensorflow as tf

from timbrescope.training.features.cache import WindowSet
from timbrescope.training.files import write_arrays, write_json
from timbrescope.training.fit.checkpoints import TrainingError
from timbrescope.training.fit.flagship.answers import window_logits, window_scores
from timbrescope.training.fit.flagship.batches import FlagshipBatches, TargetScaling
from timbrescope.training.fit.flagship.losses import label_loss, teacher_loss
from timbrescope.training.fit.flagship.network import (
    LOGITS,
    TEACHER_EMBEDDING,
    TEACHER_LOGITS,
    build_flagship,
)
from timbrescope.training.fit.flagship.schedule import CosineCycles
from timbrescope.training.fit.flagship.settings import FlagshipSettings
from timbrescope.training.fit.flagship.spectral import coloured, masked, mixed, rereferenced

STATE_FILE = "state.json"
WEIGHTS_FILE = "flagship.weights.h5"
SCALING_FILE = "target-scaling.npz"


@dataclass
class FlagshipState:
    """What a run has to remember between epochs; `history` has a row for each."""

    identity: str
    epochs_done: int = 0
    core_seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)


def fit_flagship(
    *,
    train: WindowSet,
    validation: WindowSet,
    folder: Path,
    settings: FlagshipSettings,
    start: keras.Model | None = None,
) -> keras.Model:
    """Train, or go on with the unfinished run in `folder`, and return the network.

    Writes into `folder`: a checkpoint and ``state.json`` after every epoch; at the end the
    weights and the scaling of the teacher's targets. `start` is a network of the same shape
    whose weights the run begins with.

    Raises
    ------
    TrainingError
        If the run there was begun with other windows or settings, or has nothing to learn from.
    """
    if settings.teacher_weight and train.teacher_logits is None:
        raise TrainingError(
            "the windows have no teacher's answers; prepare them with --teacher, or train "
            "with a teacher's weight of 0"
        )
    folder.mkdir(parents=True, exist_ok=True)
    state = _read_state(folder, identity=identity(train, settings))
    keras.utils.set_random_seed(settings.seed)
    scaling = TargetScaling.of(train)
    write_arrays(folder / SCALING_FILE, {"mean": scaling.mean, "spread": scaling.spread})
    batches = FlagshipBatches(
        train,
        scaling=scaling,
        batch_size=settings.batch_size,
        seed=settings.seed,
        with_music=settings.teacher_weight > 0,
        realism=settings.realism,
    )
    trainer = _Trainer(settings, steps_per_epoch=len(batches))
    if start is not None:
        trainer.model.set_weights(start.get_weights())
    checkpoint = tf.train.Checkpoint(model=trainer.model, optimizer=trainer.optimizer)
    manager = tf.train.CheckpointManager(checkpoint, str(folder / "checkpoints"), max_to_keep=1)
    if state.epochs_done:
        checkpoint.restore(manager.latest_checkpoint).assert_existing_objects_matched()
        print(f"going on after epoch {state.epochs_done} of the run in {folder}", flush=True)
    while state.epochs_done < settings.all_epochs:
        _one_epoch(trainer, batches, state, validation=validation)
        manager.save()
        write_json(folder / STATE_FILE, asdict(state))
    trainer.model.save_weights(folder / WEIGHTS_FILE)
    return trainer.model


def identity(train: WindowSet, settings: FlagshipSettings) -> str:
    """Return a fingerprint of what decides a run's weights."""
    digest = hashlib.sha256(np.asarray(train.labels, dtype=np.int64).tobytes())
    digest.update(np.asarray(train.mel[:1]).tobytes())
    digest.update(np.asarray(train.mel[-1:]).tobytes())
    digest.update(repr(settings).encode())
    return digest.hexdigest()[:16]


def _read_state(folder: Path, *, identity: str) -> FlagshipState:
    path = folder / STATE_FILE
    if not path.is_file():
        return FlagshipState(identity)
    state = FlagshipState(**json.loads(path.read_text("utf-8")))
    if state.identity != identity:
        raise TrainingError(
            f"the run in {folder} was begun with other windows or settings "
            f"({state.identity}, not {identity}); start anew with --restart"
        )
    return state


class _Trainer:
    """Network, optimiser and the compiled step."""

    def __init__(self, settings: FlagshipSettings, *, steps_per_epoch: int) -> None:
        self.settings = settings
        self.model = build_flagship(settings.shape, precision=settings.precision)
        schedule = CosineCycles(settings, steps_per_epoch=steps_per_epoch)
        self.optimizer = keras.optimizers.AdamW(
            schedule, weight_decay=settings.weight_decay, global_clipnorm=settings.clip_norm
        )
        self.optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        self.optimizer.build(self.model.trainable_variables)
        self.step = tf.function(self._step)

    def _step(
        self,
        features: tf.Tensor,
        labels: tf.Tensor,
        weights: tf.Tensor,
        targets: tf.Tensor,
        seed: tf.Tensor,
        plain: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        seen = tf.cond(plain, lambda: features, lambda: self._augmented(features, seed=seed))
        weight = self.settings.teacher_weight
        with tf.GradientTape() as tape:
            found = self.model(seen, training=True)
            of_labels = label_loss(
                found[LOGITS], labels, weights, smoothing=self.settings.label_smoothing
            )
            of_teacher = teacher_loss(found[TEACHER_EMBEDDING], found[TEACHER_LOGITS], targets)
            loss = self.settings.label_weight * of_labels + weight * of_teacher
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.model.trainable_variables, strict=True))
        return of_labels, of_teacher

    def _augmented(self, features: tf.Tensor, *, seed: tf.Tensor) -> tf.Tensor:
        seeds = tf.random.split(seed, 3)
        if self.settings.mixing:
            features = mixed(features, seed=seeds[0])
        if self.settings.colouring:
            features = coloured(features, seed=seeds[1])
        features = rereferenced(features)
        return masked(features, seed=seeds[2]) if self.settings.masking else features


def _one_epoch(
    trainer: _Trainer, batches: FlagshipBatches, state: FlagshipState, *, validation: WindowSet
) -> None:
    began, cores = monotonic(), process_time()
    losses = []
    settings = trainer.settings
    plain = tf.constant(state.epochs_done >= settings.all_epochs - settings.plain_epochs)
    for number, batch in enumerate(batches.dataset(state.epochs_done)):
        seed = tf.constant([settings.seed, state.epochs_done * 1_000_003 + number])
        losses.append(trainer.step(*batch, seed, plain))
    state.epochs_done += 1
    state.core_seconds += process_time() - cores
    of_labels, of_teacher = (float(np.mean(values)) for values in zip(*losses, strict=True))
    row = {"labels": of_labels, "teacher": of_teacher, "seconds": monotonic() - began}
    if len(validation.labels):
        row |= window_scores(window_logits(trainer.model, validation.mel), validation.labels)
    state.history.append({name: round(value, 4) for name, value in row.items()})
    figures = "  ".join(f"{name} {value:.3f}" for name, value in row.items())
    print(f"epoch {state.epochs_done}: {figures}", flush=True)


def load_flagship(folder: Path, *, settings: FlagshipSettings) -> keras.Model:
    """Return the float32 network of the finished run in `folder`.

    Raises
    ------
    TrainingError
        If there is none.
    """
    path = folder / WEIGHTS_FILE
    if not path.is_file():
        raise TrainingError(f"no finished flagship in {folder}; run `timbrescope-train models`")
    model = build_flagship(settings.shape)
    model.load_weights(path)
    return model
