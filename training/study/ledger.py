"""Remembers which tasks of a study are finished, with what input, and how long they took."""

import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from timbrescope.training.files import write_json
from timbrescope.training.hashes import short_hash


def file_fingerprint(*paths: Path) -> str:
    """Return a short hash of the contents of files; a missing one counts as such."""
    return short_hash(
        *(sha256(path.read_bytes()).hexdigest() if path.is_file() else "none" for path in paths)
    )


class Ledger:
    """The finished tasks of a study, in a JSON file that is replaced after each of them.

    Parameters
    ----------
    path : Path
        ``ledger.json`` of the study.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tasks: dict[str, dict[str, Any]] = {}
        if path.is_file():
            self._tasks = json.loads(path.read_text("utf-8"))

    def is_done(self, task: str, *, key: str, files: Iterable[Path] = ()) -> bool:
        """Return whether a task was finished with this input and its files are still there."""
        stated = self._tasks.get(task)
        return stated is not None and stated["key"] == key and all(p.is_file() for p in files)

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
        self._tasks[task] = {"key": key, "seconds": round(monotonic() - began_s, 1)}
        write_json(self._path, self._tasks)
        return True

    def seconds(self) -> dict[str, float]:
        """Return what each finished task took."""
        return {task: float(stated["seconds"]) for task, stated in self._tasks.items()}
