"""``timbrescope classify``: files and folders in, a table or JSON lines out. No Qt."""

import io
import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from desktop.audio.collect import collect_audio_files
from desktop.engine.files import classify_file, failed
from desktop.engine.messages import FileResult, FileWindow
from models.classifier import Classifier
from models.frontend import FeatureKind
from models.instruments import NAMES


def run(
    paths: Iterable[Path],
    *,
    model: FeatureKind,
    output_format: str,
    out: TextIO | None = None,
) -> int:
    """Classify everything in `paths`; return the exit status, 1 if any file failed.

    Each result is written as soon as it is known, so nothing is lost when a later file is bad
    or the run is interrupted.
    """
    out = out or sys.stdout
    survive_any_name(out)
    classifier = Classifier.load(model)
    files, refused = collect_audio_files(list(paths))
    write = _write_jsonl if output_format == "jsonl" else _write_row
    if output_format == "table":
        print(f"{'answer':<24} {'prob.':>6} {'length':>9}  file", file=out)
    problems = 0
    for path, reason in refused:
        write(failed(path, reason=reason, model=model), out)
        problems += 1
    for path in files:
        result = classify_file(path, classifier=classifier)
        problems += result.status == "error"
        write(result, out)
    return 1 if problems else 0


def survive_any_name(out: TextIO) -> None:
    """Write characters that `out` cannot encode as escapes, so that no name ends the run."""
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(errors="backslashreplace")


def _write_row(result: FileResult, out: TextIO) -> None:
    if result.status == "error":
        print(f"{'ERROR':<24} {'':>6} {'':>9}  {result.path}: {result.error}", file=out, flush=True)
        return
    answer = result.instrument or str(result.state)
    print(
        f"{answer:<24} {result.probability:>6.1%} {result.duration_s:>8.1f}s  {result.path}",
        file=out,
        flush=True,
    )


def _write_jsonl(result: FileResult, out: TextIO) -> None:
    # ASCII only: a name in any encoding stays one valid line on any console.
    print(json.dumps(as_record(result)), file=out, flush=True)


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
