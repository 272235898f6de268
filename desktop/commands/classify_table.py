"""The table that ``timbrescope classify`` writes for people to read. No Qt."""

from collections.abc import Sequence

from timbrescope.desktop.engine.agreement import agreement
from timbrescope.desktop.engine.doubt_words import doubt_in_brief
from timbrescope.desktop.engine.file_messages import FileResult
from timbrescope.desktop.engine.smoothing import CLAIMS
from timbrescope.desktop.export.answers import claim_of, none_of_the_28
from timbrescope.models.analysis import State
from timbrescope.models.instruments import NAMES
from timbrescope.models.times import clock_with_tenths

# "not sure: Acoustic Guitar?"
_ANSWER = 26
# "Acoustic Guitar? 100%"
_CELL = 21


def table_head() -> str:
    """Return the table's first line."""
    return f"{'answer':<{_ANSWER}} {'prob.':>6} {'length':>9}  file"


def table_row(result: FileResult) -> str:
    """Return the line of one file; one that is not sure says of what."""
    if result.status == "error":
        return f"{'ERROR':<{_ANSWER}} {'':>6} {'':>9}  {result.path}: {result.error}"
    claim = claim_of(result)
    answer = claim.instrument or str(result.state)
    if claim.guess is not None:
        answer = f"{answer}: {claim.guess}?"
    rest = none_of_the_28(result) if result.state is State.NONE_OF_THEM else None
    share = f"{claim.probability:.1%}" if claim.runner_up is not None else ""
    share = share if rest is None else f"{rest:.1%}"
    line = (
        f"{answer:<{_ANSWER}} {share:>6} {clock_with_tenths(result.duration_s):>9}  {result.path}"
    )
    doubt = doubt_in_brief(result.doubt) if result.state is State.NOT_SURE else ""
    return line + _remarks(*([doubt] if doubt else []), *result.notes)


def _remarks(*said: str) -> str:
    """Return why a file is not named, and what was wrong with it."""
    return f"  [{'; '.join(said)}]" if said else ""


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
    line = f"{cells}  {share:>5} {clock_with_tenths(good[0].duration_s):>9}  {good[0].path}"
    return line + _remarks(*good[0].notes)


def _cell(result: FileResult) -> str:
    if result.status == "error":
        return "cannot answer"
    if result.state not in CLAIMS:
        return str(result.state)
    best = NAMES[int(result.probabilities.argmax())]
    # A question mark as in the window: the best guess of a model that is not sure.
    claim = best if result.instrument else f"{best}?"
    return f"{claim:<16} {result.probability:>4.0%}"
