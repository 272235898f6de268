"""The flagship's training: the head first, then everything gently, then part of the way back.

The network that is kept lies on the straight way between the one with the fitted head and the one
at the end of the run (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022); where
on it, held-out groups say. Before all that the trunk may learn the teacher's answers alone, in a
run of its own. A checkpoint after every epoch; an interrupted run goes on.
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic, process_time

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from timbrescope.training.features.cache import WindowSet
from timbrescope.training.files import in_full, write_arrays, write_json
from timbrescope.training.fit.checkpoints import TrainingError
from timbrescope.training.fit.flagship.answers import window_scores
from timbrescope.training.fit.flagship.batches import FlagshipBatches, TargetScaling
from timbrescope.training.fit.flagship.head import window_logits
from timbrescope.training.fit.flagship.holes import with_holes
from timbrescope.training.fit.flagship.losses import label_loss, teacher_loss
from timbrescope.training.fit.flagship.network import (
    LOGITS,
    TEACHER_EMBEDDING,
    TEACHER_LOGITS,
    build_flagship,
)
from timbrescope.training.fit.flagship.schedule import warmed_cosine
from timbrescope.training.fit.flagship.settings import FlagshipSettings
from timbrescope.training.fit.flagship.start import fit_heads
from timbrescope.training.fit.flagship.trunk import load_published
from timbrescope.training.fit.flagship.window_weights import window_weights
from timbrescope.training.hashes import short_hash
from timbrescope.training.state import read_state as read_state_file

STATE_FILE = "state.json"
START_FILE = "start.weights.h5"
END_FILE = "end.weights.h5"
WEIGHTS_FILE = "flagship.weights.h5"
SCALING_FILE = "target-scaling.npz"
# The run, in the folder of the other, in which the trunk learns what the teacher answers.
TEACHER_FIRST_FOLDER = "teacher-first"


@dataclass
class FlagshipState:
    """What a run has to remember between epochs; `history` has a row for each, the head first.

    `way` has the scores of the points between start and end, and `way_share` the one kept.
    """

    identity: str
    epochs_done: int = 0
    core_seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)
    way: list[dict[str, float]] = field(default_factory=list)
    way_share: float | None = None


def fit_flagship(
    *,
    train: WindowSet,
    validation: WindowSet,
    folder: Path,
    settings: FlagshipSettings,
    trunk: Path | None,
    ensemble: NDArray[np.floating] | None = None,
) -> keras.Model:
    """Train, or go on with the unfinished run in `folder`, and return the network.

    Parameters
    ----------
    train, validation : WindowSet
    folder : Path
        Gets a checkpoint and ``state.json`` after every epoch, the weights at start and end,
        those that are kept, and the scaling of the teacher's targets.
    settings : FlagshipSettings
    trunk : Path or None
        The unpacked package with the trunk's published weights; None starts from random ones.
    ensemble : ndarray, shape (rows of train, 29), optional
        What several networks believe, for a student of them: `batches.beliefs_of`.

    Raises
    ------
    TrainingError
        If the run there was begun with other windows or settings, or has nothing to learn from.
    TrunkError
        If the published weights cannot be read.
    """
    if settings.teacher_weight and train.teacher_logits is None:
        raise TrainingError(
            "the windows have no teacher's answers; prepare them with --teacher, or train "
            "with a teacher's weight of 0"
        )
    folder.mkdir(parents=True, exist_ok=True)
    state = _read_state(folder, identity=identity(train, settings))
    run = _Run(train, validation, folder=folder, settings=settings, state=state, ensemble=ensemble)
    run.begin(trunk)
    run.train()
    return run.finish()


def identity(train: WindowSet, settings: FlagshipSettings) -> str:
    """Return a fingerprint of what decides a run's weights."""
    labels = np.asarray(train.labels, dtype=np.int64)
    return short_hash(
        settings, labels, np.asarray(train.features[:1]), np.asarray(train.features[-1:])
    )


def _read_state(folder: Path, *, identity: str) -> FlagshipState:
    path = folder / STATE_FILE
    state: FlagshipState | None = read_state_file(path, FlagshipState)
    if state is None:
        return FlagshipState(identity)
    if state.identity != identity:
        raise TrainingError(
            f"the run in {folder} was begun with other windows or settings "
            f"({state.identity}, not {identity}); start anew with --restart"
        )
    return state


class _Run:
    """One run: network, optimiser, batches, and what lies in its folder."""

    def __init__(
        self,
        train: WindowSet,
        validation: WindowSet,
        *,
        folder: Path,
        settings: FlagshipSettings,
        state: FlagshipState,
        ensemble: NDArray[np.floating] | None = None,
    ) -> None:
        keras.utils.set_random_seed(settings.seed)
        self.train_set, self.validation = train, validation
        self.folder, self.settings, self.state = folder, settings, state
        self.scaling = TargetScaling.of(train)
        write_arrays(
            folder / SCALING_FILE, {"mean": self.scaling.mean, "spread": self.scaling.spread}
        )
        self.batches = FlagshipBatches(
            train,
            scaling=self.scaling,
            batch_size=settings.batch_size,
            seed=settings.seed,
            with_music=settings.teacher_weight > 0,
            realism=settings.realism,
            ensemble=ensemble,
        )
        self.model = build_flagship(settings.shape, precision=settings.precision)
        self.optimizer = keras.optimizers.AdamW(
            warmed_cosine(settings, steps_per_epoch=len(self.batches)),
            weight_decay=settings.weight_decay,
            global_clipnorm=settings.clip_norm,
        )
        self.optimizer.exclude_from_weight_decay(var_names=["bias", "beta"])
        self.optimizer.build(self.model.trainable_variables)
        self.step = tf.function(self._step)

    def begin(self, trunk: Path | None) -> None:
        """Put a trunk with fitted heads into the network, from the folder if it is there."""
        path = self.folder / START_FILE
        if path.is_file():
            self.model.load_weights(path)
            return
        self._put_trunk(trunk)
        began, cores = monotonic(), process_time()
        fit_heads(
            self.model,
            self.train_set,
            settings=self.settings,
            scaling=self.scaling,
            weights=window_weights(self.train_set, power=self.settings.realism),
        )
        self._save(path)
        self.state.core_seconds += process_time() - cores
        self._record({"seconds": monotonic() - began}, title="head alone")

    def _put_trunk(self, trunk: Path | None) -> None:
        """Put the trunk that the run starts from into its network."""
        if not self.settings.teacher_epochs:
            if trunk is not None:
                load_published(self.model, trunk)
            return
        folder, settings = self.folder / TEACHER_FIRST_FOLDER, self.settings.of_teacher_first
        taught = fit_flagship(
            train=self.train_set,
            validation=self.validation,
            folder=folder,
            settings=settings,
            trunk=trunk,
        )
        self.model.set_weights(taught.get_weights())
        spent = _read_state(folder, identity=identity(self.train_set, settings)).core_seconds
        self.state.core_seconds += spent

    def train(self) -> None:
        """Train the epochs that are left."""
        checkpoint = tf.train.Checkpoint(model=self.model, optimizer=self.optimizer)
        manager = tf.train.CheckpointManager(
            checkpoint, str(self.folder / "checkpoints"), max_to_keep=1
        )
        if self.state.epochs_done:
            checkpoint.restore(manager.latest_checkpoint).assert_existing_objects_matched()
            print(
                f"going on after epoch {self.state.epochs_done} of the run in {self.folder}",
                flush=True,
            )
        while self.state.epochs_done < self.settings.epochs:
            _one_epoch(self)
            manager.save()
            write_json(self.folder / STATE_FILE, asdict(self.state))

    def finish(self) -> keras.Model:
        """Keep the point between start and end that held-out groups prefer, and return it."""
        self._save(self.folder / END_FILE)
        end = self.model.get_weights()
        self.model.load_weights(self.folder / START_FILE)
        start = self.model.get_weights()
        self.state.way = []
        for share in self.settings.way_shares:
            self.model.set_weights(between(start, end, share=share))
            row = {"share": share} | self.scores()
            self.state.way.append({name: round(value, 4) for name, value in row.items()})
            print(f"way {_figures(row)}", flush=True)
        best = max(self.state.way, key=lambda row: (row.get("macro_recall", 0.0), -row["share"]))
        self.state.way_share = best["share"]
        self.model.set_weights(between(start, end, share=best["share"]))
        self._save(self.folder / WEIGHTS_FILE)
        write_json(self.folder / STATE_FILE, asdict(self.state))
        return self.model

    def scores(self) -> dict[str, float]:
        """Return how the network does on held-out groups; nothing where there are none."""
        if not len(self.validation.labels):
            return {}
        logits = window_logits(self.model, self.validation.features)
        return window_scores(logits, self.validation.labels)

    def _record(self, row: dict[str, float], *, title: str) -> None:
        row = row | self.scores()
        self.state.history.append({name: round(value, 4) for name, value in row.items()})
        write_json(self.folder / STATE_FILE, asdict(self.state))
        print(f"{title}: {_figures(row)}", flush=True)

    def _save(self, path: Path) -> None:
        with in_full(path) as draft:
            self.model.save_weights(draft)

    def _step(
        self,
        features: tf.Tensor,
        beliefs: tf.Tensor,
        weights: tf.Tensor,
        targets: tf.Tensor,
        seed: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        settings = self.settings
        if settings.holes:
            features = with_holes(features, seed=seed)
        with tf.GradientTape() as tape:
            found = self.model(features, training=True)
            of_labels = label_loss(
                found[LOGITS], beliefs, weights, smoothing=settings.label_smoothing
            )
            of_teacher = teacher_loss(found[TEACHER_EMBEDDING], found[TEACHER_LOGITS], targets)
            loss = settings.label_weight * of_labels + settings.teacher_weight * of_teacher
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.model.trainable_variables, strict=True))
        return of_labels, of_teacher


def _one_epoch(run: _Run) -> None:
    began, cores = monotonic(), process_time()
    losses = []
    for number, batch in enumerate(run.batches.dataset(run.state.epochs_done)):
        seed = tf.constant([run.settings.seed, run.state.epochs_done * 1_000_003 + number])
        losses.append(run.step(*batch, seed))
    run.state.epochs_done += 1
    run.state.core_seconds += process_time() - cores
    of_labels, of_teacher = (float(np.mean(values)) for values in zip(*losses, strict=True))
    row = {"labels": of_labels, "teacher": of_teacher, "seconds": monotonic() - began}
    run._record(row, title=f"epoch {run.state.epochs_done}")


def between(start: list[np.ndarray], end: list[np.ndarray], *, share: float) -> list[np.ndarray]:
    """Return the weights at a share of the straight way from start to end."""
    return [(1 - share) * a + share * b for a, b in zip(start, end, strict=True)]


def _figures(row: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:.3f}" for name, value in row.items())


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
