"""Command line of the trainers: ``timbrescope-train corpus | prepare | fit | export | …``.

Each command imports what it needs when it runs, so that ``evaluate`` works without TensorFlow
and ``--help`` answers at once.
"""

import argparse
import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from timbrescope.models.catalogue import CLASSICAL_NAMES, FLAGSHIP_NAME, MODEL_NAMES
from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.options import Command, build_parser

if TYPE_CHECKING:
    from timbrescope.training.fit.flagship.settings import FlagshipSettings


DEV_SPLIT = "dev"
# What shells report of a program that Ctrl-C ended.
INTERRUPTED = 130


class MissingPackageError(TimbrescopeError):
    """A command needs packages that are not installed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options = build_parser(_COMMANDS).parse_args(arguments)
    try:
        status: int = options.run(options)
    except TimbrescopeError as error:
        print(f"timbrescope-train: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("timbrescope-train: stopped; the same command goes on from here", file=sys.stderr)
        return INTERRUPTED
    return status


def _need(*modules: str) -> None:
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingPackageError(
            f"this command needs {', '.join(missing)}; install the training packages with "
            "`pip install 'timbrescope[train]'`"
        )


def _corpus(options: argparse.Namespace) -> int:
    _need("mido")
    from timbrescope.training.corpus.build import build_corpus, built_table, chosen_packages

    packages = chosen_packages(options.only)
    manifest = build_corpus(options.cache, packages=packages, workers=options.workers)
    print(f"built: {manifest}\n{built_table(manifest)}")
    return 0


def _prepare(options: argparse.Namespace) -> int:
    for path in options.corpus:
        if not path.exists():
            raise TimbrescopeError(f"there is no corpus at {path}")
    from timbrescope.training.features.prepare import prepare_features
    from timbrescope.training.windows.recipe import recipe_of

    prepared = prepare_features(
        options.corpus, options.cache, recipe=recipe_of(options), workers=options.workers
    )
    for part, summary in prepared.parts.items():
        missing = [name for name, count in summary.windows.items() if not count]
        print(f"{part}: {sum(summary.windows.values())} windows, none of {missing or 'no class'}")
    return 0


def _fit(options: argparse.Namespace) -> int:
    if options.model in CLASSICAL_NAMES:
        return _fit_classical(options)
    if options.model == FLAGSHIP_NAME:
        return _fit_flagship(options)
    _need("tensorflow", "sklearn")
    from timbrescope.training.fit.train_cnn import (
        FitSettings,
        fit,
        forget_run,
        load_part,
        run_folder,
    )

    folder = run_folder(options.cache, kind=options.model)
    if options.restart:
        forget_run(folder)
    settings = FitSettings(
        epochs=options.epochs,
        batch_size=options.batch_size,
        patience=options.patience,
        seed=options.seed,
        max_minutes=options.max_minutes,
        threads=options.threads,
    )
    fit(
        options.model,
        train=load_part(options.cache, kind=options.model, part="train"),
        validation=load_part(options.cache, kind=options.model, part="validation"),
        folder=folder,
        settings=settings,
    )
    print((folder / "fit.json").read_text("utf-8"))
    return 0


def _fit_flagship(options: argparse.Namespace) -> int:
    _need("tensorflow", "sklearn")
    from timbrescope.training.release.flagship import fit_for_release

    summary = fit_for_release(
        options.cache, settings=_flagship_settings(options), restart=options.restart
    )
    print(json.dumps(summary, indent=2, ensure_ascii=False))
    return 0


def _flagship_settings(options: argparse.Namespace) -> "FlagshipSettings":
    from timbrescope.training.fit.flagship.settings import FlagshipSettings

    return FlagshipSettings(
        epochs=options.flagship_epochs,
        restart_epochs=options.restart_epochs,
        plain_epochs=options.plain_epochs,
        precision=options.precision,
        seed=options.seed,
    )


def _fit_classical(options: argparse.Namespace) -> int:
    _need("sklearn", "skl2onnx", "joblib")
    from timbrescope.training.release.classical import fit_for_release

    summary = fit_for_release(options.model, cache_dir=options.cache, seed=options.seed)
    print(json.dumps(summary, indent=2, ensure_ascii=False))
    return 0


def _export(options: argparse.Namespace) -> int:
    path = options.output / f"{options.model}.onnx"
    print(f"{path}: {_exported(options, path)}")
    return 0


def _exported(options: argparse.Namespace, path: Path) -> object:
    """Export a model and return the report, whose text says what was compared."""
    if options.model in CLASSICAL_NAMES:
        _need("sklearn", "skl2onnx", "joblib")
        from timbrescope.training.release.classical import release_classical

        return release_classical(options.model, cache_dir=options.cache, path=path)
    _need("tensorflow", "tf2onnx", "onnx")
    if options.model == FLAGSHIP_NAME:
        from timbrescope.training.release.flagship import release_flagship

        return release_flagship(options.cache, path=path)
    from timbrescope.training.release.cnn import release

    return release(options.model, cache_dir=options.cache, path=path)


def _evaluate(options: argparse.Namespace) -> int:
    from timbrescope.training.commands.evaluate import run_evaluation

    return run_evaluation(options)


def _models(options: argparse.Namespace) -> int:
    """Prepare, and for every model that ships fit, export and measure."""
    _prepare(options)
    for name in MODEL_NAMES:
        options.model = name
        _fit(options)
        _export(options)
        for corpus in options.corpus:
            _measure(corpus, model=name, onnx=options.output / f"{name}.onnx")
    return 0


def _experiments(options: argparse.Namespace) -> int:
    _need("tensorflow", "sklearn")
    from timbrescope.training.commands.experiments import run_command

    print(f"written: {run_command(options)}")
    return 0


def _measure(corpus: Path, *, model: str, onnx: Path) -> None:
    """Put a corpus's dev figures, if it has such a split, into the sidecar."""
    from timbrescope.training.corpus.recordings import read_corpus

    if any(recording.split == DEV_SPLIT for recording in read_corpus(corpus).recordings):
        command = ["evaluate", "--model", model, "--onnx", str(onnx), "--manifest", str(corpus)]
        main([*command, "--split", DEV_SPLIT, "--update-sidecar"])


def _card(_options: argparse.Namespace) -> int:
    from timbrescope.training.release.model_card import write_card
    from timbrescope.training.release.readme import write_readme

    print(f"written: {write_card()}, {write_readme()}")
    return 0


def _golden(options: argparse.Namespace) -> int:
    _need("mido")
    from timbrescope.models.classifier import Classifier
    from timbrescope.training.clips.golden import model_judge, write_golden

    judge = None if options.model is None else model_judge(Classifier.load(path=options.model))
    choices = write_golden(
        options.output,
        cache_dir=options.cache,
        candidates=options.candidates,
        judge=judge,
        seed=options.seed,
        report=print,
    )
    wrong = [choice.clip.instrument for choice in choices if not choice.right]
    print(f"no candidate is classified right of: {', '.join(wrong) or 'none'}")
    return 1 if wrong else 0


def _study(options: argparse.Namespace) -> int:
    _need("sklearn", "joblib", "tensorflow", "skl2onnx", "tf2onnx", "matplotlib", "jinja2")
    from timbrescope.training.commands.study import run_study_command

    return run_study_command(options)


def _benchmark(options: argparse.Namespace) -> int:
    _need("librosa", "joblib", "distributed", "threadpoolctl")
    from timbrescope.training.study.extract.benchmark import run_benchmark

    print(run_benchmark(clips=options.clips, rounds=options.rounds).table())
    return 0


_COMMANDS: dict[str, Command] = {
    "benchmark": _benchmark,
    "study": _study,
    "corpus": _corpus,
    "prepare": _prepare,
    "fit": _fit,
    "export": _export,
    "evaluate": _evaluate,
    "card": _card,
    "golden": _golden,
    "models": _models,
    "experiments": _experiments,
}
