"""What is known of a model's evidence is told in a table; the card has it from the sidecar."""

from dataclasses import replace
from typing import Any

from timbrescope.models.artefact import read_sidecar, sidecar_path
from timbrescope.models.catalogue import DEFAULT_MODEL, model_path
from timbrescope.training.evaluate.evidence_table import evidence_table
from timbrescope.training.release.model_card import render


def interval(mean: float, low: float, high: float) -> dict[str, float]:
    return {"mean": mean, "low": low, "high": high}


def curves(own: float, loudest: float) -> dict[str, Any]:
    return {
        "evidence": {
            "area": interval(own, own - 0.1, own + 0.1),
            "evidence_minus_it": interval(0.0, 0.0, 0.0),
        },
        "loudest first": {
            "area": interval(loudest, loudest - 0.1, loudest + 0.1),
            "evidence_minus_it": interval(
                own - loudest, own - loudest - 0.02, own - loudest + 0.02
            ),
        },
    }


FOUND: dict[str, Any] = {
    "split": "dev",
    "windows": 90,
    "sources": 12,
    "method": "as described",
    "deletion": curves(0.15, 0.2),
    "insertion": curves(0.9, 0.8),
    "completeness_error": 2.5e-7,
    "pointing": {"mixtures": 40, "time": 1.0, "band": 0.95, "all": 0.975},
    "stability": {"shift_10_ms": interval(0.98, 0.9, 1.0), "gain_1_db": interval(1.0, 1.0, 1.0)},
    "randomisation": {"head": interval(-0.1, -0.2, 0.0)},
}


def test_every_order_is_a_row_with_its_difference() -> None:
    lines = evidence_table(FOUND).splitlines()
    assert "| evidence | 0.150 | 0.900 | – | – |" in lines
    assert (
        "| loudest first | 0.200 | 0.800 | -0.050 [-0.070, -0.030] | +0.100 [+0.080, +0.120] |"
        in lines
    )
    assert any("2.5e-07" in line for line in lines)
    assert any("right in 98% of 40 mixtures" in line for line in lines)


def test_the_card_shows_it_once_the_sidecar_states_it() -> None:
    sidecar = read_sidecar(sidecar_path(model_path(DEFAULT_MODEL)))
    stated = replace(sidecar, metrics=sidecar.metrics | {"faithfulness": FOUND})
    assert evidence_table(FOUND) in render([stated])
    unknown = {name: each for name, each in sidecar.metrics.items() if name != "faithfulness"}
    assert "Not measured." in render([replace(sidecar, metrics=unknown)])
