"""A classifier without a network: it names Flute where a window starts above zero, else Violin."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from timbrescope.models.analysis import Analysis, ModelIdentity
from timbrescope.models.artefact import Sidecar, Thresholds
from timbrescope.models.classifier import Classifier
from timbrescope.models.evidence import BEST, OTHERS
from timbrescope.models.frontend import WINDOW_S, settings
from timbrescope.models.instruments import NAMES, index_of
from timbrescope.models.level import rms_dbfs

SIDECAR = Sidecar(
    name="stand-in",
    kind="mel",
    version="0",
    classes=NAMES,
    front_end=settings("mel"),
    temperature=1.0,
    thresholds=Thresholds(quiet_dbfs=-60.0, not_sure=0.5),
    sha256="0" * 64,
    licence="Apache-2.0",
    created="2000-01-01",
)


class SignClassifier(Classifier):
    """Judges by the thresholds of `SIDECAR`, as a real one does."""

    def __init__(self) -> None:
        self._sidecar = SIDECAR

    def analyse(
        self,
        window: ArrayLike,
        *,
        start_s: float,
        window_features: NDArray[np.float32] | None = None,
        explained: int = BEST,
        against: int = OTHERS,
    ) -> Analysis:
        samples = np.asarray(window, np.float32)
        probabilities = np.zeros(28, np.float32)
        probabilities[index_of("Flute" if samples[0] > 0 else "Violin")] = 1.0
        level_dbfs = rms_dbfs(samples)
        return Analysis(
            start_s=start_s,
            end_s=start_s + WINDOW_S,
            level_dbfs=level_dbfs,
            state=self.judge(probabilities, level_dbfs=level_dbfs),
            probabilities=probabilities,
            heatmaps=None,
            evidence=None,
            embedding=None,
            model=ModelIdentity("mel", "stand-in", "0"),
            cost_ms=0.0,
        )
