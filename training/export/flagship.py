"""Exports a flagship as ONNX, parity checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import tensorflow as tf
from numpy.typing import NDArray

from timbrescope.models.frontend import FeatureKind
from timbrescope.models.instruments import NAMES
from timbrescope.models.logmel import LOG_OFFSET
from timbrescope.training.export.contributions import with_contributions
from timbrescope.training.export.flagship_graph import (
    EMBEDDING,
    GATE,
    LOGITS,
    PROBABILITIES,
    convolutions,
    flagship_graph,
    rounded,
)
from timbrescope.training.export.held_out import ComparedGraph, HeldOutAnswers, ship
from timbrescope.training.export.parity import OUTPUT_TOLERANCE, largest_difference, run_graph
from timbrescope.training.export.sidecar import Provenance
from timbrescope.training.fit.flagship.head import LinearHead
from timbrescope.training.fit.flagship.network import AVERAGES, build_flagship
from timbrescope.training.fit.flagship.settings import Shape
from timbrescope.training.fit.flagship.trunk import NORM_EPSILON

KIND: FeatureKind = "logmel"
FAMILY = "flagship"
NAME = "timbrescope-flagship"
OUTPUTS = (LOGITS, PROBABILITIES, EMBEDDING)
COUNTED_AT = "block4"


@dataclass(frozen=True)
class FlagshipParity:
    """Largest absolute differences between a graph and its network.

    Attributes
    ----------
    windows : int
    logits, probabilities, embedding : float
        Against the network with the same weights in half precision.
    rounding : float
        Of the logits, against the network as it was trained.
    largest_logit : float
        The range in which these differences were met.
    """

    windows: int
    logits: float
    probabilities: float
    embedding: float
    rounding: float
    largest_logit: float

    @property
    def ok(self) -> bool:
        """Whether the graph says what the rounded network says; False for NaN."""
        found = (self.logits, self.probabilities, self.embedding)
        return all(difference <= OUTPUT_TOLERANCE for difference in found)

    def stated(self) -> dict[str, Any]:
        """Return what sidecars state of the check."""
        return {
            "windows": self.windows,
            "logits_max_abs": self.logits,
            "probabilities_max_abs": self.probabilities,
            "embedding_max_abs": self.embedding,
            "half_precision_logits_max_abs": self.rounding,
            "largest_logit": self.largest_logit,
        }


def with_rounded_weights(model: keras.Model, *, shape: Shape) -> keras.Model:
    """Return the network whose folded convolutions hold what half precision holds.

    Normalisations become a mere bias; the heads stay behind as they were.
    """
    copy = build_flagship(shape)
    copy.set_weights(model.get_weights())
    for found in convolutions(model):
        turned = found.kernel.transpose((2, 3, 0, 1) if found.groups > 1 else (2, 3, 1, 0))
        copy.get_layer(found.name).set_weights([turned])
        still = np.full(len(found.bias), 1.0 - NORM_EPSILON, np.float32)
        norm = [found.bias, np.zeros_like(found.bias), still]
        copy.get_layer(f"{found.name}_norm").set_weights(norm)
    return copy


def check_flagship(
    graph: bytes,
    model: keras.Model,
    features: NDArray[np.float32],
    *,
    head: LinearHead,
    shape: Shape,
) -> FlagshipParity:
    """Compare a graph with the network it was made from, rounded and as it was."""
    ours = run_graph(graph, features, names=OUTPUTS)
    averages = _averages(with_rounded_weights(model, shape=shape), features)
    halved = LinearHead(rounded(head.kernel).astype(np.float64), head.bias)
    logits = halved.logits(averages)
    whole = tf.nn.softmax(np.pad(logits, ((0, 0), (0, 1)))).numpy()
    trained = head.logits(_averages(model, features))
    return FlagshipParity(
        windows=len(features),
        logits=largest_difference(ours[LOGITS], logits),
        probabilities=largest_difference(ours[PROBABILITIES], whole[:, : len(NAMES)]),
        embedding=largest_difference(ours[EMBEDDING], averages[:, -ours[EMBEDDING].shape[1] :]),
        rounding=largest_difference(logits, trained),
        largest_logit=float(np.abs(logits).max()),
    )


def _averages(model: keras.Model, features: NDArray[np.float32]) -> NDArray[np.float64]:
    inner = keras.Model(model.input, model.get_layer(AVERAGES).output)
    return np.asarray(inner(tf.constant(features, tf.float32), training=False), np.float64)


def export_flagship(
    model: keras.Model,
    path: Path,
    *,
    head: LinearHead,
    shape: Shape,
    features: NDArray[np.float32],
    provenance: Provenance,
    answers: HeldOutAnswers | None = None,
) -> FlagshipParity:
    """Convert, check and write a flagship as ``<path>.onnx`` with its sidecar beside it.

    Parameters
    ----------
    model : keras.Model
        In float32, trained.
    path : Path
    head : LinearHead
    shape : Shape
        Of the network.
    features : ndarray, shape (N, 64, 256)
        Real windows on which parity is checked.
    provenance : Provenance
    answers : HeldOutAnswers, optional
        See `training.export.held_out.ship`.

    Raises
    ------
    ParityError
        If the graph differs from the network; nothing is written then.
    """
    name = provenance.name or NAME
    made = flagship_graph(model, head=head, blocks=shape.blocks, name=name)
    parity = check_flagship(made.SerializeToString(), model, features, head=head, shape=shape)
    graph = explaining(made).SerializeToString()
    compared = ComparedGraph(graph, NAME, KIND, FAMILY, parity)
    return ship(compared, path, provenance=provenance, answers=answers)


def explaining(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Return a flagship's graph with contributions beside its answers.

    They are counted where a place sees about a fifth of a second, before anything is averaged; how
    much a frame counts is held, see `training.export.contributions`.
    """
    silence = float(np.log(LOG_OFFSET))
    return with_contributions(graph, silence=silence, background=True, at=COUNTED_AT, held=(GATE,))
