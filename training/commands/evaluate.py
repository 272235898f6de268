"""The commands ``evaluate`` and ``card``: measure models, and tell readers what they state."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from timbrescope.models.catalogue import DEFAULT_MODEL, MODEL_NAMES, entry_of, model_path
from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.commands.shared import Command

# In place of a model's name: all that ship.
ALL_MODELS = "all"


def _add_evaluate_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        choices=(*MODEL_NAMES, ALL_MODELS),
        default=DEFAULT_MODEL,
        help=f"{ALL_MODELS}: every model that ships (%(default)s)",
    )
    parser.add_argument("--manifest", type=Path, required=True, help="CSV of labelled recordings")
    parser.add_argument("--split", default="dev", help="(%(default)s)")
    parser.add_argument("--onnx", type=Path, help="a model file other than the shipped one")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument(
        "--update-sidecar",
        action="store_true",
        help="put the figures into the sidecar instead of comparing with it",
    )


def _evaluate(options: argparse.Namespace) -> int:
    from timbrescope.training.files import write_json

    paths = _paths(options.model, options.onnx)
    found, status = evaluate(
        paths, manifest=options.manifest, split=options.split, update=options.update_sidecar
    )
    if options.json:
        write_json(options.json, found if options.model == ALL_MODELS else found[options.model])
    return status


def _paths(model: str, onnx: Path | None) -> dict[str, Path]:
    if model != ALL_MODELS:
        return {model: onnx or model_path(model)}
    if onnx:
        raise TimbrescopeError(f"--onnx {onnx} is one model; leave out --model {ALL_MODELS}")
    return {name: model_path(name) for name in MODEL_NAMES}


def evaluate(
    paths: Mapping[str, Path], *, manifest: Path, split: str, update: bool
) -> tuple[dict[str, dict[str, Any]], int]:
    """Measure model files on a split and compare the figures with those that they state.

    Parameters
    ----------
    paths : mapping of str to Path
        Model files by name.
    manifest : Path
    split : str
    update : bool
        Whether the figures are put into the sidecars instead.

    Returns
    -------
    found : dict
        The figures by name.
    status : int
        1 if a model states other figures, else 0.

    Raises
    ------
    TimbrescopeError
        If the corpus or a model cannot be used.
    """
    from timbrescope.models.classifier import Classifier
    from timbrescope.training.evaluate.listening import listen
    from timbrescope.training.evaluate.tables import full_text, headline, main_table
    from timbrescope.training.evaluate.whole_files import figures, read_recordings

    recordings = read_recordings(manifest, split=split)
    heard = listen({name: Classifier.load(path=path) for name, path in paths.items()}, recordings)
    found = {name: figures(answers) for name, answers in heard.items()}
    text = full_text if len(paths) == 1 else headline
    statuses = []
    for name, path in paths.items():
        print(f"{path.name} on split {split!r} of {manifest}\n{text(found[name])}")
        statuses.append(_compare(path, split=split, found=found[name], update=update))
    if len(paths) > 1:
        print(main_table([(entry_of(name).title, found[name]) for name in paths]))
    return found, max(statuses)


def _compare(path: Path, *, split: str, found: dict[str, Any], update: bool) -> int:
    """Put the figures of one model into its sidecar, or compare them with it."""
    from timbrescope.models.artefact import read_sidecar, sidecar_path
    from timbrescope.training.evaluate.whole_files import differences, with_figures
    from timbrescope.training.export.sidecar import write_sidecar

    beside = sidecar_path(path)
    sidecar = read_sidecar(beside)
    if update:
        write_sidecar(with_figures(sidecar, split=split, found=found), beside)
        print(f"{beside} now states these figures")
        return 0
    odd = differences(sidecar, split=split, found=found)
    print("\n".join(odd) if odd else f"equal to the figures that {beside} states")
    return 1 if odd else 0


def _add_no_options(_parser: argparse.ArgumentParser) -> None:
    pass


def _card(_options: argparse.Namespace) -> int:
    from timbrescope.training.release.model_card import write_card
    from timbrescope.training.release.readme import write_readme

    print(f"written: {write_card()}, {write_readme()}")
    return 0


EVALUATE = Command(
    "evaluate", "measure models on whole recordings", _add_evaluate_options, _evaluate
)
CARD = Command(
    "card",
    "write the model card and the README's figures from the sidecars",
    _add_no_options,
    _card,
)
