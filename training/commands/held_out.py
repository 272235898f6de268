"""The command ``held-out``: real recordings answered by the runs that left their groups out."""

import argparse

from timbrescope.training.commands.shared import (
    Command,
    add_cache,
    add_corpora,
    add_recipe,
    check_corpora,
    chosen_recipe,
    need,
)


def _add_options(parser: argparse.ArgumentParser) -> None:
    add_corpora(parser)
    add_recipe(parser)
    add_cache(parser)


def _run(options: argparse.Namespace) -> int:
    check_corpora(options.corpus)
    need("tensorflow", "sklearn", "msgspec", "tomli_w")
    from timbrescope.models.catalogue import FLAGSHIP_NAME
    from timbrescope.training.experiments.held_out_files import (
        HEAD,
        answers_at,
        figures,
        read_held_out,
        row_of,
    )
    from timbrescope.training.features.prepare import gather
    from timbrescope.training.fit.settings import run_folder

    settings = chosen_recipe(options, used=("flagship",)).flagship
    files = read_held_out(gather(options.corpus, options.cache), folds=settings.folds)
    run = run_folder(options.cache, FLAGSHIP_NAME)
    groups = len({*zip(files.labels.tolist(), files.groups.tolist(), strict=True)})
    print(f"{len(files.labels)} recordings of {groups} groups of a class\n\n{HEAD}")
    print("|---" * HEAD.count(" | ") + "|---|", flush=True)
    for share in (0.0, *settings.way_shares):
        found = figures(files, answers_at(files, run=run, settings=settings, share=share))
        print(row_of(share, found), flush=True)
    return 0


HELD_OUT = Command(
    "held-out",
    "answer real recordings by the flagship's runs that left their groups out",
    _add_options,
    _run,
)
