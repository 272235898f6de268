"""Early stopping with a checkpoint after every epoch, so that a broken run can go on.

Keras's own EarlyStopping forgets its best weights and its patience when a run is restarted;
here both lie on disk beside the optimiser's state.
"""

import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic

import keras

from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.files import in_full, write_json
from timbrescope.training.fit.batches import EpochBatches
from timbrescope.training.fit.cnn import DROPOUT_LAYER
from timbrescope.training.state import read_state as read_state_file

STATE_FILE = "state.json"
BEST_FILE = "best.weights.h5"


class TrainingError(TimbrescopeError):
    """A corpus or a run cannot be trained with or exported."""


@dataclass
class RunState:
    """What a run has to remember between epochs.

    Attributes
    ----------
    identity : str
        Fingerprint of corpus and settings; a run goes on with the same ones only.
    epochs_done : int
    best_epoch : int
        Counted from 0; -1 before the first epoch.
    best_val_loss : float
    history : list of dict
        One row per epoch, with ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy`` and
        ``seconds``.
    stopped_by : str or None
        ``patience``, ``epochs`` or ``time``; None while the run is unfinished.
    """

    identity: str
    epochs_done: int = 0
    best_epoch: int = -1
    best_val_loss: float = math.inf
    history: list[dict[str, float]] = field(default_factory=list)
    stopped_by: str | None = None

    @property
    def epochs_without_progress(self) -> int:
        """Epochs since the best one."""
        return self.epochs_done - 1 - self.best_epoch


def read_state(folder: Path, *, identity: str) -> RunState:
    """Return the state of the run in `folder`, a fresh one if there is none.

    Raises
    ------
    TrainingError
        If the run there was begun with another corpus or other settings.
    """
    path = folder / STATE_FILE
    state: RunState | None = read_state_file(path, RunState)
    if state is None:
        return RunState(identity)
    if state.identity != identity:
        raise TrainingError(
            f"the run in {folder} was begun with another corpus or other settings "
            f"({state.identity}, not {identity}); start anew with --restart"
        )
    return state


def checkpoint_path(folder: Path, *, epochs_done: int) -> Path:
    """Return where weights and optimiser lie after so many epochs."""
    return folder / f"epoch-{epochs_done:03d}.keras"


class ResumableEarlyStopping(keras.callbacks.Callback):
    """Stops when the validation loss stalls or time is up; saves after each epoch.

    Parameters
    ----------
    folder : Path
        The run's folder; exists.
    state : RunState
        From `read_state`; updated in place.
    batches : EpochBatches
        The training batches, told of every epoch.
    patience : int
        Epochs without a lower validation loss after which training stops (paper: 5).
    max_minutes : float
        No epoch is begun that would probably end later than this.
    """

    def __init__(
        self,
        folder: Path,
        *,
        state: RunState,
        batches: EpochBatches,
        patience: int,
        max_minutes: float,
    ) -> None:
        super().__init__()
        self._folder = folder
        self._state = state
        self._batches = batches
        self._patience = patience
        self._max_s = max_minutes * 60.0
        self._run_began_s = monotonic()
        self._epoch_began_s = self._run_began_s

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Tell batches and dropout which epoch it is: resumed or not, chance is the same."""
        self._batches.epoch = epoch
        dropout = self.model.get_layer(DROPOUT_LAYER)
        dropout.seed_generator.state.assign([self._batches.seed or 0, epoch])
        self._epoch_began_s = monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Note the figures, keep the best weights, save, and decide whether to go on."""
        state = self._state
        seconds = monotonic() - self._epoch_began_s
        figures = {name: float(value) for name, value in (logs or {}).items()}
        state.history.append(figures | {"seconds": round(seconds, 1)})
        state.epochs_done = epoch + 1
        if figures["val_loss"] < state.best_val_loss:
            state.best_val_loss, state.best_epoch = figures["val_loss"], epoch
            self._save_best()
        state.stopped_by = self._reason_to_stop(seconds)
        self._save()
        print(self._line(epoch), flush=True)
        if state.stopped_by:
            self.model.stop_training = True

    def _reason_to_stop(self, epoch_s: float) -> str | None:
        if self._state.epochs_without_progress >= self._patience:
            return "patience"
        if monotonic() - self._run_began_s + epoch_s > self._max_s:
            return "time"
        return None

    def _save_best(self) -> None:
        with in_full(self._folder / BEST_FILE) as draft:
            self.model.save_weights(draft)

    def _save(self) -> None:
        """Save the epoch; the state file, replaced last, says which checkpoint counts."""
        done = self._state.epochs_done
        self.model.save(checkpoint_path(self._folder, epochs_done=done))
        write_json(self._folder / STATE_FILE, asdict(self._state))
        checkpoint_path(self._folder, epochs_done=done - 1).unlink(missing_ok=True)

    def _line(self, epoch: int) -> str:
        row = self._state.history[-1]
        best = " best" if self._state.best_epoch == epoch else ""
        return (
            f"epoch {epoch + 1}: loss {row['loss']:.4f} accuracy {row['accuracy']:.4f}  "
            f"val_loss {row['val_loss']:.4f} val_accuracy {row['val_accuracy']:.4f}  "
            f"{row['seconds']:.0f} s{best}"
        )
