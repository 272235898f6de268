"""Deletion and insertion by the model's evidence, by loudness, at random, and by Grad-CAM."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from timbrescope.models.evidence import sound_heights_db
from timbrescope.models.frontend import FeatureKind, feature_shape
from timbrescope.models.heatmaps import covering
from timbrescope.models.probabilities import calibrated
from timbrescope.training.faithfulness.graphs import GradCam, answering, opened
from timbrescope.training.faithfulness.material import Window
from timbrescope.training.measures.faithfulness import (
    FRACTIONS,
    SEED,
    altered,
    area,
    in_cells,
    mean_over_groups,
)

EVIDENCE, LOUDEST, RANDOM, GRAD_CAM = "evidence", "loudest first", "random", "Grad-CAM"
ORDERS = (EVIDENCE, LOUDEST, RANDOM, GRAD_CAM)
# How much of the cells' scores tells apart those that are equally far above silence.
_TIE = 1e-6


class Answers:
    """The probability of one class for many altered features of a window at once."""

    def __init__(self, model: onnx.ModelProto, *, temperature: float, background: bool) -> None:
        self._session = opened(answering(model))
        self._temperature, self._background = temperature, background

    def of(self, features: NDArray[np.float32], label: int) -> NDArray[np.float64]:
        """Return the calibrated probabilities of a class, one for each of the features."""
        (logits,) = self._session.run(["logits"], {"features": features})
        shares = calibrated(logits, temperature=self._temperature, background=self._background)
        return np.asarray(shares[:, label], np.float64)


def curves(
    windows: Sequence[Window],
    *,
    model: onnx.ModelProto,
    answers: Answers,
    kind: FeatureKind,
    progress: Callable[[int], None],
) -> dict[str, Any]:
    """Return areas and curves of all orders, and by how much evidence differs from the others."""
    grad_cam = GradCam(model)
    rng = np.random.default_rng(SEED)
    found: dict[str, list[list[NDArray[np.float64]]]] = {order: [] for order in ORDERS}
    for number, window in enumerate(windows):
        label = window.analysis.best
        whole = answers.of(window.features[np.newaxis], label)[0]
        for order, cells in _scores(window, kind=kind, grad_cam=grad_cam, rng=rng).items():
            both = [altered(window.features, cells, keeps=keeps) for keeps in (False, True)]
            shares = answers.of(np.concatenate(both), label) / whole
            found[order].append(np.split(shares, 2))
        progress(number + 1)
    groups = [window.source for window in windows]
    return {
        name: _figures({order: each[place] for order, each in _stacked(found).items()}, groups)
        for place, name in enumerate(("deletion", "insertion"))
    }


def _scores(
    window: Window, *, kind: FeatureKind, grad_cam: GradCam, rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    assert window.analysis.evidence is not None
    heights = sound_heights_db(window.features, kind=kind)
    cells = in_cells(heights) + _TIE * in_cells(window.features)
    shape = feature_shape(kind)
    gradient = covering(grad_cam.of(window.features, window.analysis.best), shape)
    return {
        EVIDENCE: in_cells(window.analysis.evidence.grid),
        LOUDEST: cells,
        RANDOM: rng.random(cells.shape),
        GRAD_CAM: in_cells(gradient),
    }


def _stacked(
    found: dict[str, list[list[NDArray[np.float64]]]],
) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return for each order the curves (windows, 11) of deletion and of insertion."""
    return {
        order: (np.stack([one for one, _ in pairs]), np.stack([two for _, two in pairs]))
        for order, pairs in found.items()
    }


def _figures(by_order: dict[str, NDArray[np.float64]], groups: list[str]) -> dict[str, Any]:
    areas = {order: [area(curve) for curve in rows] for order, rows in by_order.items()}
    return {
        order: {
            "area": mean_over_groups(areas[order], groups).stated(),
            "evidence_minus_it": mean_over_groups(
                np.subtract(areas[EVIDENCE], areas[order]).tolist(), groups
            ).stated(),
            "curve": dict(
                zip(map(str, FRACTIONS), np.round(rows.mean(axis=0), 4).tolist(), strict=True)
            ),
        }
        for order, rows in by_order.items()
    }
