"""How strongly evidence is drawn: what it explains decides, not the window it stands in."""

import numpy as np
from numpy.typing import NDArray

from timbrescope.models.analysis import Analysis, State
from timbrescope.models.evidence import OTHERS, on_spectrogram

# Drawn in full colour: so many nats in one cell of the spectrogram, two thousand of which make
# an instrument sure. The most evident percent of the cells of a sure answer has about as much; a
# test holds this scale against the flagship that ships.
FULL_NATS = 0.003
# Evidence that is spread over a dense sound is faint in every cell: this power brings it up, so
# that of a sure answer something is seen. Nothing stays nothing, and more is always stronger.
CONTRAST = 0.7
# Below this probability nobody claims the instrument.
_UNCLAIMED = 0.05
_EXPLAINED_STATES = (State.INSTRUMENT, State.NOT_SURE)


def drawn(
    analysis: Analysis, *, claim: float | None = None, with_against: bool = False
) -> NDArray[np.float32] | None:
    """Return the evidence of a window as it is drawn, shape (128, 130), in −1…1.

    Parameters
    ----------
    analysis : Analysis
    claim : float, optional
        How strongly the instrument explained is claimed, 0-1; by default as `claim_of` says.
    with_against : bool
        Whether what speaks against the instrument is drawn as well; it always is in a comparison.

    Returns
    -------
    ndarray or None
        What speaks for the instrument above zero; below it what speaks against it, or for the one
        that it is compared with. None if nothing is claimed, or the model gives no evidence.
    """
    evidence = analysis.evidence
    strength = claim_of(analysis) if claim is None else claim
    if evidence is None or strength <= 0:
        return None
    lowest = 0.0 if evidence.against == OTHERS and not with_against else -1.0
    amount = on_spectrogram(evidence) / FULL_NATS
    share = np.clip(np.sign(amount) * np.abs(amount) ** CONTRAST, lowest, 1.0)
    return np.asarray(strength * share, np.float32)


def claim_of(analysis: Analysis, *, state: State | None = None) -> float:
    """Return how strongly the instrument that is explained is claimed, 0-1.

    Its probability, or that of the likelier of two that are compared; nothing if it is so
    unlikely that nobody would claim it, or if no instrument is claimed at all. `state` is the
    steady answer where there is one.
    """
    if analysis.evidence is None or (state or analysis.state) not in _EXPLAINED_STATES:
        return 0.0
    classes = [analysis.evidence.explained]
    if 0 <= analysis.evidence.against < len(analysis.probabilities):
        classes.append(analysis.evidence.against)
    probability = max(float(analysis.probabilities[index]) for index in classes)
    return max(0.0, (probability - _UNCLAIMED) / (1.0 - _UNCLAIMED))
