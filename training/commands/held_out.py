"""The command ``held-out``: real recordings answered by the runs that left their groups out."""

import argparse
import json

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
        answers,
        figures,
        logits_at,
        named,
        read_held_out,
        row_of,
    )
    from timbrescope.training.features.prepare import gather
    from timbrescope.training.fit.flagship.folds import HeldOut
    from timbrescope.training.fit.settings import SUMMARY_FILE, run_folder
    from timbrescope.training.release.flagship import calibration_of

    settings = chosen_recipe(options, used=("flagship",)).flagship
    files = read_held_out(gather(options.corpus, options.cache), folds=settings.folds)
    run = run_folder(options.cache, FLAGSHIP_NAME)
    groups = len({*zip(files.labels.tolist(), files.groups.tolist(), strict=True)})
    print(f"{len(files.labels)} recordings of {groups} groups of a class\n\n{HEAD}")
    print("|---" * HEAD.count(" | ") + "|---|", flush=True)
    shipped = json.loads((run / SUMMARY_FILE).read_text("utf-8"))["way_share"]
    # The share that ships is one of the way's, unless another recipe is asked for.
    for share in dict.fromkeys((0.0, *settings.way_shares, shipped)):
        logits = logits_at(files, run=run, settings=settings, share=share)
        print(row_of(share, figures(files, answers(files, logits))), flush=True)
        if share == shipped:
            shares = named(files, logits, limits=calibration_of(HeldOut.read(run)))
    print(
        f"at {shipped:g}, with the limits that ship: {shares['named']:.1%} of the recordings are "
        f"named, {shares['right']:.1%} of these right"
    )
    return 0


HELD_OUT = Command(
    "held-out",
    "answer real recordings by the flagship's runs that left their groups out",
    _add_options,
    _run,
)
