"""The models that can be chosen: those that ship, and the user's own one; no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from timbrescope.desktop.engine.patience import OverdueError, ask_within
from timbrescope.models.artefact import Sidecar, read_sidecar, sidecar_path
from timbrescope.models.catalogue import CATALOGUE, CatalogueEntry, model_path
from timbrescope.models.errors import ModelFileError

# Which of a model's figures to quote: the first of these parts that its sidecar has.
_PARTS = ("dev", "test", "validation")
# A file on a share that has gone keeps whoever asks for it waiting.
LOOK_S = 2.0
_FIGURES = {"accuracy", "macro_recall", "n"}


@dataclass(frozen=True)
class ModelChoice:
    """One model that a user may choose.

    Attributes
    ----------
    reference : str
        Its name in the catalogue, or the path of the user's own model file.
    title, short_title : str
        What users read; the second where space is scarce.
    details : str
        A sentence with its own figures.
    problem : str
        Why it cannot be chosen; empty if it can.
    figure : str
        How often it is right, in three words; empty if that is not known.
    """

    reference: str
    title: str
    short_title: str
    details: str
    problem: str = ""
    figure: str = ""

    @property
    def is_available(self) -> bool:
        """Whether it can be chosen."""
        return not self.problem


def model_choices(own: str | None = None) -> tuple[ModelChoice, ...]:
    """Return the models that ship, in the catalogue's order, then the user's own, if any.

    Only the sidecars are read: whether a graph can be run shows when it is loaded.
    """
    shipped = tuple(_shipped(entry) for entry in CATALOGUE)
    return (*shipped, _own(own)) if own else shipped


def available(choices: Sequence[ModelChoice]) -> tuple[str, ...]:
    """Return the references of those that can be chosen, in order."""
    return tuple(choice.reference for choice in choices if choice.is_available)


def _shipped(entry: CatalogueEntry) -> ModelChoice:
    # Beside this program, on a disk that answered a moment ago.
    sidecar, problem = _look_at(model_path(entry.name))
    details, figure = (shipped_details(sidecar), _right(sidecar)) if sidecar else ("", "")
    return ModelChoice(entry.name, entry.title, entry.short_title, details, problem, figure)


def _own(reference: str) -> ModelChoice:
    path = Path(reference)
    try:
        sidecar, problem = ask_within(lambda: _look_at(path), LOOK_S, name="look-at-model")
    except OverdueError:
        sidecar, problem = None, f"{path} does not answer: is its disk or share still there?"
    name = sidecar.name if sidecar else path.stem
    details = f"{own_details(sidecar)}\n{path}" if sidecar else ""
    return ModelChoice(reference, name, name, details, problem)


def _look_at(path: Path) -> tuple[Sidecar | None, str]:
    """Return a model's sidecar, or why the model cannot be used."""
    try:
        return _sidecar_of(path), ""
    except (ModelFileError, OSError) as error:
        return None, str(error)


def _sidecar_of(path: Path) -> Sidecar:
    missing = [each.name for each in (path, sidecar_path(path)) if not each.is_file()]
    if missing:
        names = " and ".join(missing)
        raise ModelFileError(f"Not installed: {names} not found in {path.parent}")
    return read_sidecar(sidecar_path(path))


def shipped_details(sidecar: Sidecar) -> str:
    """Return what the picker says of a model that ships: its figures on real recordings."""
    title = f"{sidecar.name} {sidecar.version}"
    dev = _figures(sidecar, "dev")
    if dev is None:
        return title
    return (
        f"{title}: {_percent(dev['accuracy'])} of {dev['n']} real recordings from sources it "
        f"never heard were named right (macro recall {_percent(dev['macro_recall'])})"
    )


def _right(sidecar: Sidecar) -> str:
    """Return how many of the real recordings were named right, if that was measured."""
    dev = _figures(sidecar, "dev")
    return f"{_percent(dev['accuracy'])} of unseen recordings" if dev else ""


def _percent(share: float) -> str:
    # A narrow space that is not broken, as everywhere in the window.
    return f"{100 * share:.0f}\u202f%"


def own_details(sidecar: Sidecar) -> str:
    """Return what the picker says of a user's own model: the figures that its sidecar states."""
    title = f"{sidecar.name} {sidecar.version}"
    for part in (*_PARTS, *sorted(map(str, sidecar.metrics))):
        figures = _figures(sidecar, part)
        if figures is not None:
            return (
                f"{title}: accuracy {_percent(figures['accuracy'])}, macro recall "
                f"{_percent(figures['macro_recall'])} on the {figures['n']} examples of its "
                f"{part} part, as its sidecar states"
            )
    return f"{title}: its sidecar states no figures"


def _figures(sidecar: Sidecar, part: str) -> dict[str, Any] | None:
    """Return the figures of one part if they are there and are numbers."""
    figures = sidecar.metrics.get(part) if isinstance(sidecar.metrics, dict) else None
    if not isinstance(figures, dict) or not figures.keys() >= _FIGURES:
        return None
    shares = all(_is_share(figures[name]) for name in _FIGURES - {"n"})
    return figures if shares and isinstance(figures["n"], int) else None


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) and 0 <= value <= 1
