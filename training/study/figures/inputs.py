"""What the figures of a study are drawn from, read once and only if it is needed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.catalogue import PAPER_NAMES
from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.instruments import NAMES
from timbrescope.models.level import rms_dbfs
from timbrescope.training.hashes import short_hash
from timbrescope.training.study.clips import Clip
from timbrescope.training.study.explore.waveforms import read_window
from timbrescope.training.study.figures.drawing import FigureError
from timbrescope.training.study.folder import SPLIT_NAMES, StudyFolder

# An example should be heard: clips below this level are passed over.
_QUIET_DBFS = -40.0
_CANDIDATES = 6


@dataclass(frozen=True, eq=False)
class FigureInputs:
    """A study's folder, its clips, and their mean MFCCs.

    Attributes
    ----------
    folder : StudyFolder
    clips : tuple of Clip
        Of the training corpora.
    vectors : ndarray of float32, shape (N, 40)
        Mean MFCCs of the clips, in their order.
    """

    folder: StudyFolder
    clips: tuple[Clip, ...]
    vectors: NDArray[np.float32]

    @cached_property
    def clips_key(self) -> str:
        """A short_hash of the clips."""
        return short_hash(
            *((clip.name, clip.sha256, clip.instrument, clip.group) for clip in self.clips)
        )

    @cached_property
    def vectors_key(self) -> str:
        """A short_hash of the mean MFCCs."""
        return sha256(np.ascontiguousarray(self.vectors).tobytes()).hexdigest()[:16]

    @cached_property
    def instruments(self) -> tuple[str, ...]:
        """The classes that have clips, in class order."""
        present = {clip.instrument for clip in self.clips}
        return tuple(name for name in NAMES if name in present)

    @cached_property
    def is_paper_layout(self) -> bool:
        """Whether the study was trained on the paper's data set, going by its layout."""
        stated = self._read_json(self.folder.corpora, default=[])
        return any(row.get("layout") == "kaggle" and row.get("trains", True) for row in stated)

    @cached_property
    def _settings(self) -> dict[str, Any]:
        found: dict[str, Any] = self._read_json(self.folder.settings, default={})
        return found

    @property
    def models(self) -> tuple[str, ...]:
        """The models that the study is to have, in the catalogue's order."""
        wanted = self._settings.get("models", PAPER_NAMES)
        return tuple(name for name in PAPER_NAMES if name in wanted)

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that the study is to have."""
        wanted = self._settings.get("splits", SPLIT_NAMES)
        return tuple(name for name in SPLIT_NAMES if name in wanted)

    def example(self, instrument: str) -> "Example":
        """Return the first clip of an instrument that is no mere murmur.

        Raises
        ------
        FigureError
            If none of the first clips can be read.
        """
        if instrument not in self._examples:
            self._examples[instrument] = self._find_example(instrument)
        return self._examples[instrument]

    @cached_property
    def _examples(self) -> dict[str, "Example"]:
        return {}

    def _find_example(self, instrument: str) -> "Example":
        listed = sorted(
            (clip for clip in self.clips if clip.instrument == instrument),
            key=lambda clip: (clip.number, clip.name),
        )
        best: Example | None = None
        problem = "there is none"
        for clip in listed[:_CANDIDATES]:
            try:
                found = Example(clip, read_window(clip))
            except TimbrescopeError as error:
                problem = str(error)
                continue
            if best is None or found.level_dbfs > best.level_dbfs:
                best = found
            if found.level_dbfs > _QUIET_DBFS:
                return found
        if best is None:
            raise FigureError(f"no clip of {instrument} can be read: {problem}")
        return best

    def _read_json(self, path: Any, *, default: Any) -> Any:
        try:
            return json.loads(path.read_text("utf-8")) if path.is_file() else default
        except (OSError, ValueError) as error:
            raise FigureError(f"cannot read {path}: {error}; run the study again") from error


@dataclass(frozen=True, eq=False)
class Example:
    """A clip with its samples, shape (66150,)."""

    clip: Clip
    samples: NDArray[np.float32]

    @property
    def level_dbfs(self) -> float:
        """RMS level of the clip."""
        return rms_dbfs(self.samples)


def spell_list(names: Sequence[str]) -> str:
    """Return names as a phrase: ``a, b and c``."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
