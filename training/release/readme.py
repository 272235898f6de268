"""Puts the shipped models' figures between two markers of the README."""

from collections.abc import Sequence
from pathlib import Path

from timbrescope.models.artefact import Sidecar
from timbrescope.models.catalogue import MODELS_FOLDER
from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.evaluate.tables import orientation_table, share
from timbrescope.training.files import write_text
from timbrescope.training.release.card_text import ORIENTATION
from timbrescope.training.release.model_card import (
    dev_figures,
    figures_table,
    kinds_table,
    shipped_sidecars,
)

README_PATH = MODELS_FOLDER.parent / "README.md"
BEGIN, END = "<!-- figures:begin -->", "<!-- figures:end -->"


class ReadmeError(TimbrescopeError):
    """The README is missing, or has no place for the figures."""


def figures_block(sidecars: Sequence[Sidecar]) -> str:
    """Return what stands between the markers: the figures of these models, the first's in words."""
    return f"""{_measured_on(sidecars[0])}

{figures_table(sidecars)}

{_answers(sidecars[0])}{_kinds(sidecars)}{ORIENTATION}
{orientation_table()}
"""


def _measured_on(sidecar: Sidecar) -> str:
    found = dev_figures(sidecar)
    counted = f"{found.get('n', 'no')} files of {found.get('classes', 'no')} of the 28 classes"
    return (
        "Measured on whole recordings from sources that the models never heard (the dev split of "
        f"the\ndevelopment corpus: {counted} from {found.get('sources', 'no')} sources, and\n"
        "noise, speech and other instruments; the [model card](models/MODEL_CARD.md) says what "
        "the\ncolumns are):"
    )


def _answers(sidecar: Sidecar) -> str:
    """Return how often the default model answers and is right then, empty if not stated."""
    found = dev_figures(sidecar).get("answered", {}).get("files")
    if not found or found["precision"] is None:
        return ""
    return (
        f"The default model names an instrument for {share(found['share'])} of the files and is "
        f"right in {share(found['precision'])}\n"
        "of these cases; for the others it says *not sure* or *quiet*.\n\n"
    )


def _kinds(sidecars: Sequence[Sidecar]) -> str:
    """Return how notes and phrases are answered, empty if not stated."""
    if not dev_figures(sidecars[0]).get("per_kind"):
        return ""
    return f"Single notes and phrases apart from each other:\n\n{kinds_table(sidecars)}\n\n"


def with_block(readme: str, block: str) -> str:
    """Return a README's text with the block between its markers.

    Raises
    ------
    ReadmeError
        If there is not one place between the two markers.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ReadmeError(f"the README lacks the markers {BEGIN} and {END} around its figures")
    return f"{before}{BEGIN}\n{block}{END}{after}"


def write_readme(path: Path = README_PATH) -> Path:
    """Write the shipped models' figures into the README.

    Raises
    ------
    ModelFileError
        If a sidecar cannot be read.
    ReadmeError
        If the README cannot be read, or lacks the markers.
    """
    try:
        readme = path.read_text("utf-8")
    except OSError as error:
        raise ReadmeError(f"cannot read {path} to put figures into it: {error}") from error
    write_text(path, with_block(readme, figures_block(shipped_sidecars())))
    return path
