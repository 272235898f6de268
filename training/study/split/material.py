"""The clips of one split with their features: what models of a study are trained with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from timbrescope.training.study.clips import Clip
from timbrescope.training.study.extract.store import FeatureStore, FeatureTable, StoredKind
from timbrescope.training.study.folder import PART_NAMES, SEED, PartName
from timbrescope.training.study.split.splits import Split

RULES = {
    "random": "clips of every class shuffled, 80/10/10; neighbours lie on both sides",
    "grouped": "whole groups held out, about 80/10/10 in every class that has groups to spare",
}


@dataclass(frozen=True)
class Material:
    """The clips of a study's training corpora, divided by one split.

    Attributes
    ----------
    clips : tuple of Clip
        Of the training corpora, those that are stored.
    split : Split
    store : FeatureStore
    seed : int
    """

    clips: tuple[Clip, ...]
    split: Split
    store: FeatureStore
    seed: int = SEED

    @property
    def identity(self) -> str:
        """A fingerprint of the clips and of how they are divided."""
        return self.split.identity(self.clips)

    def of_part(self, part: PartName) -> list[Clip]:
        """Return the clips of a part."""
        return self.split.of_part(self.clips, part)

    def features(self, part: PartName, *, kind: StoredKind) -> FeatureTable:
        """Return the features of a part's clips; they are read from disk as needed."""
        return self.store.table(self.of_part(part), kind=kind)

    def labels(self, part: PartName) -> NDArray[np.int64]:
        """Return the class indices of a part's clips, shape (N,)."""
        return labels_of(self.of_part(part))

    def corpus_facts(self) -> dict[str, Any]:
        """Return what a sidecar states of the corpus."""
        return {
            "names": sorted({clip.corpus for clip in self.clips}),
            "clips": len(self.clips),
            "files": len({clip.sha256 for clip in self.clips}),
            "classes": len({clip.instrument for clip in self.clips}),
        }

    def split_facts(self) -> dict[str, Any]:
        """Return what a sidecar states of the split."""
        sizes = {f"{part}_windows": len(self.of_part(part)) for part in PART_NAMES}
        return {
            "name": self.split.name,
            "rule": RULES[self.split.name],
            "identity": self.identity,
            "seed": self.seed,
            **sizes,
        }

    def attributions(self) -> tuple[str, ...]:
        """Return the sources of the clips."""
        return tuple(sorted({clip.source for clip in self.clips}))


def labels_of(clips: Sequence[Clip]) -> NDArray[np.int64]:
    """Return the class indices of clips, shape (N,)."""
    return np.array([clip.label for clip in clips], dtype=np.int64)
