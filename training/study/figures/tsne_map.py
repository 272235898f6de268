"""Figure 10: all clips on a t-SNE map, as a figure and as a page to look around in."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from scipy.spatial import KDTree

from timbrescope.models.instruments import NAMES
from timbrescope.training.hashes import short_hash
from timbrescope.training.study.figures.drawing import FigureError, Page, Plan
from timbrescope.training.study.figures.inputs import FigureInputs
from timbrescope.training.study.figures.label_places import spread_labels
from timbrescope.training.study.figures.palette import CLASS_COLOURS, INK, by_family, family_markers
from timbrescope.training.study.figures.style import new_figure
from timbrescope.training.study.figures.tsne import FEWEST_VECTORS, embed, perplexity_for
from timbrescope.training.study.figures.tsne_page import write_page

CACHE_FILE = "tsne.npz"
_LABEL_PT = 7.0
# How far a crowd reaches, as a share of the extent of its class.
_CROWD_SHARE = 0.06


def plans(inputs: FigureInputs) -> Iterator[Plan]:
    """Yield the plans of figure 10 and of its interactive form."""
    key = short_hash(inputs.clips_key, inputs.vectors_key)
    yield Plan("fig-10-tsne", "t-SNE of the mean MFCCs", 10, key, partial(_draw, inputs))
    yield Plan(
        "tsne",
        "t-SNE of the mean MFCCs, interactive",
        None,
        key,
        partial(_page, inputs),
        is_page=True,
    )


def _places(inputs: FigureInputs) -> NDArray[np.float32]:
    if len(inputs.clips) < FEWEST_VECTORS:
        raise FigureError(
            f"a t-SNE map of {len(inputs.clips)} clips says nothing; it takes {FEWEST_VECTORS}"
        )
    return embed(inputs.vectors, cache=inputs.folder.figures / CACHE_FILE)


def _draw(inputs: FigureInputs) -> Page:
    places = _places(inputs)
    figure = new_figure(9.2, 7.6)
    axes = figure.add_subplot()
    _scatter(axes, inputs, places)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_aspect("equal", adjustable="datalim")
    for spine in axes.spines.values():
        spine.set_visible(True)
    _legend(figure, inputs)
    figure.draw_without_rendering()
    _label_classes(axes, inputs, places)
    return Page(figure, _caption(inputs))


def _scatter(axes: Axes, inputs: FigureInputs, places: NDArray[np.float32]) -> None:
    labels = np.array([clip.label for clip in inputs.clips])
    # In one go and in a mixed order, so that no class lies above all others.
    order = np.random.default_rng(0).permutation(len(labels))
    size = float(np.clip(60_000 / len(labels), 4.0, 26.0))
    for block in np.array_split(order, min(len(order), 24)):
        for label in np.unique(labels[block]):
            chosen = block[labels[block] == label]
            axes.scatter(
                places[chosen, 0],
                places[chosen, 1],
                s=size,
                color=CLASS_COLOURS[label],
                marker=family_markers(NAMES[label])[0],
                linewidths=0.15,
                edgecolors="white",
                # 42,311 signs as paths would make an SVG that no browser opens in time.
                rasterized=True,
            )


def _label_classes(axes: Axes, inputs: FigureInputs, places: NDArray[np.float32]) -> None:
    """Write each class's name where most of its points lie, moved so that none covers another."""
    labels = np.array([clip.label for clip in inputs.clips])
    present = np.unique(labels)
    middles = np.array([densest_place(places[labels == label]) for label in present])
    pixels = axes.transData.transform(middles)
    sizes = np.array([_label_size(axes, NAMES[label]) for label in present])
    # Above their points, not on them.
    above = np.array([0.0, 1.3 * sizes[:, 1].max()])
    moved = spread_labels(pixels + above, sizes)
    for label, middle, place in zip(
        present, middles, axes.transData.inverted().transform(moved), strict=True
    ):
        axes.plot(*np.stack([middle, place]).T, color=INK, linewidth=0.5, zorder=4)
        axes.text(
            place[0],
            place[1],
            NAMES[label],
            fontsize=_LABEL_PT,
            ha="center",
            va="center",
            zorder=5,
            bbox={
                "boxstyle": "round,pad=0.18",
                "facecolor": "white",
                "alpha": 0.88,
                "edgecolor": CLASS_COLOURS[label],
                "linewidth": 0.9,
            },
        )


def densest_place(points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the middle of the closest crowd of some points, shape (2,).

    The median of a class that falls into several crowds lies between them, among others' points.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
    """
    span = float(np.ptp(points, axis=0).max())
    tree = KDTree(points)
    radius = _CROWD_SHARE * span
    crowded = int(np.argmax(tree.query_ball_point(points, radius, return_length=True)))
    return np.asarray(points[tree.query_ball_point(points[crowded], radius)].mean(axis=0))


def _label_size(axes: Axes, text: str) -> tuple[float, float]:
    """Return about how wide and high a label is, in pixels."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    per_point = figure.dpi / 72
    return (0.62 * _LABEL_PT * len(text) + 5) * per_point, (_LABEL_PT + 6) * per_point


def _legend(figure: Figure, inputs: FigureInputs) -> None:
    handles: list[Line2D] = []
    for family, names in by_family().items():
        present = [name for name in names if name in inputs.instruments]
        if present:
            handles.append(Line2D([], [], linestyle="none", label=family))
        handles += [_sign(name) for name in present]
    legend = figure.legend(handles=handles, loc="outside right upper", handletextpad=0.2)
    for text in legend.get_texts():
        if text.get_text() in by_family():
            text.set_fontweight("bold")
            # Headings stand where the signs are.
            text.set_x(-14)


def _sign(name: str) -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=family_markers(name)[0],
        markersize=6,
        color=CLASS_COLOURS[NAMES.index(name)],
        markeredgecolor="white",
        markeredgewidth=0.3,
        label=name,
    )


def _page(inputs: FigureInputs) -> Page:
    content = write_page(inputs.clips, _places(inputs), title="t-SNE of the mean MFCCs")
    said = " Points name their clip, class and group; a click in the legend hides a class."
    return Page(content, _caption(inputs) + said)


def _caption(inputs: FigureInputs) -> str:
    return (
        f"t-SNE of the standardised mean MFCCs (40 values) of all {len(inputs.clips):,} clips, "
        f"perplexity {perplexity_for(len(inputs.clips)):.3g}, random state 0. Colour tells the "
        "class, the sign its family; names stand where most clips of a class lie. Distances "
        "between far groups of points mean nothing on such a map."
    )
