"""All tests of one model's evidence."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import onnx

from timbrescope.models.artefact import load_artefact
from timbrescope.models.classifier import Classifier
from timbrescope.training.corpus.recordings import Recording
from timbrescope.training.faithfulness.checks import (
    completeness,
    pointing,
    randomisation,
    stability,
)
from timbrescope.training.faithfulness.curves import Answers, curves
from timbrescope.training.faithfulness.graphs import GraphError
from timbrescope.training.faithfulness.material import answered_windows

METHOD = (
    "the loudest window of each recording that is answered with 30 % or more; 832 cells, each "
    "replaced by its band's floor; areas are of the share of the probability that is left; "
    "intervals: 95 %, 2000 resamples of whole sources, seed 22"
)


def faithfulness_of(
    path: Path,
    recordings: Sequence[Recording],
    *,
    limit: int,
    report: Callable[[str], None],
) -> dict[str, Any]:
    """Return all figures of a model file's evidence.

    Raises
    ------
    GraphError
        If the model gives no evidence.
    """
    artefact = load_artefact(path)
    classifier = Classifier(artefact)
    if not classifier.explains:
        raise GraphError(f"{path} gives no evidence, so there is none to test")
    model = onnx.load_from_string(artefact.graph)
    windows = answered_windows(classifier, recordings, limit=limit)
    report(f"{len(windows)} windows of {len({window.source for window in windows})} sources")
    answers = Answers(
        model, temperature=artefact.sidecar.temperature, background=artefact.sidecar.background
    )
    found: dict[str, Any] = {
        "windows": len(windows),
        "sources": len({window.source for window in windows}),
        "method": METHOD,
        **curves(
            windows,
            model=model,
            answers=answers,
            kind=classifier.kind,
            progress=lambda done: report(f"curves: {done} of {len(windows)}"),
        ),
    }
    found["completeness_error"] = completeness(windows)
    report("pointing")
    found["pointing"] = pointing(classifier, windows)
    report("stability")
    found["stability"] = stability(classifier, windows)
    report("randomisation")
    found["randomisation"] = randomisation(artefact, model, windows)
    return found
