"""The commands ``study`` and ``benchmark``: the paper's study on any corpus, and its speed."""

import argparse
import os
from pathlib import Path

from timbrescope.models.catalogue import PAPER_NAMES
from timbrescope.training.commands.shared import Command, add_cache, need, positive
from timbrescope.training.study.folder import SPLIT_NAMES, StudyFolder
from timbrescope.training.study.settings import StudyError, StudySettings, settle

CORPUS_WORDS = ("packages", "kaggle")
STEP_NAMES = ("inspect", "extract", "explore", "split", "train", "evaluate", "figures", "report")

EPILOG = """\
CORPUS is a folder with one folder per instrument, a manifest.csv (or a folder with one),
`packages` (sample packages from the registries, fetched and rendered first), or `kaggle` (the
paper's data set, downloaded with kagglehub). Run the same command again to go on with a study
that was interrupted; what is finished is not made again.
"""


def _add_study_options(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("corpora", nargs="*", metavar="CORPUS", help="what to train with")
    parser.add_argument("--out", type=Path, required=True, help="folder of the study")
    parser.add_argument(
        "--step",
        action="append",
        choices=STEP_NAMES,
        help="run this step only; may be repeated (default: all, in this order)",
    )
    _add_what(parser)
    _add_training(parser)
    _add_machine(parser)


def _add_what(parser: argparse.ArgumentParser) -> None:
    defaults = StudySettings(())
    parser.add_argument(
        "--test",
        action="append",
        default=[],
        metavar="CORPUS",
        help="a corpus that is only measured on; may be repeated",
    )
    parser.add_argument(
        "--model",
        action="append",
        choices=PAPER_NAMES,
        help="make this model only; may be repeated (default: all five)",
    )
    parser.add_argument(
        "--split",
        action="append",
        choices=SPLIT_NAMES,
        help="use this split only; may be repeated (default: both)",
    )
    parser.add_argument(
        "--clips-per-class", type=positive, help="at most so many of each corpus (default: all)"
    )
    parser.add_argument(
        "--group-pattern",
        help="regular expression; its first group, in the path below CORPUS, is the origin",
    )
    parser.add_argument("--seed", type=int, default=defaults.seed, help="(paper: %(default)s)")


def _add_training(parser: argparse.ArgumentParser) -> None:
    defaults = StudySettings(())
    for name, text in (
        ("epochs", "at most (paper: %(default)s)"),
        ("patience", "epochs without progress (paper: %(default)s)"),
        ("batch_size", "(paper: %(default)s)"),
    ):
        option = "--" + name.replace("_", "-")
        parser.add_argument(option, type=positive, default=getattr(defaults, name), help=text)
    parser.add_argument(
        "--max-minutes", type=float, help="of training for each network (default: no limit)"
    )


def _add_machine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--workers", type=positive, default=os.cpu_count() or 1, help="processes (%(default)s)"
    )
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="extract on the Dask cluster at this address"
    )
    parser.add_argument("--threads", type=int, default=0, help="0: as many as there are cores")
    add_cache(parser)


def _study(options: argparse.Namespace) -> int:
    """Run the steps that are asked for and say where the report lies."""
    need("sklearn", "joblib", "tensorflow", "skl2onnx", "tf2onnx", "matplotlib", "jinja2")
    from timbrescope.training.state import alone_in
    from timbrescope.training.study.pipeline import run_study
    from timbrescope.training.study.study import Machine, Study

    folder = StudyFolder(options.out.resolve())
    _make_folder(folder.root, option="--out")
    _make_folder(options.cache, option="--cache")
    machine = Machine(
        cache=options.cache.resolve(),
        workers=options.workers,
        scheduler=options.scheduler,
        threads=options.threads,
    )
    steps = tuple(options.step or STEP_NAMES)
    with alone_in(folder.root):
        settings = settle(_asked(options), folder.settings)
        run_study(Study(folder, settings, machine), steps=steps)
    if "report" in steps:
        print(f"report: {folder.report}")
    return 0


def _make_folder(path: Path, *, option: str) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudyError(
            f"{option} {path} cannot be a folder: {error.strerror or error}; name another one"
        ) from error


def _asked(options: argparse.Namespace) -> StudySettings | None:
    """Return what the options ask for; None without a corpus, which goes on with a study."""
    asked = StudySettings(
        corpora=tuple(map(_lasting, options.corpora)),
        tests=tuple(map(_lasting, options.test)),
        clips_per_class=options.clips_per_class,
        group_pattern=options.group_pattern,
        seed=options.seed,
        epochs=options.epochs,
        patience=options.patience,
        batch_size=options.batch_size,
        max_minutes=options.max_minutes,
        models=tuple(options.model or PAPER_NAMES),
        splits=tuple(options.split or SPLIT_NAMES),
    )
    if options.corpora:
        return asked
    if asked != StudySettings(()):
        raise StudyError(
            "options that change a study need its corpora as well; without a corpus, a study "
            "goes on as it was begun"
        )
    return None


def _lasting(word: str) -> str:
    """Return a corpus's word or path so that it means the same from any folder."""
    path = Path(word).expanduser()
    return word if word in CORPUS_WORDS and not path.exists() else str(path.resolve())


def _add_benchmark_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clips", type=positive, help="files of 3 s that are made and measured")
    parser.add_argument(
        "--rounds", type=positive, help="each measures every way once; medians are told"
    )


def _benchmark(options: argparse.Namespace) -> int:
    need("librosa", "joblib", "distributed", "threadpoolctl")
    from timbrescope.training.study.extract.benchmark import run_benchmark

    asked = {"clips": options.clips, "rounds": options.rounds}
    found = run_benchmark(**{name: value for name, value in asked.items() if value is not None})
    print(found.table())
    return 0


STUDY = Command(
    "study",
    "the paper's whole study on a corpus: five models, figures, one report",
    _add_study_options,
    _study,
)
BENCHMARK = Command(
    "benchmark",
    "compare the extraction of features with librosa in joblib, on 1 and 2 processes",
    _add_benchmark_options,
    _benchmark,
)
