"""Every file of the corpora is looked at once; what cannot be used is left out with a reason."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from timbrescope.models.names import printable, read_name, written_name
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.files import write_text
from timbrescope.training.study.inspect.corpora import Corpus
from timbrescope.training.study.inspect.duplicates import mark_duplicates
from timbrescope.training.study.inspect.measuring import MEASURING_VERSION, MeasuredFile, measure
from timbrescope.training.study.inspect.rows import Inspected, write_inspected
from timbrescope.training.study.tasks import Progress, run_tasks

# A task is some tenths of a second of work.
FILES_PER_TASK = 48


@dataclass(frozen=True)
class FileState:
    """A file as it was when it was listed; another size or time means another content."""

    path: Path
    size: int
    changed_ns: int

    @property
    def key(self) -> str:
        """What a measurement is filed under."""
        return f"{self.path}|{self.size}|{self.changed_ns}"


def inspect(
    corpora: Sequence[Corpus],
    *,
    table: Path,
    workers: int,
    scheduler: str | None = None,
    progress: Progress = lambda done, total: None,  # noqa: ARG005
) -> list[Inspected]:
    """Look at every file of the corpora and write one row for each.

    Files that are corrupt, empty, silent or too short, and copies of others, are in the table
    with a reason. What was measured is kept beside the table as it comes: a run that was
    stopped goes on, and a later one only looks at files that are new or have changed.

    Parameters
    ----------
    corpora : sequence of Corpus
        Those to train with first: of copies, the first is kept.
    table : Path
        The CSV to write.
    workers, scheduler
        See `training.study.tasks.run_tasks`.
    progress : callable
        Told how many of the files to be measured are done, and how many there are.

    Raises
    ------
    SchedulerError
        If a scheduler is named that cannot be used.
    """
    listed = [(corpus, recording) for corpus in corpora for recording in corpus.recordings]
    states = {path: _state(path) for path in {recording.path for _, recording in listed}}
    with Measurements(table.with_suffix(".jsonl")) as known:
        wanted = {state.key: state for state in states.values()}
        _measure_missing(
            [state for key, state in sorted(wanted.items()) if key not in known],
            known,
            workers=workers,
            scheduler=scheduler,
            progress=progress,
        )
        rows = [
            _row(corpus, recording, known[states[recording.path].key])
            for corpus, recording in listed
        ]
        known.keep_only(wanted)
    marked = mark_duplicates(rows)
    write_inspected(marked, table)
    return marked


def _state(path: Path) -> FileState:
    try:
        found = path.stat()
    except OSError:
        return FileState(path, -1, -1)
    return FileState(path, found.st_size, found.st_mtime_ns)


def _measure_missing(
    missing: Sequence[FileState],
    known: "Measurements",
    *,
    workers: int,
    scheduler: str | None,
    progress: Progress,
) -> None:
    done = 0
    for answer in run_tasks(measure_files, _tasks(missing), workers=workers, scheduler=scheduler):
        known.add(answer)
        done += len(answer)
        progress(done, len(missing))


def _tasks(states: Sequence[FileState]) -> Iterator[tuple[FileState, ...]]:
    for first in range(0, len(states), FILES_PER_TASK):
        yield tuple(states[first : first + FILES_PER_TASK])


def measure_files(task: tuple[FileState, ...]) -> tuple[tuple[str, MeasuredFile], ...]:
    """Return what each file of a task holds, by its key; runs in a worker."""
    return tuple((state.key, measure(state.path)) for state in task)


def _row(corpus: Corpus, recording: Recording, measured: MeasuredFile) -> Inspected:
    assert recording.instrument is not None  # a corpus lists the 28 instruments only
    path = recording.path
    inner = path.relative_to(corpus.root) if path.is_relative_to(corpus.root) else path
    return Inspected(
        corpus=corpus.name,
        root=corpus.root,
        path=inner.as_posix(),
        instrument=recording.instrument,
        group=recording.group,
        source=recording.source,
        split=recording.split,
        measured=measured,
        problem=measured.problem,
        detail=measured.detail,
    )


class Measurements:
    """What is known of files, on disk from the moment it is added; a context manager.

    Each line of the file is one JSON record. A line that is cut off, because a run was killed
    while it wrote, is measured again.

    Parameters
    ----------
    path : Path
        The file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, MeasuredFile] = {}

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._found = dict(_read_lines(self._path))
        self._file = self._path.open("a", encoding="utf-8")
        if self._file.tell():
            # Ends a line that was cut off; an empty one does no harm.
            self._file.write("\n")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __contains__(self, key: str) -> bool:
        return key in self._found

    def __getitem__(self, key: str) -> MeasuredFile:
        return self._found[key]

    def add(self, found: Iterable[tuple[str, MeasuredFile]]) -> None:
        """Keep measurements."""
        for key, measured in found:
            self._found[key] = measured
            self._file.write(_line(key, measured))
        self._file.flush()

    def keep_only(self, keys: Iterable[str]) -> None:
        """Rewrite the file with these alone, and close it: others are of files now gone."""
        self._file.close()
        lines = (_line(key, self._found[key]) for key in sorted(keys))
        write_text(self._path, "".join(lines))


def _line(key: str, measured: MeasuredFile) -> str:
    facts = asdict(measured) | {"detail": printable(measured.detail)}
    record = {"version": MEASURING_VERSION, "key": written_name(key), **facts}
    return json.dumps(record, ensure_ascii=False) + "\n"


def _read_lines(path: Path) -> Iterator[tuple[str, MeasuredFile]]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                record: dict[str, Any] = json.loads(line)
                if record.pop("version") == MEASURING_VERSION:
                    key = read_name(record.pop("key"))
                    levels = tuple(record.pop("levels_dbfs"))
                    yield key, MeasuredFile(**record, levels_dbfs=levels)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
