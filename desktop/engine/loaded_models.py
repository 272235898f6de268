"""The models that a thread has loaded: each one once, and anew when its file has changed."""

from collections.abc import Callable
from dataclasses import dataclass

from timbrescope.models.artefact import sidecar_path
from timbrescope.models.catalogue import model_path
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import ModelFileError

Load = Callable[[str], Classifier]
_Stamp = tuple[int, ...]


@dataclass(frozen=True)
class _Kept:
    classifier: Classifier
    stamp: _Stamp | None


class ModelShelf:
    """Owned by one thread, as the classifiers on it are.

    Parameters
    ----------
    load : callable, optional
        Loads a model by its reference; tests pass their own.
    """

    def __init__(self, load: Load = Classifier.load) -> None:
        self._load = load
        self._kept: dict[str, _Kept] = {}

    def get(self, reference: str) -> Classifier:
        """Return the model of this reference, loaded if need be.

        A file that was written again since (a model trained anew) is loaded again; one that
        has gone does not take the model away from whoever uses it.

        Raises
        ------
        ModelFileError
            If it is refused.
        """
        stamp = _stamp(reference)
        kept = self._kept.get(reference)
        if kept is not None and stamp in (None, kept.stamp):
            return kept.classifier
        classifier = self._load(reference)
        self._kept[reference] = _Kept(classifier, stamp)
        return classifier


def _stamp(reference: str) -> _Stamp | None:
    """Return what changes when a model is written again; None if it is not there."""
    try:
        path = model_path(reference)
        states = [each.stat() for each in (path, sidecar_path(path))]
    except (ModelFileError, OSError):
        return None
    return tuple(number for state in states for number in (state.st_mtime_ns, state.st_size))
