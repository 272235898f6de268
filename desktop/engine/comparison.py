"""Several models on the same window. A model that fails answers with its problem instead."""

import logging
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from timbrescope.desktop.engine.loaded_models import ModelShelf
from timbrescope.desktop.engine.model_answers import Comparison, ModelAnswer
from timbrescope.models.analysis import Analysis, State
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import ModelFileError, TimbrescopeError
from timbrescope.models.evidence import NOTHING
from timbrescope.models.frontend import FeatureKind, features_of_kinds

logger = logging.getLogger(__name__)

Features = Mapping[FeatureKind, NDArray[np.float32]]


class Comparator:
    """The models that are compared, in a stable order. Owned by one thread.

    A model that cannot be loaded, or fails on a window, is left out from then on; its answers
    say why, and the others go on.

    Parameters
    ----------
    references : sequence of str
    shelf : ModelShelf
        Where the models come from; those in use elsewhere are not loaded twice.
    """

    def __init__(self, references: Sequence[str], *, shelf: ModelShelf) -> None:
        self._references = tuple(dict.fromkeys(references))
        self._models: dict[str, Classifier] = {}
        self._problems: dict[str, str] = {}
        for reference in self._references:
            self._load(reference, shelf)

    def _load(self, reference: str, shelf: ModelShelf) -> None:
        # Whatever is wrong with one model's files, the others are to be compared.
        try:
            self._models[reference] = shelf.get(reference)
        except ModelFileError as error:
            logger.warning("model %s is not compared: %s", reference, error)
            self._problems[reference] = str(error)
        except Exception as error:
            logger.exception("model %s cannot be loaded", reference)
            self._problems[reference] = _words(error)

    @property
    def references(self) -> tuple[str, ...]:
        """What is compared, in order."""
        return self._references

    @property
    def models(self) -> Mapping[str, Classifier]:
        """Those that can answer, in order."""
        return self._models

    @property
    def problems(self) -> Mapping[str, str]:
        """Why the others cannot."""
        return self._problems

    @property
    def kinds(self) -> tuple[FeatureKind, ...]:
        """The features that have to be known for all of them to answer."""
        return tuple(dict.fromkeys(model.kind for model in self._models.values()))

    def analyse(
        self,
        samples: NDArray[np.float32],
        *,
        start_s: float,
        features: Features,
        known: Mapping[str, Analysis] | None = None,
    ) -> dict[str, Analysis]:
        """Return the analyses of one window by reference, those that are `known` as they are.

        Parameters
        ----------
        samples : ndarray, shape (66150,)
        start_s : float
        features : mapping
            The window's features of all `kinds`.
        known : mapping of str to Analysis, optional
            Analyses of this very window that have been made already.
        """
        found = dict(known or {})
        for reference in [name for name in self._models if name not in found]:
            model = self._models[reference]
            try:
                found[reference] = model.analyse(
                    samples,
                    start_s=start_s,
                    window_features=features[model.kind],
                    explained=NOTHING,
                )
            # A damaged graph may fail in any way; it must not take the others down.
            except Exception as error:
                logger.exception("model %s failed", reference)
                self._problems[reference] = _words(error)
                del self._models[reference]
        return found

    def compare(self, samples: NDArray[np.float32], *, start_s: float) -> Comparison:
        """Return the answers of all models to one window, as they are."""
        features = features_of_kinds(samples, self.kinds)
        found = self.analyse(samples, start_s=start_s, features=features)
        return self.collected(
            {name: (each.state, each.probabilities) for name, each in found.items()},
            start_s=start_s,
        )

    def collected(
        self,
        answers: Mapping[str, tuple[State, NDArray[np.float32]]],
        *,
        start_s: float,
        skipped: int = 0,
    ) -> Comparison:
        """Return states and probabilities by reference as one record, problems included."""
        collected = []
        for reference in self._references:
            if reference in answers:
                collected.append(ModelAnswer(reference, *answers[reference]))
            else:
                problem = self._problems.get(reference, "")
                collected.append(ModelAnswer.failed(reference, problem))
        return Comparison(start_s, tuple(collected), skipped)


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, TimbrescopeError) else f"it failed: {error!r}"
