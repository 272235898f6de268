"""Figure 1: how many clips each class has."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from timbrescope.models.instruments import NAMES
from timbrescope.training.hashes import short_hash
from timbrescope.training.study.figures.drawing import FigureError, Page, Plan
from timbrescope.training.study.figures.inputs import FigureInputs
from timbrescope.training.study.figures.palette import FILLS, INK, MUTED
from timbrescope.training.study.figures.style import SMALL_PT, TEXT_WIDTH_IN, new_figure, value_grid
from timbrescope.training.study.inspect.kaggle import PAPER_COUNTS

_HEIGHT_IN = 6.6
# Width of a column of numbers beside the axes.
_COLUMN_PT = 34
_PAPER_LABEL = "the paper's data set"


def plans(inputs: FigureInputs) -> Iterator[Plan]:
    """Yield the plan of figure 1."""
    yield Plan(
        name="fig-01-clips-per-class",
        title="Clips per class",
        number=1,
        key=short_hash(inputs.clips_key, inputs.is_paper_layout),
        draw=partial(_draw, inputs),
    )


def _draw(inputs: FigureInputs) -> Page:
    if not inputs.clips:
        raise FigureError("the study has no clips; run the step 'inspect' first")
    corpora = _corpora(inputs)
    figure = new_figure(TEXT_WIDTH_IN, _HEIGHT_IN)
    axes = figure.add_subplot()
    totals = _bars(axes, inputs, corpora)
    _labels(axes, inputs, totals)
    if inputs.is_paper_layout:
        _paper_marks(axes)
    axes.set_xlabel("Clips of 3 s")
    value_grid(axes, axis="x")
    axes.set_xlim(0, 1.02 * max(axes.dataLim.x1, 1.0))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    if len(corpora) > 1 or inputs.is_paper_layout:
        _legend(figure)
    return Page(figure, _caption(inputs, totals))


def _corpora(inputs: FigureInputs) -> list[str]:
    """Return the corpora by size; those for which there is no fill go under one name."""
    names = [name for name, _ in Counter(clip.corpus for clip in inputs.clips).most_common()]
    return names if len(names) <= len(FILLS) else [*names[: len(FILLS) - 1], "others"]


def _bars(axes: Axes, inputs: FigureInputs, corpora: list[str]) -> np.ndarray:
    """Draw stacked bars, one colour and hatch for each corpus; return the totals, shape (28,)."""
    rows = np.arange(len(NAMES))
    left = np.zeros(len(NAMES))
    for number, (corpus, (fill, hatch)) in enumerate(zip(corpora, FILLS, strict=False)):
        known = corpora[:-1] if corpus == "others" else []
        of_corpus = Counter(
            clip.label
            for clip in inputs.clips
            if clip.corpus == corpus or (known and clip.corpus not in known)
        )
        counts = np.array([of_corpus[row] for row in range(len(NAMES))])
        axes.barh(
            rows,
            counts,
            left=left,
            height=0.72,
            color=fill,
            hatch=hatch,
            edgecolor="white",
            linewidth=0,
            label=corpus,
            zorder=2 + 0.01 * number,
        )
        left += counts
    return left


def _labels(axes: Axes, inputs: FigureInputs, totals: np.ndarray) -> None:
    """Name the classes on the left; state clips, groups and the paper's clips on the right."""
    origins = {(clip.instrument, clip.group) for clip in inputs.clips}
    groups = Counter(instrument for instrument, _ in origins)
    columns = [("clips", [f"{int(total):,}" if total else "none" for total in totals])]
    columns.append(("groups", [f"{groups[name]:,}" if groups[name] else "" for name in NAMES]))
    if inputs.is_paper_layout:
        columns.append(("paper", [f"{PAPER_COUNTS[name]:,}" for name in NAMES]))
    for number, (heading, texts) in enumerate(columns, start=1):
        _column(axes, [heading, *texts], offset_pt=_COLUMN_PT * number, faint=totals == 0)
    axes.set_yticks(range(len(NAMES)), NAMES)
    axes.set_ylim(len(NAMES) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    for label, total in zip(axes.get_yticklabels(), totals, strict=True):
        label.set_color(INK if total else MUTED)


def _column(axes: Axes, texts: Sequence[str], *, offset_pt: float, faint: np.ndarray) -> None:
    """Write a heading and a text for each row, right-aligned, beside the axes."""
    for row, text in enumerate(texts, start=-1):
        axes.annotate(
            text,
            (1.0, row if row >= 0 else -1.1),
            xycoords=axes.get_yaxis_transform(),
            xytext=(offset_pt, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=SMALL_PT,
            color=MUTED if row < 0 or faint[row] else INK,
        )


def _paper_marks(axes: Axes) -> None:
    counts = [PAPER_COUNTS[name] for name in NAMES]
    axes.plot(
        counts,
        range(len(NAMES)),
        linestyle="none",
        marker="D",
        markersize=4.5,
        markerfacecolor="white",
        markeredgecolor=INK,
        label=_PAPER_LABEL,
        zorder=3,
    )


def _legend(figure: Figure) -> None:
    figure.legend(loc="outside upper right", ncols=3)


def _caption(inputs: FigureInputs, totals: np.ndarray) -> str:
    groups = len({clip.group for clip in inputs.clips})
    said = (
        f"Clips of 3 s in each of the 28 classes: {len(inputs.clips):,} clips from {groups:,} "
        f"groups of one origin, {np.count_nonzero(totals)} classes."
    )
    if inputs.is_paper_layout:
        said += f" Diamonds: the {sum(PAPER_COUNTS.values()):,} clips of the paper."
    return said
