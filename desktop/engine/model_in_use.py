"""Which model answers live: asked for by anyone, changed by the engine's thread alone."""

import logging
from collections.abc import Callable
from threading import Thread

from timbrescope.desktop.engine.loaded_models import ModelShelf, try_model
from timbrescope.desktop.engine.model_choices import is_own
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import ModelFileError

logger = logging.getLogger(__name__)


class ModelInUse:
    """The model that answers, and why the one asked for last does not.

    Parameters
    ----------
    reference : str
        The model to start with: a name in the catalogue, or the path of a model file.
    shelf : ModelShelf
        Of the engine's thread.
    send : callable
        Has something done by the engine's thread.
    changed : callable
        Called by the engine's thread with the model that answers from now on.
    try_out : callable, optional
        Tries a user's own model in another process; tests pass their own.

    Raises
    ------
    ModelFileError
        From the constructor, if the model to start with is refused.
    """

    def __init__(
        self,
        reference: str,
        *,
        shelf: ModelShelf,
        send: Callable[[Callable[[], None]], None],
        changed: Callable[[Classifier], None],
        try_out: Callable[[str], None] = try_model,
    ) -> None:
        self._shelf, self._send, self._changed, self._try_out = shelf, send, changed, try_out
        self.reference, self.classifier = reference, shelf.get(reference)
        self.problem = ""
        # Counts the models asked for: one that takes long to be tried may come too late.
        self._asked = 0

    def ask(self, reference: str) -> None:
        """Have another model answer; if it is refused, `problem` says why. Returns at once."""
        self.problem = ""
        self._asked += 1
        if is_own(reference):
            # A model from outside may take long to show what it is; listening goes on meanwhile.
            arguments = (reference, self._asked)
            Thread(target=self._try, args=arguments, name="try-model", daemon=True).start()
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

    # -- the engine's thread ---------------------------------------------------------------

    def _use(self, reference: str) -> None:
        try:
            self.classifier = self._shelf.get(reference)
        except ModelFileError as error:
            self._refuse(error)
            return
        self.reference = reference
        self._changed(self.classifier)

    def again(self) -> None:
        """Take the model from the shelf again, which gives it within other limits now."""
        self.classifier = self._shelf.get(self.reference)

    def _refuse(self, error: ModelFileError) -> None:
        self.problem = f"The model was not changed: {error}"

    def leave(self, error: ModelFileError) -> None:
        """Let the default model answer in the place of one that failed while listening.

        Raises
        ------
        ModelFileError
            `error` itself, if it is the default model that failed.
        """
        if self.reference == DEFAULT_MODEL:
            raise error
        logger.warning("model %s is left behind: %s", self.reference, error)
        self._use(DEFAULT_MODEL)
        self.problem = f"Another model answers now ({DEFAULT_MODEL}): {error}"
