"""How the teacher's AudioSet labels map to our 28 instruments."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from timbrescope.models.instruments import NAMES

# Indices of AudioSet's labels (Gemmeke et al. 2017) that mean an instrument of ours. The
# slide guitar stands for Dobro and the bass drum for Floor Tom; nothing stands for Harmonium.
LABELS_OF: dict[str, tuple[int, ...]] = {
    "Accordion": (209,),
    "Acoustic Guitar": (143,),
    "Banjo": (147,),
    "Bass Guitar": (142,),
    "Clarinet": (198,),
    "Cowbell": (92,),
    "Cymbals": (171,),
    "Dobro": (144,),
    "Drum Set": (162, 164),
    "Electric Guitar": (141,),
    "Floor Tom": (168,),
    "Flute": (196,),
    "Harmonica": (208,),
    "Harmonium": (),
    "Hi-Hats": (172,),
    "Horn": (186,),
    "Keyboard": (154, 158),
    "Mandolin": (149,),
    "Organ": (155, 156, 157),
    "Piano": (153,),
    "Saxophone": (197,),
    "Shakers": (175, 176),
    "Tambourine": (174,),
    "Trombone": (188,),
    "Trumpet": (187,),
    "Ukulele": (151,),
    "Vibraphone": (182,),
    "Violin": (191,),
}
# What an instrument without a label gets, and what is added before shares are taken.
UNHEARD_PROBABILITY = 0.02


def instrument_shares(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return how the teacher's belief is shared among the 28 instruments, shape (N, 28).

    Parameters
    ----------
    logits : ndarray, shape (N, 527)
        Each label a yes or no of its own; the likeliest label of an instrument counts.

    Returns
    -------
    ndarray
        Rows add up to less than one: what is missing is doubt.
    """
    found = expit(np.asarray(logits, dtype=np.float64))
    best = np.full((len(found), len(NAMES)), UNHEARD_PROBABILITY)
    for column, name in enumerate(NAMES):
        if LABELS_OF[name]:
            best[:, column] = found[:, list(LABELS_OF[name])].max(axis=1)
    result: NDArray[np.float64] = best / (best.sum(axis=1, keepdims=True) + UNHEARD_PROBABILITY)
    return result
