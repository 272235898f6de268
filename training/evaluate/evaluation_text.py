"""The figures of one model as text for the terminal."""

from typing import Any

from timbrescope.training.evaluate.tables import (
    NOT_MEASURED,
    part_table,
    share,
    share_with_interval,
)


def headline(found: dict[str, Any]) -> str:
    """Return what matters most in a few lines."""
    shares = ", ".join(
        f"{title} {share_with_interval(found, name)}"
        for title, name in (("accuracy", "accuracy"), ("macro recall", "macro_recall"))
    )
    lines = [
        f"{found['n']} files of {found['classes']} classes from {found['sources']} sources: "
        f"{shares}, top-3 {share_with_interval(found, 'top3')}",
        *(_answered(name, row) for name, row in found["answered"].items()),
        *(_unknown(kind, row) for kind, row in found["unknown"].items()),
        f"calibration error {found['ece']}; AUROC {_pairs(found['auroc'])}; "
        f"false positives at 95 % true ones {_pairs(found['fpr95'])}",
    ]
    return "\n".join(lines)


def _answered(name: str, row: dict[str, Any]) -> str:
    precision = "" if row["precision"] is None else f", {share(row['precision'])} of these right"
    return f"{name} that get an answer: {share(row['share'])} of {row['n']}{precision}"


def _unknown(kind: str, row: dict[str, Any]) -> str:
    rate = row["false_answers_per_minute"]
    return f"{kind}: {rate:.2f} false answers a minute in {row['windows']} windows"


def _pairs(found: dict[str, float | None]) -> str:
    return ", ".join(
        f"{name.replace('_', ' and ')} {NOT_MEASURED if value is None else value}"
        for name, value in found.items()
    )


def full_text(found: dict[str, Any]) -> str:
    """Return the headline, and the figures per class, kind and source."""
    rows = sorted(found["per_class"].items(), key=lambda item: (-item[1]["recall"], item[0]))
    classes = [
        f"  {name:<16} {row['recall']:.2f}  top-3 {row['top3']:.2f}  of {row['n']} "
        f"from {row['sources']}"
        for name, row in rows
    ]
    parts = [part_table(found, part=f"per_{name}", head=name) for name in ("kind", "source")]
    return "\n".join([headline(found), *classes, *parts])
