"""Whether the models' probabilities can be believed: reliability diagrams of all models."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes

from timbrescope.models.catalogue import entry_of
from timbrescope.training.study.evaluate.records import Metrics
from timbrescope.training.study.figures.confusion import own_metrics
from timbrescope.training.study.figures.drawing import FigureError, Page, Plan
from timbrescope.training.study.figures.inputs import FigureInputs, spell_list
from timbrescope.training.study.figures.palette import BLUE, LIGHT_BLUE, MUTED, ORANGE
from timbrescope.training.study.figures.style import TEXT_WIDTH_IN, new_figure, value_grid
from timbrescope.training.study.folder import OWN_TEST
from timbrescope.training.study.ledger import file_fingerprint

_COLUMNS = 3
_LARGEST_SIGN_PT2 = 120.0
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def plans(inputs: FigureInputs) -> Iterator[Plan]:
    """Yield the plan of one figure for every split."""
    for split in inputs.splits:
        paths = [inputs.folder.metrics(split, model, OWN_TEST) for model in inputs.models]
        yield Plan(
            name=f"reliability-{split}",
            title=f"Reliability of the probabilities, {split} split",
            number=None,
            key=file_fingerprint(*paths),
            draw=partial(_draw, inputs, split=split),
        )


def _draw(inputs: FigureInputs, *, split: str) -> Page:
    found, missing = _collect(inputs, split=split)
    # One cell more, for the summary.
    rows = -(-(len(found) + 1) // _COLUMNS)
    figure = new_figure(TEXT_WIDTH_IN + 0.8, 0.3 + 2.7 * rows)
    for number, (model, metrics) in enumerate(found, start=1):
        axes = figure.add_subplot(rows, _COLUMNS, number)
        _diagram(axes, metrics)
        axes.set_title(entry_of(model).short_title)
        if number % _COLUMNS == 1:
            axes.set_ylabel("Accuracy")
        axes.set_xlabel("Confidence")
    _summary(figure.add_subplot(rows, _COLUMNS, len(found) + 1), found)
    return Page(figure, _caption(split, missing))


def _collect(inputs: FigureInputs, *, split: str) -> tuple[list[tuple[str, Metrics]], list[str]]:
    """Return the figures of the models that have some, and the names of the others."""
    found: list[tuple[str, Metrics]] = []
    missing: list[str] = []
    for model in inputs.models:
        try:
            found.append((model, own_metrics(inputs.folder, split=split, model=model)))
        except FigureError:
            missing.append(model)
    if not found:
        raise FigureError(f"no model of the {split} split is evaluated yet")
    return found, missing


def _diagram(axes: Axes, metrics: Metrics) -> None:
    bins = metrics.reliability
    confidence = np.array([entry.confidence for entry in bins])
    accuracy = np.array([entry.accuracy for entry in bins])
    share = np.array([entry.count for entry in bins]) / metrics.n
    axes.plot([0, 1], [0, 1], color=MUTED, linewidth=0.9, linestyle="--")
    axes.fill_between(confidence, confidence, accuracy, color=LIGHT_BLUE, alpha=0.5, linewidth=0)
    axes.plot(confidence, accuracy, color=BLUE, linewidth=1.2)
    axes.scatter(
        confidence,
        accuracy,
        s=8 + _LARGEST_SIGN_PT2 * share,
        color=BLUE,
        edgecolor="white",
        linewidth=0.6,
        zorder=3,
        clip_on=False,
    )
    axes.text(0.04, 0.95, f"ECE {metrics.ece:.3f}", va="top", fontsize=8, fontweight="bold")
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.set_xticks(_TICKS, [f"{tick:g}" for tick in _TICKS])
    axes.set_yticks(_TICKS, [f"{tick:g}" for tick in _TICKS])
    value_grid(axes, axis="both")


def _summary(axes: Axes, found: Sequence[tuple[str, Metrics]]) -> None:
    """Draw the calibration errors beside one another, with and without the temperature."""
    for row, (model, metrics) in enumerate(found):
        # Inside, so that this panel is as wide as the others.
        axes.text(
            0.03,
            row - 0.32,
            entry_of(model).short_title,
            fontsize=7.5,
            va="center",
            transform=axes.get_yaxis_transform(),
        )
        if metrics.uncalibrated_ece is not None:
            axes.plot(
                [metrics.ece, metrics.uncalibrated_ece],
                [row, row],
                color=MUTED,
                linewidth=1,
            )
            axes.plot(
                [metrics.uncalibrated_ece],
                [row],
                marker="s",
                markerfacecolor="white",
                markeredgecolor=ORANGE,
                linestyle="none",
                label="without" if not row else None,
            )
        axes.plot(
            [metrics.ece],
            [row],
            marker="o",
            color=BLUE,
            linestyle="none",
            label="with" if not row else None,
        )
    axes.set_yticks([])
    # Room for the legend below.
    axes.set_ylim(len(found) + 0.3, -0.75)
    axes.set_xlim(left=0)
    axes.set_xlabel("Expected calibration error")
    axes.set_box_aspect(1)
    axes.set_title("ECE and temperature")
    axes.legend(loc="lower right", ncols=2, handletextpad=0.1, columnspacing=0.8)
    value_grid(axes, axis="x")


def _caption(split: str, missing: Sequence[str]) -> str:
    said = (
        f"Reliability of the probabilities on the test clips of the {split} split: the share of "
        "right answers against the mean confidence in 15 bins; signs grow with the clips in a "
        "bin. Points under the broken line are answers that were too sure. ECE is the expected "
        "calibration error; the last panel also states it without the calibrated temperature."
    )
    if missing:
        said += f" Not evaluated yet: {spell_list(list(missing))}."
    return said
