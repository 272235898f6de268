"""Tables of figures as Markdown, for the model card, the README and the terminal alike.

All read what sidecars state (`training.evaluate.whole_files.figures`), so that no number is typed
by hand; a figure that a sidecar does not state is left empty.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from timbrescope.training.labels import BACKGROUND_KINDS, INSTRUMENT_KINDS

Figures = Mapping[str, Any]

MAIN_HEAD = (
    "model",
    "top-1 [95 %]",
    "macro recall",
    "top-3",
    "named, right of these",
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
        ("59.8 %", "59.4 %", "72.6 %"),
    ),
    (
        "EfficientAT mn04 (AudioSet), its own 527 labels mapped to ours, no training",
        ("64.5 %", "62.9 %", "83.6 %"),
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
        share_with_interval(figures, "macro_recall"),
        share_with_interval(figures, "top3"),
        named(figures.get("answered", {}).get("files", {})),
        false_answers(figures),
        _number(figures.get("ece"), digits=3),
        _opponents(figures.get("auroc", {})),
        _opponents(figures.get("fpr95", {}), as_share=True),
    ]


def named(answered: Figures) -> str:
    """Return which share of the files gets a name, and which share of these the right one."""
    return _joined([share_with_interval(answered, key) for key in ("share", "precision")])


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


def kind_table(models: Sequence[tuple[str, Figures]]) -> str:
    """Return how well notes and phrases are answered, apart from each other, by all models."""
    figures = ("top-1", "macro recall", "top-3", "named, right of these")
    head = ["model", *(f"{kind}s: {name}" for kind in INSTRUMENT_KINDS for name in figures)]
    rows = [
        [title, *(cell for kind in INSTRUMENT_KINDS for cell in _cells(_of_kind(found, kind)))]
        for title, found in models
    ]
    return markdown_table(head, rows)


def _of_kind(figures: Figures, kind: str) -> Figures:
    found: Figures = figures.get("per_kind", {}).get(kind, {})
    return found


def _cells(row: Figures) -> list[str]:
    return [
        *(share_with_interval(row, name) for name in ("accuracy", "macro_recall", "top3")),
        named(row.get("answered", {})),
    ]


def part_table(figures: Figures, *, part: str, head: str) -> str:
    """Return the figures of the parts of a split, ``per_kind`` or ``per_source``."""
    rows = [
        [name, str(row["n"]), str(row["classes"]), *_cells(row)]
        for name, row in figures.get(part, {}).items()
    ]
    titles = [head, "files", "classes", "top-1", "macro recall", "top-3", "named, right of these"]
    return markdown_table(titles, rows)


def confusion_table(figures: Figures, *, part: str, head: str) -> str:
    """Return the most frequent wrong answers, ``confused`` or ``mistaken``, with examples."""
    rows = [
        [
            name,
            str(row["n"]),
            str(row["wrong"]),
            f"{row['answer']} ({row['times']})",
            ", ".join(f"`{example}`" for example in row["examples"]),
        ]
        for name, row in sorted(
            figures.get(part, {}).items(),
            key=lambda item: (-item[1]["wrong"] / item[1]["n"], item[0]),
        )
    ]
    return markdown_table([head, "files", "wrong", "most often taken for", "examples"], rows)


def orientation_table() -> str:
    """Return what others reach, measured on another set of recordings."""
    rows = [[name, *shares] for name, shares in _ORIENTATION]
    return markdown_table(["for orientation", "top-1", "macro recall", "top-3"], rows)


def headline(found: Figures) -> str:
    """Return what matters most in a few lines."""
    shares = ", ".join(
        f"{title} {share_with_interval(found, name)}"
        for title, name in (("accuracy", "accuracy"), ("macro recall", "macro_recall"))
    )
    lines = [
        f"{found['n']} files of {found['classes']} classes from {found['sources']} sources: "
        f"{shares}, top-3 {share_with_interval(found, 'top3')}",
        *(_of_part(kind, row) for kind, row in found["per_kind"].items()),
        *(_answered(name, row) for name, row in found["answered"].items()),
        *(_unknown(kind, row) for kind, row in found["unknown"].items()),
        f"calibration error {found['ece']}; AUROC {_pairs(found['auroc'])}; "
        f"false positives at 95 % true ones {_pairs(found['fpr95'])}",
    ]
    return "\n".join(lines)


def _of_part(kind: str, row: Figures) -> str:
    shares = ", ".join(
        f"{title} {share_with_interval(row, name)}"
        for title, name in (
            *(("accuracy", "accuracy"), ("macro recall", "macro_recall")),
            ("top-3", "top3"),
        )
    )
    return (
        f"{kind}s: {shares} of {row['n']} files, sources: {row['sources']}; named "
        f"{named(row['answered'])} right"
    )


def _answered(name: str, row: Figures) -> str:
    right = share_with_interval(row, "precision")
    precision = f", {right} of these right" if right else ""
    return f"{name} that are named: {share_with_interval(row, 'share')} of {row['n']}{precision}"


def _unknown(kind: str, row: Figures) -> str:
    edges = row["intervals"].get("false_answers_per_minute")
    between = f" [{edges[0]:.2f}–{edges[1]:.2f}]" if edges else ""
    return (
        f"{kind}: {row['false_answers_per_minute']:.2f}{between} false answers a minute in "
        f"{row['windows']} windows, sources: {row['sources']}"
    )


def _pairs(found: dict[str, float | None]) -> str:
    return ", ".join(
        f"{name.replace('_', ' and ')} {NOT_MEASURED if value is None else value}"
        for name, value in found.items()
    )


def full_text(found: Figures) -> str:
    """Return the headline, and the figures per class, kind and source."""
    rows = sorted(found["per_class"].items(), key=lambda item: (-item[1]["recall"], item[0]))
    classes = [
        f"  {name:<16} {row['recall']:.2f}  top-3 {row['top3']:.2f}  of {row['n']} "
        f"from {row['sources']}"
        for name, row in rows
    ]
    parts = [
        *(part_table(found, part=f"per_{name}", head=name) for name in ("kind", "source")),
        confusion_table(found, part="confused", head="class"),
        confusion_table(found, part="mistaken", head="none of the 28"),
    ]
    return "\n".join([headline(found), *classes, *parts])
