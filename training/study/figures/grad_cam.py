"""Figure 9: from the mel spectrogram of a test clip to the evidence for the answer."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from numpy.typing import NDArray

from timbrescope.models.frontend import FRAMES, HOP_S, MEL_BANDS
from timbrescope.models.heatmaps import CELL
from timbrescope.training.hashes import short_hash
from timbrescope.training.study.figures.drawing import FigureError, Page, Plan
from timbrescope.training.study.figures.examples import (
    DECIBELS,
    draw_spectrogram,
    small_multiples,
    small_spectrogram_axes,
)
from timbrescope.training.study.figures.explained import (
    MODEL,
    ExplainedClip,
    explained_clips,
    explained_network,
)
from timbrescope.training.study.figures.inputs import FigureInputs
from timbrescope.training.study.figures.palette import EVIDENCE_MAP
from timbrescope.training.study.figures.style import (
    SPECTROGRAM_EXTENT,
    WIDE_IN,
    mel_axes,
    new_figure,
)

# Evidence below this share of the largest is left transparent; the outline lies at half of it.
_FAINTEST, _OUTLINE = 0.15, 0.5
_EVIDENCE = "Evidence (share of its maximum)"


def plans(inputs: FigureInputs) -> Iterator[Plan]:
    """Yield the plans of figure 9 and of the overview, for the first split with answers."""
    explained = explained_network(inputs)
    if explained is None:
        return
    split, network = explained
    key = short_hash(split, network, inputs.clips_key)
    for name, title, number, draw in (
        ("fig-09-grad-cam", "The evidence for an answer (Grad-CAM)", 9, _draw_steps),
        ("examples-grad-cam", "The evidence for an answer of every class", None, _draw_classes),
    ):
        yield Plan(name, title, number, key, partial(draw, inputs, split=split))


def _draw_steps(inputs: FigureInputs, *, split: str) -> Page:
    shown = max(_explained(inputs, split=split), key=lambda found: found.probability)
    figure = new_figure(WIDE_IN, 3.5)
    panels = [figure.add_subplot(1, 3, number) for number in (1, 2, 3)]
    decibels = draw_spectrogram(panels[0], shown.decibels)
    heatmap = _draw_heatmap(panels[1], shown.heatmap)
    draw_overlay(panels[2], shown)
    rows, columns = shown.heatmap.shape
    titles = ("1  Mel spectrogram", f"2  Grad-CAM, {rows} × {columns} cells", "3  Both")
    for axes, title in zip(panels, titles, strict=True):
        mel_axes(axes)
        axes.set_title(title)
        axes.tick_params(labelleft=axes is panels[0])
        if axes is not panels[0]:
            axes.set_ylabel("")
    bottom = {"location": "bottom", "pad": 0.02}
    figure.colorbar(decibels, ax=panels[0], label=DECIBELS, aspect=30, **bottom)  # type: ignore[arg-type]
    figure.colorbar(heatmap, ax=panels[1:], label=_EVIDENCE, aspect=60, **bottom)  # type: ignore[arg-type]
    said = f"{shown.clip.instrument}, answered with probability {shown.probability:.2f}"
    figure.suptitle(said, x=0.01, ha="left", fontsize=9.5)
    return Page(figure, _caption(shown, split=split))


def _explained(inputs: FigureInputs, *, split: str) -> list[ExplainedClip]:
    found = list(explained_clips(inputs, split=split))
    if not found:
        raise FigureError(f"the {MODEL} network of the {split} split answers no test clip rightly")
    return found


def _draw_heatmap(axes: Axes, heatmap: NDArray[np.float32]) -> ScalarMappable:
    """Draw the cells where they lie: the last frames fall off the pooling."""
    rows, columns = heatmap.shape
    return axes.imshow(
        heatmap,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        cmap=EVIDENCE_MAP,
        extent=(-0.5 * HOP_S, (CELL * columns - 0.5) * HOP_S, -0.5, CELL * rows - 0.5),
        vmin=0,
        vmax=1,
    )


def draw_overlay(axes: Axes, shown: ExplainedClip) -> ScalarMappable:
    """Draw a spectrogram in greys, the evidence over it in colour, and half of it as a line."""
    draw_spectrogram(axes, shown.decibels, colours="gray")
    opacity = np.where(shown.evidence < _FAINTEST, 0.0, 0.35 + 0.5 * shown.evidence)
    image = axes.imshow(
        shown.evidence,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        cmap=EVIDENCE_MAP,
        extent=SPECTROGRAM_EXTENT,
        vmin=0,
        vmax=1,
        alpha=opacity,
    )
    times_s, bands = np.arange(FRAMES) * HOP_S, np.arange(MEL_BANDS)
    # White lines are lost on loud partials, black ones on silence; both are seen everywhere.
    for colour, width in (("black", 1.8), ("white", 0.8)):
        axes.contour(
            times_s, bands, shown.evidence, levels=[_OUTLINE], colors=colour, linewidths=width
        )
    return image


def _draw_classes(inputs: FigureInputs, *, split: str) -> Page:
    shown = _explained(inputs, split=split)
    titles = [f"{one.clip.instrument} ({one.probability:.2f})" for one in shown]
    figure, cells = small_multiples(titles)
    for axes, one in zip(cells, shown, strict=True):
        draw_overlay(axes, one)
    small_spectrogram_axes(figure, cells)
    bar = ScalarMappable(cmap=EVIDENCE_MAP)
    figure.colorbar(
        bar, ax=cells, label=_EVIDENCE, location="bottom", pad=0.01, aspect=60, shrink=0.5
    )
    caption = (
        f"Grad-CAM of the mel network of the {split} split for the test clip of each class that "
        f"it answers rightly with most certainty ({len(shown)} classes have one), with the "
        "probability: evidence in colour over the spectrogram in greys; outlined is half of the "
        "largest evidence. Single clips, chosen for certainty: what the network can do, not what "
        "it does on average."
    )
    return Page(figure, caption)


def _caption(shown: ExplainedClip, *, split: str) -> str:
    return (
        f"Grad-CAM step by step for the test clip that the mel network of the {split} split "
        f"answers rightly with most certainty, {shown.clip.instrument} ({shown.clip.name}): the "
        "spectrogram, the positive evidence for the answer in the cells of the last convolution's "
        "map, and both in one; outlined is half of the largest evidence. Computed by the exported "
        "model."
    )
