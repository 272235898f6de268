"""The command ``faithfulness``: whether the evidence of a model is true."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from timbrescope.models.artefact import read_sidecar, sidecar_path
from timbrescope.models.catalogue import CLASSICAL_NAMES, DEFAULT_MODEL, MODEL_NAMES, model_path
from timbrescope.training.commands.shared import Command, need

WINDOWS = 250


def _add_options(parser: argparse.ArgumentParser) -> None:
    explaining = [name for name in MODEL_NAMES if name not in CLASSICAL_NAMES]
    parser.add_argument("--model", choices=explaining, default=DEFAULT_MODEL, help="(%(default)s)")
    parser.add_argument("--manifest", type=Path, required=True, help="CSV of labelled recordings")
    parser.add_argument("--split", default="dev", help="(%(default)s)")
    parser.add_argument("--onnx", type=Path, help="a model file other than the shipped one")
    parser.add_argument(
        "--windows", type=int, default=WINDOWS, help="at most so many (%(default)s)"
    )
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument(
        "--update-sidecar",
        action="store_true",
        help="put the figures into the sidecar, from where the model card has them",
    )


def _run(options: argparse.Namespace) -> int:
    need("onnx")
    from timbrescope.training.evaluate.evidence_table import evidence_table
    from timbrescope.training.evaluate.whole_files import read_recordings
    from timbrescope.training.faithfulness.run import faithfulness_of
    from timbrescope.training.files import write_json

    path = options.onnx or model_path(options.model)
    recordings = read_recordings(options.manifest, split=options.split)
    found = faithfulness_of(path, recordings, limit=options.windows, report=_report)
    print(evidence_table(found))
    if options.json:
        write_json(options.json, found)
    if options.update_sidecar:
        _state(path, split=options.split, found=found)
    return 0


def _report(text: str) -> None:
    print(text, file=sys.stderr)


def _state(path: Path, *, split: str, found: dict[str, Any]) -> None:
    from timbrescope.training.export.sidecar import write_sidecar

    beside = sidecar_path(path)
    sidecar = read_sidecar(beside)
    stated = sidecar.metrics | {"faithfulness": {"split": split, **found}}
    write_sidecar(replace(sidecar, metrics=stated), beside)


FAITHFULNESS = Command(
    "faithfulness",
    "test whether the evidence is true: deletion, insertion, pointing, randomisation",
    _add_options,
    _run,
)
