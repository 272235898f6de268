"""Figure 4: the network as a row of feature maps, and under each the layers that make it."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Polygon

from timbrescope.training.hashes import short_hash
from timbrescope.training.study.figures.architecture import (
    Layer,
    Stage,
    parameter_count,
    stages,
    untrained_count,
)
from timbrescope.training.study.figures.drawing import Page, Plan
from timbrescope.training.study.figures.inputs import FigureInputs
from timbrescope.training.study.figures.palette import BLUE, LIGHT_BLUE, MUTED
from timbrescope.training.study.figures.style import WIDE_IN, new_figure

# The drawing's unit is about a tenth of an inch.
_STAGE_WIDTH = 13.6
_BOX_WIDTH, _BOX_HEIGHT, _BOX_GAP = 12.0, 7.6, 1.2
_TOP_OF_BOXES = 24.0
_MIDDLE_OF_MAPS = 35.2
_TALLEST_MAP = 13.0


def plans(inputs: FigureInputs) -> Iterator[Plan]:
    """Yield the plan of figure 4, which depends on no data."""
    del inputs
    yield Plan(
        name="fig-04-model",
        title="The network",
        number=4,
        key=short_hash(stages("mel"), stages("mfcc")),
        draw=partial(_draw, stages("mel")),
    )


def _draw(shown: Sequence[Stage]) -> Page:
    figure = new_figure(WIDE_IN, 5.1)
    axes = figure.add_subplot()
    axes.set_axis_off()
    left_behind: float | None = None
    for number, stage in enumerate(shown):
        centre = (number + 0.5) * _STAGE_WIDTH
        edges = _maps(axes, stage.shape, centre)
        _column(axes, stage, centre)
        if left_behind is not None:
            _arrow(axes, start=left_behind, end=edges[0])
        left_behind = edges[1]
    _total(axes, parameter_count("mel"))
    axes.set_xlim(0, len(shown) * _STAGE_WIDTH)
    axes.set_ylim(-2.2, 46.2)
    axes.set_aspect("equal")
    return Page(figure, _caption())


def _maps(axes: Axes, shape: tuple[int, ...], centre: float) -> tuple[float, float]:
    """Draw what leaves a stage; return where it begins and ends on the horizontal axis."""
    height, width, depth = _drawn_size(shape)
    left = centre - (width + depth) / 2
    bottom = _MIDDLE_OF_MAPS - (height + depth / 2) / 2
    corner = np.array([left, bottom])
    right, up, back = np.array([width, 0]), np.array([0, height]), np.array([depth, depth / 2])
    faces = (
        (
            [corner + up, corner + up + back, corner + right + up + back, corner + right + up],
            "#c9d8ee",
        ),
        (
            [
                corner + right,
                corner + right + back,
                corner + right + up + back,
                corner + right + up,
            ],
            "#8fadd8",
        ),
        ([corner, corner + right, corner + right + up, corner + up], LIGHT_BLUE),
    )
    for points, fill in faces:
        axes.add_patch(Polygon(points, facecolor=fill, edgecolor=BLUE, linewidth=0.8))
    axes.text(
        centre,
        _MIDDLE_OF_MAPS + 7.4,
        " × ".join(map(str, shape)),
        ha="center",
        va="bottom",
        fontsize=9,
        fontweight="bold",
    )
    return left, left + width + depth


def _drawn_size(shape: tuple[int, ...]) -> tuple[float, float, float]:
    """Return height, width and depth in drawing units; roots, as 128 and 1 have to share a page."""
    if len(shape) == 1:
        return _TALLEST_MAP * np.sqrt(shape[0] / 128), 0.9, 0.5
    height, width, channels = (*shape, 1)[:3]
    per_unit = _TALLEST_MAP * 0.72 / np.sqrt(130)
    return per_unit * np.sqrt(height), per_unit * np.sqrt(width) * 0.72, 0.3 * np.sqrt(channels)


def _arrow(axes: Axes, *, start: float, end: float) -> None:
    axes.add_patch(
        FancyArrowPatch(
            (start + 0.5, _MIDDLE_OF_MAPS),
            (end - 0.5, _MIDDLE_OF_MAPS),
            arrowstyle="-|>",
            mutation_scale=8,
            color=MUTED,
            linewidth=1.0,
            shrinkA=0,
            shrinkB=0,
        )
    )


def _column(axes: Axes, stage: Stage, centre: float) -> None:
    axes.text(
        centre,
        _TOP_OF_BOXES + 1.2,
        stage.title,
        ha="center",
        va="bottom",
        fontsize=9.5,
        fontweight="bold",
    )
    top = _TOP_OF_BOXES
    for layer in stage.layers:
        _box(axes, layer, centre=centre, top=top)
        top -= _BOX_HEIGHT + _BOX_GAP


def _box(axes: Axes, layer: Layer, *, centre: float, top: float) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (centre - _BOX_WIDTH / 2, top - _BOX_HEIGHT),
            _BOX_WIDTH,
            _BOX_HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.6",
            facecolor="#dce6f4" if layer.parameters else "#f6f7f9",
            edgecolor=BLUE if layer.parameters else MUTED,
            linewidth=0.8,
        )
    )
    said = [" × ".join(map(str, layer.shape))]
    if layer.parameters:
        said.append(f"{layer.parameters:,} parameters")
    style: dict[str, Any] = {"ha": "center", "fontsize": 6.8, "linespacing": 1.3}
    axes.text(centre, top - 0.8, layer.text, va="top", **(style | {"fontsize": 7.8}))
    axes.text(centre, top - _BOX_HEIGHT + 0.7, "\n".join(said), va="bottom", **style)


def _total(axes: Axes, total: int) -> None:
    """State the sum in the corner that the short columns leave free."""
    centre = 5.5 * _STAGE_WIDTH
    place = _TOP_OF_BOXES - 2.5 * _BOX_HEIGHT - 2 * _BOX_GAP
    counted = untrained_count("mel")
    axes.text(
        centre,
        place,
        f"{total:,} parameters",
        ha="center",
        va="bottom",
        fontsize=12,
        fontweight="bold",
    )
    axes.text(
        centre,
        place - 0.8,
        f"{total - counted:,} of them trained, {counted} running statistics",
        ha="center",
        va="top",
        fontsize=7.8,
    )


def _caption() -> str:
    mfcc = stages("mfcc")
    shapes = ", ".join(" × ".join(map(str, stage.shape)) for stage in mfcc[1:4])
    return (
        f"The network for mel spectrograms: what leaves each stage (sizes by their square roots), "
        f"its layers with output shapes, and their parameters, {parameter_count('mel'):,} in all. "
        f"For MFCCs (40 × 130) the blocks give {shapes}; the parameters are as many."
    )
