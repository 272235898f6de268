"""Tables of figures as Markdown, for the model card, the README and the terminal alike.

All read what sidecars state (`training.evaluate.whole_files.figures`), so that no number is typed
by hand; a figure that a sidecar does not state is left empty.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from timbrescope.training.labels import BACKGROUND_KINDS

Figures = Mapping[str, Any]

MAIN_HEAD = (
    "model",
    "top-1 [95 %]",
    "macro recall",
    "top-3",
    "false answers/min: noise · speech · other",
    "ECE",
    "AUROC: noise and speech · other",
    "FPR at 95 % TPR",
)
NOT_MEASURED = "not measured"
# Measured once, on other recordings than those of a dev split: top-1, macro recall, top-3.
_ORIENTATION = (
    (
        "a public CNN trained on the paper's own Kaggle set (96 % on its own split)",
        ("37.8 %", "33.8 %", "63.9 %"),
    ),
    ("the paper's CNN trained naively", ("30 %", "28 %", "59 %")),
    (
        "linear probe on the frozen VGG of the musicnn package, few windows",
        ("46 %", "39 %", "71 %"),
    ),
    (
        "linear probe on the 384-d embedding of EfficientAT mn04, few windows",
        ("60 %", "57 %", "81 %"),
    ),
    (
        "YAMNet (AudioSet), its own 521 labels mapped to ours, no training",
        ("62.6 %", "62.7 %", "84.3 %"),
    ),
    (
        "EfficientAT mn04 (AudioSet), its own 527 labels mapped to ours, no training",
        ("66.7 %", "65.9 %", "85.0 %"),
    ),
)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown, without a line's end behind it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def share(value: float | None) -> str:
    """Return a share as per cent, empty if it is not known."""
    return "" if value is None else f"{100 * value:.1f} %"


def share_with_interval(figures: Figures, name: str) -> str:
    """Return a figure as per cent with its interval, if it has one."""
    edges = figures.get("intervals", {}).get(name)
    between = f" [{100 * edges[0]:.0f}–{100 * edges[1]:.0f}]" if edges else ""
    return f"{share(figures.get(name))}{between}"


def main_table(models: Sequence[tuple[str, Figures]]) -> str:
    """Return the table of all models, given by title and figures of one split."""
    return markdown_table(MAIN_HEAD, [main_row(title, figures) for title, figures in models])


def main_row(title: str, figures: Figures) -> list[str]:
    """Return one model's row of the main table."""
    if not figures:
        return [title, NOT_MEASURED, *[""] * (len(MAIN_HEAD) - 2)]
    return [
        title,
        share_with_interval(figures, "accuracy"),
        share(figures.get("macro_recall")),
        share(figures.get("top3")),
        false_answers(figures),
        _number(figures.get("ece"), digits=3),
        _opponents(figures.get("auroc", {})),
        _opponents(figures.get("fpr95", {}), as_share=True),
    ]


def false_answers(figures: Figures) -> str:
    """Return the false answers a minute on noise, speech and other instruments."""
    unknown = figures.get("unknown", {})
    rates = [unknown.get(kind, {}).get("false_answers_per_minute") for kind in BACKGROUND_KINDS]
    return _joined([_number(rate, digits=1) for rate in rates])


def _opponents(found: Mapping[str, float | None], *, as_share: bool = False) -> str:
    values = [found.get(name) for name in ("noise_speech", "other")]
    return _joined([share(v) if as_share else _number(v, digits=3) for v in values])


def _joined(cells: Sequence[str]) -> str:
    return " · ".join(cell or "–" for cell in cells) if any(cells) else ""


def _number(value: float | None, *, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def class_table(models: Sequence[tuple[str, Figures]]) -> str:
    """Return top-1 per class of all models, and top-3 of the first."""
    first = models[0][0]
    names = sorted({name for _, figures in models for name in figures.get("per_class", {})})
    rows = []
    for name in names:
        found = [figures.get("per_class", {}).get(name, {}) for _, figures in models]
        counted = next(row for row in found if row)
        shares = [_whole(row.get("recall")) for row in found]
        counts = [str(counted.get(key, "")) for key in ("n", "sources")]
        rows.append([name, *counts, shares[0], _whole(found[0].get("top3")), *shares[1:]])
    titles = [first, f"{first}, top-3", *(title for title, _ in models[1:])]
    return markdown_table(["class", "files", "sources", *titles], rows)


def _whole(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f} %"


def part_table(figures: Figures, *, part: str, head: str) -> str:
    """Return the figures of the parts of a split, ``per_kind`` or ``per_source``."""
    rows = [
        [
            name,
            str(row["n"]),
            str(row["classes"]),
            share_with_interval(row, "accuracy"),
            share_with_interval(row, "macro_recall"),
            share_with_interval(row, "top3"),
        ]
        for name, row in figures.get(part, {}).items()
    ]
    return markdown_table([head, "files", "classes", "top-1", "macro recall", "top-3"], rows)


def orientation_table() -> str:
    """Return what others reach, measured on another set of recordings."""
    rows = [[name, *shares] for name, shares in _ORIENTATION]
    return markdown_table(["for orientation", "top-1", "macro recall", "top-3"], rows)


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
