"""The chain from instrument to file: the families in the order in which sound meets them."""

from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from timbrescope.models.errors import TimbrescopeError
from timbrescope.models.frontend import Samples
from timbrescope.training.augment import (
    bandwidth,
    codecs,
    dynamics,
    equalisation,
    framing,
    noise,
    rooms,
    speed,
)
from timbrescope.training.augment.signals import Background, at_peak, peak_of

FAMILIES: tuple[str, ...] = (
    "equalisation",
    "rooms",
    "noise",
    "dynamics",
    "codecs",
    "bandwidth",
    "speed",
    "framing",
)
# So many windows meet nothing of the chain but its last step, their level.
CLEAN_SHARE = 0.1


class UnknownFamilyError(TimbrescopeError, ValueError):
    """A family of augmentation is asked for that there is not."""


class Step(NamedTuple):
    """A step of the chain: its family, how often it is met, and what it does."""

    family: str
    share: float
    change: Callable[[Samples, Background, Generator], Samples]


CHAIN = (
    Step("speed", 0.35, lambda w, _, rng: speed.paced(w, rng=rng)),
    Step("framing", 1.0, lambda w, _, rng: framing.played_within(w, rng=rng)),
    Step("rooms", 0.6, lambda w, b, rng: rooms.in_some_room(w, background=b, rng=rng)),
    Step("equalisation", 0.7, lambda w, _, rng: equalisation.equalised(w, rng=rng)),
    Step("dynamics", 0.25, lambda w, _, rng: dynamics.processed(w, rng=rng)),
    Step("noise", 0.65, lambda w, b, rng: noise.in_noise(w, background=b, rng=rng)),
    Step("bandwidth", 0.2, lambda w, _, rng: bandwidth.narrowed(w, rng=rng)),
    Step("codecs", 0.2, lambda w, _, rng: codecs.encoded(w, rng=rng)),
)


def augmented(
    window: Samples,
    *,
    background: Background,
    rng: Generator,
    families: Collection[str] = FAMILIES,
) -> Samples:
    """Return `window` as a microphone somewhere might deliver it.

    Parameters
    ----------
    window : ndarray
        Finite mono samples at 22050 Hz, of any length and level.
    background : Background
        May be empty; then rooms and noises are all made.
    rng : Generator
        Source of every choice. Families draw from generators of their own: leaving one out
        changes nothing in what the others draw.
    families : collection of str
        Of `FAMILIES`; each changes a share of the windows. Without any, the window comes back
        as it is, scaled to peak 1 if it was louder.

    Returns
    -------
    ndarray
        Float32 of the same length, finite, within -1 and 1. Silence, which is anything below
        -160 dBFS, comes back as zeros.

    Raises
    ------
    UnknownFamilyError
        If one of `families` is not of `FAMILIES`.
    """
    unknown = sorted(set(families) - set(FAMILIES))
    if unknown:
        raise UnknownFamilyError(
            f"{unknown[0]!r} is no family of augmentation: name some of {', '.join(FAMILIES)}"
        )
    seeds = rng.integers(2**63, size=len(CHAIN) + 2)
    peak = min(1.0, peak_of(window))
    out = at_peak(np.asarray(window, dtype=np.float32), peak=1.0)
    if np.random.default_rng(seeds[0]).random() >= CLEAN_SHARE:
        out = _through(out, families, background, seeds[2:])
    if "framing" in families:
        return framing.delivered(out, rng=np.random.default_rng(seeds[1]))
    return at_peak(out, peak=peak)


def _through(
    window: Samples, families: Collection[str], background: Background, seeds: np.ndarray
) -> Samples:
    """Return `window` after those steps of the chain that belong to `families`."""
    out = window
    for step, seed in zip(CHAIN, seeds, strict=True):
        if step.family in families:
            rng = np.random.default_rng(seed)
            if rng.random() < step.share:
                out = step.change(out, background, rng)
    return out
