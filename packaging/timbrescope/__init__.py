"""Timbrescope: which of 28 musical instruments is playing, and the evidence for it.

What a script needs stands here; a name's module is loaded when the name is first used, so that
``import timbrescope`` costs nothing.

=====================  ==========================================================================
`classify_file`        One answer for a whole file, and one for each of its windows
`read_windows`         The 3-second windows of a file, mono at 22,050 Hz
`Classifier`           Runs one model on a window: probabilities and evidence
`Prediction`           What a network says of a window
`Analysis`, `State`    What may be claimed of a window
`FileResult`           What `classify_file` returns
`evidence`             Where in the spectrogram the evidence for one instrument lies, 128 × 130
`evidence_in_words`    The same in a sentence: when, and at which pitches
`features`             The spectrogram that a model reads
`save_evidence`        A picture of a window's spectrogram with the evidence on it
`INSTRUMENTS`, `NAMES` The 28 instruments in the order of every model's answers
`demo_clip`            Path of a built-in recording to try things with
`TimbrescopeError`     What everything here raises if something is wrong with its input
=====================  ==========================================================================

Examples
--------
>>> import timbrescope
>>> answer = timbrescope.classify_file(timbrescope.demo_clip("violin"))
>>> answer.instrument, len(answer.probabilities)
('Violin', 28)
"""

import importlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timbrescope.desktop.audio.demo import demo_clip
    from timbrescope.desktop.engine.classify_file import classify_file
    from timbrescope.desktop.engine.file_messages import FileResult
    from timbrescope.desktop.evidence_picture import save_evidence
    from timbrescope.models.analysis import Analysis, State
    from timbrescope.models.audio.decode import iter_windows as read_windows
    from timbrescope.models.classifier import Classifier, Prediction
    from timbrescope.models.errors import TimbrescopeError
    from timbrescope.models.evidence_words import evidence_in_words
    from timbrescope.models.frontend import features
    from timbrescope.models.heatmaps import evidence
    from timbrescope.models.instruments import INSTRUMENTS, NAMES

# ONNX Runtime reports to its maker from the moment it is imported, unless told otherwise before.
# Nothing may leave the machine, so this comes before every other import of ours.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
__all__ = [
    "INSTRUMENTS",
    "NAMES",
    "Analysis",
    "Classifier",
    "FileResult",
    "Prediction",
    "State",
    "TimbrescopeError",
    "classify_file",
    "demo_clip",
    "evidence",
    "evidence_in_words",
    "features",
    "read_windows",
    "save_evidence",
]

# Where each name is found: its module, and what it is called there.
_PLACES = {
    "INSTRUMENTS": ("models.instruments", "INSTRUMENTS"),
    "NAMES": ("models.instruments", "NAMES"),
    "Analysis": ("models.analysis", "Analysis"),
    "Classifier": ("models.classifier", "Classifier"),
    "FileResult": ("desktop.engine.file_messages", "FileResult"),
    "Prediction": ("models.classifier", "Prediction"),
    "State": ("models.analysis", "State"),
    "TimbrescopeError": ("models.errors", "TimbrescopeError"),
    "classify_file": ("desktop.engine.classify_file", "classify_file"),
    "demo_clip": ("desktop.audio.demo", "demo_clip"),
    "evidence": ("models.heatmaps", "evidence"),
    "evidence_in_words": ("models.evidence_words", "evidence_in_words"),
    "features": ("models.frontend", "features"),
    "read_windows": ("models.audio.decode", "iter_windows"),
    "save_evidence": ("desktop.evidence_picture", "save_evidence"),
}


def __getattr__(name: str) -> object:
    """Load what `name` stands for and keep it (PEP 562)."""
    try:
        module, own_name = _PLACES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    found = getattr(importlib.import_module(f"{__name__}.{module}"), own_name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the names of the module, loaded or not."""
    return sorted({*globals(), *__all__})
