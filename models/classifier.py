"""The classifier: one window in, probabilities and the evidence for every class out."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from timbrescope.models.analysis import Analysis, Doubt, ModelIdentity, State
from timbrescope.models.artefact import Artefact, Sidecar, load_artefact
from timbrescope.models.catalogue import DEFAULT_MODEL, model_path
from timbrescope.models.decision import doubt_of, judge
from timbrescope.models.errors import ModelFileError, WindowError
from timbrescope.models.evidence import (
    BEST,
    NOTHING,
    OTHERS,
    Evidence,
    evidence_of_contributions,
    evidence_of_heatmap,
    silence,
)
from timbrescope.models.frontend import WINDOW_S, FeatureKind, check_window, feature_shape, features
from timbrescope.models.graph_check import (
    INPUT_NAME,
    OPTIONAL_OUTPUTS,
    REQUIRED_OUTPUTS,
    check_answers,
    trial_windows,
)
from timbrescope.models.instruments import index_of
from timbrescope.models.level import rms_dbfs
from timbrescope.models.probabilities import among, calibrated
from timbrescope.models.session import open_session, run_session


@dataclass(frozen=True)
class Prediction:
    """What the network says of one window; read-only arrays.

    Attributes
    ----------
    logits, probabilities : ndarray, shape (28,), float32
        `probabilities` are calibrated, see `models.probabilities`; they add up to less than one
        if the model knows a class "none of the 28".
    embedding : ndarray, shape (128,), float32, or None
    heatmaps : ndarray, shape (28, h, w), float32, or None
        Un-normalised Grad-CAM of every class; None if the model does not give it.
    contributions : ndarray, shape (h, w), float32, or None
        What each place of an inner map adds to the class that was asked for, see
        `models.evidence`; None if the model does not give it.
    """

    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    embedding: NDArray[np.float32] | None
    heatmaps: NDArray[np.float32] | None
    contributions: NDArray[np.float32] | None


@dataclass(frozen=True)
class _Tried:
    """A trial window's features, and what the network answered to them alone."""

    features: NDArray[np.float32]
    logits: NDArray[np.float32]


# Windows of a file that go through a network at once, if that changes no digit: each part of the
# weights is then fetched once for all of them, which takes a tenth of the time. More win nothing.
TOGETHER = 8


class Classifier:
    """Runs one checked model.

    A file and the live path get bit-identical answers for the same window: several go through the
    network at once only if it was seen to answer as it does to each alone. An instance belongs to
    one thread.
    """

    # Whether windows at once are answered as each alone; not known before it was tried.
    _alike: bool | None = False
    # Windows that were to be answered without evidence until now.
    _answered = 0

    def __init__(self, artefact: Artefact) -> None:
        self._alike = None
        self._sidecar = artefact.sidecar
        self._session = open_session(artefact)
        self._only: tuple[int, ...] = ()
        given = {entry.name for entry in self._session.get_outputs()}
        self._outputs = [*REQUIRED_OUTPUTS, *(name for name in OPTIONAL_OUTPUTS if name in given)]
        self._identity = ModelIdentity(
            artefact.sidecar.kind, artefact.sidecar.name, artefact.sidecar.version
        )
        self._tried = tuple(self._try(artefact.path))

    def _try(self, path: Path) -> Iterator[_Tried]:
        for window in trial_windows():
            found = features(window, kind=self.kind)
            try:
                yield _Tried(found, self.predict(found).logits)
            except ModelFileError as error:
                raise ModelFileError(f"{path} cannot be used: {error}") from error

    @classmethod
    def load(cls, model: str = DEFAULT_MODEL, *, path: Path | None = None) -> "Classifier":
        """Load a model by its name in the catalogue, or the model file at `path`.

        `model` may also be the path of a model file, as users state it.

        Raises
        ------
        ModelFileError
            See `models.artefact.load_artefact`.

        Examples
        --------
        >>> import numpy as np
        >>> from timbrescope import Classifier
        >>> silence = np.zeros(66_150, dtype=np.float32)
        >>> Classifier.load("mel").analyse(silence, start_s=0.0).state.value
        'quiet'
        """
        return cls(load_artefact(path or model_path(model)))

    def narrowed(self, *, only: Sequence[str] = (), threshold: float | None = None) -> "Classifier":
        """Return a classifier of the same network that claims otherwise.

        Parameters
        ----------
        only : sequence of str
            The instruments there can be; the others have no probability. All 28 if empty.
        threshold : float, optional
            The probability from which on an instrument is named, in place of the model's own.

        Raises
        ------
        UnknownInstrumentError
            If one of `only` is none of the 28.
        """
        narrowed = copy(self)
        narrowed._only = tuple(sorted({index_of(name) for name in only}))
        if threshold is not None:
            thresholds = replace(self._sidecar.thresholds, not_sure=threshold)
            narrowed._sidecar = replace(self._sidecar, thresholds=thresholds)
        return narrowed

    @property
    def sidecar(self) -> Sidecar:
        """The model's sidecar."""
        return self._sidecar

    @property
    def kind(self) -> FeatureKind:
        """Which features the model reads."""
        return self._sidecar.kind

    @property
    def explains(self) -> bool:
        """Whether the model gives evidence for its answers."""
        return bool({"heatmaps", "contributions"}.intersection(self._outputs))

    @property
    def silence(self) -> NDArray[np.float32]:
        """The features that evidence is counted beside."""
        return silence(self.kind)

    @property
    def identity(self) -> ModelIdentity:
        """Kind, name and version, as every `Analysis` carries them."""
        return self._identity

    def predict(
        self,
        window_features: NDArray[np.float32],
        *,
        explained: int = BEST,
        against: int = OTHERS,
    ) -> Prediction:
        """Run the network on the features of one window.

        Parameters
        ----------
        window_features : ndarray, shape of the model's features
        explained, against : int
            What contributions are counted for, see `models.evidence.Evidence`.

        Raises
        ------
        WindowError
            If the shape is not that of the model's features.
        ModelFileError
            If the network fails, takes longer than `limits.WINDOW_DEADLINE_S`, or answers with
            another shape than it should or with a value that is not finite.
        """
        return self._predicted([window_features], explained=explained, against=against)[0]

    def _predicted(
        self, window_features: Sequence[NDArray[np.float32]], *, explained: int, against: int
    ) -> list[Prediction]:
        """Run the network once, on the features of one or several windows."""
        for each in window_features:
            if each.shape != feature_shape(self.kind):
                raise WindowError(
                    f"the model reads {self.kind} features of shape {feature_shape(self.kind)}, "
                    f"not {each.shape}"
                )
        count = len(window_features)
        batch = np.stack(window_features) if count > 1 else window_features[0][np.newaxis]
        feed: dict[str, Any] = {INPUT_NAME: batch}
        if "contributions" in self._outputs:
            feed |= {"explained": np.full(count, explained), "against": np.full(count, against)}
        answers = self._run(feed, count=count)
        by_window = (
            [
                {name: answer[row : row + 1] for name, answer in answers.items()}
                for row in range(count)
            ]
            if count > 1
            else [answers]
        )
        return [self._prediction(each, explained=explained) for each in by_window]

    def _prediction(self, answers: dict[str, Any], *, explained: int) -> Prediction:
        found = check_answers(answers, model=self._identity.name)
        logits = found["logits"]
        probabilities = calibrated(
            logits,
            temperature=self._sidecar.temperature,
            background=self._sidecar.background,
        )
        if self._only:
            probabilities = among(probabilities, self._only)
        shares = probabilities.astype(np.float32)
        for array in (*found.values(), shares):
            array.setflags(write=False)
        if explained == NOTHING:
            # A graph without a branch for it explains its likeliest class all the same.
            found.pop("contributions", None)
        optional = (found.get(name) for name in ("embedding", "heatmaps", "contributions"))
        return Prediction(logits, shares, *optional)

    def _run(self, feed: dict[str, Any], *, count: int) -> dict[str, Any]:
        try:
            return run_session(self._session, self._outputs, feed, windows=count)
        except ModelFileError as error:
            raise ModelFileError(f"model {self._identity.name} failed: {error}") from error

    def classify(self, window: ArrayLike) -> Prediction:
        """Run front end and network on one window of samples, shape (66150,)."""
        return self.predict(features(window, kind=self.kind))

    def analyse(
        self,
        window: ArrayLike,
        *,
        start_s: float,
        window_features: NDArray[np.float32] | None = None,
        explained: int = BEST,
        against: int = OTHERS,
    ) -> Analysis:
        """Analyse one window that starts `start_s` seconds into its stream or file.

        Parameters
        ----------
        window : array-like, shape (66150,)
        start_s : float
        window_features : ndarray, optional
            Where they are known already (`models.streaming`).
        explained, against : int
            What the evidence is for, see `models.evidence.Evidence`; by default what makes the
            likeliest class likelier than all others. With `models.evidence.NOTHING` there is
            none, and the answer takes half the time.

        Raises
        ------
        WindowError
            See `models.frontend.check_window`.
        """
        began = perf_counter()
        samples = check_window(window)
        if window_features is None:
            window_features = features(samples, kind=self.kind)
        prediction = self._explained(window_features, explained, against)
        evidence = _with_sound(
            self._evidence(prediction, window_features, explained, against), samples
        )
        return self._analysis(
            samples,
            prediction,
            start_s=start_s,
            evidence=evidence,
            cost_ms=(perf_counter() - began) * 1e3,
        )

    def _may_go_at_once(self, count: int) -> bool:
        self._answered += count
        # To find out takes as long as two windows: one short file does without, many do not.
        if self._alike is None and count > 1 and self._answered >= TOGETHER:
            self._alike = self._answers_alike()
        return count > 1 and bool(self._alike)

    def _answers_alike(self) -> bool:
        """Return whether windows at once get the answers that each got alone, at loading.

        The runtime multiplies a single row in a way of its own, and two as it does many.
        """
        batch = [each.features for each in self._tried]
        try:
            found = self._predicted(batch, explained=NOTHING, against=OTHERS)
        except ModelFileError:
            # Some graphs take one window only.
            return False
        return all(
            np.array_equal(one.logits, other.logits)
            for one, other in zip(found, self._tried, strict=True)
        )

    def answers(
        self,
        windows: Sequence[ArrayLike],
        *,
        starts_s: Sequence[float],
        known_features: Sequence[NDArray[np.float32] | None] = (),
    ) -> list[Analysis]:
        """Analyse several windows without evidence, as `analyse` does each; cheaper together.

        Raises
        ------
        WindowError
            See `models.frontend.check_window`.
        """
        known = known_features or [None] * len(windows)
        if self._may_go_at_once(len(windows)):
            began = perf_counter()
            samples = [check_window(window) for window in windows]
            ready = [
                features(each, kind=self.kind) if found is None else found
                for each, found in zip(samples, known, strict=True)
            ]
            predictions = self._predicted(ready, explained=NOTHING, against=OTHERS)
            cost_ms = (perf_counter() - began) * 1e3 / len(windows)
            return [
                self._analysis(each, found, start_s=start_s, evidence=None, cost_ms=cost_ms)
                for each, found, start_s in zip(samples, predictions, starts_s, strict=True)
            ]
        return [
            self.analyse(window, start_s=start_s, window_features=found, explained=NOTHING)
            for window, start_s, found in zip(windows, starts_s, known, strict=True)
        ]

    def _analysis(
        self,
        samples: NDArray[np.float32],
        prediction: Prediction,
        *,
        start_s: float,
        evidence: Evidence | None,
        cost_ms: float,
    ) -> Analysis:
        level_dbfs = rms_dbfs(samples)
        state = self.judge(prediction.probabilities, level_dbfs=level_dbfs)
        return Analysis(
            start_s=start_s,
            end_s=start_s + WINDOW_S,
            level_dbfs=level_dbfs,
            state=state,
            probabilities=prediction.probabilities,
            heatmaps=prediction.heatmaps,
            evidence=evidence,
            embedding=prediction.embedding,
            model=self._identity,
            cost_ms=cost_ms,
            doubt=self.doubt(state, prediction.probabilities),
        )

    def _explained(
        self, window_features: NDArray[np.float32], explained: int, against: int
    ) -> Prediction:
        found = self.predict(window_features, explained=explained, against=against)
        best = int(found.probabilities.argmax())
        if explained == BEST and self._only and best != int(found.logits.argmax()):
            # The network explained an instrument that is not to be thought of.
            found = self.predict(window_features, explained=best, against=against)
        return found

    def _evidence(
        self,
        prediction: Prediction,
        window_features: NDArray[np.float32],
        explained: int,
        against: int,
    ) -> Evidence | None:
        if explained == NOTHING:
            return None
        label = int(prediction.probabilities.argmax()) if explained == BEST else explained
        if prediction.contributions is not None:
            return evidence_of_contributions(
                prediction.contributions,
                window_features,
                kind=self.kind,
                explained=label,
                against=against,
            )
        if prediction.heatmaps is not None:
            return evidence_of_heatmap(
                prediction.heatmaps[label],
                window_features,
                kind=self.kind,
                explained=label,
                probability=float(prediction.probabilities[label]),
            )
        return None

    def judge(
        self,
        probabilities: NDArray[np.float32],
        *,
        level_dbfs: float,
        log_odds: float | None = None,
    ) -> State:
        """Say what may be claimed, by this model's thresholds; see `models.decision.judge`."""
        return judge(
            probabilities,
            level_dbfs=level_dbfs,
            thresholds=self._sidecar.thresholds,
            log_odds=log_odds,
        )

    def doubt(
        self,
        state: State,
        probabilities: NDArray[np.float32],
        *,
        log_odds: float | None = None,
    ) -> Doubt | None:
        """Say why `judge` claimed nothing; see `models.decision.doubt_of`."""
        return doubt_of(
            state, probabilities, thresholds=self._sidecar.thresholds, log_odds=log_odds
        )


def _with_sound(found: Evidence | None, samples: NDArray[np.float32]) -> Evidence | None:
    """Add the window, which nothing may change any more: partials that sound are named by it."""
    if found is None:
        return None
    if samples.flags.writeable:
        samples = samples.copy()
        samples.setflags(write=False)
    return replace(found, sound=samples)
