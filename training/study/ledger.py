"""Remembers which tasks of a study are finished, with what input, and how long they took."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from time import monotonic

from timbrescope.training.files import write_json
from timbrescope.training.hashes import short_hash
from timbrescope.training.state import read_state


def file_fingerprint(*paths: Path) -> str:
    """Return a short hash of the contents of files; a missing one counts as such."""
    return short_hash(
        *(sha256(path.read_bytes()).hexdigest() if path.is_file() else "none" for path in paths)
    )


@dataclass(frozen=True)
class _Finished:
    key: str
    seconds: float


class Ledger:
    """The finished tasks of a study, in a JSON file that is replaced after each of them.

    Parameters
    ----------
    path : Path
        ``ledger.json`` of the study. A damaged one is set aside, and all tasks are done again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tasks: dict[str, _Finished] = read_state(path, dict[str, _Finished]) or {}

    def is_done(self, task: str, *, key: str, files: Iterable[Path] = ()) -> bool:
        """Return whether a task was finished with this input and its files are still there."""
        stated = self._tasks.get(task)
        return stated is not None and stated.key == key and all(p.is_file() for p in files)

    def run(
        self,
        task: str,
        work: Callable[[], object],
        *,
        key: str,
        files: Iterable[Path] = (),
    ) -> bool:
        """Do a task unless it is done, note that it is, and return whether there was work."""
        if self.is_done(task, key=key, files=files):
            return False
        began_s = monotonic()
        # Time that a killed attempt took is lost; what a resumed one takes is added.
        work()
        self._tasks[task] = _Finished(key, round(monotonic() - began_s, 1))
        write_json(self._path, {name: asdict(each) for name, each in self._tasks.items()})
        return True

    def seconds(self) -> dict[str, float]:
        """Return what each finished task took."""
        return {task: stated.seconds for task, stated in self._tasks.items()}
