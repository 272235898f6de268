"""One result as a JSON record, as the README documents it; JSON lines are one record a line."""

import math
from collections.abc import Sequence
from typing import Any

from timbrescope.desktop.engine.file_messages import FileResult, FileWindow
from timbrescope.desktop.engine.said import doubt_record
from timbrescope.desktop.export.answers import none_of_the_28
from timbrescope.models.instruments import NAMES
from timbrescope.models.names import printable, written_name


def as_record(result: FileResult) -> dict[str, Any]:
    """Return the record of one file."""
    good, rest = result.status == "ok", none_of_the_28(result)
    return {
        "path": written_name(result.path),
        "status": result.status,
        "error": None if result.error is None else printable(result.error),
        "notes": list(result.notes),
        "duration_s": round(result.duration_s, 6) if good else None,
        "model": written_name(result.model),
        "verdict": _verdict(result) if good else None,
        "probabilities": _named(result) if good else None,
        "none_of_the_28": None if rest is None else round(rest, 6),
        "doubt": doubt_record(result.doubt),
        "windows": [_window_record(window) for window in result.windows],
    }


def as_compared_record(result: FileResult, results: Sequence[FileResult]) -> dict[str, Any]:
    """Return the record of one file with the answers of all models under ``comparison``.

    `result` is that of the model asked for; `results` are those of all models compared.
    """
    shared = ("path", "notes", "duration_s")
    compared = [
        {key: value for key, value in as_record(each).items() if key not in shared}
        for each in results
    ]
    return as_record(result) | {"comparison": compared}


def _verdict(claim: FileResult | FileWindow) -> dict[str, Any]:
    return {
        "state": str(claim.state),
        "instrument": claim.instrument,
        "probability": round(claim.probability, 6),
    }


def _named(result: FileResult) -> dict[str, float]:
    pairs = zip(NAMES, result.probabilities, strict=True)
    return {name: round(float(probability), 6) for name, probability in pairs}


def _window_record(window: FileWindow) -> dict[str, Any]:
    # JSON has no infinity: the level of digital silence is null.
    level = round(window.level_dbfs, 2) if math.isfinite(window.level_dbfs) else None
    return {
        "start_s": round(window.start_s, 6),
        "level_dbfs": level,
        **_verdict(window),
        "likely": {name: round(share, 6) for name, share in window.likely},
        "doubt": doubt_record(window.doubt),
    }
