"""The checks of a graph: its inputs and outputs, and everything that it answers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.artefact import Artefact
from timbrescope.models.errors import ModelFileError
from timbrescope.models.frontend import WINDOW_SAMPLES, feature_shape
from timbrescope.models.instruments import NAMES
from timbrescope.models.limits import EMBEDDING_VALUES, MAP_CELLS_A_SIDE

if TYPE_CHECKING:
    import onnxruntime

INPUT_NAME = "features"
REQUIRED_OUTPUTS = ("logits", "probabilities")
# A model without a feature map, such as a forest, has neither.
OPTIONAL_OUTPUTS = ("embedding", "heatmaps", "contributions")
# What is explained, for each window; a graph that gives contributions asks for both.
CHOICES = ("explained", "against")
FLOAT = "tensor(float)"
INTEGER = "tensor(int64)"
_NOISE_PEAK = 0.1


def trial_windows() -> tuple[NDArray[np.float32], ...]:
    """Return the windows that every model answers to when it is loaded: silence, and noise."""
    noise = np.random.default_rng(22).uniform(-_NOISE_PEAK, _NOISE_PEAK, WINDOW_SAMPLES)
    return np.zeros(WINDOW_SAMPLES, dtype=np.float32), noise.astype(np.float32)


def check_signature(session: "onnxruntime.InferenceSession", artefact: Artefact) -> None:
    """Check that a graph reads the features of one window and gives what is asked of it.

    Raises
    ------
    ModelFileError
        If not, or if it names itself otherwise than its sidecar does.
    """
    outputs = {entry.name: entry for entry in session.get_outputs()}
    _check_input(session.get_inputs(), artefact, explains="contributions" in outputs)
    missing = sorted(set(REQUIRED_OUTPUTS) - set(outputs))
    if missing:
        raise ModelFileError(f"{artefact.path} has no output named {', '.join(missing)}")
    for name in (*REQUIRED_OUTPUTS, *OPTIONAL_OUTPUTS):
        if name in outputs and outputs[name].type != FLOAT:
            raise ModelFileError(
                f"{artefact.path} gives {name} as {outputs[name].type}, not as {FLOAT}"
            )
    _check_names(session.get_modelmeta().custom_metadata_map, artefact)


def _check_input(inputs: Any, artefact: Artefact, *, explains: bool) -> None:
    shape = feature_shape(artefact.sidecar.kind)
    found = {entry.name: (entry.type, tuple(entry.shape)) for entry in inputs}
    kind, given = found.get(INPUT_NAME, ("", ()))
    one_batch = len(given) == 1 + len(shape) and (isinstance(given[0], str | None) or given[0] == 1)
    choices = [found.pop(name) for name in CHOICES if explains and name in found]
    right_choices = all(form == INTEGER and len(axes) == 1 for form, axes in choices)
    right_number = len(choices) == (len(CHOICES) if explains else 0) and len(found) == 1
    if right_number and right_choices and kind == FLOAT and given[1:] == shape and one_batch:
        return
    wanted = f"{INPUT_NAME!r}, {FLOAT}, of shape {('any', *shape)}"
    names = " and ".join(repr(name) for name in CHOICES)
    also = f", beside {names}, {INTEGER}" if explains else ""
    raise ModelFileError(f"{artefact.path} has the inputs {found}, not one named {wanted}{also}")


def _check_names(metadata: Mapping[str, str], artefact: Artefact) -> None:
    for key in ("name", "version", "kind"):
        stated = getattr(artefact.sidecar, key)
        if metadata.get(key) != stated:
            raise ModelFileError(
                f"{artefact.path} says it is {key} {metadata.get(key)!r}, "
                f"its sidecar says {stated!r}"
            )


def check_answers(answers: Mapping[str, Any], *, model: str) -> dict[str, NDArray[np.float32]]:
    """Return the answers to one window, without their batch axis.

    Raises
    ------
    ModelFileError
        If one has another shape than it should, or holds a value that is not finite.
    """
    found = {}
    for name, answer in answers.items():
        shape = np.shape(answer)
        if len(shape) == 0 or shape[0] != 1 or not _is_right(name, shape[1:]):
            raise ModelFileError(f"model {model} gives {name} of shape {shape}")
        if not np.isfinite(answer).all():
            raise ModelFileError(f"model {model} answered with {name} that are not finite")
        found[name] = answer[0]
    return found


def _is_right(name: str, shape: tuple[int, ...]) -> bool:
    if name == "embedding":
        return len(shape) == 1 and shape[0] <= EMBEDDING_VALUES
    if name == "contributions":
        return len(shape) == 2 and all(0 < side <= MAP_CELLS_A_SIDE for side in shape)
    if name == "heatmaps":
        return (
            len(shape) == 3
            and shape[0] == len(NAMES)
            and all(0 < side <= MAP_CELLS_A_SIDE for side in shape[1:])
        )
    return shape == (len(NAMES),)
