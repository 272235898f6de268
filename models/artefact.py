"""Model files: an ONNX graph with its JSON sidecar, and the checks made before it is believed.

A model is refused, with a message that says which check failed, when its bytes, its classes,
its front end or its inputs and outputs are not those this program was written for.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from timbrescope.models.errors import ModelFileError, UnreadableFileError
from timbrescope.models.frontend import KINDS, FeatureKind, settings
from timbrescope.models.instruments import NAMES
from timbrescope.models.json_text import parse_json
from timbrescope.models.limits import MODEL_BYTES, SIDECAR_BYTES
from timbrescope.models.onnx_file import refuse_external_data
from timbrescope.models.reading import read_bounded
from timbrescope.models.sidecar_schema import problems_of, quoted


@dataclass(frozen=True)
class Thresholds:
    """Where claims end.

    Attributes
    ----------
    quiet_dbfs : float
        A window whose RMS level is below this is *quiet*.
    not_sure : float
        A best probability below this is *not sure*.
    least_known : float
        So is a sound for which the probabilities of all instruments add up to less than this,
        because it is likelier to be none of them (see `models.probabilities`); 0 for a model
        without a background.
    """

    quiet_dbfs: float
    not_sure: float
    least_known: float = 0.0


@dataclass(frozen=True)
class Sidecar:
    """What the JSON beside a model states.

    `kind` names the features that the graph reads, `family` the method (``cnn``, or the name of
    a classical one); `metrics` maps a split to its figures. With a `background`, the model knows a
    class "none of the 28" whose logit is zero (see `models.probabilities`).
    """

    name: str
    kind: FeatureKind
    version: str
    classes: tuple[str, ...]
    front_end: dict[str, Any]
    temperature: float
    thresholds: Thresholds
    sha256: str
    licence: str
    created: str
    corpus: dict[str, Any] = field(default_factory=dict)
    split: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    attributions: tuple[str, ...] = ()
    family: str = "cnn"
    background: bool = False


@dataclass(frozen=True)
class Artefact:
    """A checked model: the graph's bytes and its sidecar."""

    path: Path
    graph: bytes
    sidecar: Sidecar


def sidecar_path(onnx_path: Path) -> Path:
    """Return where the sidecar of a model file lies."""
    return onnx_path.with_suffix(".json")


def read_sidecar(path: Path) -> Sidecar:
    """Read a sidecar.

    Raises
    ------
    ModelFileError
        If the file is missing or too large, is not JSON, or a field is missing or is not what
        `models.sidecar_schema` allows.
    """
    try:
        stated = parse_json(read_bounded(path, limit_bytes=SIDECAR_BYTES))
    except UnreadableFileError as error:
        raise ModelFileError(f"cannot read the model's sidecar {path}: {error}") from error
    except ValueError as error:
        raise ModelFileError(f"the sidecar {path} is not JSON as it should be: {error}") from error
    if problems := problems_of(stated):
        raise ModelFileError(f"the sidecar {path} cannot be used: {'; '.join(problems)}")
    return sidecar_of(stated)


def sidecar_of(stated: Mapping[str, Any]) -> Sidecar:
    """Return the sidecar of fields in which `models.sidecar_schema` finds no problem."""
    names = {entry.name for entry in fields(Sidecar)}
    values = {name: value for name, value in stated.items() if name in names}
    limits = {name: float(value) for name, value in values["thresholds"].items()}
    return Sidecar(
        **values
        | {
            "thresholds": Thresholds(**limits),
            "temperature": float(values["temperature"]),
            "classes": tuple(values["classes"]),
            "attributions": tuple(values.get("attributions", ())),
        }
    )


def load_artefact(onnx_path: Path) -> Artefact:
    """Read a model file with its sidecar and check that they belong together and fit.

    Raises
    ------
    ModelFileError
        If either file is missing or too large, the graph's SHA-256 is not the one in the
        sidecar (both are quoted), it takes weights from other files, or classes or front end
        differ from this program's.
    """
    sidecar = read_sidecar(sidecar_path(onnx_path))
    try:
        graph = read_bounded(onnx_path, limit_bytes=MODEL_BYTES)
    except UnreadableFileError as error:
        raise ModelFileError(f"cannot read the model file {onnx_path}: {error}") from error
    found = hashlib.sha256(graph).hexdigest()
    if found != sidecar.sha256:
        raise ModelFileError(
            f"the model file {onnx_path} was changed: its SHA-256 is {found}, "
            f"its sidecar states {sidecar.sha256}; restore the file or install again"
        )
    refuse_external_data(graph, onnx_path)
    _check_fit(sidecar, onnx_path)
    return Artefact(onnx_path, graph, sidecar)


def _check_fit(sidecar: Sidecar, onnx_path: Path) -> None:
    if sidecar.kind not in KINDS:
        raise ModelFileError(
            f"{onnx_path} is of kind {quoted(sidecar.kind)}, known: {', '.join(KINDS)}"
        )
    if sidecar.classes != NAMES:
        odd = sorted(set(sidecar.classes) ^ set(NAMES)) or "their order"
        raise ModelFileError(
            f"the classes of {onnx_path} are not the 28 instruments: {quoted(odd)}"
        )
    expected = settings(sidecar.kind)
    if sidecar.front_end != expected:
        keys = sorted(set(expected) | set(sidecar.front_end))
        odd = [key for key in keys if expected.get(key) != sidecar.front_end.get(key)]
        raise ModelFileError(
            f"{onnx_path} was trained on another front end; these settings differ: {', '.join(odd)}"
        )
