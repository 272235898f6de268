"""Figures 5 and 6: how loss and accuracy went while the networks were trained."""

import csv
from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from timbrescope.models.catalogue import CNN_NAMES, entry_of
from timbrescope.training.study.figures.drawing import FigureError, Page, Plan
from timbrescope.training.study.figures.inputs import FigureInputs
from timbrescope.training.study.figures.palette import BLUE, INK, MUTED, ORANGE
from timbrescope.training.study.figures.style import TEXT_WIDTH_IN, new_figure, value_grid
from timbrescope.training.study.folder import StudyFolder
from timbrescope.training.study.ledger import file_fingerprint

NUMBERS: Mapping[str, int] = {"mel": 5, "mfcc": 6}
_COLUMNS = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")
_PANELS = (
    ("Loss (cross-entropy, nats)", "loss", 0.96),
    ("Accuracy", "accuracy", 0.04),
)

History = Mapping[str, NDArray[np.float64]]


def plans(inputs: FigureInputs) -> Iterator[Plan]:
    """Yield the plans of figures 5 and 6 for every split."""
    for model in CNN_NAMES:
        for split in inputs.splits:
            if model not in inputs.models:
                continue
            history = inputs.folder.run(split, model) / "history.csv"
            yield Plan(
                name=f"fig-{NUMBERS[model]:02}-curves-{model}-{split}",
                title=f"Training of the {entry_of(model).title}, {split} split",
                number=NUMBERS[model],
                key=file_fingerprint(history),
                draw=partial(_draw, inputs.folder, split=split, model=model),
            )


def read_history(folder: StudyFolder, *, split: str, model: str) -> History:
    """Return the columns of a network's history.

    Raises
    ------
    FigureError
        If the network has not been trained, or the file is malformed.
    """
    path = folder.run(split, model) / "history.csv"
    if not path.is_file():
        raise FigureError(f"the {model} network of the {split} split is not trained yet")
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        columns = {name: np.array([float(row[name]) for row in rows]) for name in _COLUMNS}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise FigureError(f"cannot read the history {path}: {error!r}; train again") from error
    if not len(rows):
        raise FigureError(f"the history {path} has no epoch yet")
    return columns


def _draw(folder: StudyFolder, *, split: str, model: str) -> Page:
    history = read_history(folder, split=split, model=model)
    # Early stopping watches the validation loss, so this is the network that is kept.
    best = int(history["val_loss"].argmin())
    figure = new_figure(TEXT_WIDTH_IN, 2.9)
    for number, (title, column, height) in enumerate(_PANELS, start=1):
        axes = figure.add_subplot(1, 2, number)
        _curves(axes, history, column=column)
        _mark_best(axes, history, column=column, best=best, height=height)
        axes.set_title(title)
        axes.set_xlabel("Epoch")
    axes.set_ylim(0, 1)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper right", ncols=3)
    return Page(figure, _caption(history, best=best, split=split, model=model))


def _curves(axes: Axes, history: History, *, column: str) -> None:
    epochs = history["epoch"]
    # A run of one epoch is a point, not a line.
    few = len(epochs) < 3
    axes.plot(
        epochs,
        history[column],
        color=BLUE,
        linestyle="-",
        marker="s" if few else None,
        label="training",
    )
    axes.plot(
        epochs,
        history[f"val_{column}"],
        color=ORANGE,
        linestyle=(0, (3.5, 1.2)),
        linewidth=1.3,
        marker="o",
        markersize=3.2,
        label="validation",
    )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlim(epochs[0] - 0.5, epochs[-1] + 0.5)
    axes.set_ylim(bottom=0)
    value_grid(axes)


def _mark_best(axes: Axes, history: History, *, column: str, best: int, height: float) -> None:
    """Mark the epoch that is kept, and state its value where no curve runs."""
    epoch, value = history["epoch"][best], history[f"val_{column}"][best]
    axes.axvline(epoch, color=MUTED, linewidth=0.9, linestyle=":")
    axes.plot(
        [epoch],
        [value],
        linestyle="none",
        marker="*",
        markersize=12,
        markerfacecolor="white",
        markeredgecolor=INK,
        label=f"epoch {epoch:.0f}, which is kept",
        zorder=4,
    )
    near_end = epoch > (history["epoch"][0] + history["epoch"][-1]) / 2
    axes.annotate(
        f" {value:.3f} ",
        (epoch, height),
        xycoords=axes.get_xaxis_transform(),
        fontsize=8,
        va="center",
        ha="right" if near_end else "left",
    )


def _caption(history: History, *, best: int, split: str, model: str) -> str:
    return (
        f"{entry_of(model).title}, {split} split: loss and accuracy on the training and the "
        f"validation clips after each of {len(history['epoch'])} epochs. The star marks the "
        f"epoch with the least validation loss ({history['val_loss'][best]:.3f}, accuracy "
        f"{history['val_accuracy'][best]:.3f}), whose weights are kept. Dropout is at work in "
        "training, which puts its curves at a disadvantage."
    )
