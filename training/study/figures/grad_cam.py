"""Figure 9: from the mel spectrogram of a test clip to the evidence for the answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from numpy.typing import NDArray

from models.artefact import sidecar_path
from models.classifier import Classifier
from models.frontend import FRAMES, HOP_S, MEL_BANDS, log_mel
from models.heatmaps import CELL, evidence, normalised
from models.instruments import NAMES
from training.corpora import CorpusError
from training.study.clips import Clip
from training.study.figures.drawing import FigureError, Page, Plan
from training.study.figures.examples import draw_spectrogram, shown_instrument
from training.study.figures.inputs import FigureInputs, read_window
from training.study.figures.palette import EVIDENCE_MAP
from training.study.figures.style import SPECTROGRAM_EXTENT, WIDE_IN, mel_axes, new_figure
from training.study.folder import OWN_TEST, StudyFolder
from training.study.ledger import file_fingerprint, fingerprint
from training.study.stored_answers import Answers, load_answers

MODEL = "mel"
_CANDIDATES = 12
# Evidence below this share of the largest is left transparent; the outline lies at half of it.
_FAINTEST, _OUTLINE = 0.15, 0.5


@dataclass(frozen=True, eq=False)
class Explained:
    """A clip that the network answered rightly, and why.

    Attributes
    ----------
    clip : Clip
    decibels : ndarray, shape (128, 130)
    heatmap : ndarray, shape (h, w)
        Grad-CAM of the answer, its largest value 1.
    evidence : ndarray, shape (128, 130)
        The same on the spectrogram's grid.
    probability : float
    """

    clip: Clip
    decibels: NDArray[np.float32]
    heatmap: NDArray[np.float32]
    evidence: NDArray[np.float32]
    probability: float


def plans(inputs: FigureInputs) -> Iterator[Plan]:
    """Yield the plan of figure 9: the network of the first split that has one."""
    if MODEL not in inputs.models:
        return
    split = _split(inputs)
    onnx = inputs.folder.onnx(split, MODEL)
    answers = inputs.folder.answers(split, MODEL, OWN_TEST)
    network = file_fingerprint(onnx, sidecar_path(onnx), answers)
    yield Plan(
        name="fig-09-grad-cam",
        title="The evidence for an answer (Grad-CAM)",
        number=9,
        key=fingerprint(split, network, inputs.clips_key),
        draw=partial(_draw, inputs, split=split),
    )


def _split(inputs: FigureInputs) -> str:
    """Return the first split whose network has answered, or the first one."""
    ready = [s for s in inputs.splits if inputs.folder.answers(s, MODEL, OWN_TEST).is_file()]
    return (ready or list(inputs.splits))[0]


def _draw(inputs: FigureInputs, *, split: str) -> Page:
    shown = _explain(inputs, split=split)
    figure = new_figure(WIDE_IN, 3.3)
    panels = [figure.add_subplot(1, 3, number) for number in (1, 2, 3)]
    decibels = draw_spectrogram(panels[0], shown.decibels)
    panels[0].set_title("1  Mel spectrogram")
    heatmap = _draw_heatmap(panels[1], shown.heatmap)
    rows, columns = shown.heatmap.shape
    panels[1].set_title(f"2  Grad-CAM, {rows} × {columns} cells")
    _draw_overlay(panels[2], shown)
    panels[2].set_title("3  Both")
    for number, axes in enumerate(panels):
        mel_axes(axes)
        axes.tick_params(labelleft=number == 0)
        axes.set_ylabel(axes.get_ylabel() if number == 0 else "")
    _bars(figure, panels, decibels, heatmap)
    said = f"{shown.clip.instrument}, answered with probability {shown.probability:.2f}"
    figure.suptitle(said, x=0.01, ha="left", fontsize=9.5, fontweight="bold")
    return Page(figure, _caption(shown, split=split))


def _explain(inputs: FigureInputs, *, split: str) -> Explained:
    """Find a test clip that the exported network answers rightly, and explain the answer."""
    onnx = inputs.folder.onnx(split, MODEL)
    if not onnx.is_file():
        raise FigureError(f"the {MODEL} network of the {split} split is not trained yet")
    classifier = Classifier.load(path=onnx)
    for clip in _candidates(inputs, _answers(inputs.folder, split=split))[:_CANDIDATES]:
        try:
            window = read_window(clip)
        except CorpusError:
            continue
        found = classifier.classify(window)
        # The stored answer came from features in half precision.
        right = int(found.probabilities.argmax()) == clip.label
        if right and found.heatmaps is not None:
            heatmap = found.heatmaps[clip.label]
            return Explained(
                clip=clip,
                decibels=log_mel(window),
                heatmap=normalised(heatmap),
                evidence=evidence(heatmap, kind=classifier.kind),
                probability=float(found.probabilities[clip.label]),
            )
    raise FigureError(
        f"no test clip of the {split} split that the {MODEL} network answers rightly can be read"
    )


def _answers(folder: StudyFolder, *, split: str) -> Answers:
    path = folder.answers(split, MODEL, OWN_TEST)
    if not path.is_file():
        raise FigureError(f"the {MODEL} network of the {split} split is not evaluated yet")
    return load_answers(path)


def _candidates(inputs: FigureInputs, answers: Answers) -> list[Clip]:
    """Return the clips that were answered rightly; figure 2's class first, surest first."""
    by_name = {clip.name: clip for clip in inputs.clips}
    right = answers.probabilities.argmax(axis=1) == answers.labels
    sure = answers.probabilities.max(axis=1)
    known = [
        (by_name[str(name)], float(sure[row]))
        for row, name in enumerate(answers.clips)
        if right[row] and str(name) in by_name
    ]
    first = shown_instrument(inputs)
    known.sort(key=lambda found: (found[0].instrument != first, -found[1], found[0].name))
    return [clip for clip, _ in known]


def _draw_heatmap(axes: Axes, heatmap: NDArray[np.float32]) -> ScalarMappable:
    """Draw the cells where they lie: the last frames fall off the pooling."""
    rows, columns = heatmap.shape
    extent = (-0.5 * HOP_S, (CELL * columns - 0.5) * HOP_S, -0.5, CELL * rows - 0.5)
    return axes.imshow(
        heatmap,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        cmap=EVIDENCE_MAP,
        extent=extent,
        vmin=0,
        vmax=1,
    )


def _draw_overlay(axes: Axes, shown: Explained) -> None:
    draw_spectrogram(axes, shown.decibels, colours="gray")
    opacity = np.where(shown.evidence < _FAINTEST, 0.0, 0.25 + 0.5 * shown.evidence)
    axes.imshow(
        shown.evidence,
        origin="lower",
        aspect="auto",
        interpolation="bilinear",
        cmap=EVIDENCE_MAP,
        extent=SPECTROGRAM_EXTENT,
        vmin=0,
        vmax=1,
        alpha=opacity,
    )
    axes.contour(
        np.arange(FRAMES) * HOP_S,
        np.arange(MEL_BANDS),
        shown.evidence,
        levels=[_OUTLINE],
        colors="white",
        linewidths=1.0,
    )


def _bars(
    figure: Figure, panels: Sequence[Axes], decibels: ScalarMappable, heatmap: ScalarMappable
) -> None:
    options: dict[str, Any] = {"location": "bottom", "pad": 0.02, "aspect": 30}
    figure.colorbar(decibels, ax=panels[0], label="Level (dB, 0 = loudest)", **options)
    figure.colorbar(
        heatmap,
        ax=list(panels[1:]),
        label="Evidence (share of its maximum)",
        **(options | {"aspect": 60}),
    )


def _caption(shown: Explained, *, split: str) -> str:
    return (
        f"Grad-CAM step by step for a test clip of the {split} split ({shown.clip.name}) that the "
        f"mel network rightly answers with {NAMES[shown.clip.label]}: the spectrogram, the "
        "positive evidence for the answer in the cells of the last convolution's map, and both in "
        "one; outlined is half of the largest evidence. Computed by the exported model."
    )
