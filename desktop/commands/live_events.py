"""What ``timbrescope live --format jsonl`` writes: one JSON object per event, for programs."""

from typing import Any

from timbrescope.desktop.engine.messages import LiveUpdate, SourceReport
from timbrescope.desktop.engine.model_answers import Comparison, ModelAnswer
from timbrescope.desktop.engine.said import gap_record, verdict_record
from timbrescope.models.analysis import Analysis


class LiveEvents:
    """Turns updates of a live engine into records; says of the source only what is new."""

    def __init__(self) -> None:
        self._source: dict[str, Any] = {}

    def records(self, update: LiveUpdate) -> list[dict[str, Any]]:
        """Return the records of an update, in order."""
        compared = {each.start_s: each for each in update.compared_verdicts}
        source = _source_record(update.source)
        news = [source] if source != self._source else []
        self._source = source
        gaps = [{"event": "gap"} | gap_record(each) for each in update.gaps]
        verdicts = [_verdict_record(each, compared.get(each.start_s)) for each in update.verdicts]
        return news + gaps + verdicts


def _source_record(source: SourceReport) -> dict[str, Any]:
    return {
        "event": "source",
        "health": str(source.health),
        "name": source.name,
        "sample_rate_hz": source.sample_rate_hz,
        "channels": source.channels,
        "message": source.message,
    }


def _verdict_record(verdict: Analysis, comparison: Comparison | None) -> dict[str, Any]:
    record: dict[str, Any] = {"event": "verdict"} | verdict_record(verdict)
    if comparison is not None:
        record["comparison"] = [_answer_record(each) for each in comparison.answers]
    return record


def _answer_record(answer: ModelAnswer) -> dict[str, Any]:
    return {
        "model": answer.model,
        "problem": answer.problem or None,
        "state": str(answer.state),
        "instrument": answer.instrument,
        "probability": round(answer.probability, 6),
    }
