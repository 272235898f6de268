"""From held-out windows to a calibrated, described model: the one way for all models.

Networks, flagship and classical models differ in how they become a graph and how that is compared
with the model it was made from. What follows is the same for all, in a release and in a study:
nothing is written unless the comparison went well, temperature and thresholds are fitted to the
answers to held-out windows, and the sidecar states where everything comes from.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.frontend import FeatureKind
from timbrescope.training.export.sidecar import ParityError, Provenance, describe, write_model
from timbrescope.training.fit.examples import Rows
from timbrescope.training.measures.calibration import Calibration, calibrate

# Networks are compared with their graphs on so many windows: each costs 28 gradients.
PARITY_WINDOWS = 28


class Parity(Protocol):
    """What a comparison of a graph with the model it was made from found."""

    @property
    def ok(self) -> bool:
        """Whether every difference is within its tolerance."""

    def stated(self) -> dict[str, Any]:
        """Return the figures as a sidecar states them."""


AnyParity = TypeVar("AnyParity", bound=Parity)


@dataclass(frozen=True)
class HeldOutAnswers:
    """What a model answers to held-out windows.

    Attributes
    ----------
    logits : ndarray, shape (N, 28)
    labels : ndarray of int, shape (N,)
        See `training.measures.calibration.calibrate`.
    silence : ndarray, shape (M, 28), or None
        Logits for noise and speech: what must not be called an instrument.
    others : ndarray, shape (K, 28), or None
        Logits for other instruments.
    background : bool
        Whether the model knows a class "none of the 28".
    """

    logits: NDArray[np.floating]
    labels: NDArray[np.integer]
    silence: NDArray[np.floating] | None = None
    others: NDArray[np.floating] | None = None
    background: bool = False


@dataclass(frozen=True)
class ComparedGraph(Generic[AnyParity]):
    """A serialised graph, what it is, and how it agrees with the model it was made from.

    Attributes
    ----------
    graph : bytes
    name : str
        Under which it presents itself unless its provenance gives it another name.
    kind : str
        Of the features that it reads.
    family : str
    parity : Parity
    made_from : str
        What the parity is with, in words.
    """

    graph: bytes
    name: str
    kind: FeatureKind
    family: str
    parity: AnyParity
    made_from: str = "the network"


def spread(features: Rows, *, count: int = PARITY_WINDOWS) -> NDArray[np.float32]:
    """Return windows spread evenly over a part, and so over its classes."""
    rows = np.unique(np.linspace(0, len(features) - 1, count).astype(int))
    return np.asarray(features[rows], dtype=np.float32)


def calibration(answers: HeldOutAnswers) -> Calibration:
    """Fit temperature and thresholds to the answers."""
    return calibrate(
        answers.logits,
        answers.labels,
        background=answers.background,
        silence=answers.silence,
        others=answers.others,
    )


def calibrated(provenance: Provenance, answers: HeldOutAnswers) -> Provenance:
    """Return the provenance with temperature, thresholds and their figures put in."""
    found = calibration(answers)
    return replace(
        provenance,
        temperature=found.temperature,
        not_sure=found.not_sure,
        least_known=found.least_known,
        background=answers.background,
        metrics=provenance.metrics | {"calibration": found.as_dict()},
    )


def ship(
    compared: ComparedGraph[AnyParity],
    path: Path,
    *,
    provenance: Provenance,
    answers: HeldOutAnswers | None = None,
) -> AnyParity:
    """Write a graph and its sidecar beside it, and return how it agrees with its model.

    Parameters
    ----------
    compared : ComparedGraph
    path : Path
        The ONNX file.
    provenance : Provenance
    answers : HeldOutAnswers, optional
        With them, temperature and thresholds are fitted; without, the provenance's are kept.

    Raises
    ------
    ParityError
        If the graph differs from its model; nothing is written then.
    """
    if not compared.parity.ok:
        raise ParityError(
            f"the exported {provenance.name or compared.name} differs from {compared.made_from} "
            f"({compared.parity})"
        )
    if answers is not None:
        provenance = calibrated(provenance, answers)
    sidecar = describe(
        compared.graph,
        own_name=compared.name,
        kind=compared.kind,
        family=compared.family,
        provenance=provenance,
        parity=compared.parity.stated(),
    )
    write_model(compared.graph, sidecar, path)
    return compared.parity
