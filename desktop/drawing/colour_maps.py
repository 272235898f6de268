"""One colour for two quantities: brightness tells the level of sound, hue the evidence.

A hue laid over an ordinary colour map hides the sound below it, and red over magma hides
itself. Here evidence recolours the sound and leaves it its OKLab lightness: blue partials turn
amber where they speak for an instrument, purple where they speak against it. Silence has no
colour to change. Blue against amber remains visible in the common forms of colour blindness; in
greyscale the line round the evidence does (`contour`).

The colour space is OKLab (B. Ottosson, 2020, https://bottosson.github.io/posts/oklab/).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

LEVELS = 256
EVIDENCE_LEVELS = 32
# The strongest evidence as a code of one byte, and how its codes become rows of the table.
_STRONGEST_CODE = 127
_CODE_SHIFT = 2
assert (_STRONGEST_CODE + 1) >> _CODE_SHIFT == EVIDENCE_LEVELS

# A trace of evidence is not worth a colour.
_EVIDENCE_FLOOR = 0.1
_EVIDENCE_FULL = 0.9


@dataclass(frozen=True)
class Ramp:
    """A path through OKLab in polar form, from silence to the loudest sound.

    Each triple holds the values at the level 0, ½ and 1: lightness (0–1), chroma, hue (°).
    """

    lightness: tuple[float, float, float]
    chroma: tuple[float, float, float]
    hue: tuple[float, float, float]


DARK_SOUND = Ramp((0.15, 0.50, 0.96), (0.035, 0.105, 0.030), (268.0, 250.0, 215.0))
DARK_FOR = Ramp((0.15, 0.52, 0.95), (0.020, 0.150, 0.110), (40.0, 58.0, 92.0))
DARK_AGAINST = Ramp((0.15, 0.52, 0.95), (0.030, 0.160, 0.040), (330.0, 335.0, 340.0))
LIGHT_SOUND = Ramp((1.00, 0.72, 0.30), (0.004, 0.095, 0.150), (250.0, 252.0, 268.0))
LIGHT_FOR = Ramp((1.00, 0.71, 0.33), (0.004, 0.170, 0.110), (82.0, 58.0, 40.0))
LIGHT_AGAINST = Ramp((1.00, 0.70, 0.32), (0.004, 0.160, 0.130), (330.0, 335.0, 340.0))


@cache
def bivariate_table(*, dark: bool) -> NDArray[np.uint32]:
    """Return the colour of every pair of evidence and level, read-only.

    Parameters
    ----------
    dark : bool
        For a dark ground (loud is bright) or a light one (loud is dark).

    Returns
    -------
    ndarray, shape (64, 256), uint32
        ``0xffRRGGBB`` as ``QImage.Format_RGB32`` wants it, by evidence and level: 32 strengths
        of what speaks for the instrument, from none on, then 32 of what speaks against it.
    """
    sound = _ramp_lab(DARK_SOUND if dark else LIGHT_SOUND)
    both = (DARK_FOR, DARK_AGAINST) if dark else (LIGHT_FOR, LIGHT_AGAINST)
    table = np.concatenate([_recoloured(sound, _ramp_lab(ramp)) for ramp in both])
    table.setflags(write=False)
    return table


def evidence_codes(evidence: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return evidence in −1…1 as codes −127…127."""
    codes = np.rint(np.nan_to_num(evidence) * _STRONGEST_CODE)
    return np.clip(codes, -_STRONGEST_CODE, _STRONGEST_CODE).astype(np.int8)


def rows_of_codes(codes: NDArray[np.int8]) -> NDArray[np.intp]:
    """Return the row of `bivariate_table` for each code of evidence."""
    strength = np.abs(codes.astype(np.intp)) >> _CODE_SHIFT
    return strength + np.where(codes < 0, EVIDENCE_LEVELS, 0)


def evidence_rows(evidence: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the row of `bivariate_table` for each cell of evidence in −1…1."""
    return rows_of_codes(evidence_codes(evidence))


def _recoloured(sound: NDArray[np.float64], evidence: NDArray[np.float64]) -> NDArray[np.uint32]:
    share = np.linspace(0.0, 1.0, EVIDENCE_LEVELS)
    weight = np.clip((share - _EVIDENCE_FLOOR) / (_EVIDENCE_FULL - _EVIDENCE_FLOOR), 0.0, 1.0)
    weight = weight * weight * (3.0 - 2.0 * weight)
    mixed = sound + weight[:, None, None] * (evidence - sound)
    return _pack(_srgb_in_gamut(mixed))


def _ramp_lab(ramp: Ramp) -> NDArray[np.float64]:
    """Return the ramp as (256, 3) OKLab values."""
    at = np.linspace(0.0, 1.0, LEVELS)
    # A parabola through three values has no kink in the middle, which would read as an edge.
    lightness, chroma, hue = (
        _parabola(values, at) for values in (ramp.lightness, ramp.chroma, ramp.hue)
    )
    angle = np.deg2rad(hue)
    return np.stack((lightness, chroma * np.cos(angle), chroma * np.sin(angle)), axis=-1)


def _parabola(values: tuple[float, float, float], at: NDArray[np.float64]) -> NDArray[np.float64]:
    low, middle, high = values
    return low * (2 * at - 1) * (at - 1) + middle * 4 * at * (1 - at) + high * at * (2 * at - 1)


def _srgb_in_gamut(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sRGB in 0–1, the chroma lowered where a colour lies outside (bisection)."""
    low = np.zeros(lab.shape[:-1])
    high = np.ones(lab.shape[:-1])
    for _ in range(12):
        middle = (low + high) / 2
        inside = _is_inside(_linear_rgb(_with_chroma(lab, middle)))
        low = np.where(inside, middle, low)
        high = np.where(inside, high, middle)
    keep = np.where(_is_inside(_linear_rgb(lab)), 1.0, low)
    return _gamma(np.clip(_linear_rgb(_with_chroma(lab, keep)), 0.0, 1.0))


def _with_chroma(lab: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    scaled = lab.copy()
    scaled[..., 1:] *= share[..., None]
    return scaled


def _is_inside(rgb: NDArray[np.float64]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.all((rgb >= -1e-4) & (rgb <= 1.0 + 1e-4), axis=-1)
    return found


_LMS_FROM_LAB = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_RGB_FROM_LMS = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def _linear_rgb(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = ((lab @ _LMS_FROM_LAB.T) ** 3) @ _RGB_FROM_LMS.T
    return found


def _gamma(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def _pack(rgb: NDArray[np.float64]) -> NDArray[np.uint32]:
    red, green, blue = np.moveaxis(np.rint(rgb * 255).astype(np.uint32), -1, 0)
    return np.ascontiguousarray(0xFF000000 | (red << 16) | (green << 8) | blue)
