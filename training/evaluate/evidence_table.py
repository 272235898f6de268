"""Figures of how true a model's evidence is, as a table of Markdown and a few lines."""

from collections.abc import Mapping
from typing import Any

from timbrescope.training.evaluate.tables import markdown_table

_HEAD = (
    "order of cells",
    "deletion",
    "insertion",
    "evidence minus it: deletion [95 %]",
    "insertion [95 %]",
)


def evidence_table(found: Mapping[str, Any]) -> str:
    """Return what `training.faithfulness` found, as a sidecar states it, in words."""
    rows = [
        [
            order,
            f"{deletion['area']['mean']:.3f}",
            f"{insertion['area']['mean']:.3f}",
            *(_interval(each["evidence_minus_it"]) for each in (deletion, insertion)),
        ]
        for order, deletion, insertion in _orders(found)
    ]
    pointed, still, drawn = found["pointing"], found["stability"], found["randomisation"]
    alike = ", ".join(f"{part} {each['mean']:.2f}" for part, each in drawn.items())
    lines = [
        f"{found['windows']} windows of {found['sources']} sources: {found['method']}.",
        "",
        f"- Sum of the evidence against what it explains: {found['completeness_error']:.1e} nats "
        "apart at most.",
        f"- Pointing: right in {pointed['all']:.0%} of {pointed['mixtures']} mixtures of two "
        "recordings, one after or above the other.",
        f"- Stability (correlation of maps): {still['shift_10_ms']['mean']:.2f} after a shift of "
        f"10 ms, {still['gain_1_db']['mean']:.2f} after 1 dB.",
        f"- Similarity to maps of networks whose weights were drawn anew: {alike}.",
    ]
    return "\n".join([markdown_table(_HEAD, rows), "", *lines])


def _orders(found: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(order, each, found["insertion"][order]) for order, each in found["deletion"].items()]


def _interval(found: Mapping[str, float]) -> str:
    if found["low"] == found["high"] == 0.0:
        return "–"
    return f"{found['mean']:+.3f} [{found['low']:+.3f}, {found['high']:+.3f}]"
