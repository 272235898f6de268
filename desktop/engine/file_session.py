"""The files dropped on the window: one worker thread classifies them, one after the other.

The thread owns classifiers of its own. Requests for evidence come first, even in the middle of a
long file, because somebody is looking at the screen waiting for them.
"""

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Condition, Thread

from timbrescope.desktop.engine.classify_file import (
    Cancelled,
    classify_file,
    failed,
    words_for,
)
from timbrescope.desktop.engine.file_events import FileEvent, FileEventKind
from timbrescope.desktop.engine.file_explaining import FileExplaining, Judged, Wanted
from timbrescope.desktop.engine.file_messages import FileEvidence
from timbrescope.desktop.engine.giving_way import give_way
from timbrescope.desktop.engine.loaded_models import Load, ModelShelf, load_model
from timbrescope.desktop.engine.narrowing import WHOLE, Narrowing
from timbrescope.models.audio.collect import Collected, collect_audio_files
from timbrescope.models.catalogue import DEFAULT_MODEL
from timbrescope.models.errors import AudioFileError, TimbrescopeError
from timbrescope.models.evidence import BEST, OTHERS

logger = logging.getLogger(__name__)

JOIN_TIMEOUT_S = 5.0


class FileSession:
    """Classifies files in the background; all methods return at once, from any thread."""

    def __init__(
        self,
        *,
        model: str = DEFAULT_MODEL,
        load: Load = load_model,
    ) -> None:
        self._model = model
        self._shelf = ModelShelf(load)
        self._narrowing = WHOLE
        self._explaining = FileExplaining()
        self._lock = Condition()
        self._dropped: deque[list[Path]] = deque()
        self._queue: deque[Path] = deque()
        self._events: deque[FileEvent] = deque()
        self._in_hand: Path | None = None
        self._generation = 0
        self._closing = False
        self._thread = Thread(target=self._run, name="timbrescope-files", daemon=True)
        self._thread.start()

    # -- called by others ------------------------------------------------------------------

    def add(self, paths: Iterable[Path]) -> None:
        """Queue files, and every audio file in folders."""
        with self._lock:
            self._dropped.append(list(paths))
            self._lock.notify()

    def poll(self) -> tuple[FileEvent, ...]:
        """Return what happened since the last call, oldest first."""
        with self._lock:
            events = tuple(self._events)
            self._events.clear()
            return events

    def cancel(self, paths: Iterable[Path] | None = None) -> None:
        """Give up these files, or everything; the file in hand stops at its next window."""
        with self._lock:
            wanted = None if paths is None else set(paths)
            if wanted is None or self._in_hand in wanted:
                self._generation += 1
            dropped = [] if wanted is not None else [p for each in self._dropped for p in each]
            given_up = [path for path in self._queue if wanted is None or path in wanted]
            for path in (*given_up, *dropped):
                self._events.append(FileEvent(path, FileEventKind.STOPPED))
            self._queue = deque(path for path in self._queue if path not in set(given_up))
            if wanted is None:
                self._dropped.clear()

    def set_model(self, reference: str) -> None:
        """Answer with this model from the next file on."""
        with self._lock:
            self._model = reference

    def narrow(self, narrowing: Narrowing) -> None:
        """Answer within these limits from the next file on; each result says so in its notes."""
        with self._lock:
            self._narrowing = narrowing

    def set_comparing(self, references: Sequence[str]) -> None:
        """Give the answers of these models with the next evidence asked for; none ends it."""
        self._explaining.set_comparing(references)

    def set_explained(self, explained: int = BEST, *, against: int = OTHERS) -> None:
        """Explain this class with the next evidence asked for, or each window's likeliest."""
        self._explaining.set_explained(explained, against)

    def request_evidence(self, path: Path, start_s: float, from_s: float | None = None) -> None:
        """Ask for the evidence of the window at `start_s`; it replaces what was asked for before.

        What is shown begins with that window, or earlier, at `from_s`.
        """
        with self._lock:
            self._explaining.ask(Wanted(path, start_s, from_s))
            self._lock.notify()

    def poll_evidence(self) -> FileEvidence | None:
        """Return the evidence asked for once it is ready, else None."""
        return self._explaining.poll()

    def close(self) -> None:
        """Stop the thread; the file in hand is given up."""
        with self._lock:
            self._closing = True
            self._generation += 1
            self._lock.notify()
        self._thread.join(JOIN_TIMEOUT_S)

    # -- the worker thread -----------------------------------------------------------------

    def _run(self) -> None:
        give_way()
        while not self._closing:
            with self._lock:
                self._lock.wait_for(self._has_work)
            self._explain_if_wanted()
            self._sort_out_dropped()
            self._classify_next()

    def _has_work(self) -> bool:
        return bool(self._closing or self._dropped or self._queue or self._explaining.is_asked)

    def _sort_out_dropped(self) -> None:
        with self._lock:
            dropped = self._dropped.popleft() if self._dropped else []
            generation = self._generation
        if not dropped:
            return
        found = _collected(dropped)
        with self._lock:
            if generation != self._generation:
                return
            for kind, said in (
                (FileEventKind.SKIPPED, found.refused),
                (FileEventKind.LEFT_OUT, found.left_out),
            ):
                self._events.extend(FileEvent(path, kind, message=reason) for path, reason in said)
            for path in found.files:
                self._events.append(FileEvent(path, FileEventKind.QUEUED))
            self._queue.extend(found.files)

    def _classify_next(self) -> None:
        with self._lock:
            if not self._queue:
                return
            path = self._in_hand = self._queue.popleft()
            generation = self._generation
        try:
            self._classify(path, generation=generation)
        # A fault in one file must neither end the thread nor leave its row waiting for ever.
        except Exception as error:
            logger.exception("cannot analyse %s", path)
            result = failed(path, reason=words_for(error), model=self._model)
            self._tell(FileEvent(path, FileEventKind.DONE, progress=1.0, result=result))

    def _classify(self, path: Path, *, generation: int) -> None:
        length_s = _length_s(path)
        model, narrowing = self._model, self._narrowing
        self._shelf.narrow(narrowing)

        def progress(done_s: float) -> None:
            if generation != self._generation:
                raise Cancelled
            self._explain_if_wanted()
            self._sort_out_dropped()
            share = min(1.0, done_s / length_s) if length_s else 0.0
            self._tell(FileEvent(path, FileEventKind.PROGRESS, progress=share))

        try:
            result = classify_file(
                path, classifier=self._shelf.get(model), model=model, progress=progress
            )
        except Cancelled:
            self._tell(FileEvent(path, FileEventKind.STOPPED))
            return
        self._explaining.note(path, Judged(model, narrowing, result.gain_db))
        if narrowing.note and result.status == "ok":
            result = replace(result, notes=(*result.notes, narrowing.note))
        self._tell(FileEvent(path, FileEventKind.DONE, progress=1.0, result=result))

    def _explain_if_wanted(self) -> None:
        if (wanted := self._explaining.take()) is None:
            return
        otherwise = Judged(self._model, self._narrowing, None)
        try:
            self._explaining.explain(wanted, shelf=self._shelf, otherwise=otherwise)
        # As with a file: evidence that cannot be had must not end the thread.
        except Exception as error:
            if not isinstance(error, TimbrescopeError):
                logger.exception("cannot explain %s", wanted.path)
            message = words_for(error)
            self._tell(FileEvent(wanted.path, FileEventKind.UNEXPLAINED, message=message))

    def _tell(self, event: FileEvent) -> None:
        with self._lock:
            # Only the newest progress of a file matters to whoever polls.
            last = self._events[-1] if self._events else None
            if last and last.path == event.path and last.kind is FileEventKind.PROGRESS:
                self._events.pop()
            self._events.append(event)


def _collected(dropped: list[Path]) -> Collected:
    """Return the audio files in what was dropped, and what cannot be used with the reason."""
    try:
        return collect_audio_files(dropped)
    # A folder that cannot be searched must not take the others and the thread with it.
    except Exception as error:
        logger.exception("cannot look through what was dropped")
        return Collected((), tuple((path, words_for(error)) for path in dropped), ())


def _length_s(path: Path) -> float:
    """Return the length that the file's header states, 0 if it cannot be read."""
    # See `models.hearing`.
    from timbrescope.models.audio.decode import open_audio

    try:
        with open_audio(path) as audio:
            return audio.duration_s
    except AudioFileError:
        # The classification that follows reports what is wrong with the file.
        return 0.0
