"""Results as a CSV table for spreadsheets and statistics: one row per file."""

import csv
import io
from collections.abc import Sequence

from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.desktop.export.answers import claim_of, none_of_the_28
from timbrescope.desktop.export.segments import segments_of
from timbrescope.models.analysis import Doubt
from timbrescope.models.instruments import NAMES
from timbrescope.models.names import printable, written_name

COLUMNS = (
    *("path", "status", "error", "duration_s", "model", "state", "instrument", "probability"),
    *("not_sure_of", "runner_up", "runner_up_probability", "windows", "segments", "notes"),
    *NAMES,
    *("none_of_the_28", "doubt", "doubt_found", "doubt_needed"),
)
# A spreadsheet takes a cell that begins so for a formula, and would run what a file's name says.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_head() -> str:
    """Return the line of titles."""
    return _line(COLUMNS)


def csv_row(result: FileResult) -> str:
    """Return the line of one file."""
    claim, good = claim_of(result), result.status == "ok"
    rest = none_of_the_28(result)
    claims = claim.runner_up is not None
    return _line(
        (
            _harmless(written_name(result.path), prefix="./"),
            result.status,
            _harmless(printable(result.error or "")),
            f"{result.duration_s:.3f}" if good else "",
            _harmless(written_name(result.model), prefix="./"),
            str(result.state) if good else "",
            claim.instrument or "",
            f"{claim.probability:.6f}" if claims else "",
            claim.guess or "",
            claim.runner_up or "",
            f"{claim.runner_up_probability:.6f}" if claims else "",
            str(len(result.windows)),
            "; ".join(
                f"{each.start_s:.1f}-{each.end_s:.1f} {each.label}" for each in segments_of(result)
            ),
            _harmless("; ".join(result.notes)),
            *(f"{share:.6f}" if good else "" for share in result.probabilities),
            "" if rest is None else f"{rest:.6f}",
            *_doubt_cells(result.doubt),
        )
    )


def _doubt_cells(doubt: Doubt | None) -> tuple[str, str, str]:
    if doubt is None:
        return "", "", ""
    return str(doubt.reason), f"{doubt.found:.6f}", f"{doubt.needed:.6f}"


def _harmless(text: str, *, prefix: str = "'") -> str:
    return prefix + text if text.startswith(_FORMULA_STARTS) else text


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
