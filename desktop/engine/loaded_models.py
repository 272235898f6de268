"""The models that a thread has loaded: each one once, and anew when its file has changed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from timbrescope.desktop.engine.narrowing import WHOLE, Narrowing
from timbrescope.models.artefact import Artefact, load_artefact, sidecar_path
from timbrescope.models.catalogue import is_own, model_path
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import ModelFileError
from timbrescope.models.trial import try_apart

Load = Callable[[str], Classifier]
_Stamp = tuple[int, ...]


class Trials:
    """Remembers which models were tried in a process of their own; any thread may ask."""

    def __init__(self, attempt: Callable[[Artefact], None] = try_apart) -> None:
        self._attempt = attempt
        self._lock = Lock()
        self._found: dict[str, ModelFileError | None] = {}

    def check(self, artefact: Artefact, *, anew: bool = False) -> None:
        """Try a model, unless these very files have been tried before; `anew` forgets a refusal.

        Raises
        ------
        ModelFileError
            If it is refused.
        """
        stated = f"{artefact.sidecar}\n".encode("utf-8", "surrogatepass")
        key = hashlib.sha256(stated + artefact.graph).hexdigest()
        # One at a time: two engines that ask for the same model try it once.
        with self._lock:
            known = key in self._found
            if not known or (anew and self._found[key]):
                self._found[key] = self._tried(artefact)
            refusal = self._found[key]
        if refusal:
            raise refusal

    def _tried(self, artefact: Artefact) -> ModelFileError | None:
        try:
            self._attempt(artefact)
        except ModelFileError as error:
            return error
        return None


_TRIALS = Trials()


def load_model(reference: str) -> Classifier:
    """Load a model; a user's own is tried in a process of its own first.

    Raises
    ------
    ModelFileError
        If it is refused.
    """
    if not is_own(reference):
        return Classifier.load(reference)
    artefact = load_artefact(model_path(reference))
    _TRIALS.check(artefact)
    return Classifier(artefact)


def try_model(reference: str) -> None:
    """Try a user's own model anew, so that `load_model` takes no time for it afterwards.

    Raises
    ------
    ModelFileError
        If it is refused.
    """
    if is_own(reference):
        _TRIALS.check(load_artefact(model_path(reference)), anew=True)


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

    def __init__(self, load: Load = load_model) -> None:
        self._load = load
        self._kept: dict[str, _Kept] = {}
        self._narrowing = WHOLE
        self._narrowed: dict[str, Classifier] = {}

    def narrow(self, narrowing: Narrowing) -> None:
        """Give every model within these limits from now on."""
        if narrowing != self._narrowing:
            self._narrowing = narrowing
            self._narrowed.clear()

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
        if kept is None or stamp not in (None, kept.stamp):
            kept = self._kept[reference] = _Kept(self._load(reference), stamp)
            self._narrowed.pop(reference, None)
        # The same one each time: whoever compares must see that two of them are one.
        if reference not in self._narrowed:
            self._narrowed[reference] = self._narrowing.applied(kept.classifier)
        return self._narrowed[reference]


def _stamp(reference: str) -> _Stamp | None:
    """Return what changes when a model is written again; None if it is not there."""
    try:
        path = model_path(reference)
        states = [each.stat() for each in (path, sidecar_path(path))]
    # ValueError: a path with a NUL in it.
    except (ModelFileError, OSError, ValueError):
        return None
    return tuple(number for state in states for number in (state.st_mtime_ns, state.st_size))
