"""What a study is asked to do; lies in its folder so that it can go on without being told."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from timbrescope.models.catalogue import PAPER_NAMES
from timbrescope.models.errors import TimbrescopeError
from timbrescope.training.files import write_json
from timbrescope.training.fit.settings import FitSettings
from timbrescope.training.settings_files import SettingsError, field_names, settings_of
from timbrescope.training.study.folder import SEED, SPLIT_NAMES, SplitName


class StudyError(TimbrescopeError):
    """A study cannot be run as it is asked for."""


@dataclass(frozen=True)
class StudySettings:
    """How a study is run; the defaults are the paper's.

    Attributes
    ----------
    corpora, tests : tuple of str
        What is trained with, and what is only measured on: paths, or ``kaggle`` or ``packages``.
    clips_per_class : int or None
        At most so many clips of a class and corpus, drawn evenly from its groups.
    group_pattern : str or None
        Regular expression whose first group says, from a file's name, where it belongs.
    seed, epochs, patience, batch_size, max_minutes
        Of the splits and of the training.
    models, splits : tuple of str
        Which are made.
    """

    corpora: tuple[str, ...]
    tests: tuple[str, ...] = ()
    clips_per_class: int | None = None
    group_pattern: str | None = None
    seed: int = SEED
    epochs: int = FitSettings.epochs
    patience: int = FitSettings.patience
    batch_size: int = FitSettings.batch_size
    max_minutes: float | None = None
    models: tuple[str, ...] = PAPER_NAMES
    splits: tuple[SplitName, ...] = SPLIT_NAMES

    def fit_settings(self, *, threads: int) -> FitSettings:
        """Return how the networks are trained."""
        return FitSettings(
            epochs=self.epochs,
            batch_size=self.batch_size,
            patience=self.patience,
            seed=self.seed,
            max_minutes=float("inf") if self.max_minutes is None else self.max_minutes,
            threads=threads,
        )


# A study that goes on has to mean the same clips.
_FIXED = ("corpora", "tests", "clips_per_class", "group_pattern", "seed")


def settle(asked: StudySettings | None, path: Path) -> StudySettings:
    """Return the settings of the study at `path`, which are those of its beginning.

    Parameters
    ----------
    asked : StudySettings or None
        None goes on with what is there.
    path : Path
        The study's ``study.json``; written if it is not there, or if what may change changed.

    Raises
    ------
    StudyError
        If nothing was asked and nothing is there, or both are there and mean other clips.
    """
    stored = _read(path) if path.is_file() else None
    if asked is None and stored is None:
        raise StudyError(
            f"there is no study in {path.parent}; name a corpus: a folder with one folder per "
            "instrument, a manifest.csv, `packages`, or `kaggle`"
        )
    if asked is not None and stored is not None:
        changed = [name for name in _FIXED if getattr(asked, name) != getattr(stored, name)]
        if changed:
            said = "; ".join(
                f"{name}: {getattr(stored, name)!r} then, {getattr(asked, name)!r} now"
                for name in changed
            )
            raise StudyError(
                f"the study in {path.parent} was begun otherwise ({said}); give another --out, "
                "or remove that folder"
            )
    settings = asked or stored
    assert settings is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, asdict(settings))
    return settings


def _read(path: Path) -> StudySettings:
    try:
        stated: dict[str, Any] = json.loads(path.read_text("utf-8"))
        # Beside the settings, the file states what the study runs on.
        known = field_names(StudySettings)
        values = {name: value for name, value in stated.items() if name in known}
        return settings_of(StudySettings, values, where="a value")
    except (OSError, ValueError, AttributeError, SettingsError) as error:
        raise StudyError(f"cannot read the study's settings {path}: {error}") from error
