"""The evidence of files that somebody looks at: what is asked for, and how it is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from timbrescope.desktop.engine.classify_file import explain_span
from timbrescope.desktop.engine.comparison import Comparator
from timbrescope.desktop.engine.file_messages import FileEvidence
from timbrescope.desktop.engine.loaded_models import ModelShelf
from timbrescope.desktop.engine.narrowing import Narrowing
from timbrescope.models.evidence import BEST, OTHERS
from timbrescope.models.frontend import WINDOW_S

# What the spectrogram shows at once.
SHOWN_WINDOWS = 4
EVIDENCE_S = SHOWN_WINDOWS * WINDOW_S


@dataclass(frozen=True)
class Wanted:
    """The window of a file whose evidence is wanted, and where what is shown begins."""

    path: Path
    start_s: float
    from_s: float | None


@dataclass(frozen=True)
class Judged:
    """How a file was judged; `gain_db` is None where that is not known."""

    model: str
    narrowing: Narrowing
    gain_db: float | None


class FileExplaining:
    """Keeps the newest wish and what came of it; any thread may ask, one explains."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wanted: Wanted | None = None
        self._evidence: FileEvidence | None = None
        self._compared: tuple[str, ...] = ()
        self._class_explained = BEST, OTHERS
        # Of the thread that explains.
        self._judged_by: dict[Path, Judged] = {}

    # -- any thread ------------------------------------------------------------------------

    def ask(self, wanted: Wanted) -> None:
        """Ask for the evidence of a window; it replaces what was asked for before."""
        with self._lock:
            self._wanted = wanted

    @property
    def is_asked(self) -> bool:
        """Whether there is something to explain."""
        return self._wanted is not None

    def poll(self) -> FileEvidence | None:
        """Return the evidence asked for once it is ready, else None."""
        with self._lock:
            evidence, self._evidence = self._evidence, None
            return evidence

    def set_comparing(self, references: Sequence[str]) -> None:
        """Give the answers of these models with the next evidence; none ends it."""
        with self._lock:
            self._compared = tuple(references)

    def set_explained(self, explained: int, against: int) -> None:
        """Explain this class with the next evidence, or each window's likeliest."""
        with self._lock:
            self._class_explained = explained, against

    # -- the thread that explains ----------------------------------------------------------

    def note(self, path: Path, judged: Judged) -> None:
        """Note how a file was judged: so it is explained, whichever model is chosen by then."""
        self._judged_by[path] = judged

    def take(self) -> Wanted | None:
        """Return what is asked for, which counts as done by that."""
        with self._lock:
            wanted, self._wanted = self._wanted, None
            return wanted

    def explain(self, wanted: Wanted, *, shelf: ModelShelf, otherwise: Judged) -> None:
        """Find the evidence of a window, for `poll`.

        `otherwise` says how a file is taken that was not judged here.

        Raises
        ------
        TimbrescopeError
            If file or model cannot be read.
        """
        with self._lock:
            compared, (explained, against) = self._compared, self._class_explained
        judged = self._judged_by.get(wanted.path, otherwise)
        shelf.narrow(judged.narrowing)
        evidence = explain_span(
            wanted.path,
            classifier=shelf.get(judged.model),
            start_s=wanted.start_s,
            from_s=wanted.from_s,
            duration_s=EVIDENCE_S,
            explained=explained,
            against=against,
            comparator=Comparator(compared, shelf=shelf) if compared else None,
            gain_db=judged.gain_db,
        )
        with self._lock:
            self._evidence = evidence
