"""What ``timbrescope classify`` writes: rows of a table, or records of JSON lines. No Qt."""

import math
from collections.abc import Sequence
from typing import Any

from timbrescope.desktop.engine.agreement import agreement
from timbrescope.desktop.engine.messages import FileResult, FileWindow
from timbrescope.models.analysis import State
from timbrescope.models.instruments import NAMES

# "Acoustic Guitar? 100%"
_CELL = 21


def table_head() -> str:
    """Return the table's first line."""
    return f"{'answer':<24} {'prob.':>6} {'length':>9}  file"


def table_row(result: FileResult) -> str:
    """Return the line of one file."""
    if result.status == "error":
        return f"{'ERROR':<24} {'':>6} {'':>9}  {result.path}: {result.error}"
    answer = result.instrument or str(result.state)
    return f"{answer:<24} {result.probability:>6.1%} {result.duration_s:>8.1f}s  {result.path}"


def compared_head(titles: Sequence[str]) -> str:
    """Return the first line of the table that has a column for each model."""
    cells = "  ".join(f"{title[:_CELL]:<{_CELL}}" for title in titles)
    return f"{cells}  {'agree':>5} {'length':>9}  file"


def compared_row(results: Sequence[FileResult]) -> str:
    """Return the line of one file with the answers of all models.

    A question mark stands for *not sure*. ``agree`` counts the models that claim the instrument
    claimed most often, among those that could answer.
    """
    good = [result for result in results if result.status == "ok"]
    if not good:
        first = results[0]
        return f"{'ERROR':<{_CELL}}  {first.path}: {first.error}"
    found = agreement([result.instrument for result in good])
    share = f"{found.votes}/{found.asked}"
    cells = "  ".join(f"{_cell(result):<{_CELL}}" for result in results)
    return f"{cells}  {share:>5} {good[0].duration_s:>8.1f}s  {good[0].path}"


def _cell(result: FileResult) -> str:
    if result.status == "error":
        return "cannot answer"
    if result.state is State.QUIET:
        return str(result.state)
    best = NAMES[int(result.probabilities.argmax())]
    # A question mark as in the window: the best guess of a model that is not sure.
    claim = best if result.instrument else f"{best}?"
    return f"{claim:<16} {result.probability:>4.0%}"


def as_record(result: FileResult) -> dict[str, Any]:
    """Return the JSON record of one file, as the README documents it."""
    good = result.status == "ok"
    return {
        "path": str(result.path),
        "status": result.status,
        "error": result.error,
        "duration_s": round(result.duration_s, 6) if good else None,
        "model": result.model,
        "verdict": _verdict(result) if good else None,
        "probabilities": _named(result) if good else None,
        "windows": [_window_record(window) for window in result.windows],
    }


def as_compared_record(result: FileResult, results: Sequence[FileResult]) -> dict[str, Any]:
    """Return the record of one file with the answers of all models under ``comparison``.

    `result` is that of the model asked for; `results` are those of all models compared.
    """
    shared = ("path", "duration_s")
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
    return {"start_s": round(window.start_s, 6), "level_dbfs": level, **_verdict(window)}
