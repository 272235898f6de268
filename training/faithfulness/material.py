"""The windows that evidence is tested on: of every recording the loudest, if it is answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.analysis import Analysis
from timbrescope.models.audio.decode import iter_windows
from timbrescope.models.classifier import Classifier
from timbrescope.models.errors import AudioFileError
from timbrescope.models.frontend import features
from timbrescope.models.instruments import index_of
from timbrescope.models.level import rms_dbfs
from timbrescope.training.corpus.recordings import Recording

# Below this probability there is no answer to be explained.
LEAST_PROBABILITY = 0.3


@dataclass(frozen=True)
class Window:
    """A window of a recording with what the model says of it.

    Attributes
    ----------
    samples : ndarray, shape (66150,)
    features : ndarray, shape of the model's features
    analysis : Analysis
    label : int
        The recording's class.
    source : str
    """

    samples: NDArray[np.float32]
    features: NDArray[np.float32]
    analysis: Analysis
    label: int
    source: str


def answered_windows(
    classifier: Classifier, recordings: Sequence[Recording], *, limit: int
) -> list[Window]:
    """Return up to `limit` windows that the model has an answer to, source by source in turn."""
    found: list[Window] = []
    for recording in _in_turn(recordings):
        if len(found) == limit:
            break
        window = _loudest(recording)
        if window is None:
            continue
        known = features(window, kind=classifier.kind)
        analysis = classifier.analyse(window, start_s=0.0, window_features=known)
        if analysis.probability >= LEAST_PROBABILITY:
            label = index_of(recording.instrument or "")
            found.append(Window(window, known, analysis, label, recording.source))
    return found


def _in_turn(recordings: Sequence[Recording]) -> Iterator[Recording]:
    """Yield one recording of each source and class, then the next of each, and so on."""
    groups: dict[tuple[str, str], list[Recording]] = {}
    for recording in recordings:
        if recording.instrument is not None:
            groups.setdefault((recording.source, recording.instrument), []).append(recording)
    for place in range(max(map(len, groups.values()), default=0)):
        yield from (group[place] for group in groups.values() if place < len(group))


def _loudest(recording: Recording) -> NDArray[np.float32] | None:
    try:
        windows = [window.samples for window in iter_windows(recording.path)]
    except AudioFileError:
        return None
    return max(windows, key=rms_dbfs, default=None)
