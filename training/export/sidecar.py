"""What every shipped model has in common: its sidecar's form and the way it is written."""

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from timbrescope.models.artefact import Sidecar, Thresholds, sidecar_path
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import FeatureKind, settings
from timbrescope.models.instruments import NAMES
from timbrescope.training.files import write_bytes, write_json

OPSET = 17
BATCH_AXIS = "batch"
QUIET_DBFS = -60.0
VERSION = "0.1.0"
LICENCE = "Apache-2.0"


class ParityError(TimbrescopeError):
    """An exported graph does not give the numbers of the model it was made from."""


@dataclass(frozen=True)
class Provenance:
    """What a sidecar states about a model beside its form.

    Attributes
    ----------
    temperature, not_sure, least_known : float
        From `training.measures.calibration`.
    corpus, split, metrics : dict
        Identity of what it was trained on, how that was divided, and figures per split.
    attributions : tuple of str
        Credits that the sources' licences ask for.
    name : str or None
        Under which the model presents itself; None for the shipped models' own name.
    background : bool
        Whether the model knows a class "none of the 28", see `models.probabilities`.
    """

    temperature: float = 1.0
    not_sure: float = 0.5
    least_known: float = 0.0
    corpus: dict[str, Any] = field(default_factory=dict)
    split: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    attributions: tuple[str, ...] = ()
    name: str | None = None
    background: bool = False


def describe(
    graph: bytes,
    *,
    own_name: str,
    kind: FeatureKind,
    family: str,
    provenance: Provenance,
    parity: dict[str, Any],
) -> Sidecar:
    """Return the sidecar of a serialised graph, its parity figures among the metrics.

    `own_name` is the model's name unless the provenance gives it another.
    """
    return Sidecar(
        name=provenance.name or own_name,
        kind=kind,
        family=family,
        version=VERSION,
        classes=NAMES,
        front_end=settings(kind),
        temperature=provenance.temperature,
        thresholds=Thresholds(
            quiet_dbfs=QUIET_DBFS,
            not_sure=provenance.not_sure,
            least_known=provenance.least_known,
        ),
        sha256=hashlib.sha256(graph).hexdigest(),
        licence=LICENCE,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        corpus=provenance.corpus,
        split=provenance.split,
        metrics=provenance.metrics | {"parity": parity},
        attributions=provenance.attributions,
        background=provenance.background,
    )


def write_model(graph: bytes, sidecar: Sidecar, path: Path) -> None:
    """Write a graph to `path` and its sidecar beside it, each in full or not at all."""
    write_bytes(path, graph)
    write_sidecar(sidecar, sidecar_path(path))


def write_sidecar(sidecar: Sidecar, path: Path) -> None:
    """Write `sidecar` as JSON to `path`, in full or not at all."""
    write_json(path, asdict(sidecar))
