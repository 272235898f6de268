"""The command ``golden``: the clips that the shipped model must get right."""

import argparse
from pathlib import Path

from timbrescope.training.commands.shared import Command, add_cache, need, positive


def _add_golden_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", type=Path, required=True, help="folder for the clips")
    parser.add_argument(
        "--candidates", type=positive, default=1, help="at most of each instrument (%(default)s)"
    )
    parser.add_argument(
        "--model",
        type=Path,
        metavar="PATH.onnx",
        help="a model file that chooses: the candidate is kept that it is surest of",
    )
    parser.add_argument("--seed", type=int, help="of the phrases (the seed of the clips that are)")
    add_cache(parser)


def _golden(options: argparse.Namespace) -> int:
    need("mido")
    from timbrescope.models.classifier import Classifier
    from timbrescope.training.clips.golden import GOLDEN_SEED, model_judge, write_golden

    judge = None if options.model is None else model_judge(Classifier.load(path=options.model))
    choices = write_golden(
        options.output,
        cache_dir=options.cache,
        candidates=options.candidates,
        judge=judge,
        seed=GOLDEN_SEED if options.seed is None else options.seed,
        report=print,
    )
    wrong = [choice.clip.instrument for choice in choices if not choice.right]
    print(f"no candidate is classified right of: {', '.join(wrong) or 'none'}")
    return 1 if wrong else 0


GOLDEN = Command(
    "golden",
    "render the clips that the shipped model must get right, one of each instrument",
    _add_golden_options,
    _golden,
)
