"""Test clips that the mel network of a study answers rightly, with the evidence for it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.artefact import sidecar_path
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import log_mel
from timbrescope.models.heatmaps import evidence, normalised
from timbrescope.models.instruments import NAMES
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.evaluate.answers import Answers, load_answers
from timbrescope.training.study.explore.waveforms import read_window
from timbrescope.training.study.figures.drawing import FigureError
from timbrescope.training.study.figures.inputs import FigureInputs
from timbrescope.training.study.folder import OWN_TEST, StudyFolder
from timbrescope.training.study.ledger import file_fingerprint

MODEL = "mel"
# So many of a class are tried; the first nearly always does.
_CANDIDATES = 5


@dataclass(frozen=True, eq=False)
class ExplainedClip:
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
        Calibrated.
    """

    clip: Clip
    decibels: NDArray[np.float32]
    heatmap: NDArray[np.float32]
    evidence: NDArray[np.float32]
    probability: float


def explained_network(inputs: FigureInputs) -> tuple[str, str] | None:
    """Return the split whose mel network is explained, and what a figure of it is made of.

    That is the first split with answers, or simply the first; the second text changes with the
    network and its answers. None in a study without a mel network.
    """
    if MODEL not in inputs.models:
        return None
    folder = inputs.folder
    ready = [s for s in inputs.splits if folder.answers(s, MODEL, OWN_TEST).is_file()]
    split = (ready or list(inputs.splits))[0]
    onnx = folder.onnx(split, MODEL)
    return split, file_fingerprint(onnx, sidecar_path(onnx), folder.answers(split, MODEL, OWN_TEST))


def explained_clips(inputs: FigureInputs, *, split: str) -> Iterator[ExplainedClip]:
    """Yield of each instrument the test clip that is answered rightly with most certainty.

    The exported network answers and explains. Instruments without a right answer are left out.

    Raises
    ------
    FigureError
        If the network has not been trained or evaluated.
    ModelFileError
        If the exported network is damaged.
    """
    onnx = inputs.folder.onnx(split, MODEL)
    if not onnx.is_file():
        raise FigureError(f"the {MODEL} network of the {split} split is not trained yet")
    right = _answered_rightly(inputs, _answers(inputs.folder, split=split))
    classifier = Classifier.load(path=onnx)
    for instrument in NAMES:
        found = (_explain(classifier, clip) for clip in right.get(instrument, [])[:_CANDIDATES])
        first = next((explained for explained in found if explained is not None), None)
        if first is not None:
            yield first


def _answers(folder: StudyFolder, *, split: str) -> Answers:
    path = folder.answers(split, MODEL, OWN_TEST)
    if not path.is_file():
        raise FigureError(f"the {MODEL} network of the {split} split is not evaluated yet")
    return load_answers(path)


def _answered_rightly(inputs: FigureInputs, answers: Answers) -> dict[str, list[Clip]]:
    """Return the clips of each instrument that were answered rightly, the surest first."""
    by_name = {clip.name: clip for clip in inputs.clips}
    sure = answers.probabilities.max(axis=1)
    right = answers.probabilities.argmax(axis=1) == answers.labels
    found: dict[str, list[Clip]] = {}
    for row in sorted(np.flatnonzero(right), key=lambda row: (-sure[row], answers.clips[row])):
        clip = by_name.get(str(answers.clips[row]))
        if clip is not None:
            found.setdefault(clip.instrument, []).append(clip)
    return found


def _explain(classifier: Classifier, clip: Clip) -> ExplainedClip | None:
    """Return the evidence, or None if the clip cannot be read or is answered wrongly after all.

    Stored answers came from features in half precision, which a tie can depend on.
    """
    try:
        window = read_window(clip)
    except TimbrescopeError:
        return None
    found = classifier.classify(window)
    if int(found.probabilities.argmax()) != clip.label or found.heatmaps is None:
        return None
    heatmap = found.heatmaps[clip.label]
    return ExplainedClip(
        clip=clip,
        decibels=log_mel(window),
        heatmap=normalised(heatmap),
        evidence=evidence(heatmap, kind=classifier.kind),
        probability=float(found.probabilities[clip.label]),
    )
