"""A list of files kept from one run to the next, as JSON lines."""

import json
import logging
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from timbrescope.desktop.engine.file_messages import FileResult, FileWindow
from timbrescope.desktop.export.records import as_record
from timbrescope.desktop.export.whole_file import whole_file
from timbrescope.models.analysis import Doubt, Reason, State
from timbrescope.models.instruments import NAMES
from timbrescope.models.json_text import json_line
from timbrescope.models.names import read_name, written_name

logger = logging.getLogger(__name__)

# A file that is there, but has not been analysed yet.
_WITHOUT_RESULT = "waiting"
KeptFile = tuple[Path, FileResult | None]


def write_list(files: Iterable[KeptFile], path: Path) -> None:
    """Keep files with their results; a list that cannot be kept is no reason to stop anybody."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path, encoding="ascii") as file:
            for each, result in files:
                record = {"path": written_name(each), "status": _WITHOUT_RESULT}
                file.write(json_line(record if result is None else as_record(result)))
    except OSError as error:
        logger.warning("cannot keep the list of files in %s: %s", path, error)


def read_list(path: Path) -> list[KeptFile]:
    """Return what was kept; a line that another program wrote, or half of one, is left out."""
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            lines = file.readlines()
    except OSError:
        return []
    found = (_file_of(line) for line in lines)
    return [each for each in found if each is not None]


def count_list(path: Path) -> int:
    """Return how many files were kept."""
    try:
        with path.open("rb") as file:
            return sum(1 for _ in file)
    except OSError:
        return 0


def _file_of(line: str) -> KeptFile | None:
    try:
        record = json.loads(line)
        path = Path(read_name(record["path"]))
        if record["status"] == _WITHOUT_RESULT:
            return path, None
        return path, _result_of(path, record)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        logger.warning("a line of the last list cannot be read: %s", error)
        return None


def _result_of(path: Path, record: dict[str, Any]) -> FileResult:
    good = record["status"] == "ok"
    verdict = record["verdict"] or {"state": State.NO_SIGNAL, "instrument": None, "probability": 0}
    named = record["probabilities"] or dict.fromkeys(NAMES, 0.0)
    probabilities = np.array([named[name] for name in NAMES], dtype=np.float32)
    probabilities.setflags(write=False)
    return FileResult(
        path=path,
        status="ok" if good else "error",
        error=None if good else str(record["error"]),
        duration_s=float(record["duration_s"] or 0.0),
        model=read_name(record["model"]),
        state=State(verdict["state"]),
        instrument=_name(verdict["instrument"]),
        probability=float(verdict["probability"]),
        probabilities=probabilities,
        windows=tuple(_window_of(each) for each in record["windows"]),
        notes=tuple(str(note) for note in record["notes"]),
        doubt=_doubt_of(record.get("doubt")),
    )


def _doubt_of(record: dict[str, Any] | None) -> Doubt | None:
    if record is None:
        return None
    return Doubt(Reason(record["reason"]), float(record["found"]), float(record["needed"]))


def _window_of(record: dict[str, Any]) -> FileWindow:
    level = record["level_dbfs"]
    return FileWindow(
        float(record["start_s"]),
        -math.inf if level is None else float(level),
        State(record["state"]),
        _name(record["instrument"]),
        float(record["probability"]),
        tuple((_known(name), float(share)) for name, share in record.get("likely", {}).items()),
        _doubt_of(record.get("doubt")),
    )


def _name(name: str | None) -> str | None:
    return None if name is None else _known(name)


def _known(name: str) -> str:
    if name not in NAMES:
        raise ValueError(f"{name!r} is none of the 28 instruments")
    return name
