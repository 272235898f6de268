"""What one 3-second window was found to be: the frozen record every view and export reads."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.evidence import Evidence
from timbrescope.models.frontend import FeatureKind
from timbrescope.models.instruments import NAMES

# What is shown of the 28 instruments where nothing was heard, or nobody can say.
NO_PROBABILITIES: NDArray[np.float32] = np.zeros(len(NAMES), dtype=np.float32)
NO_PROBABILITIES.setflags(write=False)


class State(StrEnum):
    """What can honestly be said about a window; the value is the text users see."""

    NO_SIGNAL = "no signal"
    QUIET = "quiet"
    LISTENING = "listening"
    NONE_OF_THEM = "none of the 28"
    NOT_SURE = "not sure"
    INSTRUMENT = "instrument"


# There is nothing to hear.
SILENT = (State.NO_SIGNAL, State.QUIET)


class Reason(StrEnum):
    """Why no instrument is named."""

    PERHAPS_NONE = "perhaps none of the 28"
    UNLIKELY = "no instrument is likely enough"
    CHANGING = "another instrument may have begun"


@dataclass(frozen=True)
class Doubt:
    """Why no instrument is named, in the figures that decide.

    Attributes
    ----------
    reason : Reason
    found : float
        Of `PERHAPS_NONE` the probability that it is none of the 28, else that of the likeliest
        instrument.
    needed : float
        A name needs less than this of the first, and at least this of the others.
    """

    reason: Reason
    found: float
    needed: float


@dataclass(frozen=True)
class ModelIdentity:
    """Which model answered: the features it reads (``mel``, ``mfcc``), its name and version."""

    kind: FeatureKind
    name: str
    version: str


@dataclass(frozen=True)
class Analysis:
    """One analysed window. Arrays are read-only; the record may cross threads.

    Attributes
    ----------
    start_s, end_s : float
        The span of the stream or file that the window covers, in seconds. The span is
        always 3 s; `start_s` is negative while less than 3 s have been heard.
    level_dbfs : float
        RMS level of the window before any normalisation (``-inf`` for digital silence).
    state : State
        What may be claimed; `instrument` is None unless it is ``State.INSTRUMENT``.
    probabilities : ndarray, shape (28,), float32
        In the order of `models.instruments.NAMES`; they add up to one, or to less where the
        model holds that it may be none of the 28.
    heatmaps : ndarray, shape (28, h, w), float32, or None
        Un-normalised Grad-CAM of every class, the paper's own form; None if the model does not
        give it.
    evidence : Evidence or None
        What speaks for the class that was asked for; None if the model gives no evidence.
    embedding : ndarray, shape (128,), float32, or None
    model : ModelIdentity
    cost_ms : float
        Wall time of front end and network for this window.
    doubt : Doubt or None
        Why nothing is claimed; None where something is, and where nothing is heard.
    """

    start_s: float
    end_s: float
    level_dbfs: float
    state: State
    probabilities: NDArray[np.float32]
    heatmaps: NDArray[np.float32] | None
    evidence: Evidence | None
    embedding: NDArray[np.float32] | None
    model: ModelIdentity
    cost_ms: float
    doubt: Doubt | None = None

    @property
    def best(self) -> int:
        """Class index with the highest probability, whatever the state."""
        return int(np.argmax(self.probabilities))

    @property
    def instrument(self) -> str | None:
        """Name of the instrument if the state claims one, else None."""
        return NAMES[self.best] if self.state is State.INSTRUMENT else None

    @property
    def probability(self) -> float:
        """Probability of the best class."""
        return float(self.probabilities[self.best])
