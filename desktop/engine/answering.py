"""How what is heard is answered: by which models, within which limits, and explained for whom."""

from collections.abc import Callable, Sequence

from timbrescope.desktop.audio.source import Source
from timbrescope.desktop.engine.comparison import Comparator
from timbrescope.desktop.engine.listener import Listener
from timbrescope.desktop.engine.loaded_models import Load, ModelShelf
from timbrescope.desktop.engine.model_in_use import ModelInUse
from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.desktop.engine.outbox import Outbox
from timbrescope.desktop.engine.session import Session
from timbrescope.desktop.engine.stream import Stream
from timbrescope.models.classifier import Classifier
from timbrescope.models.evidence import BEST, OTHERS


class Answering:
    """Owned by the engine's thread, but for what `ModelInUse` offers to others.

    Parameters
    ----------
    model : str
        The model to start with: a name in the catalogue, or the path of a model file.
    others, load, try_out : callable
        See `ModelInUse` and `ModelShelf`.
    send : callable
        Has something done by the engine's thread.
    session : Session
    outbox : Outbox
    stream : callable
        Gives the stream that is heard now, None while none is.
    """

    def __init__(
        self,
        model: str,
        *,
        others: Callable[[], Sequence[str]],
        load: Load,
        try_out: Callable[[str], None],
        send: Callable[[Callable[[], None]], None],
        session: Session,
        outbox: Outbox,
        stream: Callable[[], Stream | None],
    ) -> None:
        self._session, self._outbox, self._stream = session, outbox, stream
        self._shelf = ModelShelf(load)
        self.model = ModelInUse(
            model,
            others=others,
            shelf=self._shelf,
            send=send,
            changed=self._answer_with,
            try_out=try_out,
        )
        self._comparator: Comparator | None = None
        self._explained = BEST, OTHERS

    def stream_from(self, source: Source) -> Stream:
        """Return a stream from a source that is not yet started.

        It is answered as is wanted once it is heard: sound can come in while a model is loaded.
        """
        first_sample = self._session.next_sample()

        def listener() -> Listener:
            made = Listener(
                self.model.classifier, comparator=self._comparator, first_sample=first_sample
            )
            explained, against = self._explained
            made.explain(explained, against=against)
            return made

        return Stream(source, listener)

    def _heard(self) -> Stream | None:
        """Return the stream of now, if any of it has been heard."""
        stream = self._stream()
        return stream if stream is not None and stream.is_heard else None

    def _answer_with(self, classifier: Classifier) -> None:
        if (stream := self._heard()) is not None:
            stream.listener.use(classifier)
            self._session.mark_model(self.model.reference, position_s=stream.position_s)

    def narrow(self, narrowing: Narrowing) -> None:
        """Answer within these limits from now on."""
        self._shelf.narrow(narrowing)
        self.model.again()
        if (stream := self._heard()) is not None:
            stream.listener.use(self.model.classifier)
        if self._comparator is not None:
            self.compare(self._comparator.references)

    def explain(self, explained: int, against: int) -> None:
        """Explain this class from now on; see `models.evidence`."""
        self._explained = explained, against
        if (stream := self._heard()) is not None:
            stream.listener.explain(explained, against=against)

    def explain_moment(self, end_s: float) -> None:
        """Leave the answer to the 3 s of the history that end at `end_s`."""
        explained, against = self._explained
        self._session.explain_moment(
            end_s, self.model.classifier, explained=explained, against=against
        )

    def compare(self, references: tuple[str, ...]) -> None:
        """Put the answers of these models beside each other from now on; none ends it."""
        self._comparator = Comparator(references, shelf=self._shelf) if references else None
        self._outbox.stop_comparing()
        if (stream := self._heard()) is not None:
            stream.listener.compare(self._comparator)
