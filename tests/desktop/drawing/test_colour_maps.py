import numpy as np
import pytest

from timbrescope.desktop.drawing.colour_maps import (
    EVIDENCE_LEVELS,
    LEVELS,
    bivariate_table,
)


def channels(table: np.ndarray) -> np.ndarray:
    return np.stack(((table >> 16) & 255, (table >> 8) & 255, table & 255), -1).astype(float) / 255


def luminance(rgb: np.ndarray) -> np.ndarray:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("dark", [True, False])
def test_louder_is_always_further_from_the_ground(dark: bool) -> None:
    table = bivariate_table(dark=dark)
    assert table.shape == (2 * EVIDENCE_LEVELS, LEVELS)
    steps = np.diff(luminance(channels(table)), axis=1)
    # Rounding to 8 bits may turn a tiny step back.
    assert (steps * (1 if dark else -1) > -2e-3).all()
    light = luminance(channels(table))
    assert (np.abs(light[:, -1] - light[:, 0]) > 0.5).all()


@pytest.mark.parametrize("dark", [True, False])
def test_evidence_is_warm_and_its_absence_cool(dark: bool) -> None:
    rgb = channels(bivariate_table(dark=dark))
    loudness = slice(40, 230)
    without, with_evidence = rgb[0, loudness], rgb[EVIDENCE_LEVELS - 1, loudness]
    assert (without[:, 2] > without[:, 0]).all()
    assert (with_evidence[:, 0] > with_evidence[:, 2] + 0.1).all()


@pytest.mark.parametrize("dark", [True, False])
def test_evidence_hides_no_sound(dark: bool) -> None:
    table = bivariate_table(dark=dark)
    light = luminance(channels(table))
    low, high = np.percentile(light[0], [5, 95])
    for strongest in (EVIDENCE_LEVELS - 1, 2 * EVIDENCE_LEVELS - 1):
        evidence_low, evidence_high = np.percentile(light[strongest], [5, 95])
        assert abs(evidence_high - evidence_low) > 0.6 * abs(high - low)
        # Sound is recoloured at its own brightness; silence has no colour to change.
        assert np.abs(light[strongest] - light[0]).max() < 0.12
        assert np.abs(channels(table)[strongest, 0] - channels(table)[0, 0]).max() < 0.1


@pytest.mark.parametrize("dark", [True, False])
def test_a_trace_of_evidence_is_not_coloured(dark: bool) -> None:
    table = bivariate_table(dark=dark)
    assert np.array_equal(table[0], table[3])
