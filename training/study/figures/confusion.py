"""Figures 7 and 8, the networks' confusion matrices, and those of the classical models."""

from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from timbrescope.models.catalogue import entry_of
from timbrescope.models.instruments import NAMES
from timbrescope.training.study.evaluate.records import Metrics, read_metrics
from timbrescope.training.study.figures.drawing import FigureError, Page, Plan
from timbrescope.training.study.figures.inputs import FigureInputs
from timbrescope.training.study.figures.palette import (
    ABSENT,
    FAINT,
    INK,
    MUTED,
    paper_to_ink,
    text_colour_on,
)
from timbrescope.training.study.figures.style import WIDE_IN, new_figure
from timbrescope.training.study.folder import OWN_TEST, StudyFolder
from timbrescope.training.study.ledger import file_fingerprint

NUMBERS: Mapping[str, int] = {"mel": 7, "mfcc": 8}


def plans(inputs: FigureInputs) -> Iterator[Plan]:
    """Yield the plans of the confusion matrices of all models on all splits."""
    for model in inputs.models:
        for split in inputs.splits:
            number = NUMBERS.get(model)
            name = f"confusion-{model}-{split}"
            yield Plan(
                name=f"fig-{number:02}-{name}" if number else name,
                title=f"Confusions of the {_in_sentence(model)}, {split} split",
                number=number,
                key=file_fingerprint(inputs.folder.metrics(split, model, OWN_TEST)),
                draw=partial(_draw, inputs.folder, split=split, model=model),
            )


def own_metrics(folder: StudyFolder, *, split: str, model: str) -> Metrics:
    """Return a model's figures on the test part of its split.

    Raises
    ------
    FigureError
        If there are none yet.
    MetricsError
        If they cannot be read.
    """
    path = folder.metrics(split, model, OWN_TEST)
    if path.is_file():
        return read_metrics(path)
    trained = folder.onnx(split, model).is_file()
    missing = "evaluated" if trained else "trained"
    raise FigureError(f"the model {model} of the {split} split is not {missing} yet")


def _in_sentence(model: str) -> str:
    title = entry_of(model).title
    # CNN stays as it is.
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def _draw(folder: StudyFolder, *, split: str, model: str) -> Page:
    metrics = own_metrics(folder, split=split, model=model)
    counts = np.array(metrics.confusion)
    figure = new_figure(WIDE_IN, 8.4)
    axes = figure.add_subplot()
    image = axes.imshow(_shares(counts), cmap=_colours(), vmin=0, vmax=1, interpolation="nearest")
    _grid(axes)
    _absent(axes, counts)
    _numbers(axes, counts)
    _names(axes, counts)
    bar = figure.colorbar(image, ax=axes, shrink=0.5, aspect=30, pad=0.11)
    bar.set_label("Share of the clips of the true class")
    axes.set_title(f"{entry_of(model).title}, {split} split", pad=10)
    return Page(figure, _caption(metrics, split=split, model=model))


def _colours() -> Colormap:
    return paper_to_ink().with_extremes(bad=ABSENT)


def _shares(counts: NDArray[np.integer]) -> np.ma.MaskedArray:
    """Return each row over its sum; rows of classes without clips are masked, shape (28, 28)."""
    sums = counts.sum(axis=1, keepdims=True)
    return np.ma.masked_array(counts / np.maximum(sums, 1), np.repeat(sums == 0, len(counts), 1))


def _grid(axes: Axes) -> None:
    edges = np.arange(len(NAMES) + 1) - 0.5
    axes.set_xticks(edges, minor=True)
    axes.set_yticks(edges, minor=True)
    axes.grid(visible=True, which="minor", color=FAINT, linewidth=0.4)
    axes.tick_params(which="both", length=0)
    for spine in axes.spines.values():
        spine.set_visible(True)


def _absent(axes: Axes, counts: NDArray[np.integer]) -> None:
    """Hatch the rows of the classes that have no test clip."""
    for row in np.flatnonzero(counts.sum(axis=1) == 0):
        axes.add_patch(
            Rectangle(
                (-0.5, row - 0.5),
                len(NAMES),
                1,
                facecolor="none",
                edgecolor="#c3c8cf",
                hatch="////",
                linewidth=0,
            )
        )


def _numbers(axes: Axes, counts: NDArray[np.integer]) -> None:
    shares = _shares(counts).filled(0)
    for row, column in np.argwhere(counts > 0):
        count = counts[row, column]
        axes.text(
            column,
            row,
            f"{count}",
            ha="center",
            va="center",
            color=text_colour_on(shares[row, column]),
            fontsize=7 if count < 1000 else 5.5,
            fontweight="bold" if row == column else "normal",
        )


def _names(axes: Axes, counts: NDArray[np.integer]) -> None:
    places = range(len(NAMES))
    axes.set_xticks(places, NAMES, rotation=60, ha="right", rotation_mode="anchor")
    axes.set_yticks(places, NAMES)
    axes.set_xlabel("Answer")
    axes.set_ylabel("True class")
    sums = counts.sum(axis=1)
    for labels in (axes.get_xticklabels(), axes.get_yticklabels()):
        for label, total in zip(labels, sums, strict=True):
            label.set_color(INK if total else MUTED)
    right = len(NAMES) - 0.2
    axes.text(right, -1.0, "recall, clips", fontsize=7, color=MUTED, ha="left")
    for row, total in enumerate(sums):
        said = f"{counts[row, row] / total:.0%} of {total:,}" if total else "no clips"
        axes.text(right, row, said, va="center", fontsize=7, color=INK if total else MUTED)


def _caption(metrics: Metrics, *, split: str, model: str) -> str:
    said = (
        f"{entry_of(model).title}, {split} split, {metrics.n:,} test clips: accuracy "
        f"{metrics.accuracy:.3f}, macro F1 {metrics.macro_f1:.3f}. Rows are true classes, columns "
        "answers; cells state clips and are coloured by their share of the row."
    )
    if metrics.absent:
        said += f" Hatched: classes without a test clip ({len(metrics.absent)})."
    return said
