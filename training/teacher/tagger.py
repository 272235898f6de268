"""The teacher: an AudioSet tagger whose answers a network of ours learns, while training only.

Its folder holds ``teacher.py`` with ``build()`` and ``log_mel()``, and its weights. Nothing of
it is shipped, and no network of ours starts from its weights (Schmid, Koutini & Widmer,
"Efficient Large-Scale Audio Tagging Via Transformer-To-CNN Knowledge Distillation", 2023).
"""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import soxr
from numpy.typing import NDArray

from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import SAMPLE_RATE_HZ
from timbrescope.training.teacher.answers import EMBEDDING_UNITS, LABELS, TeacherAnswers

MODULE_FILE = "teacher.py"
# AudioSet's clips are mixed music and video sound: they peak about there.
PRESENTED_PEAK = 0.5
BATCH_WINDOWS = 32


class TeacherError(TimbrescopeError):
    """The teacher's folder cannot be used."""


class Teacher:
    """Answers for windows of ours; an instance belongs to one process.

    Parameters
    ----------
    folder : Path
        With ``teacher.py`` and the weights beside it.
    threads : int
        That TensorFlow may use; 0: as it likes.

    Raises
    ------
    TeacherError
        If the folder lacks the module or the weights, or they cannot be loaded.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        module = _load_module(folder)
        import tensorflow as tf

        if threads:
            tf.config.threading.set_intra_op_parallelism_threads(threads)
            tf.config.threading.set_inter_op_parallelism_threads(threads)
        try:
            network = module.build()
        except (OSError, KeyError, ValueError) as error:
            raise TeacherError(f"cannot build the teacher in {folder}: {error}") from error
        self._log_mel = module.log_mel
        self._rate_hz = int(module.SAMPLE_RATE)
        self._run = tf.function(lambda x: network(x, training=False))

    def answers(self, windows: NDArray[np.float32]) -> TeacherAnswers:
        """Return the answers for windows of shape (N, 66150) at 22050 Hz, of any level."""
        embeddings, logits = [], []
        for start in range(0, len(windows), BATCH_WINDOWS):
            batch = np.stack([self._input(w) for w in windows[start : start + BATCH_WINDOWS]])
            found_logits, found_embedding = self._run(batch)
            logits.append(found_logits.numpy().astype(np.float16))
            embeddings.append(found_embedding.numpy().astype(np.float16))
        if not logits:
            empty = np.empty((0, LABELS), np.float16)
            return TeacherAnswers(np.empty((0, EMBEDDING_UNITS), np.float16), empty)
        return TeacherAnswers(np.concatenate(embeddings), np.concatenate(logits))

    def _input(self, window: NDArray[np.float32]) -> NDArray[np.float32]:
        peak = max(float(np.abs(window).max()), 1e-6)
        level = (window * np.float32(PRESENTED_PEAK / peak)).astype(np.float32)
        resampled = soxr.resample(level, SAMPLE_RATE_HZ, self._rate_hz)
        return np.asarray(self._log_mel(resampled), dtype=np.float32)


def _load_module(folder: Path) -> ModuleType:
    path = folder / MODULE_FILE
    if not path.is_file():
        raise TeacherError(
            f"there is no teacher in {folder}: {path} is missing; give the folder that holds "
            "it, or leave --teacher out to learn from labels only"
        )
    spec = importlib.util.spec_from_file_location("timbrescope_teacher", path)
    if spec is None or spec.loader is None:
        raise TeacherError(f"{path} is no Python module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
