"""The command ``evaluate``: measure shipped models and compare with what they state."""

import argparse
from pathlib import Path
from typing import Any

from timbrescope.models.artefact import read_sidecar, sidecar_path
from timbrescope.models.catalogue import MODEL_NAMES, entry_of, model_path
from timbrescope.models.classifier import Classifier
from timbrescope.training.evaluate.listening import EvaluationError, listen
from timbrescope.training.evaluate.tables import full_text, headline, main_table
from timbrescope.training.evaluate.whole_files import (
    differences,
    figures,
    read_recordings,
    with_figures,
)
from timbrescope.training.export.sidecar import write_sidecar
from timbrescope.training.files import write_json
from timbrescope.training.options import ALL_MODELS


def run_evaluation(options: argparse.Namespace) -> int:
    """Run the command and return its exit status, 1 if a model states other figures.

    Raises
    ------
    TimbrescopeError
        If the corpus or a model cannot be used.
    """
    paths = _paths(options)
    recordings = read_recordings(options.manifest, split=options.split)
    heard = listen({name: Classifier.load(path=path) for name, path in paths.items()}, recordings)
    found = {name: figures(answers) for name, answers in heard.items()}
    statuses = [_report(options, path=paths[name], found=found[name]) for name in paths]
    if options.model == ALL_MODELS:
        print(main_table([(entry_of(name).title, found[name]) for name in paths]))
    if options.json:
        content = found if options.model == ALL_MODELS else found[options.model]
        write_json(options.json, content)
    return max(statuses)


def _paths(options: argparse.Namespace) -> dict[str, Path]:
    if options.model != ALL_MODELS:
        return {options.model: options.onnx or model_path(options.model)}
    if options.onnx:
        raise EvaluationError(f"--onnx {options.onnx} is one model; leave out --model {ALL_MODELS}")
    return {name: model_path(name) for name in MODEL_NAMES}


def _report(options: argparse.Namespace, *, path: Path, found: dict[str, Any]) -> int:
    """Print the figures of one model, put them into its sidecar or compare them with it."""
    text = headline if options.model == ALL_MODELS else full_text
    print(f"{path.name} on split {options.split!r} of {options.manifest}\n{text(found)}")
    beside = sidecar_path(path)
    sidecar = read_sidecar(beside)
    if options.update_sidecar:
        write_sidecar(with_figures(sidecar, split=options.split, found=found), beside)
        print(f"{beside} now states these figures")
        return 0
    odd = differences(sidecar, split=options.split, found=found)
    print("\n".join(odd) if odd else f"equal to the figures that {beside} states")
    return 1 if odd else 0
