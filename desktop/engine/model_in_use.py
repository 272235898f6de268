"""Which model answers live: asked for by anyone, changed by the engine's thread alone."""

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread

from timbrescope.desktop.engine.loaded_models import ModelShelf, try_model
from timbrescope.models.catalogue import DEFAULT_MODEL, is_own
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import ModelFileError

logger = logging.getLogger(__name__)


class ModelInUse:
    """The model that answers, and why the one asked for last does not.

    Parameters
    ----------
    reference : str
        The model to start with: a name in the catalogue, or the path of a model file. It is loaded
        once it is needed.
    others : callable
        Gives those that may take its place, in order, should it be refused then.
    shelf : ModelShelf
        Of the engine's thread.
    send : callable
        Has something done by the engine's thread.
    changed : callable
        Called by the engine's thread with the model that answers from now on.
    try_out : callable, optional
        Tries a user's own model in another process; tests pass their own.
    """

    def __init__(
        self,
        reference: str,
        *,
        others: Callable[[], Sequence[str]],
        shelf: ModelShelf,
        send: Callable[[Callable[[], None]], None],
        changed: Callable[[Classifier], None],
        try_out: Callable[[str], None] = try_model,
    ) -> None:
        self._shelf, self._send, self._changed, self._try_out = shelf, send, changed, try_out
        self.reference, self._others = reference, others
        self._loaded: Classifier | None = None
        self.problem = ""
        self._is_known, self._refusal = Event(), ""
        # Counts the models asked for: one that takes long to be tried may come too late.
        self._asked = 0

    def ask(self, reference: str) -> None:
        """Have another model answer; if it is refused, `problem` says why. Returns at once."""
        self.problem = ""
        self._asked += 1
        if is_own(reference):
            # A model from outside may take long to show what it is; listening goes on meanwhile.
            arguments = (reference, self._asked)
            trying = Thread(target=self._try, args=arguments, name="try-model", daemon=True)
            self._send(trying.start)
        else:
            self._send(lambda: self._use(reference))

    def _try(self, reference: str, asked: int) -> None:
        refusal: ModelFileError | None = None
        try:
            self._try_out(reference)
        except ModelFileError as error:
            refusal = error

        def use() -> None:
            if asked != self._asked:
                return
            if refusal is None:
                self._use(reference)
            else:
                self._refuse(refusal)

        self._send(use)

    def wait(self) -> None:
        """Wait until the engine's thread has loaded the first model, see `prepare`.

        Raises
        ------
        ModelFileError
            If none can be used.
        """
        self._is_known.wait()
        if self._refusal:
            raise ModelFileError(self._refusal)

    # -- the engine's thread ---------------------------------------------------------------

    def prepare(self) -> None:
        """Load the first model before anything is heard; raises as `classifier` does."""
        try:
            _ = self.classifier
        except ModelFileError as error:
            self._refusal = str(error)
            raise
        finally:
            self._is_known.set()

    @property
    def classifier(self) -> Classifier:
        """The model that answers; the first one is loaded when it is asked for.

        Raises
        ------
        ModelFileError
            If none can be used.
        """
        if self._loaded is None:
            self._loaded = self._first()
        return self._loaded

    def _first(self) -> Classifier:
        try:
            return self._shelf.get(self.reference)
        except ModelFileError as error:
            refusal = error
        logger.warning("%s", refusal)
        for other in self._others():
            try:
                found = self._shelf.get(other)
            except ModelFileError as error:
                logger.warning("%s", error)
                continue
            self.problem = f"Another model answers now ({other}): {refusal}"
            self.reference = other
            return found
        raise refusal

    def _use(self, reference: str) -> None:
        try:
            self._loaded = self._shelf.get(reference)
        except ModelFileError as error:
            self._refuse(error)
            return
        self.reference = reference
        self._changed(self._loaded)

    def again(self) -> None:
        """Take the model from the shelf again, which gives it within other limits now."""
        if self._loaded is not None:
            self._loaded = self._shelf.get(self.reference)

    def _refuse(self, error: ModelFileError) -> None:
        self.problem = f"The model was not changed: {error}"

    def leave(self, error: ModelFileError) -> None:
        """Let the default model answer in the place of one that failed while listening.

        Raises
        ------
        ModelFileError
            `error` itself, if it is the default model that failed, or none could be loaded.
        """
        if self.reference == DEFAULT_MODEL or self._loaded is None:
            raise error
        logger.warning("model %s is left behind: %s", self.reference, error)
        self._use(DEFAULT_MODEL)
        self.problem = f"Another model answers now ({DEFAULT_MODEL}): {error}"
