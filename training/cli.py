"""The command line of the trainers, ``timbrescope-train``: a table of commands.

Each command imports what it needs when it runs, so that ``evaluate`` works without TensorFlow
and ``--help`` answers at once.
"""

from collections.abc import Sequence

from timbrescope.training.commands.clips import GOLDEN
from timbrescope.training.commands.corpus import CORPUS, PREPARE
from timbrescope.training.commands.evaluate import CARD, EVALUATE
from timbrescope.training.commands.experiments import EXPERIMENTS
from timbrescope.training.commands.faithfulness import FAITHFULNESS
from timbrescope.training.commands.held_out import HELD_OUT
from timbrescope.training.commands.models import EXPORT, FIT, MODELS
from timbrescope.training.commands.shared import run_command_line
from timbrescope.training.commands.study import BENCHMARK, STUDY

COMMANDS = (
    CORPUS,
    MODELS,
    PREPARE,
    FIT,
    EXPORT,
    EVALUATE,
    HELD_OUT,
    FAITHFULNESS,
    CARD,
    EXPERIMENTS,
    STUDY,
    BENCHMARK,
    GOLDEN,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    return run_command_line(
        COMMANDS, arguments, description="Build corpora, train, export and measure the models."
    )
