"""What a random split flatters: every model's figures on both splits."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from matplotlib.axes import Axes

from timbrescope.models.catalogue import entry_of
from timbrescope.training.hashes import short_hash
from timbrescope.training.study import paper
from timbrescope.training.study.evaluate.records import Metrics
from timbrescope.training.study.figures.confusion import own_metrics
from timbrescope.training.study.figures.drawing import FigureError, Page, Plan
from timbrescope.training.study.figures.inputs import FigureInputs
from timbrescope.training.study.figures.palette import BLUE, MUTED, ORANGE
from timbrescope.training.study.figures.style import TEXT_WIDTH_IN, new_figure, value_grid
from timbrescope.training.study.folder import BASELINE, OWN_TEST, SPLIT_NAMES
from timbrescope.training.study.ledger import file_fingerprint

_PANELS = (("Accuracy", "accuracy"), ("Macro F1", "macro_f1"))
# Colour, sign and distance from the middle of the row.
_SIGNS: Mapping[str, tuple[str, str, float]] = {
    "random": (ORANGE, "s", -0.14),
    "grouped": (BLUE, "o", 0.14),
}
_LABELS = {"random": "random split (the paper's way)", "grouped": "grouped split"}

Pair = tuple[Metrics, Metrics]


def plans(inputs: FigureInputs) -> Iterator[Plan]:
    """Yield the plan of the figure, if the study has both splits."""
    if set(inputs.splits) != set(SPLIT_NAMES):
        return
    models = (*inputs.models, BASELINE)
    paths = [inputs.folder.metrics(s, m, OWN_TEST) for m in models for s in SPLIT_NAMES]
    yield Plan(
        name="leak-gap",
        title="Random against grouped split",
        number=None,
        key=short_hash(file_fingerprint(*paths), inputs.is_paper_layout),
        draw=partial(_draw, inputs),
    )


def _draw(inputs: FigureInputs) -> Page:
    pairs = _pairs(inputs)
    figure = new_figure(TEXT_WIDTH_IN, 1.3 + 0.5 * len(pairs))
    first: Axes | None = None
    for number, (title, figure_name) in enumerate(_PANELS, start=1):
        axes = figure.add_subplot(1, 2, number, sharey=first)
        for row, pair in enumerate(pairs.values()):
            _row(axes, pair, row=row, name=figure_name)
        if inputs.is_paper_layout:
            _paper_marks(axes, list(pairs), name=figure_name)
        axes.set_title(title)
        axes.text(
            1.02, -0.75, "points", transform=axes.get_yaxis_transform(), fontsize=7, color=MUTED
        )
        axes.set_xlim(0, 1)
        value_grid(axes, axis="x")
        axes.tick_params(labelleft=first is None)
        first = first or axes
    assert first is not None
    first.set_yticks(range(len(pairs)), [_row_title(model) for model in pairs])
    first.set_ylim(len(pairs) - 0.5, -0.6)
    figure.legend(*first.get_legend_handles_labels(), loc="outside upper right", ncols=3)
    return Page(figure, _caption(pairs, is_paper=inputs.is_paper_layout))


def _pairs(inputs: FigureInputs) -> dict[str, Pair]:
    """Return the figures of the models that were measured on both splits."""
    found: dict[str, Pair] = {}
    for model in (*inputs.models, BASELINE):
        try:
            random, grouped = (
                own_metrics(inputs.folder, split=split, model=model) for split in SPLIT_NAMES
            )
        except FigureError:
            continue
        found[model] = (random, grouped)
    if not set(found) - {BASELINE}:
        raise FigureError("no model is evaluated on both splits yet")
    return found


def _row_title(model: str) -> str:
    return "Baseline" if model == BASELINE else entry_of(model).short_title


def _row(axes: Axes, pair: Pair, *, row: int, name: str) -> None:
    values: dict[str, float] = {
        split: getattr(m, name) for split, m in zip(SPLIT_NAMES, pair, strict=True)
    }
    for (split, value), metrics in zip(values.items(), pair, strict=True):
        colour, sign, shift = _SIGNS[split]
        interval = metrics.intervals.get(name)
        if interval is not None:
            axes.plot(
                [interval.low, interval.high],
                [row + shift] * 2,
                color=colour,
                linewidth=3.2,
                alpha=0.35,
                solid_capstyle="butt",
            )
        axes.plot(
            [value],
            [row + shift],
            marker=sign,
            color=colour,
            linestyle="none",
            markersize=6,
            markerfacecolor="white" if split == "random" else colour,
            label=_LABELS[split] if row == 0 else None,
            zorder=3,
            clip_on=False,
        )
    _state_gap(axes, values, row=row)


def _state_gap(axes: Axes, values: Mapping[str, float], *, row: int) -> None:
    """Connect the two figures, and state their difference at the right edge."""
    ends = [row + _SIGNS[split][2] for split in values]
    axes.plot(list(values.values()), ends, color=MUTED, linewidth=0.8, zorder=1)
    gap = 100 * (values["grouped"] - values["random"])
    axes.text(
        1.02,
        row,
        f"{gap:+.1f}".replace("-", "−"),
        transform=axes.get_yaxis_transform(),
        va="center",
        fontsize=8,
    )


def _paper_marks(axes: Axes, models: Sequence[str], *, name: str) -> None:
    stated = [
        (row, getattr(paper.FIGURES.get(model), name, None)) for row, model in enumerate(models)
    ]
    for count, (row, value) in enumerate((r, v) for r, v in stated if v is not None):
        axes.plot(
            [value],
            [row - 0.14],
            marker="|",
            markersize=13,
            markeredgewidth=1.4,
            color=MUTED,
            linestyle="none",
            label="stated in the paper" if not count else None,
        )


def _caption(pairs: Mapping[str, Pair], *, is_paper: bool) -> str:
    said = (
        "Accuracy and macro F1 of every model on the test part of the random split, where "
        "neighbours of one recording lie on both sides, and of the grouped split, where no group "
        "does; numbers state the difference in percentage points. Bands: 95 % intervals from "
        "resampling whole groups."
    )
    if not any(metrics.intervals for pair in pairs.values() for metrics in pair):
        said += " There are too few groups for intervals here."
    if is_paper:
        said += " Strokes: what the paper states for its random split."
    return said
