"""The models that ship: their names, titles, and the features that they read."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from timbrescope.models.errors import ModelFileError

if TYPE_CHECKING:
    # The command line asks which models there are long before it needs numbers.
    from timbrescope.models.frontend import FeatureKind

MODELS_FOLDER = Path(__file__).parent
MODEL_SUFFIX = ".onnx"


@dataclass(frozen=True)
class CatalogueEntry:
    """One of the shipped models.

    Attributes
    ----------
    name : str
        The word for it on the command line, in settings and in file names.
    title : str
        What users read.
    short_title : str
        The same where space is scarce.
    kind : {"mel", "mfcc", "logmel"}
        The features that its graph reads.
    """

    name: str
    title: str
    short_title: str
    kind: "FeatureKind"


FLAGSHIP_NAME = "flagship"
CATALOGUE: tuple[CatalogueEntry, ...] = (
    CatalogueEntry(FLAGSHIP_NAME, "Flagship: pretrained network", "Flagship", "logmel"),
    CatalogueEntry("mel", "CNN on mel spectrograms", "CNN mel", "mel"),
    CatalogueEntry("mfcc", "CNN on MFCCs", "CNN MFCC", "mfcc"),
    CatalogueEntry(
        "logistic-regression", "Logistic regression on mean MFCCs", "Log. regr.", "mfcc"
    ),
    CatalogueEntry("k-nearest-neighbours", "k-nearest neighbours on mean MFCCs", "k-NN", "mfcc"),
    CatalogueEntry("random-forest", "Random forest on mean MFCCs", "Forest", "mfcc"),
)
MODEL_NAMES: tuple[str, ...] = tuple(entry.name for entry in CATALOGUE)
CNN_NAMES: "tuple[FeatureKind, ...]" = ("mel", "mfcc")
# The five models of the paper.
PAPER_NAMES: tuple[str, ...] = tuple(name for name in MODEL_NAMES if name != FLAGSHIP_NAME)
CLASSICAL_NAMES: tuple[str, ...] = tuple(name for name in PAPER_NAMES if name not in CNN_NAMES)
DEFAULT_MODEL = FLAGSHIP_NAME


def entry_of(name: str) -> CatalogueEntry:
    """Return the catalogue's entry of a shipped model.

    Raises
    ------
    ModelFileError
        If no shipped model has this name.
    """
    for entry in CATALOGUE:
        if entry.name == name:
            return entry
    raise ModelFileError(
        f"there is no model {name!r}; known are {', '.join(MODEL_NAMES)}, or the path of a "
        f"model file ending in {MODEL_SUFFIX}"
    )


def model_path(reference: str) -> Path:
    """Return the model file that a reference means: a shipped model's name or a path.

    Raises
    ------
    ModelFileError
        If it is neither a known name nor ends in ``.onnx``.
    """
    if reference.endswith(MODEL_SUFFIX):
        return Path(reference)
    return MODELS_FOLDER / f"{entry_of(reference).name}{MODEL_SUFFIX}"


def is_own(reference: str) -> bool:
    """Return whether a reference means a user's own model file, not one that ships."""
    return reference.endswith(MODEL_SUFFIX)


def own_reference(path: Path) -> str:
    """Return the reference of a user's model file, valid from any working directory."""
    return str(path.expanduser().absolute())
